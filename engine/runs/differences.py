"""The settings in which runs differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.config import ModelConfig, TrainingConfig
from engine.name_list import ends_of_paths
from engine.options import Config, Option
from engine.runs.data_source import DataSource

RunOrigin = tuple[ModelConfig, TrainingConfig, DataSource]  # everything a run was made from


@dataclass(frozen=True)
class Difference:
    """A setting that differs between runs: its name, and its value in each run as the window writes it. plain: the same
    with numbers as programs read them."""

    label: str
    values: tuple[str, ...]
    plain: tuple[str | float, ...]


def differences(runs: Sequence[RunOrigin]) -> list[Difference]:
    """The differing settings: data first, then the network, then training."""
    names = [data.name for _, _, data in runs]
    found = _unequal("Data", names, names)
    found += _in_configs([data.config for _, _, data in runs])
    found += _in_configs([model for model, _, _ in runs])
    return found + _in_configs([training for _, training, _ in runs])


def _in_configs(configs: Sequence[Config]) -> list[Difference]:
    found = []
    for name, declared in configs[0].options().items() if configs else ():
        values = [getattr(config, name) for config in configs]
        values = ends_of_paths(values) if declared.is_file else values  # a whole path would take the room of all else
        written = [declared.written(value) for value in values]
        plain = [_plain(declared, value) for value in values]
        found += _unequal(declared.label, written, plain)
    return found


def _plain(declared: Option, value: object) -> str | float:
    """A number as it is, anything else as the window writes it."""
    if isinstance(value, int | float) and not isinstance(value, bool) and declared.is_set(value):
        return value
    return declared.written(value)


def _unequal(label: str, values: Sequence[str], plain: Sequence[str | float]) -> list[Difference]:
    return [] if len(set(values)) <= 1 else [Difference(label, tuple(values), tuple(plain))]
