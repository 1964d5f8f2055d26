"""A text file as blocks of decoded lines: encodings, line ends, and everything that can be wrong with bytes."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Final

from engine.data.files.encodings import Scan, check_text, choose_encoding, encoding_in_words
from engine.data.files.file_stamps import Stamp, stamp_of
from engine.data.files.normal_form import compose
from engine.data.files.sources import source_of
from engine.data.files.text_source import LARGEST_BYTES, OnProgress, TextSource
from engine.errors import DataError

# Small enough that no single call on a block holds the interpreter for long, so that a window stays responsive.
BLOCK_BYTES: Final = 1 << 18
# A line longer than this is passed on in pieces; no row is that long, and running text may be cut anywhere.
_LONGEST_LINE: Final = 1 << 23
# Recognition sees the beginning and, in larger files, pieces from all over: a file may be sorted by label.
HEAD_BYTES: Final = 1 << 19
_PIECES: Final = 24
_PIECE_BYTES: Final = 1 << 14


@dataclass(frozen=True)
class Excerpt:
    """What recognition looks at. `head`: the lines at the beginning; `lines`: those and lines from all over the file;
    `complete`: whether these are all; `sheet`: the sheet of a workbook that they come from; `titled`: whether the first
    line is known to name the columns."""

    head: tuple[str, ...]
    lines: tuple[str, ...]
    complete: bool
    sheet: str = ""
    titled: bool = False


class TextFile(AbstractContextManager["TextFile"]):
    """One open file: scanned once for its encoding, then read in blocks as often as needed. `source` says what it
    is on the disk: packed, a workbook, a folder of labelled texts.

    composed: letters and their accents become one character (NFC). sheet: the one to read in a workbook that has it.
    source: finds out how it is read. usual: the encoding of files that belong to it, taken where its own is unclear.
    DataError if the file cannot be opened, is not text, or changes while it is read.
    """

    def __init__(
        self,
        path: Path,
        encoding: str = "auto",
        progress: OnProgress | None = None,
        composed: bool = True,
        sheet: str = "",
        source: Callable[[Path], TextSource] = source_of,
        usual: str = "",
    ) -> None:
        self.path = path
        self.composed = composed
        self._progress = progress or _no_progress
        self.replaced = 0  # broken places in the bytes
        self.recomposed = 0  # lines in which letters and their accents became one character
        with _refusing(path):
            self.source = source(path)
            self._stamp = _stamp(path)
            text_of = partial(_whole, encoding=encoding, composed=composed)
            opened = self.source.open(path, text_of, self._progress, sheet)
            self._file, self.remark = opened.file, opened.remark
            self.sheet, self.sheets = opened.sheet, opened.sheets
        try:
            scan = self._look_at(self.source.encoding or encoding, usual)
        except BaseException:  # also when reading is cancelled
            self.close()
            raise
        self.line_ends = scan.line_ends if self.source.encoding is None else ""
        self._ends_in_cr = scan.ends_in_cr

    @property
    def encoding_name(self) -> str:
        """The encoding as a person would write it; "" for a workbook or folder, whose rows were put together here."""
        if self.source.encoding is not None:
            return ""
        return encoding_in_words(self.encoding) + (" with BOM" if self._bom else "")

    @property
    def has_mark(self) -> bool:
        """Whether the file begins with a byte order mark."""
        return self._bom > 0

    def about_sheet(self, wanted: str) -> str:
        """Which sheet of a workbook was read, and whether that is another one than the wanted; "" if there was no
        choice."""
        if wanted and self.sheets and self.sheet != wanted:
            return f"{self.path.name} has no sheet “{wanted}”; “{self.sheet}” was read."
        return f"The sheet “{self.sheet}” of {self.path.name} was read." if len(self.sheets) > 1 else ""

    def _look_at(self, encoding: str, usual: str) -> Scan:
        """Find out size, encoding and line ends."""
        with _refusing(self.path):
            self.size = self._file.seek(0, os.SEEK_END)
            if self.size > LARGEST_BYTES:
                raise DataError(
                    f"The file has {self.size:,} bytes; at most {LARGEST_BYTES:,} can be read.", path=self.path
                )
            scan = self._scan()
            chosen = choose_encoding(scan, encoding, self.path, usual)
            self.encoding, self._bom, self.encoding_is_guess = chosen.encoding, chosen.bom, chosen.is_guess
            if self.encoding.startswith(("utf-16", "utf-32")):
                scan.recount(self._decoded())
        return scan

    def _scan(self) -> Scan:
        """One quick pass over the bytes: is it text, is it UTF-8, how do lines end."""
        scan = Scan()
        self._file.seek(0)
        while block := self._file.read(min(BLOCK_BYTES, self.size - scan.size)):
            if scan.size == 0:
                check_text(block, self.path)
            scan.add(block)
            self._progress(0.1 * scan.size / max(1, self.size), f"Looking at {self.path.name}")
        if scan.size == 0:
            raise DataError("The file is empty.", path=self.path)
        return scan

    def blocks(self, as_written: bool = False) -> Iterator[str]:
        """The text in blocks of whole lines; every line except perhaps the last ends in "\n". Counts `replaced` and
        `recomposed`.

        as_written: characters keep their positions, for formats that count them (see `plain`).
        """
        self.replaced = self.recomposed = 0
        carried = ""
        for text in self._decoded():
            text = self._with_line_feeds(text)
            end = text.rfind("\n") + 1
            if end == 0 and len(carried) > _LONGEST_LINE:
                end = len(text)
            if end:
                block, carried = carried + text[:end], text[end:]
                yield block if as_written else self.plain(block)
            else:
                carried += text
            self._progress(0.1 + 0.8 * self._file.tell() / self.size, f"Reading {self.path.name}")
        if carried:
            yield carried if as_written else self.plain(carried)
        self.check_unchanged()

    def lines(self) -> Iterator[str]:
        """Each line without its end, in one piece however long it is."""
        carried = ""
        for block in self.blocks():
            *whole, carried = (carried + block).split("\n")
            yield from whole
        if carried:
            yield carried

    def _decoded(self) -> Iterator[str]:
        """The text block by block, no CRLF split between two."""
        decoder = codecs.getincrementaldecoder(self.encoding)(_COUNTING)
        self._file.seek(self._bom)
        done, held = self._bom, ""
        with _refusing(self.path):
            while True:
                data = self._file.read(min(BLOCK_BYTES, self.size - done))  # it may grow meanwhile
                text = held + self._decode(decoder, data)
                held = ""
                if data and text.endswith("\r"):  # its "\n" may come with the next block
                    text, held = text[:-1], "\r"
                yield text
                if not data:
                    return
                done += len(data)

    def _decode(self, decoder: codecs.IncrementalDecoder, data: bytes) -> str:
        text = decoder.decode(data, final=not data)
        if _REPLACED[0] in text and _REPLACED in text:  # one character is found much faster than two
            self.replaced += text.count(_REPLACED)
            text = text.replace(_REPLACED, "\ufffd")
        return text

    def _with_line_feeds(self, text: str) -> str:
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n" if self._ends_in_cr else " ")
        return text.replace("\x00", "\ufffd") if "\x00" in text else text

    def plain(self, text: str) -> str:
        """Without byte order marks, which occur wherever files were joined, and with composed letters."""
        if text.isascii():
            return text
        for mark in _MARKS:
            if mark[0] in text and mark in text:
                text = text.replace(mark, "")
        if not self.composed:
            return text
        composed = compose(text)
        if composed is not text and composed != text:
            changes = zip(text.split("\n"), composed.split("\n"), strict=True)
            self.recomposed += sum(before != after for before, after in changes)
        return composed

    @cached_property
    def excerpt(self) -> Excerpt:
        """Lines for recognition, decoded; the first and last line of a piece are dropped if they may be incomplete."""
        head, complete = self._piece(0, HEAD_BYTES)
        lines = list(head)
        if not complete:
            rest = self.size - HEAD_BYTES
            for i in range(_PIECES):
                start = HEAD_BYTES + rest * i // _PIECES
                lines += self._piece(start - start % 4, _PIECE_BYTES)[0][1:]
        self._progress(0.1, f"Recognising {self.path.name}")
        return Excerpt(tuple(head), tuple(lines), complete, self.sheet, self.source.lines_added > 0)

    def _piece(self, start: int, size: int) -> tuple[list[str], bool]:
        self._file.seek(max(start, self._bom))
        data = self._file.read(size)
        at_end = self._file.tell() >= self.size
        text = self._with_line_feeds(data.decode(self.encoding, "replace"))
        for mark in _MARKS:
            text = text.replace(mark, "")
        lines = (compose(text) if self.composed else text).split("\n")
        if at_end and not lines[-1]:
            lines.pop()
        if not at_end and len(lines) > 1:
            lines.pop()
        return lines, start == 0 and at_end

    def check_unchanged(self) -> None:
        """DataError if the file has changed since it was opened."""
        if _stamp(self.path) != self._stamp:
            raise DataError("The file changed while it was read; open it again.", path=self.path)

    def close(self) -> None:
        self._file.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_REPLACED: Final = "\ue0ff\ufffe"  # stands in for bytes that could not be decoded until they are counted
_COUNTING: Final = "unroll.count"
_MARKS: Final = ("\ufeff", "ï»¿")  # a byte order mark, decoded; and one that was first taken for Western letters


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return _REPLACED, error.end
    raise error


codecs.register_error(_COUNTING, _mark_undecodable)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """DataError for whatever goes wrong while a file is read."""
    try:
        yield
    except OSError as error:
        raise DataError(f"The file cannot be read ({error.strerror or error}).", path=path) from None


def _no_progress(share: float, doing: str) -> None:
    """Do nothing, because nobody is watching."""


def _whole(path: Path, encoding: str, composed: bool) -> str:
    """All the text of a file."""
    with TextFile(path, encoding, composed=composed) as file:
        return "".join(file.blocks())


def _stamp(path: Path) -> Stamp:
    """What changes with a file. DataError if it is gone."""
    try:
        return stamp_of(path)
    except OSError:
        raise DataError("The file vanished while it was read.", path=path) from None
