"""Finds columns that give one text several labels, which no classifier here can learn, and says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import Final

from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of

# If more of the rows than this have several labels, the data do not have one label per text.
_SEVERAL: Final = 0.1
_SEPARATORS: Final = "|;,"
_LONGEST_LABEL: Final = 40
_COMBINED: Final = 0.5  # of the parts stand alone too, or beside different others


def several_in_lists(name: str, lists: Sequence[Sequence[str]], rows: int) -> str:
    """The problem with a column of labels in which `lists` are given as lists; "" if few have several."""
    several = [labels for labels in lists if len(labels) > 1]
    if len(several) <= _SEVERAL * rows:
        return ""
    return f"{_found(name, several[0], len(several), rows)}; {_EXPECTED}"


def several_in_texts(name: str, values: Sequence[str]) -> str:
    """The same for labels joined in one text, such as "comedy|drama": the parts recur in other combinations. Numbers
    with a decimal comma are no lists."""
    counts = Counter(value for value in values if value.strip())
    if all(isfinite(number_of(value)) or is_gap(value) for value in counts):
        return ""
    for separator in _SEPARATORS:
        split = {tuple(part.strip() for part in value.split(separator)): count for value, count in counts.items()}
        several = [parts for parts in split if len(parts) > 1]
        rows = sum(split[parts] for parts in several)
        if rows <= _SEVERAL * counts.total():
            continue
        company = Counter(part for parts in split for part in set(parts))
        combined = sum(count > 1 for count in company.values())
        if combined >= _COMBINED * len(company) and max(map(len, company)) <= _LONGEST_LABEL and "" not in company:
            instead = " To treat each combination as a label of its own, read the file as text and label."
            return f"{_found(name, several[0], rows, counts.total())}; {_EXPECTED}{instead}"
    return ""


_EXPECTED: Final = (
    "expected one label for each text. Keep one of them in each row, or choose another column as the label."
)


def _found(name: str, example: Sequence[str], several: int, rows: int) -> str:
    return (
        f"Column “{name}” holds several labels for one text in {several:,} of {rows:,} rows, such as “{example[0]}” "
        f"and “{example[1]}”"
    )
