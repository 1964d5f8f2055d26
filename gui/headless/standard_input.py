"""Texts from the standard input: as they come while each line is one, or else read like a file with the same bytes."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, cast

import engine
from engine.data.bulk.text_array import EDGES
from engine.data.codec import Kind
from engine.data.files.normal_form import compose
from engine.data.files.recognition import Recognition

STANDARD_INPUT: Final = "-"
_NAME: Final = "standard input"
_MARKED: Final = ('"', "{", "[", "#", "__")  # how a table, an object, a remark or a label begins
_SEPARATED: Final = re.compile(r"\t|[,;|]\S")  # cells; in a sentence, a space follows


class StandardInput:
    """The standard input, from which lines may have been taken already."""

    def __init__(self) -> None:
        self._stream = sys.stdin.buffer
        self._taken: list[bytes] = []

    def texts(self, codec: engine.Codec, like: Recognition | None) -> Iterator[str] | None:
        """The lines as they come, each a text; None if they may have columns or are a file, which is read as a whole.

        Whoever sends line after line may wait for each answer, so the first one with a text decides. like: how the
        network's training data were recognised.
        """
        if self._stream.seekable():
            return None
        for line in self._stream:
            self._taken.append(line)
            if line.strip():
                break
        if self._taken and not _is_text(self._taken[-1], codec, like):
            return None
        return _decoded(chain(self._taken, self._stream), codec)

    @contextmanager
    def file(self) -> Iterator[Path]:
        """A file with all that comes. A DataError about it names the standard input."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, _NAME)
            with path.open("wb") as copy:
                copy.writelines(self._taken)
                shutil.copyfileobj(self._stream, cast(BinaryIO, copy))
            try:
                yield path
            except engine.DataError as error:
                raise engine.DataError(str(error).replace(str(path), _NAME)) from None


@contextmanager
def opened(name: str) -> Iterator[Path]:
    """The file of this name, or one with all that comes from the standard input."""
    if name != STANDARD_INPUT:
        yield Path(name)
        return
    with StandardInput().file() as path:
        yield path


def _is_text(line: bytes, codec: engine.Codec, like: Recognition | None) -> bool:
    """Whether a first line can be nothing but a text; else it may also begin a file with columns."""
    try:
        text = line.decode("utf-8-sig").strip(EDGES)
    except UnicodeDecodeError:
        return False
    if "\0" in text or text.startswith(_MARKED) or _SEPARATED.search(text):
        return False
    if like is not None and text in like.sources:
        return False
    if codec.kind != Kind.TAGGED:
        return True
    tokens, tags = text.split(), codec.target
    return len(tokens) > 1 and not any(tags is not None and tags.index(token) is not None for token in tokens)


def _decoded(lines: Iterable[bytes], codec: engine.Codec) -> Iterator[str]:
    for line in lines:
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip(EDGES)
        yield compose(text) if codec.composed else text
