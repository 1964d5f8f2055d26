"""Reading a document that may say anything."""

from __future__ import annotations

import math
from typing import Any

_LARGEST = 2**53  # whole numbers that every reader of JSON keeps exactly


class Fields:
    """Named values of a JSON object; ValueError, in words, for one that is missing or of another kind."""

    def __init__(self, values: object, where: str = "the document") -> None:
        if not isinstance(values, dict):
            raise ValueError(f"{where} is not an object")
        self._values: dict[str, Any] = values
        self._where = where

    def raw(self, name: str) -> Any:
        """Whatever stands there."""
        if name not in self._values:
            raise ValueError(f"{name} is missing in {self._where}")
        return self._values[name]

    def inner(self, name: str) -> Fields:
        """An object within the object."""
        return Fields(self.raw(name), name)

    def text(self, name: str) -> str:
        """A text."""
        value = self.raw(name)
        if not isinstance(value, str):
            raise ValueError(f"{name} is not a text")
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
        """A number; where it need not be finite, "nan", "inf" and "-inf" stand for those JSON has no sign for."""
        value = self.raw(name)
        if not finite and value in ("nan", "inf", "-inf"):
            return float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError(f"{name} is not a number")
        return float(value)


def as_json(number: float) -> float | str:
    """A number as `Fields.number` reads it."""
    return number if math.isfinite(number) else str(float(number))
