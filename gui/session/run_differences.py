"""In which settings runs differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.config import Config
from gui.session.listed_run import ListedRun


@dataclass(frozen=True)
class Difference:
    """A setting that is not the same in all of them: its name, and its value in each run, in the window's words."""

    label: str
    values: tuple[str, ...]


def differences(runs: Sequence[ListedRun]) -> list[Difference]:
    """Data first, then the network, then training; nothing that all runs have in common."""
    settings = [run.settings for run in runs]
    found = _unequal("Data", [each.data.name for each in settings])
    found += _in_configs([each.data.config for each in settings])
    found += _in_configs([each.model for each in settings])
    return found + _in_configs([each.training for each in settings])


def _in_configs(configs: Sequence[Config]) -> list[Difference]:
    found = []
    for name, declared in configs[0].options().items():
        found += _unequal(declared.label, [declared.written(getattr(config, name)) for config in configs])
    return found


def _unequal(label: str, values: Sequence[str]) -> list[Difference]:
    return [] if len(set(values)) <= 1 else [Difference(label, tuple(values))]
