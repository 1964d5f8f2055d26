"""The settings in which runs differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Kind
from engine.models import model_class
from engine.name_list import ends_of_paths
from engine.options import Config, Option
from engine.runs.data_source import DataSource

# Everything a run was made from, and the kind of its data, if it is known.
RunOrigin = tuple[ModelConfig, TrainingConfig, DataSource, Kind | None]
WITHOUT_USE: Final = "–"


@dataclass(frozen=True)
class Difference:
    """A setting that differs between runs: its name, and its value in each run as the window writes it. plain: the same
    with numbers as programs read them."""

    label: str
    values: tuple[str, ...]
    plain: tuple[str | float, ...]


def differences(runs: Sequence[RunOrigin]) -> list[Difference]:
    """The settings in which those runs differ that use them: data first, then the network, then training."""
    names = [data.name for _, _, data, _ in runs]
    found = _unequal("Data", names, names)
    found += _in_configs([data.config for _, _, data, _ in runs], [()] * len(runs))
    found += _in_configs([model for model, _, _, _ in runs], [_unused(model, kind) for model, _, _, kind in runs])
    return found + _in_configs([training for _, training, _, _ in runs], [()] * len(runs))


def _unused(model: ModelConfig, kind: Kind | None) -> Collection[str]:
    return () if kind is None else model_class(model.architecture, kind).unused


def _in_configs(configs: Sequence[Config], unused: Sequence[Collection[str]]) -> list[Difference]:
    """unused: the settings that each of the runs has no use for."""
    found = []
    for name, declared in configs[0].options().items() if configs else ():
        values = [getattr(config, name) for config in configs]
        values = ends_of_paths(values) if declared.is_file else values  # a whole path would take the room of all else
        used = [name not in names for names in unused]
        written = [declared.written(value) if uses else "" for value, uses in zip(values, used, strict=True)]
        plain = [_plain(declared, value) if uses else "" for value, uses in zip(values, used, strict=True)]
        found += _unequal(declared.label, written, plain)
    return found


def _plain(declared: Option, value: object) -> str | float:
    """A number as it is, anything else as the window writes it."""
    if isinstance(value, int | float) and not isinstance(value, bool) and declared.is_set(value):
        return value
    return declared.written(value)


def _unequal(label: str, values: Sequence[str], plain: Sequence[str | float]) -> list[Difference]:
    """values: "" of a run that has no use for the setting."""
    if len({*values} - {""}) <= 1:
        return []
    return [Difference(label, tuple(value or WITHOUT_USE for value in values), tuple(plain))]
