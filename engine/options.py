"""What a setting is: its label, help, range or choices, declared in one line; and the base of all groups of settings.

Validation, the form in the window, the saved JSON and the help texts all come from that line.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Self

from engine.errors import ConfigError
from engine.number_text import EXACT, FIRST_POWER, NARROW, grouped

Scale = Literal["linear", "log"]

_LARGE = 10**300  # larger whole numbers cannot be represented as floating-point numbers


class Registered(Mapping[str, str]):
    """Choices listed in a registry: value → what the window calls it.

    The registries live in packages above this one, so they are imported only when needed. function: a function of
    `module` that takes no arguments and returns the choices.
    """

    def __init__(self, module: str, function: str) -> None:
        self.module, self.function = module, function

    def _choices(self) -> Mapping[str, str]:
        choices: Mapping[str, str] = getattr(importlib.import_module(self.module), self.function)()
        return choices

    def __getitem__(self, value: str) -> str:
        return self._choices()[value]

    def __iter__(self) -> Iterator[str]:
        return iter(self._choices())

    def __len__(self) -> int:
        return len(self._choices())


@dataclass(frozen=True)
class Option:
    """Everything about a setting besides its type and default."""

    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: Mapping[str, str] | None = None  # value → what the window calls it
    scale: Scale = "linear"
    live: bool = False  # may change while training runs, without a reset
    needs: str = ""  # this setting has no effect unless that one is on
    needed: tuple[object, ...] = ()  # the values that count as on; () for anything but 0, "" or off
    because: str = ""  # why, in one sentence
    is_file: bool = False  # the path of a file
    zero: str = ""  # what 0, or an empty text, is called where it stands for something else
    is_share: bool = False  # from 0 to 1, shown as a percentage

    def written(self, value: object) -> str:
        """A value as the window writes it, thousands grouped as in its field."""
        text = self.in_a_name(value)
        return grouped(value) if isinstance(value, int) and text == str(value) else text

    def in_a_name(self, value: object) -> str:
        """The same in the name of a run, which is the name of its file too, beside sizes such as "LSTM 1024"."""
        if self.choices is not None and value in self.choices:
            return self.choices[str(value)]
        if isinstance(value, bool):
            return "on" if value else "off"
        if value in ("", 0) and (self.zero or value == ""):
            return self.zero or "none"
        if self.is_share:
            return f"{100 * float(str(value)):g}{NARROW}%"
        return f"{value:g}" if isinstance(value, float) else str(value)

    def is_set(self, value: object) -> bool:
        """Whether a value says anything: an empty text does not, nor does a 0 that stands for something else."""
        return value != "" and not (self.zero and value == 0)

    def check(self, name: str, value: object, kind: type) -> None:
        """Raise ConfigError unless `value` has the declared type and lies in the declared range."""
        if self.choices is not None:
            if not isinstance(value, str) or value not in self.choices:
                raise ConfigError(f"{name} is {value!r}; expected one of {', '.join(map(repr, self.choices))}.")
            return
        number_for_float = kind is float and isinstance(value, int) and not isinstance(value, bool)
        if not (isinstance(value, kind) or number_for_float) or (kind is int and isinstance(value, bool)):
            raise ConfigError(f"{name} is {value!r}; expected {kind.__name__}.")
        if kind in (int, float):
            number = typing.cast(float, value)
            if isinstance(number, float) and not math.isfinite(number):
                raise ConfigError(f"{name} is {number}; expected a finite number.")
            low = -math.inf if self.minimum is None else self.minimum
            high = math.inf if self.maximum is None else self.maximum
            if not low <= number <= high:
                shown = _in_full(number) if abs(number) < _LARGE else "too large"
                raise ConfigError(f"{name} is {shown}; expected {_in_full(low)} to {_in_full(high)}.")


def _in_full(number: float) -> str:
    """A whole number as it is, unless it is enormous; any other in six figures."""
    whole = EXACT <= abs(number) < FIRST_POWER and float(number).is_integer()
    return grouped(int(number)) if whole else f"{number:g}"


def option(
    default: Any,
    label: str,
    help: str,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: Mapping[str, str] | None = None,
    scale: Scale = "linear",
    live: bool = False,
    needs: str = "",
    needed: tuple[object, ...] = (),
    because: str = "",
    is_file: bool = False,
    zero: str = "",
    is_share: bool = False,
) -> Any:
    """Declare a setting of a Config: a dataclass field that carries its Option."""
    declared = Option(
        label, help, minimum, maximum, choices, scale, live, needs, needed, because, is_file, zero, is_share
    )
    return dataclasses.field(default=default, metadata={"option": declared})


def _value_type(annotation: object) -> tuple[type, bool]:
    """The plain type behind an annotation, and whether None is allowed as well."""
    if isinstance(annotation, types.UnionType):
        inner = [part for part in typing.get_args(annotation) if part is not type(None)]
        return _value_type(inner[0])[0], True
    origin = typing.get_origin(annotation)
    return typing.cast(type, origin or annotation), False


@dataclass(frozen=True)
class Config:
    """Base of all settings: frozen, checked when created, and convertible to JSON."""

    def __post_init__(self) -> None:
        for name in self.options():
            self.check_value(name, getattr(self, name), name)

    @classmethod
    def check_value(cls, name: str, value: object, called: str) -> None:
        """ConfigError unless a setting can have this value. called: its name in the message."""
        kind, optional = cls._value_types()[name]
        if not (optional and value is None):
            cls.options()[name].check(called, value, kind)

    @classmethod
    @cache
    def _value_types(cls) -> dict[str, tuple[type, bool]]:
        """Name → plain type, and whether None is allowed as well. Cached, because resolving annotations is slow."""
        hints = typing.get_type_hints(cls)
        return {field.name: _value_type(hints[field.name]) for field in dataclasses.fields(cls)}

    @classmethod
    @cache
    def options(cls) -> dict[str, Option]:
        """Name → Option of every setting, in the order of declaration."""
        return {f.name: f.metadata["option"] for f in dataclasses.fields(cls) if "option" in f.metadata}

    @classmethod
    def default(cls, name: str) -> Any:
        """The default of one setting."""
        return cls._defaults()[name]

    @classmethod
    @cache
    def _defaults(cls) -> dict[str, Any]:
        return {field.name: field.default for field in dataclasses.fields(cls)}

    def idle(self) -> dict[str, str]:
        """Settings that have no effect while the setting they need is off, each with the reason."""
        found = {}
        for name, declared in self.options().items():
            if declared.needs:
                value = getattr(self, declared.needs)
                if value not in declared.needed if declared.needed else not value:
                    found[name] = declared.because
        return found

    def unmet(self) -> dict[str, str]:
        """Settings that are on although the setting they need is off, each with the reason."""
        return {name: why for name, why in self.idle().items() if getattr(self, name) != self.default(name)}

    @classmethod
    def needed_by(cls, name: str) -> str:
        """The setting that this one needs, as the window calls it, and its value if it is not just to be on."""
        declared = cls.options()[name]
        other = cls.options()[declared.needs]
        values = " or ".join(map(other.written, declared.needed))
        return f"{other.label} to be {values}" if values else other.label

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary that `json` can write."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: object) -> Self:
        """The settings held by a dictionary; unknown names and wrong values raise ConfigError."""
        if not isinstance(values, dict):
            raise ConfigError(f"{cls.__name__} is {type(values).__name__}; expected an object with named settings.")
        known = {f.name for f in dataclasses.fields(cls)}
        unknown = sorted(str(name) for name in values if name not in known)
        if unknown:
            raise ConfigError(
                f"{cls.__name__} has no setting {', '.join(unknown)}; known are {', '.join(sorted(known))}."
            )
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
