"""Texts that each have a number: they are read as texts with labels, which then become numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.bulk.text_array import Texts
from engine.data.codec import Codec, Kind
from engine.data.examples import Examples
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.parse import number_of
from engine.errors import DataError

NAME: Final = "rating"  # of the number where its column has no name


def are_numbers(texts: Texts) -> NDArray[np.bool_]:
    """(n,) which of these texts are finite numbers."""
    return np.array([np.isfinite(number_of(text)) for text in texts], bool)


def rated(codec: Codec, train: Examples, validation: Examples) -> tuple[Codec, Examples, Examples]:
    """Examples whose labels are written numbers → examples with numbers, standardised by the training rows. DataError
    if these all have the same number."""
    assert codec.target is not None
    table = np.array([number_of(label) for label in codec.target.symbols])
    values = [table[part.target.values] for part in (train, validation)]
    if len(values[0]) and (values[0] == values[0][0]).all():
        raise DataError(f"Every training row has the same number, {values[0][0]:g}; expected numbers that vary.")
    numbers = NumberScaling.fit([values[0][:, None]], (NAME,))
    codec = replace(codec, kind=Kind.RATED, target=None, values=numbers)
    parts = [
        Examples(codec, part.source, Ragged(numbers.standardise(answers), np.arange(len(answers) + 1)))
        for part, answers in zip((train, validation), values, strict=True)
    ]
    return codec, parts[0], parts[1]
