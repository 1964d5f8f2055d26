"""Traits of the values of a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isfinite
from typing import Final

from engine.data.files.column_names import LABEL_NAMES, NUMBER_NAMES, mentions
from engine.data.files.typical_value import typical_value
from engine.data.numbers.decimal_marks import decimal_mark
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of, unit_of
from engine.data.numbers.times import are_dates

_NUMBER: Final = re.compile(
    r"[-+−]?(?:[$€£¥₹] ?)?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?(?:\s?[%€$£¥₹]|\s(?:EUR|USD|GBP))?"
)
_WHOLE: Final = re.compile(r"[-+−]?\d+")
# Article and user numbers, addresses, dates: values that identify a row but say nothing.
_IDENTIFIER: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|[\w-]*\d[\w-]*|\d{4}-\d\d-\d\d\S*( \S+)?|https?://\S+|\S+@\S+\.\w+",
    re.IGNORECASE,
)
_ATTRIBUTION: Final = re.compile(r"CC[- ]BY|tatoeba\.org|^https?://\S+$", re.IGNORECASE)
# A label has at most this many distinct values, as a share of the rows and in all.
_LABEL_SHARE: Final = 0.2
_MOST_LABELS: Final = 300
_FEW_ROWS: Final = 100
_LABEL_WORDS: Final = 4.0
# Labels recur: nearly all categories do, however many there are.
_OFTEN: Final = 2
_SINGLES: Final = 0.05
_CATEGORY_WORDS: Final = 2.0
_COUNTED: Final = 0.9
_REAL: Final = 0.5
_MOST_CLASSES: Final = 5  # that are written with decimals
_BROKEN: Final = 0.25  # of the numbers on a scale have decimals
_LONGEST_NUMBER: Final = 40  # characters
_PREVIEW_ROWS: Final = 8
_MOSTLY: Final = 0.9


@dataclass(frozen=True)
class Column:
    """Traits of the values of one column, each computed on first use."""

    name: str
    values: tuple[str, ...]

    @classmethod
    def of(cls, name: str, values: Sequence[str]) -> Column:
        return cls(name, tuple(values))

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often each filled value occurs."""
        counts = Counter(map(str.strip, self.values))
        del counts[""]
        return counts

    @cached_property
    def rows(self) -> int:
        """How many values are filled."""
        return self._counts.total()

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(self._counts)

    @cached_property
    def singles(self) -> int:
        """How many values occur once."""
        return sum(count == 1 for count in self._counts.values())

    @cached_property
    def length(self) -> float:
        """Mean number of characters in a value."""
        return typical_value(map(len, self._counts.elements()))

    @cached_property
    def words(self) -> float:
        """Mean number of words in a value."""
        return typical_value(len(value.split()) for value in self._counts.elements())

    @cached_property
    def word_counts(self) -> tuple[int, ...]:
        """How many words each value has."""
        return tuple(len(value.split()) for value in self.values)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The different values that are numbers: bare, with a currency, or all with the same unit."""
        bare = frozenset(filter(_NUMBER.fullmatch, self._counts))
        others = (value for value in self._counts.keys() - bare if len(value) <= _LONGEST_NUMBER)
        units = {value: unit_of(value) for value in others if isfinite(number_of(value))}
        if len({*units.values()} - {""}) > 1:
            return bare
        # 123 456 may be two symbols of a text; with a no-break space or a unit it is a number.
        return bare | {value for value, unit in units.items() if unit or " " not in value}

    @cached_property
    def numbers(self) -> float:
        """The share of numbers."""
        return self._share(self._numbers.__contains__)

    @cached_property
    def whole(self) -> float:
        """The share of whole numbers among the numbers."""
        total = sum(map(self._counts.__getitem__, self._numbers))
        return sum(self._counts[value] for value in self._numbers if _WHOLE.fullmatch(value)) / max(1, total)

    @cached_property
    def is_scale(self) -> bool:
        """Numbers with decimals on a scale, such as 1, 1.5, … 5: more of them than there would be classes."""
        if not _MOST_CLASSES < self.distinct <= most_labels(self.rows) or self.numbers < _MOSTLY:
            return False
        if not all(map(is_gap, self._counts.keys() - self._numbers)):
            return False
        mark = decimal_mark(self._numbers)
        numbers = [number_of(value, mark) for value in self._numbers]
        broken = sum(not number.is_integer() for number in numbers)
        return all(map(isfinite, numbers)) and broken >= _BROKEN * len(numbers)

    @cached_property
    def attribution(self) -> float:
        """The share of licences, sources and links."""
        return self._share(_ATTRIBUTION.search)

    @cached_property
    def identifiers(self) -> float:
        """The share of values that only identify a row."""
        return self._share(_IDENTIFIER.fullmatch)

    def _share(self, matches: Callable[[str], object]) -> float:
        """The share of the filled values that match."""
        return sum(count for value, count in self._counts.items() if matches(value)) / max(1, self.rows)

    @property
    def is_text(self) -> bool:
        """Not empty, not numbers, not a licence."""
        return self.rows > 0 and self.numbers < _MOSTLY and self.attribution < _MOSTLY

    @property
    def is_label(self) -> bool:
        """Few distinct values, all short, and no numbers on a scale."""
        few = 2 <= self.distinct <= most_labels(self.rows)
        return few and self.words <= _LABEL_WORDS and not self.is_scale

    @property
    def is_category(self) -> bool:
        """Short distinct values, perhaps very many, nearly all of which recur."""
        again = self.rows >= _OFTEN * self.distinct and self.singles <= _SINGLES * self.rows
        return self.distinct >= 2 and again and self.words <= _CATEGORY_WORDS

    @property
    def is_named_label(self) -> bool:
        """Named like a label and as short as one; then the counts do not matter."""
        return (
            mentions(self.name, LABEL_NAMES)
            and self.distinct >= 2
            and self.words <= _LABEL_WORDS
            and not self.is_numeric
        )

    @property
    def is_numeric(self) -> bool:
        """Quantities rather than classes: numbers with decimals, or many numbers in a column named score, price, …"""
        if self.numbers < _MOSTLY or self.is_label:
            return False
        return 1 - self.whole >= _REAL or self.is_scale or mentions(self.name, NUMBER_NAMES)

    @property
    def is_counter(self) -> bool:
        """The number of rows."""
        if self.whole < 1 or self.numbers < 1 or self.rows < 2:
            return False
        numbers = [int(value.replace("−", "-")) for value in self.values if value.strip()]
        steps = sum(b == a + 1 for a, b in pairwise(numbers))
        return numbers[0] in (0, 1) and steps >= _COUNTED * (len(numbers) - 1)

    @property
    def is_dates(self) -> bool:
        """Dates or times."""
        return self.rows > 0 and are_dates([*self._counts])

    @property
    def preview(self) -> tuple[str, ...]:
        return self.values[:_PREVIEW_ROWS]


def most_labels(rows: int) -> int:
    """How many distinct values a label column may have with this many rows."""
    if rows < _FEW_ROWS:
        return max(2, rows // 3) if rows > 2 else 1
    return min(_MOST_LABELS, int(rows * _LABEL_SHARE))
