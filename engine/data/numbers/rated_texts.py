"""Texts that each have a number: they are read as texts with labels, which then become numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec, Kind
from engine.data.examples import Examples
from engine.data.numbers.decimal_marks import DecimalMarks, WrittenIn, decimal_mark, decimal_marks
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.parse import number_of
from engine.data.numbers.recipes import DECIMAL
from engine.errors import DataError

NAME: Final = "rating"  # of the number where its column has no name


def are_numbers(texts: Iterable[str]) -> NDArray[np.bool_]:
    """(n,) which of these texts are finite numbers."""
    return np.array([np.isfinite(number_of(text)) for text in texts], bool)


def mark_of(cells: Iterable[str], numbers: NumberScaling, delimiter: str) -> str:
    """What stands before the decimals in a column that a network's answers are compared with, as `decimal_mark` says
    it; what can be read either way is read as the training rows were."""
    finite = [cell for cell in cells if np.isfinite(number_of(cell))]
    return decimal_mark(finite, delimiter, str(numbers.recipe.get(DECIMAL, "")))


def rated(
    codec: Codec,
    train: Examples,
    validation: Examples,
    written: WrittenIn,
    beside: Mapping[str, Sequence[str]],
    apart: bool = False,
) -> tuple[Codec, Examples, Examples, str]:
    """Examples whose labels are written numbers → examples with numbers, standardised by the training rows; and a
    remark if it is a guess how they are written. DataError if these all have the same number. beside: cells of other
    columns, by name, which may tell how numbers are written. apart: whether the validation rows come from a file of
    their own, which may be written in another way."""
    assert codec.target is not None
    symbols = codec.target.symbols
    learned, other = (
        [symbols[i] for i in np.unique(part.target.values).tolist()] if apart else symbols
        for part in (train, validation)
    )
    found = decimal_marks(("",), (learned,), written)
    others = (
        {name: cells for name, cells in beside.items() if cells and all(are_numbers(cells))} if found.remark else {}
    )
    if others:
        together = decimal_marks(("", *others), (learned, *others.values()), written)
        mark = together.marks[0] or "."
        found = DecimalMarks((mark,), mark, together.remark)
    (mark,) = found.marks
    marks = (mark, decimal_mark(other, written.delimiter, found.common) if apart else mark)
    values = [
        np.array([number_of(label, mark) for label in symbols])[part.target.values]
        for part, mark in zip((train, validation), marks, strict=True)
    ]
    if len(values[0]) and (values[0] == values[0][0]).all():
        raise DataError(f"Every training row has the same number, {values[0][0]:g}; expected numbers that vary.")
    numbers = NumberScaling.fit([values[0][:, None]], (NAME,))
    if found.common:
        numbers = replace(numbers, recipe={DECIMAL: found.common})
    codec = replace(codec, kind=Kind.RATED, target=None, values=numbers)
    parts = [
        Examples(codec, part.source, Ragged(numbers.standardise(answers), np.arange(len(answers) + 1)))
        for part, answers in zip((train, validation), values, strict=True)
    ]
    return codec, parts[0], parts[1], found.remark
