"""Refuses tables of measurements: a row of several numbers and a label is no sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.data.files.column_names import TEXT_NAMES, mentions, side_of
from engine.data.files.columns import Column
from engine.errors import MeasurementsError
from engine.name_list import some_of

_FEWEST: Final = 2  # columns of numbers; a single one is the text to a label, or the other side of it
_MOSTLY: Final = 0.9  # of the cells are numbers
_NAMED: Final = 6  # columns in a message


def refuse_measurements(columns: Sequence[Column]) -> None:
    """MeasurementsError for columns of numbers beside a single one of labels, unless there are other columns, or the
    one beside them may be the text."""
    filled = [column for column in columns if column.rows and not column.is_counter]
    numbers = [column for column in filled if column.numbers >= _MOSTLY]
    others = [column for column in filled if column not in numbers]
    if len(numbers) < _FEWEST or len(others) != 1:
        return
    (label,) = others
    if mentions(label.name, TEXT_NAMES) or side_of(label.name) or not (label.is_label or label.is_named_label):
        return
    found = f"{len(numbers)} columns of numbers ({some_of([column.name for column in numbers], _NAMED)}) and a label"
    raise MeasurementsError(
        f"The table has {found} ({label.name}); expected texts, or numbers over time. The numbers of a row measure "
        "different things and are no sequence."
    )
