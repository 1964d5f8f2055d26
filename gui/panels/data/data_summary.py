"""How long a data set is, and what stands at each of its steps."""

from __future__ import annotations

import numpy as np

from engine.data.codec import Codec
from engine.name_list import some_of
from engine.number_text import counted, grouped_within

MOST_NAMED = 4  # columns of numbers


def symbols_in_words(codec: Codec) -> str:
    """The contents of the vocabulary, or the numbers of each step."""
    numbers, unit = codec.frames, codec.symbol_name
    if numbers is None:
        return counted(codec.source.distinct, unit)
    if numbers.shape:
        return f"{numbers.written(np.zeros(numbers.shape))}, {counted(numbers.shape[2], 'channel')}"
    if numbers.size == 1:
        return f"{numbers.names[0]} at each step"
    if numbers.is_sound:
        return grouped_within(f"{numbers.size} bands, {numbers.names[0]} to {numbers.names[-1]}")
    return f"{counted(numbers.size, 'number')} at each step: {some_of(numbers.names, MOST_NAMED)}"
