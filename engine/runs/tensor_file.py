"""Writing and reading a safetensors file, array by array.

The safetensors library writes to a temporary file of its own, which is left behind if the process is killed, and which
does not get the permissions that the user's files usually have. So this module writes, and the library reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import StorageError
from engine.number_text import counted

_NAMES = {
    np.dtype(np.float32): "F32",
    np.dtype(np.float64): "F64",
    np.dtype(np.uint8): "U8",
    np.dtype(np.int16): "I16",
    np.dtype(np.int32): "I32",
    np.dtype(np.int64): "I64",
}
_ALIGNMENT_BYTES = 8
HEADER_LIMIT_BYTES = 100_000_000  # of the safetensors library


def write_tensors(path: Path, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str] | None = None) -> None:
    """Write arrays of any shape, by name: length of the header (8 bytes), header (JSON, padded with spaces), then the
    arrays, wider numbers first.

    metadata: texts for the header. OSError if the operating system refuses.
    """
    ordered = sorted(arrays.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, array in ordered:
        start, end = end, end + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype], "shape": array.shape, "data_offsets": [start, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT_BYTES)
    with path.open("wb") as opened:
        opened.write(len(text).to_bytes(8, "little"))
        opened.write(text)
        for _, array in ordered:
            little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
            opened.write(little.reshape(-1).view(np.uint8).data)


@contextmanager
def reading(path: str | os.PathLike[str], otherwise: str) -> Iterator[Any]:
    """A safetensors file as the library opens it: shapes and types at once, the numbers on request.

    StorageError for anything unreadable. otherwise: what the message calls such a file, as in "a damaged run file".
    """
    from safetensors import SafetensorError, safe_open

    if not os.path.isfile(path):
        raise StorageError(f"{path}: there is no such file.")
    try:
        with safe_open(path, framework="np") as opened:
            yield opened
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror or error}).") from None
    except (SafetensorError, ValueError, TypeError, KeyError, OverflowError, MemoryError):
        raise StorageError(f"{path}: {otherwise} ({_fault(path)}).") from None


def _fault(path: str | os.PathLike[str]) -> str:
    """What is wrong with a file that the library refuses: what was found and what was expected."""
    try:
        with open(path, "rb") as opened:
            size, length = os.path.getsize(path), int.from_bytes(opened.read(8), "little")
            if size < 8:
                return f"it has {counted(size, 'byte')}; expected a header and numbers"
            if length > HEADER_LIMIT_BYTES:
                return "its first 8 bytes are not the length of a header"
            if 8 + length > size:
                return f"it has {size:,} bytes; expected {8 + length:,} for its header alone"
            header = json.loads(opened.read(length))
        ends = [array["data_offsets"][1] for name, array in header.items() if name != "__metadata__"]
        expected = 8 + length + max(ends, default=0)
        return f"it has {size:,} bytes; expected {expected:,}" if size != expected else "its header has errors"
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, MemoryError):
        return "its header cannot be read"
