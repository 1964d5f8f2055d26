"""Reads an Excel workbook as a table: its first sheet that is not empty."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import DataError

# Sheets compress by about 10 times; a hundred times, beyond this size, is an attack or a mistake.
_LARGEST_BYTES: Final = 1 << 32
_BOMB_FROM: Final = 1 << 26
_BOMB_RATIO: Final = 200
_WORKBOOK: Final = "xl/workbook.xml"
_DAMAGE: Final = (
    OSError, EOFError, RuntimeError, SyntaxError, ValueError, TypeError, LookupError, AttributeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_ROWS_AT_ONCE: Final = 1 << 12


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook (.xlsx), judged by its contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {_WORKBOOK, "[Content_Types].xml"} <= set(archive.namelist())
    except (OSError, NotImplementedError, ValueError, zipfile.BadZipFile):
        return False


def sheet_as_csv(path: Path, progress: Callable[[float, str], None]) -> BinaryIO:
    """The first sheet with rows, as CSV in UTF-8 in a temporary file. DataError if it cannot be read."""
    try:
        import openpyxl
    except ImportError:
        raise DataError(
            "This is an Excel workbook; reading it needs the package openpyxl. Install it with "
            '"pip install openpyxl", or save the sheet as CSV.',
            path=path,
        ) from None
    with zipfile.ZipFile(path) as archive:
        packed, size = path.stat().st_size, sum(entry.file_size for entry in archive.infolist())
    if size > _LARGEST_BYTES or (size > _BOMB_FROM and size > _BOMB_RATIO * packed):
        raise DataError(f"The workbook unpacks from {packed:,} bytes to {size:,}; that is too much for a table.",
                        path=path)  # fmt: skip
    out = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the file that is read
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                text, full = io.StringIO(), False
                writer, empty = csv.writer(text, lineterminator="\n"), 0
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    if any(cell is not None for cell in row):
                        text.write("\n" * empty)  # rows keep their places
                        writer.writerow(map(_as_text, row))
                        empty, full = 0, True
                    else:
                        empty += full
                    if number % _ROWS_AT_ONCE == 0:
                        out.write(text.getvalue().encode("utf-8", "replace"))
                        text.seek(0)
                        text.truncate()
                        progress(0.0, f"Reading the sheet {sheet.title}")
                out.write(text.getvalue().encode("utf-8", "replace"))
                if out.tell():
                    break
        finally:
            book.close()
    except _DAMAGE as error:
        out.close()
        raise DataError(f"The Excel workbook is damaged ({error}).", path=path) from None
    except BaseException:  # also when reading is cancelled
        out.close()
        raise
    return out


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
