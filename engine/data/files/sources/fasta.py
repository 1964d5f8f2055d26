"""Sequences of DNA, RNA or proteins in the FASTA format: a line that begins with > describes each, and its letters are
in the lines below.

Format: the BLAST help of the NCBI, "Query Input and database selection".
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking

_LETTERS: Final = rb"[A-Za-z]{10,}[A-Za-z*-]*"  # lines of quoted mail begin with > too, but hold more than letters
_BEGINNING: Final = re.compile(rb">\S[^\r\n]*\r?\n" + _LETTERS + rb"\r?(?:\n|$)")


class Fasta(TextSource):
    """The letters of each sequence as a line."""

    encoding = "utf-8"  # they are ASCII
    row_unit = "sequence"

    def fits(self, path: Path, start: bytes) -> bool:
        return _BEGINNING.match(start) is not None

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        begun = False
        with open_file(path) as file, unpacking() as out:
            for line in map(bytes.strip, file):
                if not line.startswith(b">"):
                    out.write(line)
                    begun = begun or bool(line)
                elif begun:
                    out.write(b"\n")
                    begun = False
            out.write(b"\n")
        return OpenedText(out, remark="The letters of each sequence are read, without the description above them.")
