"""Notes as Anki exports them: a table below lines that begin with # and say how it is written.

Format: the Anki manual, "Text Files", section "File Headers".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking
from engine.errors import DataError
from engine.name_list import joined

_HEADER: Final = re.compile(r"#\s*([a-z]+(?: column)?)\s*:(.*)", re.IGNORECASE)
_TELLING: Final = ("separator", "html")  # one of these is in every export; other programs name columns after a # too
_MARKS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":"}
_OF_ANKI: Final = ("guid", "notetype", "deck", "tags")  # columns that hold no field of a note
_LARGEST_BYTES: Final = 1 << 28  # of a file, which is read in one piece
_BLOCK: Final = re.compile(r"</?(?:br|div|p|li|ul|ol|tr|td|hr)\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z][^>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_SOUND: Final = re.compile(r"\[sound:[^\]]*\]")


class AnkiNotes(TextSource):
    """The fields of each note as a line of a table with tabs, below the names of the columns if the file has them. What
    is only for Anki is left out: the deck, the tags and the like. HTML becomes text."""

    encoding = "utf-8"
    row_unit = "note"

    def __init__(self, names: Sequence[str] = ()) -> None:
        """names: of the columns that are kept."""
        self._names = names
        self.lines_added = 1 if names else 0

    def fits(self, path: Path, start: bytes) -> bool:
        return self.made_for(path, start) is not None

    def made_for(self, path: Path, start: bytes) -> AnkiNotes | None:
        options, _ = _header(start.decode("utf-8-sig", "ignore"))
        return AnkiNotes(_names(options)) if any(name in options for name in _TELLING) else None

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        with open_file(path) as file:
            read = file.read(_LARGEST_BYTES + 1)
        if len(read) > _LARGEST_BYTES:
            raise DataError(f"The file has more than {_LARGEST_BYTES:,} bytes; Anki’s notes cannot be read from it.",
                            path=path)  # fmt: skip
        options, below = _header(read.decode("utf-8-sig", "replace"))
        try:
            rows = [row for row in csv.reader(io.StringIO(below, newline=""), delimiter=_mark(options, below)) if row]
        except csv.Error as error:
            raise DataError(f"Anki’s notes cannot be read ({error}).", path=path) from None
        width = len(rows[0]) if rows else 0
        there = {name: place for name, place in _for_anki(options).items() if place < width}
        places = [place for place in range(width) if place not in there.values()]
        is_html = options.get("html", "").lower() == "true"
        with unpacking() as out:
            lines = [[_text(row[place], is_html) if place < len(row) else "" for place in places] for row in rows]
            for cells in [self._names, *lines] if self._names else lines:
                out.write(("\t".join(cells) + "\n").encode("utf-8", "replace"))
        return OpenedText(out, remark=f"Anki’s own columns ({joined(there)}) are left out." if there else "")


def _header(text: str) -> tuple[Mapping[str, str], str]:
    """The options that the first lines give, and the text below them."""
    options: dict[str, str] = {}
    while text.startswith("#"):
        line, _, text = text.partition("\n")
        if (found := _HEADER.fullmatch(line.rstrip("\r"))) is not None:
            options[found[1].lower()] = found[2] if found[2] == "\t" else found[2].strip(" ")
    return options, text


def _mark(options: Mapping[str, str], below: str) -> str:
    """The mark between the columns: the one that is named, or the first one that occurs, as Anki looks for it."""
    named = options.get("separator", "")
    first = below.partition("\n")[0]
    usual = next((mark for mark in ("\t", ";", ",", "|") if mark in first), "\t")
    return _MARKS.get(named.lower(), named if len(named) == 1 else usual)


def _names(options: Mapping[str, str]) -> list[str]:
    """The names of the columns that are kept; none if the file has none, or a single column, which is a list."""
    written, left_out = options.get("columns", ""), _for_anki(options).values()
    all_names = next(csv.reader([written], delimiter=_mark(options, written))) if written else []
    names = [_text(name, is_html=False) for place, name in enumerate(all_names) if place not in left_out]
    return names if len(names) > 1 else []


def _for_anki(options: Mapping[str, str]) -> dict[str, int]:
    """The columns, from 0, that are not for learning."""
    numbers = {name: options.get(f"{name} column", "") for name in _OF_ANKI}
    return {name: int(number) - 1 for name, number in numbers.items() if number.isdecimal()}


def _text(cell: str, is_html: bool) -> str:
    """A field on one line."""
    text = _SOUND.sub("", cell)
    if is_html:
        from html import unescape  # rarely needed: it knows the names of two thousand characters

        text = unescape(_TAG.sub("", _BLOCK.sub(" ", text)))
    return " ".join(text.split())
