"""Reads an Excel workbook as a table: the sheet that was chosen, or else the one with the most rows."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, check_unpacked, unpacking
from engine.errors import DataError
from engine.name_list import some_of
from engine.number_text import counted

_RATIO: Final = 200  # sheets compress by about 10 times
_START: Final = b"PK\x03\x04"  # of any zip archive
_ENDINGS: Final = (".xlsx", ".xlsm")
_CONTENTS: Final = "xl/workbook.xml"
_DAMAGE: Final = (
    OSError, EOFError, RuntimeError, SyntaxError, ValueError, TypeError, LookupError, AttributeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_NAMED: Final = 8  # sheets in a remark
_WIDEST: Final = 1000  # columns, the most that a table may have
_MOST_ROWS: Final = 1 << 20  # of a sheet in Excel
_ROWS_AT_ONCE: Final = 1 << 12


class Workbook(TextSource):
    """The sheet with the most filled rows, as CSV; the first of several with as many. Hidden sheets count only where
    no other has rows."""

    encoding = "utf-8"

    def fits(self, path: Path, start: bytes) -> bool:
        return start.startswith(_START) and _is_workbook(path)

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        try:
            import openpyxl
        except ImportError:
            raise DataError(
                "This is an Excel workbook; reading it needs the package openpyxl. Install it with "
                '"pip install openpyxl", or save the sheet as CSV.',
                path=path,
            ) from None
        try:
            with zipfile.ZipFile(path) as archive:
                check_unpacked(path, "The workbook", sum(entry.file_size for entry in archive.infolist()), _RATIO)
            # From an open file, because of a path openpyxl judges by the ending of its name.
            with open_file(path) as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
                chosen = [one for one in book.worksheets if one.title == sheet]
                names = tuple(one.title for one in book.worksheets)
                return replace(_largest_sheet(path, chosen or book.worksheets, progress), sheets=names)
        except _DAMAGE as error:
            raise DataError(f"The Excel workbook is damaged ({error}).", path=path) from None


def _is_workbook(path: Path) -> bool:
    """Whether an archive is an Excel workbook (.xlsx), judged by its contents, or by its name if they cannot be read:
    the list of what is in an archive stands at its end."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {_CONTENTS, "[Content_Types].xml"} <= set(archive.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() in _ENDINGS
    except (OSError, NotImplementedError, ValueError):
        return False


def _largest_sheet(path: Path, sheets: Iterable[Any], progress: OnProgress) -> OpenedText:
    """The sheet with the most filled rows, among those that are not hidden if any of them has rows."""
    best: BinaryIO = io.BytesIO()
    largest, title, filled = (False, 0), "", list[str]()
    try:
        for sheet in sheets:
            with unpacking() as out:
                rows = _write_rows(sheet.title, partial(_rows, path, sheet), out, progress)
                size = (sheet.sheet_state == "visible", rows)
                if rows:
                    filled.append(f"“{sheet.title}” ({'' if size[0] else 'hidden, '}{counted(rows, 'row')})")
                if rows and size > largest:
                    best, out, largest, title = out, best, size, sheet.title
            out.close()
    except BaseException:
        best.close()
        raise
    remark = ""
    if len(filled) > 1:
        named = some_of(filled, _NAMED)
        choice = f"“{title}” was read; the setting Sheet chooses another one."
        remark = f"The workbook has several sheets: {named}, headers included. {choice}"
    return OpenedText(best, title, remark=remark)


def _rows(path: Path, sheet: Any) -> Iterator[Sequence[object]]:
    """The rows of a sheet, of one width. A stray cell far to the right widens no other row, as there may be a million.

    DataError for a row that no workbook has, before all those above it are counted.
    """
    far = (sheet.max_column or 0) > _WIDEST
    if far or (sheet.max_row or 0) > _MOST_ROWS:
        sheet.reset_dimensions()  # rows come as wide as they are
    width = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _MOST_ROWS:
            found = f"The sheet “{sheet.title}” has more than {_MOST_ROWS:,} rows"
            raise DataError(f"{found}; expected at most as many as Excel has.", path=path)
        width = min(max(width, len(row)), _WIDEST)
        yield (*row, *(None,) * (width - len(row))) if far and row else row


def _write_rows(title: str, read: Callable[[], Iterator[Sequence[object]]], out: BinaryIO, progress: OnProgress) -> int:
    """Write the rows of a sheet from the first that is not empty to the last, at their places; how many are filled.

    Excel keeps every date as a moment of a day, midnight if only the day was meant. A time is written in a column where
    any row has another one: nearly always one of the first rows; if not, all rows are written anew.
    """
    timed: set[int] = set()
    while True:
        rows = read()
        first = list(islice(rows, _ROWS_AT_ONCE))
        timed |= {at for row in first for at, cell in enumerate(row) if _has_time(cell)}
        before = len(timed)
        count = _write_once(title, chain(first, rows), timed, out, progress)
        if len(timed) == before:
            return count
        out.seek(0)
        out.truncate()


def _write_once(
    title: str, rows: Iterable[Sequence[object]], timed: set[int], out: BinaryIO, progress: OnProgress
) -> int:
    """Write the rows, with the time of day in the columns `timed`, to which others are added that have some."""
    text, full = io.StringIO(), False
    writer, empty, count = csv.writer(text, lineterminator="\n"), 0, 0
    # Where there is only one column, quotation marks around some of its texts would be taken for part of them.
    enclosing = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for number, row in enumerate(rows, 1):
        if any(cell is not None for cell in row):
            text.write("\n" * empty)
            is_one_text = len(row) == 1 and isinstance(row[0], str)
            timed.update(at for at, cell in enumerate(row) if at not in timed and _has_time(cell))
            cells = (_as_text(cell, at in timed) for at, cell in enumerate(row))
            (enclosing if is_one_text else writer).writerow(cells)
            empty, full = 0, True
            count += 1
        else:
            empty += full
        if number % _ROWS_AT_ONCE == 0:
            out.write(text.getvalue().encode("utf-8", "replace"))
            text.seek(0)
            text.truncate()
            progress(0.0, f"Reading the sheet {title}")
    out.write(text.getvalue().encode("utf-8", "replace"))
    return count


def _has_time(cell: object) -> bool:
    return isinstance(cell, datetime.datetime) and cell.time() != datetime.time()


def _as_text(cell: object, timed: bool) -> str:
    """A cell as Excel shows it. timed: whether a date has the time of day beside it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime.datetime, datetime.date)):
        if isinstance(cell, datetime.datetime):
            return cell.isoformat(" ") if timed else cell.date().isoformat()
        return cell.isoformat()
    return str(cell).replace("_x000D_", "")
