"""A file packed by gzip, unpacked so that it can be read twice and from the middle."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Final

from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, check_unpacked, unpacking
from engine.errors import DataError

_START: Final = b"\x1f\x8b"
_RATIO: Final = 100  # text compresses by 3 to 10 times
_BLOCK_BYTES: Final = 1 << 18


class GzippedFile(TextSource):
    """The text that a gzip file holds."""

    def fits(self, path: Path, start: bytes) -> bool:
        return start.startswith(_START)

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        try:
            with open_file(path) as packed, gzip.GzipFile(fileobj=packed) as stream, unpacking() as out:
                while block := stream.read(_BLOCK_BYTES):
                    out.write(block)
                    check_unpacked(path, "The gzip file", out.tell(), _RATIO)
                    progress(0.0, f"Unpacking {path.name}")
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(f"The gzip file is damaged ({error}).", path=path) from None
        return OpenedText(out)
