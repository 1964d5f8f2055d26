"""The numbers beside the bars of a distribution: as many figures as fit, and never 0 for what is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.outputs import share_text
from tests.gui.unrolled_view.test_outputs import drawn_texts, seen


def test_all_bars_of_a_picture_have_numbers_with_as_many_figures_fewer_where_columns_are_narrow(
    canvas: UnrolledCanvas,
) -> None:
    for share, forms in (
        (0.434, ("0.43", ".43", ".4")),
        (0.95, ("0.95", ".95", ".9")),
        (0.03, ("0.03", ".03", ".03")),
        (0.004, ("<.01", "<.01", "<.01")),
        (0.0, ("0.00", ".00", "0")),
        (0.997, ("1.00", "1.0", "1")),
    ):
        assert tuple(share_text(share, form) for form in range(3)) == forms
    diagram, trace = seen("sequences", ["abcab", "bcabc"] * 6, "abca")
    found = []
    for width in (64.0, 56.0, 50.0, 44.0, 36.0):
        texts = Counter(drawn_texts(diagram, DiagramLayout(diagram, column_width=width), canvas))
        shares = trace.probabilities.ravel().tolist()
        (form,) = (form for form in range(3) if Counter(share_text(share, form) for share in shares) <= texts)
        found.append(form)
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 2)


@pytest.mark.parametrize("width", [64.0, 50.0, 36.0, 26.0])
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
    assert (width < 40) == ("<.01" not in texts)
