"""The card of an architecture and all that comes with it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionComboBox, QToolButton, QWidget

import engine
from engine.cells import CELLS
from engine.models import MODELS
from engine.number_text import NARROW
from engine.number_text import size as in_figures
from gui.panels.architecture import ArchitecturePanel
from gui.panels.try_it.classify import ClassifyView
from gui.panels.try_it.try_it_panel import TryItPanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.line_plot import LinePlot
from gui.widgets.fields import ELISION_PX, Choice
from gui.widgets.shape_card import ShapeCard
from gui.widgets.text import NO_BREAK
from tests.engine.models.throw_away import throw_away
from tests.gui.conftest import Person

pytestmark = pytest.mark.one_window

__all__ = ["throw_away"]  # the fixture
ROOT = Path(__file__).parents[3]
REGISTER = """from engine.models import MODELS
from tests.engine.models.throw_away import NAME, SumToOne

MODELS[NAME] = (SumToOne,)
"""


@pytest.fixture
def everywhere(throw_away: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The throw-away architecture, registered in the process that trains as well: every Python imports this module."""
    (tmp_path / "sitecustomize.py").write_text(REGISTER, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), str(ROOT))))
    return throw_away


@pytest.mark.own_window  # with a card more
def test_an_architecture_that_is_only_registered_has_a_card_trains_is_drawn_and_answers(
    everywhere: str, person: Person
) -> None:
    card = person.find(ShapeCard, f"architecture-{everywhere}")
    assert card.text() == "sum to one"
    assert card.isEnabled()
    person.choose_sample("prose")
    assert not card.isEnabled()
    assert "texts with a label each" in card.toolTip()
    person.choose_sample("order")
    person.click(card.objectName())
    person.wait_ready()
    unrolled, use = person.window.panels["unrolled"], person.window.panels["try_it"]
    assert isinstance(unrolled, UnrolledPanel)
    assert isinstance(use, TryItPanel)
    person.wait_until(lambda: unrolled.looked is not None and unrolled.looked.config.architecture == everywhere)
    above = [bool(column.above) for column in unrolled.canvas.diagram.columns]
    assert above == [False] * (len(above) - 1) + [True]
    view = use.view
    assert isinstance(view, ClassifyView)
    person.press(Qt.Key.Key_Space)
    person.wait_steps(20)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: len(view.bars.bars) == 2)
    person.window.grab()


@pytest.mark.sample("order")
@pytest.mark.parametrize("field", ["cell", "num_layers", "embedding_size", "bidirectional", "attention"])
def test_a_setting_that_the_network_has_no_use_for_is_greyed_out_and_says_why(person: Person, field: str) -> None:
    for architecture, reason in engine.trainable(person.session.data.dataset).items():  # type: ignore[arg-type]
        if reason:
            continue
        person.session.set_model(architecture=architecture)
        person.wait_ready()
        why = person.session.run.network.unused.get(field, "")
        panel = person.window.findChild(ArchitecturePanel)
        assert panel is not None
        widget = panel.findChild(QWidget, field)
        assert widget is not None
        assert widget.isEnabled() is not bool(why)
        assert widget.toolTip() == why if why else widget.toolTip()


def test_there_is_a_card_for_every_architecture(person: Person) -> None:
    cards = person.window.findChildren(ShapeCard)
    assert [card.objectName() for card in cards] == [f"architecture-{name}" for name in MODELS]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_network_without_cells_shows_no_equation_of_a_cell_and_offers_no_race_of_cells(person: Person) -> None:
    race, equation = person.find(QWidget, "race-cells"), person.find(QLabel, "cell-equation")
    assert race.isEnabled()
    assert equation.text()
    person.click("architecture-one-to-one")
    person.wait_until(lambda: not race.isEnabled())
    assert "no cells" in race.toolTip()
    assert equation.text() == ""
    person.click("architecture-one-to-many")
    person.wait_until(race.isEnabled)
    assert equation.text()


@pytest.mark.parametrize("width", [960, 1100])
def test_the_size_of_the_embedding_is_never_cut(person: Person, width: int) -> None:
    person.window.resize(width, 700)
    person.window.grab()
    assert cut_choices(person.find(Choice, "embedding_size")) == []


def cut_choices(box: Choice) -> list[str]:
    """Which texts of a list would end in …."""
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width() - ELISION_PX
    texts = [box.itemText(i) for i in range(box.count())]
    return [text for text in texts if option.fontMetrics.horizontalAdvance(text) > room]


def test_no_choice_of_a_setting_is_cut(person: Person) -> None:
    for more in ("more-architecture", "more-training"):
        person.click(more)
    person.window.grab()
    options = {**engine.ModelConfig.options(), **engine.TrainingConfig.options()}
    boxes = [box for box in person.window.findChildren(Choice) if box.isVisible() and box.objectName() in options]
    assert len(boxes) > 6
    assert {box.objectName(): cut for box in boxes if (cut := cut_choices(box))} == {}
    for more in ("more-architecture", "more-training"):
        person.click(more)


@pytest.mark.parametrize("cell", CELLS)
def test_the_equations_of_the_states_of_a_cell_are_whole(person: Person, cell: str) -> None:
    equation = person.find(QLabel, "cell-equation")
    person.choose("cell", cell)
    wanted = [line.text for line in CELLS[cell].equations if {"c", "h"} & set(line.defines)]
    person.wait_until(lambda: equation.text().count("=") == len(wanted))
    assert [text.split(" = ")[1].count(" ") for text in equation.text().splitlines()] == [
        text.split(" = ")[1].count(" ") for text in wanted
    ]
    for size in ((1440, 900), (960, 540)):
        person.window.resize(*size)
        person.window.grab()
        assert equation.heightForWidth(equation.width()) <= equation.height() + 1


def test_the_comparison_with_a_feed_forward_network_is_a_picture_with_the_crossing_and_the_published_examples(
    person: Person,
) -> None:
    dataset = person.session.data.dataset
    assert dataset is not None
    assert person.find(QToolButton, "compare-sizes").text() == "feed-forward…"
    assert person.find(QToolButton, "race-cells").text() == "race all cells"
    person.click("compare-sizes")
    by_length, by_vocabulary = (person.find(LinePlot, f"sizes-{name}") for name in ("length", "vocabulary"))
    assert by_length.isVisible()
    symbols, size, longest = len(dataset.codec.source), 128, dataset.longest
    padded = longest * symbols * size + size + longest * (size * symbols + symbols)
    weights = engine.count_parameters(person.session.run.model_config, dataset.codec, longest)
    dots = [(round(10 ** float(line.x[0])), float(line.y[0])) for line in by_length.lines if len(line.x) == 1]
    assert dots == [(longest, padded), (longest, weights), (10, 1e6), (20, 4e6)]
    dots = [(round(10 ** float(line.x[0])), float(line.y[0])) for line in by_vocabulary.lines if len(line.x) == 1]
    assert dots == [(symbols, padded), (symbols, weights), (10_000, 1e6), (20_000, 4e6)]
    each = symbols * size + size * symbols + symbols
    crossing = next(n for n in range(1, 1000) if n * each + size > weights)
    assert by_length.mark == pytest.approx(np.log10(crossing))
    assert f"From {crossing} characters on" in person.find(QLabel, "sizes-lesson").text()
    assert f"{padded:,} weights" in person.find(QLabel, "sizes-lesson").text()
    assert "examples from articles (dots)" in person.find(QLabel, "sizes-names").text()
    feed_forward, recurrent, *_ = by_length.lines
    assert len(set(recurrent.y.tolist())) == 1
    assert (np.diff(feed_forward.y) > 0).all()
    person.find(QWidget, "sizes").close()


@pytest.mark.sample("vowels")
def test_the_feed_forward_network_beside_one_for_sounds_reads_every_band_of_every_step(person: Person) -> None:
    person.wait_ready()
    person.session.set_model(hidden_size=48)
    bands, steps, labels = 32, 27, 8
    padded = steps * bands * 48 + 48 + 48 * labels + labels
    card = person.find(QLabel, "weights")
    person.wait_until(lambda: f"padded to {steps} steps, has <b>{in_figures(padded)}</b>." in shown(card))
    person.click("compare-sizes")
    assert f"{padded:,} weights" in person.find(QLabel, "sizes-lesson").text()
    person.find(QWidget, "sizes").close()


@pytest.mark.sample("shapes")
def test_a_picture_has_no_length_that_a_feed_forward_network_could_be_padded_to(person: Person) -> None:
    person.wait_ready()
    person.wait_until(lambda: "weights" in person.find(QLabel, "weights").text())
    assert "feed-forward" not in person.find(QLabel, "weights").text()
    assert not person.find(QToolButton, "compare-sizes").isVisible()


def shown(label: QLabel) -> str:
    """Its text with narrow spaces, as numbers are written."""
    return label.text().replace(NO_BREAK, NARROW)


@pytest.mark.sample("reviews")
def test_the_card_tells_weights_from_what_is_only_counted(person: Person) -> None:
    person.session.set_model(word_counts=True)
    person.wait_ready()
    dataset, config = person.session.data.dataset, person.session.run.model_config
    assert dataset is not None
    whole = engine.build_model(config, dataset).parameters
    text = person.find(QLabel, "weights").text().replace(NO_BREAK, NARROW)
    counts = whole.flat.size - whole.learned_size
    assert text.startswith(f"<b>{in_figures(whole.learned_size)}</b> weights")
    assert f" A table of <b>{in_figures(counts)}</b> counts, not learned: words and word pairs with each label." in text
    assert "answers well from the start" in person.find(QLabel, "weights").toolTip()
    person.session.set_model(word_counts=False)
    person.wait_until(lambda: "not learned" not in person.find(QLabel, "weights").text())
    assert not person.find(QLabel, "weights").toolTip()


def test_a_sampled_softmax_that_leaves_no_symbol_out_is_told(person: Person) -> None:
    person.choose_sample("reversal")
    weights = person.find(QLabel, "weights")
    assert "leaves nothing out" not in weights.text()
    person.session.set_model(sampled_words=500)
    person.wait_ready()
    assert weights.text().endswith(" Sampled softmax leaves nothing out: all 27 symbols are scored.")
    person.session.set_model(sampled_words=5)
    person.wait_ready()
    assert "leaves nothing out" not in weights.text()


def test_options_that_also_work_on_characters_do_not_speak_of_words_alone_and_tied_tells_of_its_matrix() -> None:
    options = engine.ModelConfig.options()
    assert "word" not in options["sampled_words"].help
    assert "character" in options["word_counts"].help
    config = engine.ModelConfig("encoder-decoder", hidden_size=12, embedding_size=4)
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba")] * 6, "pairs", unit="character")
    tied = replace(config, tied=True)
    more = engine.count_parameters(tied, dataset.codec, dataset.longest)
    less = engine.count_parameters(config, dataset.codec, dataset.longest)
    symbols = len(dataset.codec.vocabulary("target"))
    assert more - less == 12 * 4 - 12 * symbols
    assert "a matrix that brings the state to its size is added" in options["tied"].help
