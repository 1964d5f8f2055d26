"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from gui.widgets import numbers


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1204, "1,204"), (99_999, "99,999"), (412_000, "412 k"), (1_900_000, "1.9 M")],
)
def test_sizes(number: int, text: str) -> None:
    assert numbers.size(number).replace(numbers.NARROW, " ") == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "1 s"), (8.2, "9 s"), (75, "1 min 15 s"), (4000, "1 h 6 min")])
def test_durations(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_words_follow_their_number() -> None:
    assert numbers.counted(1, "label", "labels") == "1 label"
    assert numbers.counted(2, "label", "labels") == "2 labels"
