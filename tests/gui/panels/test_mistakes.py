"""The list of errors: the engine's worst examples, sorted as one likes, each a click away from all views."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit

import engine
from engine.data.numbers.recording import Recording
from engine.export.tables import report_columns, report_rows
from engine.inspection.mistakes import mistakes
from engine.number_text import percent
from gui.panels.mistakes import ANSWER, LOSS, RIGHT, TEXT, TRUTH, MistakesPanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.session.worst_examples import worst_of
from gui.widgets.elided_names import cut_beginning
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle, train_a_little
from tests.gui.panels.small_numbers import squares
from tests.gui.saving.saving import open_run
from tests.gui.written import texts_in


def opened(person: Person) -> MistakesPanel:
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(lambda: panel.rows.rowCount() > 0)
    settle(person)
    return panel


def click_row(person: Person, panel: MistakesPanel, row: int) -> None:
    place = panel.list.visualRect(panel.rows.index(row, TEXT)).center()
    person.qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def column(panel: MistakesPanel, number: int) -> list[str]:
    return [panel.rows.cell(row, number) for row in range(panel.rows.rowCount())]


def test_the_rows_are_the_engines_worst_examples(person: Person) -> None:
    train_a_little(person, 5)
    panel = opened(person)
    examples = dataset_of(person).validation
    worst = mistakes(model_of(person), examples, panel.rows.rowCount())
    assert column(panel, TEXT) == ["".join(each.example.source) for each in worst]
    assert column(panel, TRUTH) == [each.example.target[0] for each in worst]
    assert [float(text) for text in column(panel, LOSS)] == pytest.approx([each.loss for each in worst], abs=0.006)


def test_a_click_on_a_heading_sorts_by_number_not_by_letter(person: Person) -> None:
    train_a_little(person, 60)
    panel = opened(person)
    header = panel.list.header()

    def shares() -> list[int]:
        return [int(text.removesuffix("\u202f%")) for text in column(panel, RIGHT)]

    def click_heading() -> None:
        place = QPoint(header.sectionViewportPosition(RIGHT) + 8, header.height() // 2)
        person.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert len(set(shares())) > 3, "there is something to sort"
    assert shares() not in (sorted(shares()), sorted(shares(), reverse=True)), "the worst losses come first"
    click_heading()
    first = shares()
    click_heading()
    assert {tuple(first), tuple(shares())} == {tuple(sorted(first)), tuple(sorted(first, reverse=True))}
    once_more = shares()
    panel.draw()  # newer weights
    assert shares() == once_more


def test_a_click_on_a_row_makes_it_the_text_of_all_views(person: Person) -> None:
    panel = opened(person)
    click_row(person, panel, 2)
    text, label = panel.rows.cell(2, TEXT), panel.rows.cell(2, TRUTH)
    assert person.session.probe.text == text
    assert person.session.probe.label == label
    unrolled = person.window.panels["unrolled"]
    assert isinstance(unrolled, UnrolledPanel)
    person.wait_until(lambda: unrolled.looked is not None and "".join(unrolled.looked.tokens) == text)
    assert person.find(QLineEdit, "probe").text() == text


@pytest.mark.sample("prose")
def test_running_text_has_no_list_and_says_so(person: Person) -> None:
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(panel.hint.isVisible)
    assert "Running text is a single example" in panel.hint.text()


def test_the_heading_that_sorts_has_an_arrow_that_points_to_where_the_numbers_fall(person: Person) -> None:
    panel = opened(person)
    header = panel.list.header()

    def heading(section: int) -> str:
        return str(panel.rows.headerData(section, Qt.Orientation.Horizontal))

    assert panel.subtitle.text() == "highest loss first; click one to look inside"
    assert (heading(LOSS), heading(RIGHT)) == ("loss ▾", "right")
    assert not header.isSortIndicatorShown()
    panel.list.sortByColumn(RIGHT, Qt.SortOrder.AscendingOrder)
    assert (heading(LOSS), heading(RIGHT)) == ("loss", "right ▴")
    assert panel.subtitle.text() == "lowest share right first; click one to look inside"
    panel.list.sortByColumn(LOSS, Qt.SortOrder.AscendingOrder)
    assert panel.subtitle.text() == "lowest loss first; click one to look inside"
    panel.list.sortByColumn(TEXT, Qt.SortOrder.DescendingOrder)
    assert panel.subtitle.text() == "sorted by text; click one to look inside"


@pytest.mark.sample("reviews")
def test_an_order_stays_while_a_network_learns_and_other_data_begin_with_the_highest_loss(person: Person) -> None:
    panel = opened(person)
    panel.list.sortByColumn(TEXT, Qt.SortOrder.AscendingOrder)
    train_a_little(person, 2)
    assert panel.subtitle.text() == "sorted by text; click one to look inside"
    assert column(panel, TEXT) == sorted(column(panel, TEXT))
    person.choose_sample("french")
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    assert panel.subtitle.text() == "highest loss first; click one to look inside"
    losses = [wrong.loss for wrong in panel.rows.rows]
    assert losses == sorted(losses, reverse=True)
    panel.list.sortByColumn(RIGHT, Qt.SortOrder.DescendingOrder)
    assert panel.subtitle.text() == "highest error rate first; click one to look inside"


@pytest.mark.parametrize(("sample", "name"), [("names", "label"), ("order", "truth")])
def test_a_label_that_a_name_is_written_from_is_not_called_its_truth(person: Person, sample: str, name: str) -> None:
    panel = opened(person)
    assert panel.rows.headerData(TRUTH, Qt.Orientation.Horizontal) == name
    assert panel.table().columns[TRUTH] == name


@pytest.mark.parametrize("sample", ["reviews", "part-of-speech", "french"])
def test_only_what_is_wrong_is_listed_with_the_answer_beside_the_truth(
    person: Person, learned: Callable[..., Path], sample: str
) -> None:
    open_run(person, learned(sample, 120, hidden_size=16))
    panel = opened(person)
    known = person.session.worst.found
    assert known is not None
    assert sample != "part-of-speech" or any(wrong.right == 1 for wrong in known)
    model, codec = model_of(person), dataset_of(person).codec
    rows = zip(column(panel, TEXT), column(panel, TRUTH), column(panel, ANSWER), strict=True)
    assert [truth for _, truth, answer in rows if truth == answer] == []
    assert not panel.list.isColumnHidden(LOSS)
    for wrong in panel.rows.rows[:5]:
        own, _ = model.example_of(codec.tokenize(wrong.text))
        assert wrong.answer == codec.join(own.target, "target")
    assert panel.list.isColumnHidden(RIGHT) == (sample == "reviews"), "one answer is right or wrong"


@pytest.mark.sample("")
def test_headings_are_whole_whatever_stands_below_them_and_whichever_sorts(
    person: Person, learned: Callable[..., Path]
) -> None:
    open_run(person, learned("part-of-speech", 120, hidden_size=16))
    panel = opened(person)
    header = panel.list.header()
    for size, sorted_by in product(((1440, 900), (1100, 700)), (LOSS, *range(ANSWER + 1), RIGHT)):
        person.resize(*size)
        panel.list.sortByColumn(sorted_by, Qt.SortOrder.AscendingOrder)
        cut = [
            column
            for column in range(header.count())
            if not header.isSectionHidden(column) and header.sectionSize(column) < header.sectionSizeHint(column)
        ]
        assert cut == [], f"sorted by {sorted_by} at {size}"


@cache
def edits(own: str, right: str) -> int:
    """The least number of letters to insert, delete or replace."""
    if not own or not right:
        return len(own) + len(right)
    return min(edits(own[1:], right) + 1, edits(own, right[1:]) + 1, edits(own[1:], right[1:]) + (own[0] != right[0]))


@pytest.mark.sample("")
def test_the_number_beside_an_answer_that_is_a_text_is_of_that_answer_as_in_the_report(
    person: Person, learned: Callable[..., Path]
) -> None:
    open_run(person, learned("reversal", 60, hidden_size=16))
    panel = opened(person)
    short = [row for row, wrong in enumerate(panel.rows.rows) if len(wrong.truth) <= 4 and len(wrong.answer) <= 8]
    assert short, "the network writes some answers that are easily compared"
    assert all(wrong.answer != wrong.truth for wrong in panel.rows.rows)
    for row in short:
        wrong = panel.rows.rows[row]
        assert panel.rows.cell(row, RIGHT) == percent(edits(wrong.answer, wrong.truth) / len(wrong.truth))
    heading = panel.rows.headerData(RIGHT, Qt.Orientation.Horizontal)
    assert (heading, panel.table().columns[RIGHT]) == ("error rate", "error rate")
    model, dataset = model_of(person), dataset_of(person)
    reported = dict(zip(report_columns(model, dataset), zip(*report_rows(model, dataset), strict=True), strict=True))
    said = zip(reported["source"], reported["predicted"], reported["error_rate"], strict=True)
    rates = {(source, answer): rate for source, answer, rate in said}
    assert [rates[wrong.text, wrong.answer] for wrong in panel.rows.rows] == [w.error_rate for w in panel.rows.rows]


def test_an_answer_that_is_right_for_another_example_with_the_same_text_is_no_mistake() -> None:
    rows = [("ab", "x"), ("ab", "y"), ("ba", "z")] * 10
    dataset = engine.make_dataset(rows, "pairs", validation=rows)
    model = engine.build_model(engine.ModelConfig("encoder-decoder", hidden_size=8), dataset, seed=0)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=60, learning_rate=0.03))
    assert list(trainer)
    found = worst_of(engine.Snapshot.of(model), dataset.validation)
    assert sorted((wrong.text, wrong.truth, wrong.mistaken) for wrong in found) == [
        ("ab", "x", False),
        ("ab", "y", False),
        ("ba", "z", False),
    ]
    assert sorted(wrong.error_rate for wrong in found if wrong.error_rate is not None) == [0.0, 0.0, 1.0]


@pytest.mark.sample("")
def test_of_a_tagged_text_the_words_with_wrong_tags_are_shown_with_both_tags(
    person: Person, learned: Callable[..., Path]
) -> None:
    open_run(person, learned("part-of-speech", 120, hidden_size=16))
    panel = opened(person)
    model, codec = model_of(person), dataset_of(person).codec
    for row, wrong in enumerate(panel.rows.rows):
        example, _ = model.example_of(codec.tokenize(wrong.text))
        triples = zip(example.source, wrong.truth.split(), example.target, strict=True)
        different = [(word, right, own) for word, right, own in triples if right != own]
        assert different, wrong.text
        assert panel.rows.cell(row, TRUTH) == ", ".join(f"{word} {right}" for word, right, _ in different)
        assert panel.rows.cell(row, ANSWER) == ", ".join(own for _, _, own in different)


@pytest.mark.sample("")
@pytest.mark.parametrize("width", [1440, 1100])
def test_no_tag_is_cut_where_words_and_tags_have_no_room(
    person: Person, learned: Callable[..., Path], tmp_path: Path, width: int
) -> None:
    open_run(person, learned("part-of-speech", 120, hidden_size=16))
    panel = opened(person)
    person.resize(width, 900)
    settle(person)
    tags = {tag for wrong in panel.rows.rows for _, *both in wrong.words for tag in both}
    painted = texts_in(panel.list.viewport(), tmp_path)
    columns = sum(not panel.list.isColumnHidden(column) for column in range(5))
    cut = [text for at in (TRUTH, ANSWER) for text in painted[at::columns] if text.endswith("…")]
    assert cut, "there is no room for all"
    for text in cut:
        for part in re.split(", ?", text.removesuffix("…").rstrip(", ")):
            assert part.split(" ")[-1] in tags, text


@pytest.mark.sample("")
def test_what_is_cut_or_left_out_of_a_narrow_list_is_in_the_tooltip_of_its_row(
    person: Person, learned: Callable[..., Path]
) -> None:
    open_run(person, learned("part-of-speech", 120, hidden_size=16))
    panel = opened(person)
    for wrong, row in zip(panel.rows.rows, range(3), strict=False):
        for place in (TEXT, TRUTH, ANSWER):
            tip = str(panel.rows.index(row, place).data(Qt.ItemDataRole.ToolTipRole)).replace("\n", " ")
            assert f"text: {wrong.counted_text} " in tip
            assert f"truth: {wrong.differing_truth} answer: {wrong.differing_answer} loss: " in tip
            assert f"right: {percent(wrong.right)}" in tip


@pytest.mark.sample("")
def test_a_narrow_list_shows_words_instead_of_numbers(person: Person, learned: Callable[..., Path]) -> None:
    open_run(person, learned("part-of-speech", 120, hidden_size=16))
    panel = opened(person)
    person.window.resize(1100, 700)
    person.wait_until(lambda: panel.list.isColumnHidden(LOSS) and panel.list.isColumnHidden(RIGHT))
    assert panel.list.columnWidth(TRUTH) > 70
    person.window.resize(1440, 900)
    person.wait_until(lambda: not panel.list.isColumnHidden(LOSS) and not panel.list.isColumnHidden(RIGHT))


@pytest.mark.sample("part-of-speech")
@pytest.mark.parametrize(
    ("width", "height", "words"), [(1440, 900, "wash your han"), (1100, 700, "wash y"), (960, 600, "wash y")]
)
def test_long_truths_and_answers_leave_room_to_the_texts(person: Person, width: int, height: int, words: str) -> None:
    person.resize(width, height)
    panel = opened(person)
    assert panel.list.sizeHintForColumn(TRUTH) > panel.list.viewport().width(), "nearly every word has a wrong tag"
    room = panel.list.viewport().width()
    widths = {column: panel.list.columnWidth(column) for column in range(5) if not panel.list.isColumnHidden(column)}
    assert widths[TEXT] >= panel.list.fontMetrics().horizontalAdvance(words)
    assert min(widths[TRUTH], widths[ANSWER]) >= 50
    assert sum(widths.values()) <= room
    assert not panel.list.horizontalScrollBar().isVisible()


@pytest.mark.sample("reviews")
def test_a_list_without_any_width_is_divided_too(person: Person) -> None:
    panel = opened(person)
    panel.list.setFixedWidth(0)
    person.window.resize(1200, 800)
    settle(person)
    panel.list.setMaximumWidth(panel.width())
    panel.resize(panel.width() - 1, panel.height())
    panel.list.setMinimumWidth(panel.width() // 2)
    settle(person)
    assert panel.list.columnWidth(TEXT) > 20


@pytest.mark.sample("french")
def test_an_endless_answer_leaves_room_to_text_and_truth_and_short_answers_leave_it_to_the_texts(
    person: Person,
) -> None:
    person.resize(1440, 900)
    panel = opened(person)
    assert panel.list.sizeHintForColumn(ANSWER) > 2 * panel.list.viewport().width(), "an untrained network goes on"
    assert min(panel.list.columnWidth(column) for column in (TEXT, TRUTH, ANSWER)) > 50
    person.choose_sample("reviews")
    person.wait_until(lambda: panel.rows.rowCount() > 0 and panel.rows.cell(0, TRUTH) in ("positive", "negative"))
    settle(person)
    for answer in (TRUTH, ANSWER):
        needed = max(panel.list.sizeHintForColumn(answer), panel.list.header().sectionSizeHint(answer))
        assert panel.list.columnWidth(answer) == needed
    assert panel.list.columnWidth(TEXT) > panel.list.columnWidth(TRUTH) + panel.list.columnWidth(ANSWER)


@pytest.mark.sample("")
def test_a_network_without_mistakes_is_said_to_have_none(person: Person, learned: Callable[..., Path]) -> None:
    open_run(person, learned("reversal", 1, hidden_size=8))
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(lambda: panel.rows.rowCount() > 0)
    right = replace(panel.rows.rows[0], mistaken=False)
    person.session.worst.found = (right,)
    person.session.worst.changed.emit()
    person.wait_until(panel.hint.isVisible)
    assert panel.hint.text() == "No mistakes on the validation examples."


@pytest.mark.sample("ratings")
def test_of_predicted_numbers_which_are_never_right_all_are_listed(person: Person) -> None:
    panel = opened(person)
    assert len(panel.rows.rows) == len(person.session.worst.found or ())
    assert all(float(answer) for answer in column(panel, ANSWER))
    assert not panel.list.isColumnHidden(ANSWER)


@pytest.mark.parametrize("kind", ["labelled-series", "speech", "pictures"])
def test_a_click_on_a_recording_opens_it_in_all_views(numbers: Callable[..., Person], kind: str) -> None:
    person = numbers(kind)
    panel = opened(person)
    click_row(person, panel, 0)
    name, truth = panel.rows.cell(0, TEXT), panel.rows.cell(0, TRUTH)
    assert panel.rows.headerData(TEXT, Qt.Orientation.Horizontal) == panel.table().columns[TEXT] == "example"
    assert person.find(QLineEdit, "probe").text() == name
    place = int(name.removeprefix("example ")) - 1
    given, example = person.session.probe.given, dataset_of(person).validation[place]
    assert isinstance(given, Recording)
    assert np.array_equal(given.values, example.source)
    assert truth == dataset_of(person).codec.join(example.target, "target")
    unrolled = person.window.panels["unrolled"]
    assert isinstance(unrolled, UnrolledPanel)
    settle(person)
    assert unrolled.looked is not None
    assert "Expected" not in person.find(QLabel, "inside-text").text()


def test_a_click_on_a_part_of_a_series_lets_all_views_read_its_last_known_numbers(
    numbers: Callable[..., Person],
) -> None:
    person = numbers("series")
    panel = opened(person)
    click_row(person, panel, 0)
    assert panel.rows.cell(0, TEXT) == "example 1"
    example, given = dataset_of(person).validation[0], person.session.probe.given
    known = len(example.source) - len(example.target)
    read = dataset_of(person).codec.source_of(given)
    assert read == pytest.approx(example.source[known - len(read) : known], abs=0.001)
    unrolled = person.window.panels["unrolled"]
    assert isinstance(unrolled, UnrolledPanel)
    person.wait_until(lambda: unrolled.looked is not None and len(unrolled.looked.tokens) == len(read))


def test_examples_with_names_are_sorted_by_their_place(numbers: Callable[..., Person]) -> None:
    person = numbers("pictures", lambda: [(pixels * (1 - k / 9), name) for pixels, name in squares() for k in range(4)])
    panel = opened(person)
    panel.list.sortByColumn(TEXT, Qt.SortOrder.AscendingOrder)
    places = [int(name.removeprefix("example ")) for name in column(panel, TEXT)]
    assert len(places) > 10
    assert places == sorted(places)


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_where_a_truth_and_an_answer_have_no_room_what_differs_is_shown(
    numbers: Callable[..., Person], size: tuple[int, int], tmp_path: Path
) -> None:
    person = numbers("pictures")
    person.window.resize(*size)
    panel = opened(person)
    truth = "a blue circle and a green triangle left of a very small red square"
    answer = truth.replace("square", "circle")
    worst = person.session.worst
    assert worst.found
    worst.found = (replace(worst.found[0], truth=truth, answer=answer),)
    worst.changed.emit()
    person.wait_until(lambda: panel.rows.rowCount() == 1)
    settle(person)
    assert panel.list.columnWidth(TRUTH) < panel.list.fontMetrics().horizontalAdvance(truth)
    painted = texts_in(panel.list.viewport(), tmp_path)
    assert panel.rows.cell(0, TEXT) in painted
    assert [text for text in painted if text.startswith("…") and "sq" in text], painted
    assert [text for text in painted if text.startswith("…") and "ci" in text], painted


@pytest.mark.parametrize(
    ("text", "other", "room", "shown"),
    [
        ("a blue circle left", "a blue circle left of", 18, "a blue circle left"),
        ("a red square", "a red circle", 8, "… square"),
        ("a big red square", "a big red circle", 12, "… red square"),
        ("a big blue circle", "a big blue circle left", 9, "… circle"),
        ("a big blue circle left", "a big blue circle", 9, "… left"),
        ("a red circle is here", "a red circles is here", 10, "… circle is here"),  # and its end is cut
        ("green squares", "red squares", 6, "green squares"),  # likewise
        ("abcdefghijkl", "abcdefghijkx", 8, "abcdef…l"),
    ],
)
def test_the_beginning_that_two_texts_share_is_cut_between_words(text: str, other: str, room: int, shown: str) -> None:
    assert cut_beginning(text, other, len, room) == shown


def test_of_predicted_numbers_the_share_inside_the_band_is_told_by_name(numbers: Callable[..., Person]) -> None:
    person = numbers("series")
    train_a_little(person, 4)
    panel = opened(person)
    heading = panel.rows.headerData(RIGHT, Qt.Orientation.Horizontal)
    tip = panel.rows.headerData(RIGHT, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert heading == "in band"
    assert "inside the 90 % band" in str(tip)
    assert panel.table().columns[RIGHT] == "share inside the 90 % band"
    coverage = engine.evaluate(model_of(person), dataset_of(person).validation).values["coverage"]
    assert panel.rows.cell(0, RIGHT) == percent(coverage), "there is a single part of the series"
    panel.list.sortByColumn(RIGHT, Qt.SortOrder.AscendingOrder)
    assert panel.subtitle.text() == "lowest share in band first; click one to look inside"
    assert "“in band”" in panel.help()


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("gaussian", "−ln of the height, at each true number, of the bell curve that the network predicted"),
        ("squared", "the squared distance of each true number from the predicted one"),
    ],
)
def test_of_predicted_numbers_the_loss_is_explained_as_what_it_is(
    numbers: Callable[..., Person], loss: str, said: str
) -> None:
    person = numbers("series")
    person.session.set_model(number_loss=loss)
    train_a_little(person, 4)
    panel = opened(person)
    tip = str(panel.rows.headerData(LOSS, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))
    assert said in tip.replace("\n", " ")
    assert "probability" not in tip
    assert panel.table().columns[LOSS] == "loss per number"
