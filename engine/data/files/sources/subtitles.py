"""Subtitles (SubRip and WebVTT): what is said, without the numbers and times around it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking

_TIMES: Final = rb"(?:\d+:)?\d\d:\d\d[,.]\d{3}[ \t]+-->"
_BEGINNING: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:WEBVTT\b|\d+[ \t]*\r?\n" + _TIMES + rb")")
_TIMES_OF_ONE: Final = re.compile(_TIMES)
_STYLE: Final = re.compile(rb"</?[a-zA-Z\d][^>]*>|\{\\[^}]*\}")  # <i>, <v Anna>, {\an8}


class Subtitles(TextSource):
    """Each subtitle as a line, in the file's own encoding, which writes figures and marks as ASCII does."""

    row_unit = "subtitle"

    def fits(self, path: Path, start: bytes) -> bool:
        return _BEGINNING.match(start) is not None

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        said, inside = list[bytes](), False
        with open_file(path) as file, unpacking() as out:
            for line in map(bytes.strip, file):
                if _TIMES_OF_ONE.match(line):
                    if inside and said and said[-1].isdigit():
                        said.pop()  # the number of this one, without an empty line before it
                    out.write(_line(said))
                    said, inside = [], True
                elif not line:
                    inside = False
                elif inside:
                    said.append(_STYLE.sub(b"", line).strip())
            out.write(_line(said))
        return OpenedText(out, remark="Only what is said is read: one line per subtitle, without its number and times.")


def _line(said: list[bytes]) -> bytes:
    text = b" ".join(filter(None, said))
    return text + b"\n" if text else b""
