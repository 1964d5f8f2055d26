"""A JSON array whose objects, lists or texts are the rows; or objects one after another, spread over lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.readers.jsonl import (
    REGULAR,
    REMARKS,
    as_row,
    batch_of_objects,
    beyond_bounds,
    parse_line,
    recognise_rows,
    without_last_commas,
)
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import DataError

_ARRAY: Final = re.compile(r'\s*\[\s*[\[{"]')
_OBJECT: Final = re.compile(r'\s*\{\s*"[^"\n]*"\s*:')
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SAMPLE_ROWS: Final = 5000
_DEEPEST: Final = 3
# An element that is incomplete after this many characters will never be complete.
_LONGEST_ELEMENT: Final = 1 << 22
_LONGEST_MENDED: Final = 1 << 14
_SHOWN: Final = 20  # characters of what was found
_ENDINGS: Final = (".json", ".jsonl", ".ndjson")

ParsedRow = tuple[int, dict[str, Any] | None, str]  # line, values or None, what is wrong with it


class JsonArrayReader(Reader):
    """Objects as in JSON Lines, lists of columns, or texts."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.PAIRS, Kind.TAGGED, Kind.SEQUENCES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        head = "\n".join(excerpt.head)
        one_after_another = _are_objects(excerpt)
        if not one_after_another and not _ARRAY.match(head):
            return None
        found: list[ParsedRow] = []
        try:
            for batch in _rows([head]):
                found += batch
        except _JsonError as error:
            # The head of a long file ends in the middle of an element; the elements before it are enough.
            if excerpt.complete or not error.is_cut:
                return None
        rows = [(number, values) for number, (_, values, _) in enumerate(found, 1) if values is not None]
        if not rows:
            return None
        what = "JSON objects one after another" if one_after_another else "an array in JSON"
        complete = excerpt.complete and len(rows) <= _SAMPLE_ROWS
        return recognise_rows("json", what, rows[:_SAMPLE_ROWS], config, complete, unit="row")

    def expected(self) -> str:
        return "an array of objects, of lists, or of texts in JSON"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        try:
            for rows in _rows(files[0].blocks(as_written=True)):
                yield batch_of_objects(rows, recognition, config)
        except _JsonError as error:
            raise DataError(str(error), path=files[0].path, line=error.line) from None


def refuse_other_json(excerpt: Excerpt, path: Path) -> None:
    """DataError for JSON that does not say what a row is: a single object, a single text, an array of numbers."""
    full = [line for line in excerpt.head if line.strip()]
    expected = "an array of objects, lists or texts, or one of them on each line"
    if not full[0].lstrip().startswith(("{", "[", '"')):
        return
    value: object = None
    if excerpt.complete:
        with suppress(ValueError, RecursionError):
            value = json.loads("\n".join(full))
    begins = _OBJECT.match("\n".join(full[:5])) is not None
    spread = begins and not any(line.startswith("{") for line in full[1:]) and not _is_json(full[0])
    spread = spread and not _are_objects(excerpt)
    if spread and excerpt.complete and value is None:
        _refuse_cut(excerpt, path)
    if isinstance(value, dict) or spread:
        raise DataError(f"This is one JSON object; expected {expected}.{_advice(value)}", path=path)
    if isinstance(value, str):
        raise DataError(f"This is one text in JSON; expected {expected}.", path=path)
    if isinstance(value, list) and not any(isinstance(item, (dict, list, str)) for item in value):
        raise DataError(f"This is a JSON array of {len(value):,} elements, none of them a text; expected {expected}.",
                        path=path)  # fmt: skip


def _refuse_cut(excerpt: Excerpt, path: Path) -> None:
    """DataError for an object that ends with the file, or is broken."""
    try:
        list(_rows(["\n".join(excerpt.head)]))
    except _JsonError as error:
        raise DataError(str(error), path=path, line=error.line) from None


def refuse_broken_json(excerpt: Excerpt, path: Path) -> None:
    """DataError for JSON that breaks off or holds something else.

    A text may begin with a bracket too, and a line of a log with an object. A file is JSON if its name says so, or if
    its first row is a whole object in an array, or the first of several objects that the end of the file cuts off.
    """
    head = "\n".join(excerpt.head)
    if not _ARRAY.match(head) and not _OBJECT.match(head):
        return
    named = path.name.lower().removesuffix(".gz").endswith(_ENDINGS)
    rows_on_lines = [(number, *parse_line(line)) for number, line in enumerate(excerpt.lines, 1)
                     if line.strip() and not line.startswith(REMARKS)]  # fmt: skip
    broken = [(number, problem) for number, values, problem in rows_on_lines if values is None]
    good, lines = len(rows_on_lines) - len(broken), len(rows_on_lines)
    if good >= REGULAR * lines and not head.lstrip().startswith("[\n"):
        return
    if lines > 1 and rows_on_lines[0][1] is not None:
        if named or 2 * good >= lines:
            number, problem = broken[0]
            raise DataError(f"This looks like JSON with a row on each line, but {len(broken):,} of the first {lines:,} "
                            f"lines cannot be read: {problem}; expected an object or a list.",
                            path=path, line=number if number <= len(excerpt.head) else None)  # fmt: skip
        return
    first: list[ParsedRow] = []
    try:
        for rows in _rows([head]):
            first = first or rows[:1]
    except _JsonError as error:
        array = head.lstrip().startswith("[")
        whole = bool(first) and first[0][1] is not None and head.lstrip("[ \t\n").startswith("{")
        if (named or (whole and (array or error.is_cut))) and (excerpt.complete or not error.is_cut):
            raise DataError(str(error), path=path, line=error.line) from None


def _advice(value: object) -> str:
    """What to do about an object that holds rows in another layout; "" if it does not seem to hold any."""
    if not isinstance(value, dict):
        return ""
    inner = list(value.values())
    of_pandas = {"columns", "data"} <= set(value) or {"schema", "data"} <= set(value)
    sizes = {len(one) if isinstance(one, list) else -1 for one in inner}
    columnar = len(inner) > 1 and len(sizes) == 1 and min(sizes) > 0 and not _lists_of_rows(value)
    if of_pandas or columnar or (len(inner) > 1 and all(isinstance(one, dict) for one in inner)):
        return ' pandas writes it with to_json(path, orient="records").'
    lists = _lists_of_rows(value)
    return f" The rows may be the list under “{lists[0]}”: save that list by itself." if lists else ""


def _lists_of_rows(value: dict[str, Any], prefix: str = "", depth: int = 0) -> list[str]:
    """The names of all lists whose items are objects or lists; those in inner objects are called "outer.inner"."""
    found: list[str] = []
    for name, inner in value.items():
        if isinstance(inner, list) and any(isinstance(item, (dict, list)) for item in inner):
            found.append(prefix + name)
        elif isinstance(inner, dict) and depth < _DEEPEST:
            found += _lists_of_rows(inner, f"{prefix}{name}.", depth + 1)
    return found


def _are_objects(excerpt: Excerpt) -> bool:
    """Whether the file holds several JSON objects that are not simply one per line."""
    first = next((line for line in excerpt.head if line.strip()), "")
    if not first.lstrip().startswith("{") or parse_line(first)[0] is not None:
        return False
    decoder, text, at = json.JSONDecoder(), "\n".join(excerpt.head), 0
    for _ in range(2):
        try:
            value, at = decoder.raw_decode(text, _skip(text, at))
        except (ValueError, RecursionError):
            return False
        if not isinstance(value, dict):
            return False
    return True


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def elements(file: TextFile) -> Iterator[ParsedRow]:
    """The elements of the array, including those that are not rows."""
    for rows in _rows(file.blocks(as_written=True)):
        yield from rows


class _JsonError(Exception):
    """What is wrong, and in which line. is_cut: the text ends before the array does."""

    def __init__(self, what: str, line: int, is_cut: bool = False) -> None:
        super().__init__(what)
        self.line, self.is_cut = line, is_cut


def _rows(blocks: Iterable[str]) -> Iterator[list[ParsedRow]]:
    """The elements, block by block, or objects one after another. _JsonError where the text is neither."""
    decoder = json.JSONDecoder()
    text, line, column, row, opened, closed, endless = "", 1, 0, 0, False, False, False
    for block in blocks:
        text += block
        rows: list[ParsedRow] = []
        at = counted = 0
        while (at := _skip(text, at)) < len(text):
            line, counted = line + text.count("\n", counted, at), at
            if closed:
                raise _JsonError(f"Found {text[at : at + 20]!r} after the end of the array; expected nothing.", line)
            if not opened and text[at] == "{":
                opened = endless = True
            elif not opened or text[at] in ",]":
                opened, closed = True, text[at] == "]"
                at += 1
                continue
            try:
                value, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError) as error:
                mended = _with_last_comma(text, at)
                if mended is not None:
                    value, at = mended
                    rows.append((line, *as_row(value)))
                    continue
                if len(text) - at > _LONGEST_ELEMENT:
                    why = error.msg if isinstance(error, json.JSONDecodeError) else beyond_bounds(error)
                    raise _JsonError(f"Row {row + len(rows) + 1:,} is no JSON ({why}).", line) from None
                break  # the rest may be in the next block
            rows.append((line, *as_row(value)))
            at = end
        line += text.count("\n", counted, at)
        column = _column(text, at, column)
        text, row = text[at:], row + len(rows)
        yield rows
    if not closed and not (endless and not text.strip()):
        raise _broken(text, line, column, row)


def _broken(text: str, line: int, column: int, rows: int) -> _JsonError:
    """What is wrong with the rest of an array after some rows, which begins in a line after as many characters."""
    if not text.strip():
        return _JsonError(f"This looks like JSON but is cut off after row {rows:,}, before the array ends: found the "
                          "end of the file; expected another row or “]”.", line, is_cut=True)  # fmt: skip
    end = len(text.rstrip())
    what, place = "", end
    try:
        json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        what, place = error.msg, error.pos
    except (ValueError, RecursionError) as error:
        what, place = beyond_bounds(error), 0
    if place >= end or what.startswith("Unterminated string"):
        return _JsonError(
            f"This looks like JSON but is cut off after character {_column(text, end, column):,}, in row {rows + 1:,}: "
            f"found the end of the file after {text[max(0, end - _SHOWN) : end]!r}; expected the rest of the row.",
            line + text.count("\n", 0, end), is_cut=True,
        )  # fmt: skip
    where = f"row {rows + 1:,} is broken at character {_column(text, place, column) + 1:,}"
    found = f"{text[place : place + _SHOWN]!r} ({what[:1].lower()}{what[1:]})"
    return _JsonError(
        f"This looks like JSON, but {where}: found {found}; expected a row in JSON.", line + text.count("\n", 0, place)
    )


def _column(text: str, at: int, before: int) -> int:
    """How many characters precede a place in its line; before: those that precede the text."""
    begin = text.rfind("\n", 0, at) + 1
    return at - begin if begin else before + at


def _with_last_comma(text: str, at: int) -> tuple[object, int] | None:
    """The element at a position and where it ends, if it is valid JSON apart from trailing commas."""
    depth, inside, escaped = 0, False, False
    if "," not in text[at:] or text[at] not in "{[":
        return None
    for i in range(at, min(len(text), at + _LONGEST_MENDED)):
        sign = text[i]
        if inside:
            inside = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
            continue
        inside = sign == '"'
        depth += (sign in "{[") - (sign in "}]")
        if depth == 0:
            try:
                return json.loads(without_last_commas(text[at : i + 1])), i + 1
            except (ValueError, RecursionError):
                return None
    return None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()
