"""The file itself: named arrays and one JSON document in a safetensors file, with a digest over both.

A safetensors file has eight bytes with the length of the header, the header (JSON: name, dtype, shape and offsets of
every array), and the bytes of the arrays. The library checks that all offsets are within the file and leave neither
overlaps nor gaps. So no more is ever read than the file holds, and nothing in it can be executed. The header's
`__metadata__` holds

    format   "unroll-run"
    version  of the document and of the names of the arrays
    run      the document, as JSON
    digest   BLAKE2b over document and arrays, to detect damage that would still read as numbers
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import StorageError
from engine.runs.atomic_write import replacing
from engine.runs.tensor_file import HEADER_LIMIT_BYTES, reading, write_tensors
from engine.types import NamedArrays

FORMAT = "unroll-run"
RUN_SUFFIX, WEIGHTS_SUFFIX = ".unroll", ".safetensors"
VERSION = 1
DOCUMENT_LIMIT_BYTES = HEADER_LIMIT_BYTES * 2 // 5  # escaping at most doubles it, and names of arrays need room
_ARCHIVE = b"PK\x03\x04"  # how a zip archive begins, which holds several runs
_DTYPES = {"F32": np.dtype(np.float32), "F64": np.dtype(np.float64)}


def write_container(
    path: str | os.PathLike[str], document: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]
) -> None:
    """Write float32 and float64 arrays of any shape, by name, and a document. On failure, StorageError, and the old
    file stays."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    if len(text) > DOCUMENT_LIMIT_BYTES:
        raise StorageError(
            f"{path}: settings and vocabularies take {len(text):,} bytes; a run file holds {DOCUMENT_LIMIT_BYTES:,}."
        )
    metadata = {"format": FORMAT, "version": str(VERSION), "run": text, "digest": digest(text, contiguous)}
    with replacing(path) as temporary:
        write_tensors(temporary, contiguous, metadata)


def read_container(path: str | os.PathLike[str]) -> tuple[dict[str, Any], NamedArrays]:
    """The document, and the arrays by name, as they were written but read-only. StorageError for anything but an
    undamaged run file."""
    arrays: NamedArrays = {}
    with reading(path, _likely_form(path)) as opened:
        metadata = opened.metadata() or {}
        _check_form(path, metadata)
        for name in opened.keys():  # noqa: SIM118 - not a dictionary
            kind = opened.get_slice(name).get_dtype()
            if kind not in _DTYPES:
                raise StorageError(f"{path}: {name} holds numbers of the type {kind}; expected F32 or F64.")
            arrays[name] = opened.get_tensor(name)
    if metadata.get("digest") != digest(metadata["run"], arrays):
        raise StorageError(f"{path}: the file is damaged: its content does not match its digest.")
    for array in arrays.values():
        array.flags.writeable = False
    return _document(path, metadata["run"]), arrays


def is_run_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file should be opened as a run rather than as text, judged by its name or its first bytes.

    A run that was cut off after a few bytes still has its name.
    """
    try:
        return Path(path).is_file() and (
            Path(path).suffix.lower() == RUN_SUFFIX or _begins_like_one(_first_bytes(path))
        )
    except OSError:
        return False


def is_labelled(path: str | os.PathLike[str]) -> bool:
    """Whether an undamaged safetensors file says that it is a run."""
    try:
        with reading(path, "") as opened:
            return (opened.metadata() or {}).get("format") == FORMAT
    except StorageError:
        return False


def _likely_form(path: str | os.PathLike[str]) -> str:
    """What a file that cannot be read seems to be, judged by its first bytes."""
    start = _first_bytes(path)
    if _begins_like_one(start):
        return "a damaged run file, perhaps cut off"
    if start.startswith(_ARCHIVE):
        return "not a run file, but it begins like one of several runs, perhaps cut off"
    return "not a run file, or a damaged one"


def _first_bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        with open(path, "rb") as opened:
            return opened.read(9)
    except OSError:
        return b""


def _begins_like_one(start: bytes) -> bool:
    """Whether a file with these first bytes begins like a run, or some other safetensors file."""
    return len(start) == 9 and start.endswith(b"{") and int.from_bytes(start[:8], "little") <= HEADER_LIMIT_BYTES


def digest(text: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    """32 hexadecimal digits computed from the document and from the name, dtype, shape and numbers of every array."""
    total = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    for name in sorted(arrays):
        array = arrays[name]
        total.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        total.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def _check_form(path: str | os.PathLike[str], metadata: Mapping[str, str]) -> None:
    if metadata.get("format") != FORMAT:
        raise StorageError(f"{path}: a safetensors file, but not a run that Unroll has saved.")
    version = metadata.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 6 or "run" not in metadata:
        raise StorageError(f"{path}: the file is damaged: its header does not say what it contains.")
    if int(version) > VERSION:
        raise StorageError(
            f"{path}: written by a newer Unroll (version {version} of the format; this one reads up to {VERSION})."
        )


def _document(path: str | os.PathLike[str], text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise StorageError(f"{path}: the file is damaged ({type(error).__name__} in its document).") from None
    if not isinstance(document, dict):
        raise StorageError(f"{path}: the file is damaged: its document is not an object.")
    return document
