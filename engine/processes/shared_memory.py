"""Arrays that several processes share: the rows of large data, and the block for two halves of a batch.

An array made here can be sent through a `Channel`, which sends its name instead of its content. The memory is released
together with the last array that uses it. There are two kinds, which differ in how long the name lasts:

* `shared_copy`: read-only, for any number of processes. The name lasts as long as the array made here. If this process
  is killed, Python's resource tracker removes the name instead, and says so on standard error.
* `shared_zeros`: for one other process, and both may write. The name is removed as soon as that process has opened the
  memory, so killing either process leaves nothing behind. Only if both are killed before that, the memory (on Linux a
  file in /dev/shm) remains until the machine restarts.

Windows has no names that outlast their users, and no resource tracker.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import weakref
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.data.bulk.ragged import Ragged
from engine.data.dataset import Dataset

if TYPE_CHECKING:
    from multiprocessing.shared_memory import SharedMemory

SHARED_FROM = 1 << 20  # bytes; below this a copy is as cheap
LINUX_FOLDER = Path("/dev/shm")


@dataclass(frozen=True)
class ArrayPlace:
    """Where another process finds an array. for_one: only one other process may open it; it can write, and removes the
    name."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    for_one: bool


class _Segment:
    """Shared memory with NumPy's array interface: an array made of it keeps it alive, and with it the memory.

    An array made of the memory's own buffer does not keep it alive: `SharedMemory` closes itself when it is
    garbage-collected, and fails if an array still uses its buffer.
    """

    def __init__(self, memory: SharedMemory, place: ArrayPlace, writable: bool) -> None:
        self.place = place
        self._memory = memory
        buffer = memory.buf
        assert buffer is not None  # it is open
        address = np.frombuffer(buffer, np.uint8).__array_interface__["data"][0]
        self.__array_interface__ = {
            "version": 3,
            "shape": place.shape,
            "typestr": place.dtype,
            "data": (address, not writable),
        }


def share(dataset: Dataset) -> Dataset:
    """The same data with the large arrays of its rows in shared memory.

    If no array is large or there is not enough shared memory, it is returned as it is, and copied when it is sent.
    """
    parts = (dataset.train, dataset.validation)
    arrays = [array for part in parts for rows in (part.source, part.target) for array in (rows.packed, rows.offsets)]
    if not any(map(_is_large, arrays)):
        return dataset
    try:
        train, validation = (
            replace(part, source=_shared_rows(part.source), target=_shared_rows(part.target)) for part in parts
        )
    except OSError:
        return dataset
    return replace(dataset, train=train, validation=validation)


def shared_copy(array: NDArray[Any]) -> NDArray[Any]:
    """An array of any shape → a read-only copy for any number of other processes. OSError if there is not enough shared
    memory."""
    copy = _new(array.shape, array.dtype, for_one=False)
    np.copyto(copy, array)
    copy.flags.writeable = False
    return copy


def shared_zeros(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Zeros of this shape, which one other process may open and write to. OSError if there is not enough shared
    memory."""
    return _new(shape, np.dtype(dtype), for_one=True)


def has_room(size: int) -> bool:
    """Whether there is shared memory for this many bytes.

    Linux would allocate more than there is, and kill the process that uses it; a container may have little.
    """
    return not LINUX_FOLDER.is_dir() or size <= shutil.disk_usage(LINUX_FOLDER).free


def shared_place(array: NDArray[Any]) -> ArrayPlace | None:
    """Where another process finds a shared array; None if it is not shared, or only part of one."""
    owner: object = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if not isinstance(owner, _Segment):
        return None
    place = owner.place
    whole = array.shape == place.shape and array.dtype.str == place.dtype and array.flags.c_contiguous
    return place if whole else None


def at(place: ArrayPlace) -> NDArray[Any]:
    """Open the array that another process has shared, in its shape and dtype. OSError if it is no longer there."""
    memory = _open(place.name, tracked=False)
    if place.for_one:
        _remove_name(memory, tracked=False)
    return np.asarray(_Segment(memory, place, writable=place.for_one))


def _new(shape: tuple[int, ...], dtype: np.dtype[Any], for_one: bool) -> NDArray[Any]:
    size = prod(shape) * dtype.itemsize
    if not has_room(size):
        raise OSError(f"{size / 1e6:,.1f} MB of shared memory are needed, and {LINUX_FOLDER} does not have them.")
    name = f"unroll_{os.getpid()}_{secrets.token_hex(4)}"  # macOS allows 30 characters
    memory = _open(name, tracked=not for_one, size=size)
    segment = _Segment(memory, ArrayPlace(name, shape, dtype.str, for_one), writable=True)
    weakref.finalize(segment, _remove_name, memory, tracked=not for_one)
    return np.asarray(segment)


def _open(name: str, *, tracked: bool, size: int = 0) -> SharedMemory:
    """Create memory of a given size, or open it. tracked: the resource tracker removes it if this process dies."""
    from multiprocessing.shared_memory import SharedMemory  # slow to import, and most data is too small to share

    if sys.version_info >= (3, 13):
        return SharedMemory(name, create=size > 0, size=size, track=tracked)
    memory = SharedMemory(name, create=size > 0, size=size)
    if not tracked:
        _tell_tracker("unregister", memory)
    return memory


def _remove_name(memory: SharedMemory, *, tracked: bool) -> None:
    """Remove the name, so that no other process can open the memory. No error if it is already gone."""
    if not tracked:
        _tell_tracker("register", memory)  # because `unlink` unregisters
    try:
        memory.unlink()
    except FileNotFoundError:
        _tell_tracker("unregister", memory)


def _tell_tracker(what: Literal["register", "unregister"], memory: SharedMemory) -> None:
    """Before Python 3.13, memory that a process only opens is tracked as well, and its tracker would remove the name
    when that process ends (python/cpython#82300)."""
    if sys.version_info < (3, 13) and os.name == "posix":
        from multiprocessing import resource_tracker

        getattr(resource_tracker, what)(f"/{memory.name}", "shared_memory")


def _is_large(array: NDArray[Any]) -> bool:
    return array.nbytes >= SHARED_FROM and array.strides != (0,)  # an array of one repeated value takes no memory


def _shared_rows(rows: Ragged) -> Ragged:
    return Ragged(*(shared_copy(array) if _is_large(array) else array for array in (rows.packed, rows.offsets)))
