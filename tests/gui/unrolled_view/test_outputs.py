"""Softmax, loss and what flows into the answer: the picture's numbers are those of a plain equation."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel

import engine
from engine.number_text import NARROW
from gui.panels.unrolled.distribution import DistributionPopover
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.descriptions import diagram_in_words, tip_of
from gui.unrolled_view.diagram import Diagram, DiagramColumn, NumberAnswers
from gui.unrolled_view.diagram_builder import from_trace, untrained
from gui.unrolled_view.layout import BAR_COUNTS, DiagramLayout
from gui.unrolled_view.outputs import answer_color, step_loss_text
from gui.unrolled_view.painter import DiagramPainter
from gui.unrolled_view.tiles import StatePictures
from gui.widgets.elided_names import cut_name
from tests.gui.conftest import Person
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.unrolled_view.test_canvas import drawn_words


def seen(kind: str, rows: Any, text: str, truth: tuple[str, ...] = (), **options: Any) -> tuple[Diagram, engine.Trace]:
    """The picture of a text, and what the engine traced on it."""
    dataset = engine.make_dataset(rows, kind, unit="character")
    config = engine.ModelConfig(hidden_size=6, **options)
    model = engine.build_model(config, dataset, seed=2)
    trace = engine.trace(model, engine.Example(tuple(text), truth) if truth and not model.feeds_back() else text)
    return from_trace(trace, config, tuple(text), truth, ends=True, network=type(model)), trace


LABELLED = [("ab", "x"), ("abcd", "y")] * 6


def test_the_bars_are_the_softmax_of_the_state_through_the_output_layer() -> None:
    dataset = engine.make_dataset(["abcab", "bcabc"] * 8, "sequences", unit="character")
    config = engine.ModelConfig(hidden_size=5)
    model = engine.build_model(config, dataset, seed=3)
    trace = engine.trace(model, "abca")
    diagram = from_trace(trace, config, tuple("abca"), ends=True, network=type(model))
    weight, bias = model.parameters["output.weight"], model.parameters["output.bias"]
    for column, item in enumerate(diagram.columns):
        logits = weight @ trace.layers[0].states[column] + bias
        plain = np.exp(logits) / np.exp(logits).sum()
        assert diagram.outcomes is not None
        top = diagram.outcomes.top(column, 5)
        assert [p for _, p in top] == pytest.approx(sorted(plain.tolist(), reverse=True)[:5], rel=1e-4)
        assert all(p == pytest.approx(plain[trace.symbols.index(symbol)], rel=1e-4) for symbol, p in top)
        right = "abca"[column] if column < 4 else engine.data.vocabulary.END
        assert item.truth == right
        assert item.loss == pytest.approx(-math.log(plain[trace.symbols.index(right)]), rel=1e-4)


def test_steps_without_a_prediction_have_neither_bars_nor_loss() -> None:
    pairs = [("ab", "ba"), ("abc", "cba")] * 6
    diagram, _ = seen("pairs", pairs, "abc", ("c", "b", "a"), architecture="encoder-decoder")
    for column, item in enumerate(diagram.columns):
        if item.part == "encoder":
            assert diagram.outcomes is not None
            assert diagram.outcomes.top(column, 5) == []
            assert math.isnan(item.loss)
            assert item.above == ""


def test_a_right_answer_has_a_loss_as_well() -> None:
    for truth in ("x", "y"):
        diagram, trace = seen("labelled", LABELLED, "abc", (truth,), architecture="many-to-one")
        last = diagram.columns[-1]
        assert last.truth == truth
        assert last.loss == pytest.approx(-math.log(trace.probabilities[0, trace.symbols.index(truth)]))
    unknown, _ = seen("labelled", LABELLED, "abc", architecture="many-to-one")
    assert math.isnan(unknown.columns[-1].loss)


def test_beside_an_unknown_word_a_tagger_is_shown_the_right_tag() -> None:
    rows = [(["a", "b", "c"][k:], ["x", "y", "x"][k:]) for k in (0, 1, 0)]
    dataset = engine.make_dataset(rows, "tagged", unit="token", validation=0.3)
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=4)
    model = engine.build_model(config, dataset, seed=0)
    read, tags = ("a", "never seen", "c"), ("x", "y", "x")
    diagram = from_trace(engine.trace(model, engine.Example(read, tags)), config, read, ends=True, network=type(model))
    assert [column.unknown for column in diagram.columns] == [False, True, False]
    assert tuple(column.truth_shown for column in diagram.columns) == tags, "not the word that is read next"


def test_on_the_scale_of_one_number_without_a_band_a_near_truth_is_near() -> None:
    dataset = engine.make_dataset([("ab" * (k % 5 + 1), float(k % 5)) for k in range(40)], "rated", unit="character")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=4, number_loss="squared")
    model = engine.build_model(config, dataset, seed=0)
    answer = model.rate("abab").value
    example = engine.Example(tuple("abab"), np.array([answer + 0.03]))
    numbers = from_trace(engine.trace(model, example), config, example.source, network=type(model)).numbers
    assert numbers is not None
    (low, high), (mean, _, truth) = numbers.limits(0), numbers.at(numbers.columns[0], 0)
    assert truth == pytest.approx(answer + 0.03)
    assert (mean - low) / (high - low) == pytest.approx(0.5)
    assert (truth - mean) / (high - low) < 0.02


def test_the_loss_of_a_number_is_said_in_the_unit_in_which_it_is_computed() -> None:
    dataset = engine.make_dataset([("ab" * (k % 5 + 1), 100.0 * (k % 5)) for k in range(40)], "rated")
    config = engine.ModelConfig(architecture="many-to-one", hidden_size=4, number_loss="squared")
    model = engine.build_model(config, dataset, seed=0)
    example = dataset.train[0]
    diagram = from_trace(engine.trace(model, example), config, example.source, network=type(model))
    column, values = diagram.columns[-1], dataset.codec.values
    assert values is not None
    off = (model.rate(example.source).value - example.target[0]) / values.deviation[0]
    assert column.loss == pytest.approx(off**2, rel=1e-4)
    assert f"the squared distance, in standard deviations, from {column.truth}" in tip_of(
        diagram, len(diagram.columns) - 1
    )


def test_no_probability_is_written_as_zero_in_the_tooltip_of_a_step() -> None:
    diagram, _ = seen("sequences", ["abcab", "bcabc"] * 8, "abca")
    assert diagram.outcomes is not None
    sure = np.full_like(diagram.outcomes.probabilities, 1e-4)
    sure[:, 0] = 1 - sure[:, 1:].sum(axis=1)
    tip = tip_of(replace(diagram, outcomes=replace(diagram.outcomes, probabilities=sure)), 1)
    assert "0.000" not in tip
    assert tip.count("<0.001") >= 3


def test_only_an_answer_that_can_be_checked_has_the_colour_of_right_or_wrong() -> None:
    right, unknown = DiagramColumn("", 1, "a", "b", 0.9, truth="b"), DiagramColumn("", 1, "a", "b", 0.9)
    wrong, number = replace(right, target="c", truth="c"), replace(unknown, probability=math.nan)
    assert answer_color(right, LIGHT) == LIGHT.accent
    assert answer_color(wrong, LIGHT) == LIGHT.wrong
    assert answer_color(unknown, LIGHT) == LIGHT.text
    assert answer_color(number, LIGHT, numbers=True) == LIGHT.accent


def test_the_words_of_the_network_are_in_the_picture(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("labelled", LABELLED, "abc", ("x",), architecture="many-to-one", embedding_size=200, dropout=0.3)
    assert diagram.entrances[""].names == ("embed",)
    assert diagram.entrances[""].sizes == (200,)
    words = drawn_words(diagram, DiagramLayout.fitting(diagram, 800.0), canvas)
    assert "softmax" in words
    assert "200" not in words


def test_with_the_maximum_every_unit_tells_the_step_that_wins(canvas: UnrolledCanvas) -> None:
    diagram, trace = seen("labelled", LABELLED, "abcd", ("x",), architecture="many-to-one", pooling="max")
    assert diagram.pools
    best = trace.layers[0].states.argmax(axis=0)
    for column in range(4):
        count = int((best == column).sum())
        assert f"{count} of 6 units are largest here" in tip_of(diagram, column)
    assert "from the states of all steps: their max over time, unit by unit" in tip_of(diagram, 3)
    canvas.show_diagram(diagram, LIGHT)
    assert not canvas.grab().isNull()
    assert "max over time" in canvas.accessibleDescription()
    mean, _ = seen("labelled", LABELLED, "abcd", ("x",), architecture="many-to-one", pooling="mean")
    assert mean.pools
    assert "largest here" not in tip_of(mean, 0)
    assert "mean over time" in diagram_in_words(mean)
    last, _ = seen("labelled", LABELLED, "abcd", ("x",), architecture="many-to-one")
    assert not last.pools
    assert "all steps" not in tip_of(last, 3)
    counts, _ = seen("labelled", LABELLED, "abcd", ("x",), architecture="many-to-one", word_counts=True)
    assert "each word also adds a score of its own" in tip_of(counts, 3)


def test_the_name_of_the_pooling_stands_in_the_part_of_its_box_that_is_in_sight(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("labelled", LABELLED, "abcd" * 15, ("x",), architecture="many-to-one", pooling="mean")
    canvas.show_diagram(diagram, LIGHT)
    bar = canvas.horizontalScrollBar()
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        layout = canvas.placed()
        left, right = ((x - canvas.origin().x()) / canvas.scale for x in (0, canvas.viewport().width()))
        box = layout.pool_seen(left, right)
        assert left <= box.left() < box.right() <= layout.softmax(0).left()
        assert box.width() > 100
    assert "mean over time" in drawn_words(diagram, DiagramLayout.fitting(diagram, 690.0), canvas)


def test_counted_words_have_a_box_below_the_softmax_that_they_go_into(canvas: UnrolledCanvas) -> None:
    for counted in (True, False):
        diagram, _ = seen("labelled", LABELLED, "abcd", ("x",), architecture="many-to-one", word_counts=counted)
        said = drawn_words(diagram, DiagramLayout.fitting(diagram, 690.0), canvas)
        assert ({"counted", "words"} <= set(said)) == counted
        assert ("with counted words" in diagram_in_words(diagram)) == counted
    other = untrained(engine.ModelConfig("many-to-many", word_counts=True))
    assert "counted" not in drawn_words(other, DiagramLayout.fitting(other, 690.0), canvas)


def test_a_number_too_wide_for_its_column_is_rounded_and_a_word_is_cut(canvas: UnrolledCanvas) -> None:
    numbers = NumberAnswers(np.ones((1, 1)), np.ones((1, 1)), None, (0,))
    shown = []
    for found in (numbers, None):
        diagram = Diagram((DiagramColumn("", 1, "107.9", "102.7"),), (), "LSTM", "many-to-many", numbers=found)
        painter = DiagramPainter(DiagramLayout(diagram), StatePictures(diagram, LIGHT), LIGHT, canvas.font())
        shown.append([painter.fitted(text, 11, room) for text, room in (("107.9", 27.0), ("17250", 32.0))])
    assert shown[0] == ["108", f"17{NARROW}k"]
    assert all(text.endswith("…") for text in shown[1])


@pytest.mark.parametrize("fed_back", [False, True])
def test_a_word_of_usual_length_is_whole_in_a_narrow_column(canvas: UnrolledCanvas, fed_back: bool) -> None:
    """It takes the room that short neighbours leave, or smaller letters where arrows pass between the words."""
    read = ("the", "something", "is", "children")
    columns = tuple(DiagramColumn("", i + 1, text, "la", fed_back=fed_back and i > 0) for i, text in enumerate(read))
    diagram = Diagram((*columns, DiagramColumn("", 5, "</s>", "station")), (), "GRU", "many-to-many")
    texts = drawn_texts(diagram, DiagramLayout(diagram, column_width=49.0), canvas)
    assert {"children", "station"} <= set(texts)
    assert ("something" in texts) is not fed_back


def test_a_padded_network_shows_its_places_its_hidden_layer_and_one_answer(canvas: UnrolledCanvas) -> None:
    diagram, trace = seen("labelled", LABELLED, "ab", ("x",), architecture="one-to-one")
    assert diagram.padded
    assert diagram.answers_once
    assert [c.below for c in diagram.columns] == ["a", "b", "", ""]
    assert [c.padding for c in diagram.columns] == [0, 0, 1, 1]
    assert diagram.hidden is not None
    np.testing.assert_array_equal(diagram.hidden, trace.read[0])
    words = drawn_words(diagram, DiagramLayout.fitting(diagram, 800.0), canvas)
    assert words.count("padding") == 2
    assert {"W1", "W2", "zeros", "softmax"} <= set(words)
    assert "h₁" not in words
    assert "padding, all zeros" in tip_of(diagram, 2)
    many, _ = seen("labelled", [("ab", "x"), ("abcdabcdabcd", "y")] * 6, "ab", architecture="one-to-one")
    assert sum(c.padding for c in many.columns) == 10
    assert len(many.columns) == 5
    cut, _ = seen("labelled", LABELLED, "abcdab", architecture="one-to-one")
    assert [c.cut for c in cut.columns] == [False] * 4 + [True] * 2
    assert "not read" in drawn_words(cut, DiagramLayout.fitting(cut, 800.0), canvas)


def test_one_to_one_carries_no_state_on_and_says_that_each_symbol_starts_from_zeros(canvas: UnrolledCanvas) -> None:
    diagram, _ = seen("sequences", ["abc", "bca"] * 6, "ab", architecture="one-to-one")
    assert not diagram.remembers
    words = drawn_texts(diagram, DiagramLayout.fitting(diagram, 800.0), canvas)
    assert words.count("each starts\nfrom zeros") == 1
    assert [word for word in words if word.startswith("h")] == ["h₁", "h₂", "h₃"]
    assert "0" not in words  # the start of a text whose state is carried on
    carried, _ = seen("sequences", ["abc", "bca"] * 6, "ab", architecture="one-to-many")
    words = drawn_texts(carried, DiagramLayout.fitting(carried, 800.0), canvas)
    assert "0" in words
    assert "each starts\nfrom zeros" not in words


def test_there_are_as_many_bars_as_there_is_height_for() -> None:
    diagram, _ = seen("sequences", ["abcde", "bcade"] * 6, "ab", architecture="one-to-many")
    heights = [DiagramLayout(diagram, bars=bars).height for bars in BAR_COUNTS]
    assert heights == sorted(heights, reverse=True)
    for bars, height in zip(BAR_COUNTS, heights, strict=True):
        assert DiagramLayout.fitting(diagram, 800.0, height).bars == bars
    assert DiagramLayout.fitting(diagram, 800.0, 10.0).bars == BAR_COUNTS[-1]


def test_eight_letters_and_their_answer_fit_into_the_panel_at_1440() -> None:
    pairs = [("abcdefgh", "hgfedcba"), ("bcdefgha", "ahgfedcb")] * 6
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6)
    model = engine.build_model(config, engine.make_dataset(pairs, "pairs", unit="character"), seed=2)
    trace = engine.trace(model, engine.Example(tuple("abcdefgh"), tuple("hgfedcba")))
    diagram = from_trace(trace, config, tuple("abcdefgh"), ends=True, network=type(model))
    assert len(diagram.columns) == 18
    assert DiagramLayout.fitting(diagram, 786.0).width <= 786


def test_a_click_on_the_softmax_shows_all_probabilities(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    canvas = panel.canvas
    at = canvas.placed().output(2).center() * canvas.scale + canvas.origin()
    assert canvas.placed().output_at(QPointF(canvas.picture_point(at))) == 2
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    popover = person.find(DistributionPopover, "distribution")
    assert popover.isVisible()
    outcomes = canvas.diagram.outcomes
    assert outcomes is not None
    assert len(popover.bars.bars) == len(outcomes.symbols)
    assert sum(bar.share for bar in popover.bars.bars) == pytest.approx(1.0, abs=1e-5)
    assert popover.findChild(QLabel) is not None
    assert "all 28 answers" in popover.note.text()
    popover.close()
    canvas.select((0, 3))
    person.qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert popover.isVisible()
    assert popover.title.text() == "Softmax, step 4"
    popover.close()


@pytest.mark.parametrize("bidirectional", [False, True])
def test_an_encoder_stands_in_the_middle_and_not_below_an_empty_band(bidirectional: bool) -> None:
    config = engine.ModelConfig("encoder-decoder", hidden_size=6, embedding_size=4, bidirectional=bidirectional)
    layout = DiagramLayout(untrained(config, 8))
    decoder = layout.diagram.part_starts[1]
    written = 3 * 14 + 6  # the lines that name it, right above its cells
    above = layout.cell(0, layout.diagram.levels - 1).top() - layout.stem - written
    below = layout.height - layout.input(0).bottom()
    assert above == pytest.approx(below, abs=2)
    assert layout.input(decoder).bottom() == layout.height
    assert layout.input(0).top() > layout.strip(0, 0).bottom() > layout.cell(0, 0).bottom()


def test_a_picture_that_is_a_little_too_wide_is_drawn_smaller_and_a_long_one_scrolls(canvas: UnrolledCanvas) -> None:
    pairs = [("abcdefghijk", "kjihgfedcb"), ("bcdefghaijk", "ahgfedcbik")] * 6
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6)
    model = engine.build_model(config, engine.make_dataset(pairs, "pairs", unit="character"), seed=2)
    canvas.show()
    for length, fits in ((5, True), (11, True), (60, False)):
        source = tuple("abcdefghijk" * 6)[:length]
        trace = engine.trace(model, engine.Example(source, source[:10]))
        canvas.show_diagram(from_trace(trace, config, source, ends=True, network=type(model)), LIGHT)
        canvas.grab()
        assert (canvas.horizontalScrollBar().maximum() == 0) is fits
        assert canvas.to_end.isVisible() is not fits
        assert (canvas.scale < 1.0) is (length == 11)


class RecordingPainter(QPainter):
    """Keeps the texts that are drawn, as they are drawn."""

    def __init__(self, into: QImage) -> None:
        super().__init__(into)
        self.texts: list[str] = []

    def drawText(self, *arguments: Any) -> Any:  # noqa: N802
        self.texts.append(arguments[-1])
        return super().drawText(*arguments)


def drawn_texts(diagram: Diagram, layout: DiagramLayout, canvas: UnrolledCanvas) -> list[str]:
    return recorded(DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font()))


def recorded(painter: DiagramPainter, selected: tuple[int, int] | None = None) -> list[str]:
    """Everything that is drawn, as it is drawn."""
    image = QImage(700, 300, QImage.Format.Format_RGB32)
    with RecordingPainter(image) as into:
        painter.paint(into, range(len(painter.diagram.columns)), selected)
        return into.texts


TAGGED = [(list("ab"), ["B-from_city", "O"]), (list("abc"), ["B-from_state", "I-from_state", "B-to_city"])] * 6
TRUTH = ("B-from_state", "I-from_state", "B-to_city")


@pytest.mark.parametrize(("read_out", "joint"), [("crf", True), ("softmax", False)])
def test_of_answers_with_one_loss_together_it_says_so_in_place_of_the_losses(
    canvas: UnrolledCanvas, read_out: str, joint: bool
) -> None:
    diagram, _ = seen("tagged", TAGGED, "abc", TRUTH, architecture="many-to-many", read_out=read_out)
    texts = drawn_texts(diagram, DiagramLayout.fitting(diagram, 690.0), canvas)
    assert {"target", "loss"} <= set(texts)
    assert any(text.startswith("one for all answers") for text in texts) == joint
    assert ("one for all answers together" in tip_of(diagram, 0)) == joint
    assert all(math.isnan(item.loss) == joint for item in diagram.columns)


@pytest.mark.parametrize(("read_out", "joint"), [("crf", True), ("softmax", False)])
def test_the_first_bar_is_that_of_the_answer_and_a_joint_decision_is_told_from_the_bars(
    canvas: UnrolledCanvas, read_out: str, joint: bool
) -> None:
    diagram, _ = seen("tagged", TAGGED, "abc", TRUTH, architecture="many-to-many", read_out=read_out)
    assert diagram.outcomes is not None
    first, second, *_ = ranked = diagram.outcomes.top(0, 5)
    assert diagram.outcomes.top(0, 2, second[0]) == [second, first]
    assert diagram.outcomes.top(0, 2, ranked[-1][0]) == [ranked[-1], first]
    for column, item in enumerate(diagram.columns):
        assert diagram.outcomes.top(column, 3, item.above)[0] == (item.above, pytest.approx(item.probability))
    texts = drawn_texts(diagram, DiagramLayout.fitting(diagram, 690.0), canvas)
    assert {"best together", "each alone"} <= set(texts) if joint else not {"best together", "each alone"} & set(texts)
    assert ("probabilities are those of this step alone" in tip_of(diagram, 0)) == joint


def test_tags_without_room_are_cut_so_that_they_can_be_told_apart(canvas: UnrolledCanvas) -> None:
    diagram, trace = seen("tagged", TAGGED, "abc", TRUTH, architecture="many-to-many", read_out="crf")
    painter = DiagramPainter(DiagramLayout(diagram), StatePictures(diagram, LIGHT), LIGHT, canvas.font())
    shown = [painter.fitted(tag, 11, 46.0) for tag in trace.symbols]
    assert any("…" in name for name in shown)
    assert len(set(shown)) == len(trace.symbols) == 5
    texts = drawn_texts(diagram, DiagramLayout(diagram, column_width=49.0), canvas)
    assert set(shown) & set(texts)
    assert "the right answer is B-from_state" in tip_of(diagram, 0) or "answers B-from_state" in tip_of(diagram, 0)


def test_a_cut_name_keeps_the_letters_that_no_other_name_has() -> None:
    names = tuple(f"word{i:05}" for i in range(400))
    assert cut_name(names[7], names, len, 8.0) == "word…007"
    assert cut_name(names[7], names[7:8], len, 8.0) == "word000…"
    assert cut_name("word", names, len, 4.0) == "word"
    assert cut_name("word", names, len, 0.5) == "…"


def test_a_bar_does_not_cover_what_hangs_below_the_name_above_it(canvas: UnrolledCanvas) -> None:
    def ink(bars: int) -> int:
        """Dark pixels in the band of the first bar and just below it."""
        diagram, _ = seen("sequences", ["__a__", "_a___"] * 6, "a")
        layout = DiagramLayout(diagram, bars=bars)
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = DiagramPainter(layout, StatePictures(diagram, LIGHT), LIGHT, canvas.font())
        with QPainter(image) as into:
            painter.paint(into, range(len(diagram.columns)), None)
        bar = layout.bar(0, 0)
        left, top = round(bar.left()), round(bar.top())
        return sum(
            image.pixelColor(x, y).lightness() < 120 for x in range(left + 2, left + 10) for y in range(top, top + 13)
        )

    assert ink(bars=2) >= ink(bars=1) > 0


@pytest.mark.parametrize("shape", ["many-to-one", "one-to-many"])
def test_a_picture_that_does_not_scroll_is_not_a_pixel_too_wide(shape: str) -> None:
    diagram, _ = seen("labelled", LABELLED, "abcdab", architecture=shape)
    layouts = [(room, DiagramLayout.fitting(diagram, room)) for room in range(300, 1000)]
    assert any(layout.scrolls for _, layout in layouts)
    assert all(layout.scrolls or layout.width <= room + 0.1 for room, layout in layouts)


def test_a_loss_has_no_minus_if_it_is_nothing_and_is_not_0_if_it_is_something() -> None:
    """Nothing, as far as it can be computed, as of a text that a CRF finds certain."""
    losses = (-0.001, 0.0, 0.004, 0.0000052, 2.346, 1234.5, float("inf"), float("nan"))
    written = ["≈0", "≈0", "0.004", "5e−6", "2.35", "1,234", "∞", ""]
    assert [step_loss_text(loss) for loss in losses] == written


def written_to(truth: tuple[str, ...]) -> Diagram:
    """A decoder that writes "b", "a", "b" and goes on from its own answers, beside what it should have written."""
    pairs = [("ab", "ba"), ("abc", "cba")] * 6
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6)
    model = engine.build_model(config, engine.make_dataset(pairs, "pairs", unit="character"), seed=2)
    return from_trace(engine.trace(model, "abc"), config, tuple("abc"), truth, ends=True, network=type(model))


def test_where_a_decoder_goes_on_from_a_different_answer_the_picture_says_why_the_losses_end(
    canvas: UnrolledCanvas,
) -> None:
    columns = [column for column in written_to(()).columns if column.part == "decoder"]
    own, first = tuple(column.above for column in columns), len(written_to(()).columns) - len(columns)
    assert len(own) > 3
    other = next(symbol for symbol in "abc" if symbol != own[1])
    diagram = written_to((own[0], other, *own[2:]))
    assert [bool(column.truth) for column in diagram.columns[first : first + 4]] == [True, True, False, False]
    said = [text for text in drawn_texts(diagram, DiagramLayout.fitting(diagram, 1200.0), canvas) if "compared" in text]
    assert said == ["not compared after this difference"]
    assert ["not compared" in tip_of(diagram, first + k) for k in range(4)] == [False, False, True, True]
    layout = DiagramLayout.fitting(diagram, 1200.0)
    for seen_of_it, words in ((120.0, "not compared"), (80.0, "not\ncompared"), (0.0, "")):
        right = layout.target(first + 2).left() + seen_of_it  # of what is in sight of a picture that scrolls
        texts = drawn_texts(diagram, replace(layout, right=right), canvas)
        assert [text for text in texts if "compared" in text] == [words] * bool(words)
    for truth in (own, (*own[:-1], other), ()):  # right to the end; different there; unknown
        agreeing = written_to(truth)
        texts = drawn_texts(agreeing, DiagramLayout.fitting(agreeing, 1200.0), canvas)
        assert not any("compared" in text for text in texts)


def test_a_decoder_that_goes_on_from_its_own_answers_says_that_it_takes_the_most_probable_ones(
    canvas: UnrolledCanvas,
) -> None:
    def said(diagram: Diagram, **seen: float) -> list[str]:
        texts = drawn_texts(diagram, replace(DiagramLayout.fitting(diagram, 1200.0), **seen), canvas)  # type: ignore[arg-type]
        return [text for text in texts if text.startswith("decoder")]

    diagram = written_to(())
    assert said(diagram) == ["decoder, greedy: the most probable at each step"]
    layout = DiagramLayout.fitting(diagram, 1200.0)
    begin = layout.column_x(diagram.part_starts[1]) - layout.slot_width / 2
    whole = ["decoder, greedy: the most probable at each step"]
    assert said(diagram, right=begin + 160.0) == whole, "it may begin before its part"
    assert said(diagram, right=begin + 160.0, left=begin) == ["decoder, greedy"]
    assert said(diagram, right=begin + 80.0, left=begin) == ["decoder"]
    columns = list(diagram.columns)
    columns[-1] = replace(columns[-1], below="c", fed_back=False)  # as in Play, which lets it read the right words
    assert said(replace(diagram, columns=tuple(columns))) == ["decoder"]
    untold = untrained(engine.ModelConfig("encoder-decoder", hidden_size=6))
    assert said(untold) == ["decoder"]


def test_an_input_without_a_line_of_attention_says_how_little_it_gets() -> None:
    columns = [DiagramColumn("encoder", k + 1, letter) for k, letter in enumerate("ab")]
    columns += [DiagramColumn("decoder", k + 1, letter, letter, 0.9) for k, letter in enumerate("cd")]
    diagram = Diagram(tuple(columns), (), "GRU", "encoder-decoder", np.array([[0.996, 0.004], [0.99, 0.01]]), True)
    tips = [tip_of(diagram, k).replace(NARROW, " ") for k in range(4)]
    assert "gets hardly any attention: 1 % at most" in tips[1]
    assert "gets most attention at step 1 of the decoder: 99.6 %" in tips[0]
    assert not any("attention" in tip for tip in tips[2:])
    broken = replace(diagram, attention=np.full((2, 2), np.nan))
    assert "attention" not in tip_of(broken, 1)


def test_what_stands_around_the_answer_of_a_long_text_is_explained_and_not_the_column_behind_it(
    canvas: UnrolledCanvas,
) -> None:
    diagram, _ = seen("labelled", LABELLED, "abcd" * 15, ("x",), architecture="many-to-one", word_counts=True)
    canvas.resize(470, 330)
    canvas.show()
    canvas.show_diagram(diagram, LIGHT)
    canvas.horizontalScrollBar().setValue(0)
    layout = canvas.placed()
    below = layout.softmax(diagram.answer).center() + QPointF(0, 40)  # the box of the counted words
    assert layout.column_at(below) == 3
    assert canvas.pointer.tip_at(below) == tip_of(diagram, diagram.answer)
    assert canvas.pointer.tip_at(QPointF(layout.column_x(1), below.y())) == tip_of(diagram, 1)
