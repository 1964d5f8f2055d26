"""Reads an Excel workbook as a table: its first sheet that is not empty."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Final

from engine.data.files.text_source import OnProgress, TextOf, TextSource, check_unpacked, unpacking
from engine.errors import DataError

_RATIO: Final = 200  # sheets compress by about 10 times
_START: Final = b"PK\x03\x04"  # of any zip archive
_CONTENTS: Final = "xl/workbook.xml"
_DAMAGE: Final = (
    OSError, EOFError, RuntimeError, SyntaxError, ValueError, TypeError, LookupError, AttributeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_ROWS_AT_ONCE: Final = 1 << 12


class Workbook(TextSource):
    """The first sheet with rows, as CSV."""

    encoding = "utf-8"

    def fits(self, path: Path, start: bytes) -> bool:
        return start == _START and _is_workbook(path)

    def open(self, path: Path, text_of: TextOf, progress: OnProgress) -> BinaryIO:
        try:
            import openpyxl
        except ImportError:
            raise DataError(
                "This is an Excel workbook; reading it needs the package openpyxl. Install it with "
                '"pip install openpyxl", or save the sheet as CSV.',
                path=path,
            ) from None
        with zipfile.ZipFile(path) as archive:
            check_unpacked(path, "The workbook", sum(entry.file_size for entry in archive.infolist()), _RATIO)
        try:
            with unpacking() as out, closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
                for sheet in book.worksheets:
                    _write_rows(sheet.title, sheet.iter_rows(values_only=True), out, progress)
                    if out.tell():
                        break
        except _DAMAGE as error:
            raise DataError(f"The Excel workbook is damaged ({error}).", path=path) from None
        return out


def _is_workbook(path: Path) -> bool:
    """Whether an archive is an Excel workbook (.xlsx), judged by its contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {_CONTENTS, "[Content_Types].xml"} <= set(archive.namelist())
    except (OSError, NotImplementedError, ValueError, zipfile.BadZipFile):
        return False


def _write_rows(title: str, rows: Iterable[Sequence[object]], out: BinaryIO, progress: OnProgress) -> None:
    """The rows of a sheet from the first that is not empty to the last, at their places."""
    text, full = io.StringIO(), False
    writer, empty = csv.writer(text, lineterminator="\n"), 0
    for number, row in enumerate(rows, 1):
        if any(cell is not None for cell in row):
            text.write("\n" * empty)
            writer.writerow(map(_as_text, row))
            empty, full = 0, True
        else:
            empty += full
        if number % _ROWS_AT_ONCE == 0:
            out.write(text.getvalue().encode("utf-8", "replace"))
            text.seek(0)
            text.truncate()
            progress(0.0, f"Reading the sheet {title}")
    out.write(text.getvalue().encode("utf-8", "replace"))


def _as_text(cell: object) -> str:
    """A cell as Excel shows it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime.datetime, datetime.date)):
        return cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return str(cell).replace("_x000D_", "")
