"""Large arrays in memory that another process can look into, so that there is only one copy of them.

On Linux; elsewhere they are left as they are, and whoever sends them sends a copy.
"""

from __future__ import annotations

import mmap
import os
import sys
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.dataset import Dataset
from engine.data.examples import Examples

SHARED_FROM = 1 << 20  # bytes; of less a copy is as cheap

# Process, file descriptor, type of the numbers, how many: where the memory of an array is found.
Place = tuple[int, int, str, int]


class _Memory(mmap.mmap):
    """Memory without a file, which is gone when nobody maps it any more, however the program ended."""

    descriptor: int


def share(dataset: Dataset) -> Dataset:
    """The same data, the large arrays of its rows in shared memory."""
    parts = (dataset.train, dataset.validation)
    arrays = [array for part in parts for rows in (part.source, part.target) for array in (rows.packed, rows.offsets)]
    if sys.platform != "linux" or not any(map(_is_large, arrays)):
        return dataset
    train, validation = (Examples(part.codec, _shared_rows(part.source), _shared_rows(part.target)) for part in parts)
    return replace(dataset, train=train, validation=validation)


def place_of(array: NDArray[Any]) -> Place | None:
    """Where another process finds a shared array; None for an array of this process alone, or a part of one."""
    memory: object = array
    while isinstance(memory, np.ndarray):
        memory = memory.base
    memory = memory.obj if isinstance(memory, memoryview) else None
    if not isinstance(memory, _Memory) or array.nbytes != len(memory) or array.strides != (array.itemsize,):
        return None
    return os.getpid(), memory.descriptor, array.dtype.str, len(array)


def at(place: Place) -> NDArray[Any]:
    """The array (n,) that another process has told the place of, read-only. OSError where it is there no more."""
    process, descriptor, dtype, count = place
    with open(f"/proc/{process}/fd/{descriptor}", "rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(memory, dtype, count)


def _is_large(array: NDArray[Any]) -> bool:
    return array.nbytes >= SHARED_FROM and array.strides != (0,)  # that one takes no memory at all


def _shared_rows(rows: Ragged) -> Ragged:
    return Ragged(*(_shared(array) if _is_large(array) else array for array in (rows.packed, rows.offsets)))


def _shared(array: NDArray[Any]) -> NDArray[Any]:
    descriptor = os.memfd_create("unroll")
    os.ftruncate(descriptor, array.nbytes)
    memory = _Memory(descriptor, array.nbytes)
    memory.descriptor = descriptor
    weakref.finalize(memory, os.close, descriptor)
    copy = np.frombuffer(memory, array.dtype)
    np.copyto(copy, array)
    return copy
