"""What the values of a column look like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from engine.data.files.column_names import LABEL_NAMES, NUMBER_NAMES, says
from engine.data.files.typical import typical

_NUMBER: Final = re.compile(r"[-+−]?(?:[$€£¥₹] ?)?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][-+]?\d+)?(?:\s?[%€$£])?")
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
_PREVIEW_ROWS: Final = 8
_MOSTLY: Final = 0.9


@dataclass(frozen=True)
class Column:
    """What the values of one column look like. Shares are of the filled values.

    distinct: different values; singles: those that occur once; whole: share of whole numbers among the numbers.
    """

    name: str
    values: tuple[str, ...]
    rows: int
    distinct: int
    length: float
    words: float
    numbers: float
    whole: float
    attribution: float
    identifiers: float
    singles: int

    @classmethod
    def of(cls, name: str, values: Sequence[str]) -> Column:
        filled = [value.strip() for value in values if value.strip()]
        n = max(1, len(filled))
        counts = Counter(filled)
        numbers = [value for value in filled if _NUMBER.fullmatch(value)]
        return cls(
            name,
            tuple(values),
            len(filled),
            len(counts),
            typical(map(len, filled)),
            typical(len(value.split()) for value in filled),
            len(numbers) / n,
            sum(_WHOLE.fullmatch(value) is not None for value in numbers) / max(1, len(numbers)),
            sum(_ATTRIBUTION.search(value) is not None for value in filled) / n,
            sum(_IDENTIFIER.fullmatch(value) is not None for value in filled) / n,
            sum(count == 1 for count in counts.values()),
        )

    @property
    def is_text(self) -> bool:
        """Not empty, not numbers, not a licence."""
        return self.rows > 0 and self.numbers < _MOSTLY and self.attribution < _MOSTLY

    @property
    def is_label(self) -> bool:
        """Few distinct values, all short."""
        return 2 <= self.distinct <= most_labels(self.rows) and self.words <= _LABEL_WORDS

    @property
    def is_category(self) -> bool:
        """Short distinct values, perhaps very many, nearly all of which recur."""
        again = self.rows >= _OFTEN * self.distinct and self.singles <= _SINGLES * self.rows
        return self.distinct >= 2 and again and self.words <= _CATEGORY_WORDS

    @property
    def is_named_label(self) -> bool:
        """Named like a label and as short as one; then the counts do not matter."""
        return (
            says(self.name, LABEL_NAMES) and self.distinct >= 2 and self.words <= _LABEL_WORDS and not self.is_numeric
        )

    @property
    def is_numeric(self) -> bool:
        """Quantities rather than classes: numbers with decimals, or many numbers in a column named score, price, …"""
        if self.numbers < _MOSTLY or self.is_label:
            return False
        return 1 - self.whole >= _REAL or says(self.name, NUMBER_NAMES)

    @property
    def is_counter(self) -> bool:
        """The number of rows."""
        if self.whole < 1 or self.numbers < 1 or self.rows < 2:
            return False
        numbers = [int(value.replace("−", "-")) for value in self.values if value.strip()]
        steps = sum(b == a + 1 for a, b in pairwise(numbers))
        return numbers[0] in (0, 1) and steps >= _COUNTED * (len(numbers) - 1)

    @property
    def preview(self) -> tuple[str, ...]:
        return self.values[:_PREVIEW_ROWS]


def most_labels(rows: int) -> int:
    """How many distinct values a label column may have with this many rows."""
    if rows < _FEW_ROWS:
        return max(2, rows // 3) if rows > 2 else 1
    return min(_MOST_LABELS, int(rows * _LABEL_SHARE))
