"""What a network that counts from an earlier value can be judged by: a value with nothing so many steps before it is
predicted from nothing, so it never counts, as padding never counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.bulk.ragged import Ragged
from engine.data.examples import Examples
from engine.number_text import counted


def with_a_value_before(examples: Examples, lag: int) -> Examples:
    """The same series, of which only those targets are left that have a value `lag` steps earlier; a series of no more
    steps than that has none."""
    lengths, counts = np.asarray(examples.source.lengths), np.asarray(examples.target.lengths)
    kept = np.clip(lengths - lag, 0, counts)
    if (kept == counts).all():
        return examples
    left = np.repeat(np.cumsum(counts) - kept, kept) + np.arange(kept.sum()) - np.repeat(np.cumsum(kept) - kept, kept)
    return replace(examples, target=Ragged.of_lengths(examples.target.values[left], kept))


def about_uncounted(given: Examples, kept: Examples, lag: int) -> str:
    """A sentence on the targets that were left out; "" if none were."""
    if kept is given:
        return ""
    of = "the series" if len(given) == 1 else "a series"
    why = f"The first {lag} steps of {of} have no value {lag} steps earlier to count from and are not counted"
    short = int(np.count_nonzero((kept.target.lengths == 0) & (given.target.lengths > 0)))
    left = f"; {short:,} of the {len(given):,} series cannot be measured, for want of more steps" if short else ""
    return f"{why}{left}."


def too_short_to_measure(given: Examples, lag: int) -> str:
    """Why not one value of some series can be measured."""
    steps = counted(int(max(given.source.lengths, default=0)), "step")
    has = f"The series has {steps}" if len(given) == 1 else f"The longest series has {steps}"
    return (
        f"{has}, too few to be measured: the network counts from {lag} steps earlier, so the first {lag} steps have "
        f"nothing to be predicted from; expected more than {lag} steps."
    )
