"""A trivial method that a trained network must beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _no_values() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Baseline:
    """One line in the plot: its name, its loss, its accuracy where one is defined, other metrics by name, and how it
    predicts, in a few words. short: the name at the edge of a narrow plot."""

    name: str
    loss: float
    accuracy: float | None = None
    values: Mapping[str, float] = field(default_factory=_no_values, hash=False)
    method: str = ""
    short: str = ""

    @property
    def metrics(self) -> dict[str, float]:
        """All but the loss, by name: the accuracy first, where one is defined."""
        return dict(self.values) if self.accuracy is None else {"accuracy": self.accuracy, **self.values}
