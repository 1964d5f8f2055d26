"""Ranks the combinations of a sweep over all their seeds."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from engine.number_text import loss_text
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import PlannedRun, settings_in_words


@dataclass(frozen=True)
class Ranked:
    """A combination: its settings without the seed, mean and spread of the best validation loss over its seeds.

    spread: the standard deviation; 0 where there is one seed. best_run: the number of the run whose loss is the lowest.
    """

    settings: Mapping[str, Any]
    mean: float
    spread: float
    seeds: int
    best_run: int

    def spread_text(self) -> str:
        """The spread, in the figures of a loss."""
        return loss_text(self.spread, 4) if self.spread else "0"

    def summary(self) -> str:
        """In one line."""
        settings = settings_in_words(self.settings) or "the proposed settings"
        spread = f" ± {self.spread_text()} over {self.seeds} seeds" if self.seeds > 1 else ""
        return f"best loss {loss_text(self.mean, 4)}{spread} with {settings}"


def ranked(runs: Iterable[PlannedRun], outcomes: Mapping[int, RunOutcome]) -> list[Ranked]:
    """The combinations with at least one run that was trained to its end, the best first."""
    groups: dict[tuple[tuple[str, Any], ...], dict[int, float]] = defaultdict(dict)
    for run in runs:
        outcome = outcomes.get(run.number)
        if outcome is not None and outcome.best is not None and outcome.status is OutcomeStatus.DONE:
            settings = tuple((name, value) for name, value in run.settings.items() if name != "seed")
            groups[settings][run.number] = outcome.best
    return sorted(starmap(_combination, groups.items()), key=lambda one: one.mean)


def _combination(settings: tuple[tuple[str, Any], ...], losses: Mapping[int, float]) -> Ranked:
    """losses: by the number of the run."""
    values = list(losses.values())
    spread = statistics.stdev(values) if values[1:] else 0.0
    return Ranked(dict(settings), statistics.fmean(values), spread, len(values), min(losses, key=losses.__getitem__))
