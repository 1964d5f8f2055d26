"""What docs/results.md says of data that packages ship: `pytest -m slow tests/results/test_of_packages.py`."""

from __future__ import annotations

from functools import cache

import pytest

from tests.results import of_packages

pytestmark = pytest.mark.slow
Figures = dict[str, tuple[float, float, str]]


@cache
def series(name: str) -> Figures:
    """Measured once."""
    if lacking := of_packages.missing(name):
        pytest.skip(f"{lacking} is not installed")
    return of_packages.measure_series(name)


@pytest.mark.parametrize("name", of_packages.SERIES)
def test_forecasts_are_nearer_than_a_season_is_to_the_next(name: str) -> None:
    one, twelve, _ = series(name)["network"]
    assert one < 1
    # The cycles of the sunspots' test are higher than any before: no method here gets below 1 twelve years ahead.
    assert twelve < (series(name)["seasonal naive"][1] if name == "sunspots" else 1)


def test_forecasts_of_the_next_value_are_not_behind_a_seasonal_arima_on_two_of_four() -> None:
    figures = [series(name) for name in of_packages.SERIES]
    assert sum(one["network"][0] <= one["seasonal ARIMA"][0] for one in figures) >= 2


@pytest.mark.parametrize(
    ("name", "figure", "least"),
    [
        ("JapaneseVowels", "accuracy", 0.95),
        ("BasicMotions", "accuracy", 0.95),
        ("spoken digits", "accuracy", 0.95),
        ("spelled digits", "exact_match", 0.95),
    ],
)
def test_labels_and_spellings_of_what_was_not_heard_before(name: str, figure: str, least: float) -> None:
    if lacking := of_packages.missing(name):
        pytest.skip(f"{lacking} is not installed")
    assert of_packages.MEASURED[name][1]()[figure] >= least
