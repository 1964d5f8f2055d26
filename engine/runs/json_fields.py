"""Reading JSON that may contain anything."""

from __future__ import annotations

import math
from typing import Any

_LARGEST = 2**53  # every JSON reader keeps whole numbers exact up to here


class Fields:
    """Fields of a JSON object; one that is missing or of the wrong type is a ValueError with a clear message."""

    def __init__(self, values: object, where: str = "the document") -> None:
        if not isinstance(values, dict):
            raise ValueError(f"{where} is not an object")
        self._values: dict[str, Any] = values
        self._where = where

    def raw(self, name: str) -> Any:
        """The value, whatever it is."""
        if name not in self._values:
            raise ValueError(f"{name} is missing in {self._where}")
        return self._values[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields."""
        return tuple(self._values)

    def inner(self, name: str) -> Fields:
        """A nested object."""
        return Fields(self.raw(name), name)

    def text(self, name: str) -> str:
        """A string."""
        value = self.raw(name)
        if not isinstance(value, str):
            raise ValueError(f"{name} is not a string")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.raw(name)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is not true or false")
        return value

    def count(self, name: str, largest: int = _LARGEST) -> int:
        """A whole number from 0 to `largest`."""
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
            raise ValueError(f"{name} is not a whole number from 0 to {largest:,}")
        return value

    def number(self, name: str, *, finite: bool = True) -> float:
        """A number. finite=False also accepts "nan", "inf" and "-inf", which JSON has no numbers for."""
        value = self.raw(name)
        if not finite and value in ("nan", "inf", "-inf"):
            return float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{name} is not a number")
        return float(value)


def as_json(number: float) -> float | str:
    """A number as `Fields.number` reads it."""
    return number if math.isfinite(number) else str(float(number))
