"""The numbers beside the bars of a distribution: as many figures as fit, and never 0 for what is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

import engine
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram_builder import from_trace
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.outputs import share_text
from tests.gui.unrolled_view.test_outputs import drawn_texts, seen


def test_all_bars_of_a_picture_have_numbers_written_alike_shorter_where_columns_are_narrow(
    canvas: UnrolledCanvas,
) -> None:
    for share, full, brief in (
        (0.434, "0.43", ".43"),
        (0.106, "0.11", ".11"),
        (0.95, "0.95", ".95"),
        (0.004, "<.01", "≈0"),
        (0.0, "<.01", "≈0"),
        (0.997, "1.00", "1"),
    ):
        assert (share_text(share, brief=False), share_text(share, brief=True)) == (full, brief)
    diagram, trace = seen("sequences", ["abcab", "bcabc"] * 6, "abca")
    found = []
    for width in (74.0, 64.0, 50.0, 44.0, 36.0):
        texts = Counter(drawn_texts(diagram, DiagramLayout(diagram, column_width=width), canvas))
        shares = trace.probabilities.ravel().tolist()
        (brief,) = (b for b in (False, True) if Counter(share_text(share, brief=b) for share in shares) <= texts)
        found.append(brief)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (False, True)


def test_a_number_stands_beside_every_symbol_also_a_long_one_that_is_cut_for_it(canvas: UnrolledCanvas) -> None:
    words = ["regarde", "SCONJ", "nous", "la", "internationally"]
    dataset = engine.make_dataset([" ".join(words), " ".join(words[::-1])] * 6, "sequences", unit="word")
    config = engine.ModelConfig(hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    diagram = from_trace(engine.trace(model, words[:3]), config, words[:3], network=type(model))
    outcomes = diagram.outcomes
    assert outcomes is not None
    shares = np.full(outcomes.probabilities.shape, 0.0012, np.float32)
    shares[:, outcomes.symbols.index("la")] = 0.99
    diagram = replace(diagram, outcomes=replace(outcomes, probabilities=shares))
    for width in (49.0, 64.0, 74.0, 104.0):
        layout = DiagramLayout(diagram, column_width=width)
        texts = drawn_texts(diagram, layout, canvas)
        bars = sum(len(outcomes.top(column, layout.bars)) for column in outcomes.columns)
        numbers = [text for text in texts if text in {share_text(s, brief=b) for s in shares.ravel() for b in (0, 1)}]
        assert len(numbers) == bars
        assert "la" in texts


@pytest.mark.parametrize("width", [74.0, 50.0, 36.0])
def test_a_share_that_is_not_zero_never_reads_as_zero_and_no_number_covers_a_name(
    canvas: UnrolledCanvas, width: float
) -> None:
    diagram, _ = seen("sequences", ["abcab", "bcabc"] * 6, "abca")
    outcomes = diagram.outcomes
    assert outcomes is not None
    shares = np.resize([0.95, 0.03, 0.019, 0.001], outcomes.probabilities.shape).astype(np.float32)
    diagram = replace(diagram, outcomes=replace(outcomes, probabilities=shares))
    texts = drawn_texts(diagram, DiagramLayout(diagram, column_width=width), canvas)
    assert texts.count("0") == 1, "the state before the first step"
    assert not {".00", "0.00"} & set(texts)
    assert {*outcomes.symbols} & set(texts), "the names are not cut for it"
    assert (width < 60) == ("<.01" not in texts)


def test_a_word_that_is_certain_is_whole_beside_its_number_in_the_narrowest_columns(canvas: UnrolledCanvas) -> None:
    words = ["sieht", "Hund", "er"]
    dataset = engine.make_dataset([" ".join(words), " ".join(words[::-1])] * 6, "sequences", unit="word")
    config = engine.ModelConfig(hidden_size=6)
    model = engine.build_model(config, dataset, seed=2)
    diagram = from_trace(engine.trace(model, words), config, words, network=type(model))
    outcomes = diagram.outcomes
    assert outcomes is not None
    shares = np.zeros(outcomes.probabilities.shape, np.float32)
    shares[:, [outcomes.symbols.index(symbol) for symbol in (*words, "</s>")]] = np.eye(4)
    diagram = replace(diagram, outcomes=replace(outcomes, probabilities=shares))
    for width in (44.0, 49.0):
        texts = drawn_texts(diagram, DiagramLayout(diagram, column_width=width), canvas)
        assert texts.count("1") == 4
        assert min(texts.count(word) for word in words) >= 3, "below, above and on the bar"
