"""Using what is trained, as a person does, for each shape; while it trains as well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

import engine
from engine.inspection.membership import NEW, TRAIN, VALIDATION, Membership
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.generate import NEAREST_HELP, GenerateView
from gui.panels.try_it.predict import PredictView
from gui.panels.try_it.tag import TagView, join_entities
from gui.panels.try_it.translate import TranslateView
from gui.panels.try_it.try_it_panel import TryItPanel
from gui.panels.try_it.try_view import MOST_BARS, TryView
from gui.session.questions import Question
from gui.widgets.bars import ROW_PX, Bars
from gui.widgets.chips import Chips
from gui.widgets.result_list import ResultList
from gui.widgets.scrolled_bars import ScrolledBars
from tests.gui.conftest import Person
from tests.gui.panels.trying import takes_new_colours_at_once, train_and_stop, write
from tests.gui.plots.mouse import turn

pytestmark = pytest.mark.one_window


def shown(person: Person) -> TryView:
    panel = person.window.panels["try_it"]
    assert isinstance(panel, TryItPanel)
    view = panel.view
    assert view is not None
    return view


def train(person: Person, steps: int) -> None:
    person.click("train")
    person.wait_steps(steps)


def test_names_are_generated_with_label_and_beginning_while_training_goes_on(person: Person) -> None:
    train(person, 150)
    view = shown(person)
    assert isinstance(view, GenerateView)
    person.click("try-label-male")
    person.type("try-prefix", "ma")
    person.wait_until(lambda: bool(view.results.results) and all(r.text.startswith("ma") for r in view.results.results))
    assert person.session.run.status == "running"
    assert view.results.count() == 10
    for result in view.results.results:
        assert result.badge in ("new", "in training", "in validation")
        assert re.fullmatch(r"−?\d+\.\d\d", result.number)
    first = [r.text for r in view.results.results]
    person.click("try-generate")
    person.wait_until(lambda: [r.text for r in view.results.results] != first)


@pytest.mark.parametrize("sample", ["names", "alphabet", "reviews", "part-of-speech", "french"])
def test_an_answer_has_the_colours_of_another_theme_at_once(person: Person, sample: str) -> None:
    assert takes_new_colours_at_once(person, shown(person))


def test_a_name_is_built_by_hand_from_the_bars(person: Person) -> None:
    view = shown(person)
    assert isinstance(view, GenerateView)
    person.wait_until(lambda: bool(view.by_hand.bars.bars))
    row = next(i for i, bar in enumerate(view.by_hand.bars.bars) if len(bar.name) == 1)
    name = view.by_hand.bars.bars[row].name
    person.qtbot.mouseClick(view.by_hand.bars, Qt.MouseButton.LeftButton, pos=QPoint(20, row * ROW_PX + 8))
    assert view.prefix.text() == name
    person.wait_until(lambda: f"“{name}”" in view.by_hand.title.text())
    assert sum(bar.share for bar in view.by_hand.bars.bars) <= 1.0 + 1e-6


def test_generated_names_are_copied_with_the_keyboard(person: Person) -> None:
    view = shown(person)
    assert isinstance(view, GenerateView)
    person.wait_until(lambda: view.results.count() == 10)
    person.qtbot.keyClick(view.results, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [r.text for r in view.results.results]


def test_temperature_zero_writes_the_same_text_each_time(person: Person) -> None:
    train(person, 60)
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "paused")
    person.type("temperature-number", "0")
    view = shown(person)
    assert isinstance(view, GenerateView)
    person.wait_until(lambda: len({r.text for r in view.results.results}) == 1)


def test_membership_knows_training_and_validation_texts() -> None:
    dataset = engine.make_dataset([f"name{i}x" for i in range(40)], "sequences", unit="character", validation=0.2)
    member = Membership(dataset)
    assert {member(dataset.train[i].source) for i in range(len(dataset.train))} == {TRAIN}
    assert {member(dataset.validation[i].source) for i in range(len(dataset.validation))} == {VALIDATION}
    assert member(tuple("nowhere")) == NEW


def test_a_new_name_tells_the_nearest_one_of_the_training_data(person: Person) -> None:
    view = shown(person)
    assert isinstance(view, GenerateView)
    member = Membership(view.session.data.dataset) if view.session.data.dataset is not None else None
    assert member is not None
    person.wait_until(lambda: any(r.badge == "new" for r in view.results.results))
    at = next(i for i, r in enumerate(view.results.results) if r.badge == "new")
    text = view.results.results[at].text
    found = member.nearest(tuple(text))
    assert found is not None
    nearest = f"Nearest in training: “{found[0]}”, {found[1]} change"

    def is_shown() -> bool:
        for row in (at + 1, at):  # from one row to the other, wherever they are laid out by now
            place = view.results.visualItemRect(view.results.item(row % view.results.count())).center()
            person.qtbot.mouseMove(view.results.viewport(), place)
        return view.nearest.text().startswith(nearest)

    person.wait_until(is_shown)
    view.button.click()  # other names
    person.wait_until(lambda: view.nearest.text() == NEAREST_HELP)


@pytest.mark.sample("reviews")
def test_a_review_is_classified_as_one_types_and_unknown_words_are_shown_as_unknown(person: Person) -> None:
    train(person, 300)
    write(person, "the food was not bad zyxglorp")
    view = shown(person)
    assert isinstance(view, ClassifyView)
    person.wait_until(lambda: [c.text for c in view.chips.chips] == ["the", "food", "was", "not", "bad", "zyxglorp"])
    assert view.chips.chips[-1].unknown
    bars = view.findChild(Bars, "try-results")
    assert bars is not None
    assert sorted(bar.name for bar in bars.bars) == ["negative", "positive"]
    assert sum(bar.share for bar in bars.bars) == pytest.approx(1.0, abs=1e-5)
    verdict = view.findChild(QLabel, "try-verdict")
    assert verdict is not None
    assert verdict.text().startswith(max(bars.bars, key=lambda bar: bar.share).name)


@pytest.mark.sample("entities")
def test_a_sentence_is_tagged_as_one_types(person: Person) -> None:
    train(person, 300)
    write(person, "Chirag worked at Microsoft in India")
    view = shown(person)
    assert isinstance(view, TagView)
    chips = view.findChild(Chips, "try-results")
    assert chips is not None
    person.wait_until(lambda: any("ORG" in chip.note for chip in chips.chips) and chips.chips[-1].text == "India")
    assert " ".join(chip.text for chip in chips.chips) == "Chirag worked at Microsoft in India"
    for chip in chips.chips:  # under the mouse: the most probable tags of each word
        others = r", \S+ <?(0\.\d+)" * 2
        match = re.fullmatch(rf"{chip.text}: \S+ (0\.\d+|1\.000){others}(\nunknown .*)?", chip.hint)
        assert match is not None
        shares = [float(share) for share in match.groups()[:3]]
        assert shares == sorted(shares, reverse=True)


def test_words_of_one_entity_are_joined_and_a_new_one_begins_at_its_mark() -> None:
    rows = [
        ("New", "B-LOC", 0.9),
        ("York", "I-LOC", 0.6),
        ("Paris", "B-LOC", 0.8),
        ("and", "O", 0.99),
        ("Bo", "I-PER", 0.5),
    ]
    known, details = [True, True, False, True, True], [f"{tag} {share}" for _, tag, share in rows]
    pieces = join_entities([engine.Tagged(*row) for row in rows], known, details)
    assert pieces[0].details == ("New: B-LOC 0.9", "York: I-LOC 0.6")
    assert [(piece.text, piece.tag, piece.probability, piece.known) for piece in pieces] == [
        ("New York", "LOC", 0.6, True),
        ("Paris", "LOC", 0.8, False),
        ("and", "O", 0.99, True),
        ("Bo", "PER", 0.5, True),
    ]


@pytest.mark.sample("reversal")
def test_a_phrase_is_translated_with_several_answers(person: Person) -> None:
    train(person, 40)
    write(person, "abc")
    view = shown(person)
    assert isinstance(view, TranslateView)
    results = view.findChild(ResultList, "try-results")
    assert results is not None
    person.wait_until(lambda: person.session.probe.text == "abc" and results.count() == 4)
    scores = [float(r.number.replace("−", "-")) for r in results.results]
    assert all(score <= 0 for score in scores)
    person.type("beam-size-number", "1")
    person.wait_until(lambda: results.count() == 1)


@pytest.mark.sample("alphabet")
def test_the_next_symbol_is_predicted_from_the_last_one_alone(person: Person) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    train_and_stop(person, 50)
    view = shown(person)
    assert isinstance(view, PredictView)
    write(person, "c")
    person.wait_until(lambda: "“c”" in view.asked.text())
    alone = view.bars.bars
    write(person, "xyzd")
    person.wait_until(lambda: "“d”" in view.asked.text())
    assert view.bars.bars != alone
    write(person, "xyzc")
    person.wait_until(lambda: "“c”" in view.asked.text())
    assert view.bars.bars == alone


@pytest.mark.sample("reviews")
def test_the_padded_network_classifies_too(person: Person) -> None:
    person.click("architecture-one-to-one")
    person.wait_ready()
    view = shown(person)
    assert isinstance(view, ClassifyView)
    person.wait_until(lambda: len(view.bars.bars) == 2)


@pytest.mark.parametrize("sample", ["reviews", "entities", "reversal", "prose"])
def test_no_text_breaks_an_answer(person: Person, sample: str) -> None:
    prefix = person.window.findChild(QLineEdit, "try-prefix")
    for text in ("", "x", "x y " * 2500, "مرحبا بالعالم", "\u0301\u0301", "😀 😀"):
        person.session.probe.set(text)
        if sample == "prose" and prefix is not None:
            prefix.setText(text)
        answered: list[bool] = []
        person.wait_until(lambda: not person.session.questions.busy)
        person.session.ask(Question(object(), lambda snapshot: True, answered.append))
        person.wait_until(lambda found=answered: bool(found))
        assert not shown(person).grab().isNull()


@pytest.mark.parametrize("sample", ["reviews", "entities", "reversal", "alphabet", "names"])
def test_in_a_small_window_everything_can_be_reached_and_nothing_is_squeezed(person: Person, sample: str) -> None:
    if sample == "alphabet":
        person.click("architecture-one-to-one")
        person.wait_ready()
    person.resize(1100, 700)
    view = shown(person)
    person.wait_until(lambda: view.answers() is not None and not person.session.busy)
    panel = person.window.panels["try_it"]
    assert isinstance(panel, TryItPanel)
    layout = view.layout()
    assert layout is not None

    def fits() -> bool:
        reach = panel.area.viewport().height() + panel.area.verticalScrollBar().maximum()
        return view.height() >= layout.minimumHeightForWidth(view.width()) and reach >= view.height()

    person.wait_until(fits)
    field = view.findChild(QPlainTextEdit, "try-text")
    assert field is None or field.height() >= 4 * field.fontMetrics().lineSpacing()
    for part in view.findChildren(QWidget):
        own = part.parentWidget() is view and not isinstance(part, QStackedWidget)  # asks for all its pages
        if own and part.isVisibleTo(view):
            assert part.height() >= min(part.minimumSizeHint().height(), part.maximumHeight()), part.objectName()


def test_all_of_eighteen_labels_can_be_scrolled_to(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    rows = [f"the word w{label} occurs {n} times,label {label:02}" for label in range(18) for n in range(12)]
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    person.session.data.open(path)
    person.wait_until(lambda: person.session.data.dataset is not None and len(person.session.data.dataset.labels) == 18)
    person.wait_ready()
    write(person, "the word w3 occurs")
    area = shown(person).findChild(ScrolledBars)
    assert area is not None
    person.wait_until(lambda: len(area.bars.bars) == 18 and area.height() == MOST_BARS * ROW_PX)
    last, seen = QPoint(0, 18 * ROW_PX - 1), area.viewport()
    assert not seen.rect().contains(area.bars.mapTo(seen, last))
    for _ in range(8):
        turn(seen, QPointF(seen.rect().center()), -1, Qt.KeyboardModifier.NoModifier)
    assert seen.rect().contains(area.bars.mapTo(seen, last))
