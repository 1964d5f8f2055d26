"""The examples of a data set for an exported folder: data.safetensors.

They are written as the ids that the engine made when it split and encoded the file, so further training sees exactly
the same symbols and the same split. An id takes one byte if the network knows at most 256 symbols, otherwise two or
four, so the file is about as large as the text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.dataset import Dataset
from engine.data.vocabulary import UNKNOWN_ID, Vocabulary
from engine.models import Model
from engine.types import NamedArrays

_TYPES = (np.uint8, np.int16, np.int32)  # integer types that PyTorch computes with


def spells(model: Model) -> bool:
    """Whether the network reads the spelling of words, including unknown ones."""
    return any(network.spelling is not None for network in model.networks().values())


def examples_of(model: Model, dataset: Dataset) -> NamedArrays:
    """`train.sources` (N,): the ids of all sources, concatenated; `train.source_lengths` (n,); the same for targets, if
    any, and for `validation`."""
    found: NamedArrays = {}
    for name, examples in (("train", dataset.train), ("validation", dataset.validation)):
        found |= _rows(f"{name}.source", examples.source, None if spells(model) else dataset.codec.source)
        if dataset.codec.target is not None:
            found |= _rows(f"{name}.target", examples.target, dataset.codec.target)
    return found


def _rows(name: str, rows: Ragged, vocabulary: Vocabulary | None) -> NamedArrays:
    """The flat ids (N,) and the lengths (n,) of rows, by name. vocabulary: ids beyond it become UNKNOWN; None keeps
    them."""
    ids = rows.packed
    if vocabulary is not None and len(ids) and int(ids.max()) >= len(vocabulary):
        ids = np.where(ids < len(vocabulary), ids, ids.dtype.type(UNKNOWN_ID))
    return {f"{name}s": _narrow(ids), f"{name}_lengths": _narrow(rows.lengths)}


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    """The ids in the narrowest type that holds them."""
    largest = int(values.max(initial=0))
    for kind in _TYPES:
        if largest <= np.iinfo(kind).max:
            return np.ascontiguousarray(values, kind)
    return np.ascontiguousarray(values, np.int64)
