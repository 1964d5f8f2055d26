"""The numbers beside bars that are much higher than the newest one."""

from __future__ import annotations

import pytest

from gui.plots.bar_plot import scale_of


@pytest.mark.parametrize(
    ("top", "named"),
    [(1.0, "100\u202f%"), (4.0, "400\u202f%"), (10.0, "×10"), (200.0, "×200"), (20_000.0, "×20,000"), (4e7, "×4·10⁷")],
)
def test_a_high_scale_counts_in_multiples(top: float, named: str) -> None:
    assert scale_of(logarithmic=False, top=top)[-1] == (1.0, named)


def test_a_multiple_keeps_its_fraction() -> None:
    assert [text for _, text in scale_of(logarithmic=False, top=10.0)] == ["×0", "×2.5", "×5", "×7.5", "×10"]
