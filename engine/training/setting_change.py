"""What the settings were before they were changed during a run, so that what a run tells of itself is what it used."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from engine.config import TrainingConfig


@dataclass(frozen=True)
class SettingChange:
    """A setting had this value up to and including this step."""

    step: int
    setting: str
    before: float

    def __post_init__(self) -> None:
        TrainingConfig.check_value(self.setting, self.before, self.setting)

    def to_json(self) -> list[Any]:
        """As a JSON list."""
        return [self.step, self.setting, self.before]

    @classmethod
    def from_json(cls, values: object) -> Self:
        """From the output of `to_json`; ValueError for anything else."""
        if not isinstance(values, list) or list(map(type, values[:2])) != [int, str] or len(values) != 3:
            raise ValueError("a change of a setting is not a step, a name and a value")
        if values[0] < 1 or values[1] not in TrainingConfig.options():
            raise ValueError("a change of a setting names no step or no setting")
        return cls(*values)


SettingChanges = tuple[SettingChange, ...]


def noted(changes: SettingChanges, step: int, before: TrainingConfig, after: TrainingConfig) -> SettingChanges:
    """The changes so far with those between these settings, made after this many steps. Of several changes between two
    steps only what was used before counts, and before the first step nothing was."""
    for name in TrainingConfig.options() if step else ():
        value, known = getattr(before, name), _at(changes, step, name)
        if known is not None and known.before == getattr(after, name):
            changes = tuple(change for change in changes if change is not known)
        elif known is None and value != getattr(after, name):
            changes = (*changes, SettingChange(step, name, value))
    return changes


def _at(changes: SettingChanges, step: int, name: str) -> SettingChange | None:
    return next((change for change in changes if (change.step, change.setting) == (step, name)), None)


def used(training: TrainingConfig, changes: Sequence[SettingChange], step: int) -> TrainingConfig:
    """The settings that this step, the last one, was made with: those changed since then have their earlier values."""
    before: dict[str, Any] = {change.setting: change.before for change in changes if change.step == step}
    return dataclasses.replace(training, **before)


def earlier(changes: Sequence[SettingChange], name: str, step: int) -> list[SettingChange]:
    """The values that a setting had in earlier steps than this, the last one, in the order of the run."""
    return [change for change in changes if change.setting == name and change.step < step]
