"""Objects or lists in JSON that hold a time and numbers, and perhaps words: steps of a series, as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import isnan
from pathlib import Path
from typing import Any, Final

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of
from engine.data.numbers.time_names import is_named_like_time
from engine.data.numbers.times import are_dates, is_clock
from engine.name_list import some_of

_LARGEST_BYTES: Final = 1 << 26  # of what is read in one piece
_LOOKED_AT: Final = 1 << 16  # characters, in which the first object ends
_FEWEST: Final = 2
_FIRST: Final = 300  # objects show whether a table of them is one of numbers
_LONGEST_WORD: Final = 60  # characters
_NAMED: Final = 4  # fields in a remark
_SINCE_1970: Final = ((10**8, 5 * 10**9), (10**11, 5 * 10**12))  # seconds and milliseconds, until 2128
_TIME: Final = "time"  # what the first number of a list is called

Steps = Sequence[Mapping[str, Any]]


class JsonSeries(TextSource):
    """An array of such objects or lists, or an object on each line, as CSV. The keys of inner objects become
    "outer.inner". A number that an object does not have is missing; true and false are 1 and 0."""

    encoding = "utf-8"
    instead_of = ("json", "jsonl")
    kinds = (Kind.SERIES,)
    row_unit = "record"
    lines_added = 1  # the header

    def __init__(self, table: str = "", remark: str = "") -> None:
        """table: the CSV; remark: see `OpenedText`."""
        self._table, self._remark = table, remark

    def fits(self, path: Path, start: bytes) -> bool:
        return self.made_for(path, start) is not None

    def made_for(self, path: Path, start: bytes) -> JsonSeries | None:
        return _series_of(_steps_in(path)) if _may_be_json(start) else None

    def asked_for(self, path: Path, start: bytes) -> JsonSeries | None:
        """With whatever the records hold: the table says which column is in the way, and another can be chosen."""
        return _series_of(_records_in(path)) if _may_be_json(start) else None

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        with unpacking() as out:
            out.write(self._table.encode("utf-8", "replace"))
        return OpenedText(out, remark=self._remark)


def _may_be_json(start: bytes) -> bool:
    return bool(start) and start.removeprefix(b"\xef\xbb\xbf")[:1].strip() in (b"", b"[", b"{")


def _series_of(steps: Steps) -> JsonSeries | None:
    if not steps:
        return None
    flags = dict.fromkeys(name for step in steps for name, value in step.items() if isinstance(value, bool))
    return JsonSeries(_as_csv(steps), _about_flags(list(flags)))


def _about_flags(names: Sequence[str]) -> str:
    """How fields that are true or false are read; "" if there are none."""
    if not names:
        return ""
    are = "are" if len(names) > 1 else "is"
    return f"{some_of([f'“{name}”' for name in names], _NAMED)} {are} true or false, which is read as 1 and 0."


def _as_csv(steps: Steps) -> str:
    """The steps as a table, each in one line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, dict.fromkeys(name for step in steps for name in step), lineterminator="\n")
    writer.writeheader()
    for step in steps:
        writer.writerow({name: _cell(one) for name, one in step.items()})
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def _steps_in(path: Path) -> Steps:
    """The steps in a file; () unless all of them hold nothing but numbers and a time, and perhaps true and false, or
    are read so as a table, its columns of words left out."""
    with open_file(path) as file:
        try:
            begin = list(_first_objects(file.read(_LOOKED_AT).decode("utf-8-sig", "ignore")))
        except (ValueError, RecursionError):
            return ()
    if not begin or not _may_be_step(begin[0]):
        return ()
    if not all(map(_is_step, begin)) and not _is_read_as_steps(begin, complete=False):
        return ()
    steps = _records_in(path)
    alone = all(map(_is_step, steps))
    return steps if steps and (_are_steps(steps) if alone else _is_read_as_steps(steps, complete=True)) else ()


def _records_in(path: Path) -> Steps:
    """All objects or lists of a file, if it holds nothing else, and no list inside them; else ()."""
    with open_file(path) as file:
        try:
            text = file.read(_LARGEST_BYTES + 1).decode("utf-8-sig")
            lines = [line for line in text.splitlines() if line.strip()]
            if len(text) > _LARGEST_BYTES or not lines:
                return ()
            found = json.loads(text) if lines[0].lstrip()[0] == "[" else [json.loads(line) for line in lines]
        except (ValueError, RecursionError):  # not JSON, or broken, which reading it as JSON will report
            return ()
    sizes = {len(one) for one in found if isinstance(one, list)}
    steps = list(map(_named, found))
    nested = any(isinstance(one, (list, dict)) for step in steps for one in step.values())
    return () if len(steps) < _FEWEST or not all(steps) or len(sizes) > 1 or nested else steps


def _are_steps(steps: Steps) -> bool:
    """Whether steps of nothing but numbers and dates say when."""
    columns: dict[str, list[Any]] = {}
    for step in steps:
        for name, value in step.items():
            if value is not None:
                columns.setdefault(name, []).append(value)
    written = {name: values for name, values in columns.items() if any(isinstance(one, str) for one in values)}
    if not all(isinstance(one, str) for values in written.values() for one in values):
        return False
    dates = [name for name, values in written.items() if are_dates(values)]
    when = dates if any(not is_clock(written[name]) for name in dates) else []
    when = when or dates or [name for name, values in columns.items() if _count_time(name, values)][:1]
    measured = [name for name in columns if name not in (*dates, *when)]
    told = all(name in measured and _are_numbers(values) for name, values in written.items() if name not in dates)
    numbers = any(name in written or any(map(_is_number, columns[name])) for name in measured)
    return bool(when) and told and numbers


def _is_read_as_steps(steps: Steps, *, complete: bool) -> bool:
    """Whether the same rows in a table are numbers over time. complete: whether these are all."""
    from engine.data.files.readers.number_table import NumberTableReader  # reads files, which come from such sources
    from engine.data.files.textfile import Excerpt

    lines = tuple(_as_csv(steps).removesuffix("\n").split("\n"))
    found = NumberTableReader().recognise(Excerpt(lines, lines, complete), DataConfig())
    return found is not None and found.kind == Kind.SERIES and bool(found.time_columns)


def _first_objects(text: str) -> Iterator[dict[str, Any]]:
    """The first objects of an array, or of a text that begins with objects, as far as they are whole. ValueError if
    there is none."""
    decoder, at = json.JSONDecoder(), len(text) - len(text.lstrip().removeprefix("[").lstrip())
    for count in range(_FIRST):
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            if count:
                return
            raise
        yield _named(value)
        while at < len(text) and (text[at].isspace() or text[at] == ","):
            at += 1


def _named(value: object) -> dict[str, Any]:
    """The fields of an object, or of a list by their places, the first of which says when; none of anything else."""
    if isinstance(value, list):
        return {f"column {place}" if place > 1 else _TIME: one for place, one in enumerate(value, 1)}
    if isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
        from engine.data.files.readers.jsonl import flat  # reads files, which come from such sources

        return flat(value)
    return value if isinstance(value, dict) else {}


def _may_be_step(fields: Mapping[str, Any]) -> bool:
    """Whether these are a time and a number, whatever there is beside them but long texts."""
    texts = [one for one in fields.values() if isinstance(one, str) and one.strip()]
    if any(len(text) > _LONGEST_WORD for text in texts):
        return False
    told = any(are_dates([text]) for text in texts) or any(_count_time(name, [one]) for name, one in fields.items())
    numbers = any(map(_is_number, fields.values())) or any(not isnan(number_of(text)) for text in texts)
    return told and (numbers or any(isinstance(one, bool) for one in fields.values()))


def _is_step(fields: Mapping[str, Any]) -> bool:
    """Whether these are a date, or a number of seconds, and numbers, some of them perhaps written as texts."""
    texts = [one for one in fields.values() if isinstance(one, str)]
    others = [one for one in fields.values() if not isinstance(one, str)]
    if len(fields) < _FEWEST or not all(one is None or isinstance(one, (int, float)) for one in others):
        return False
    dates = [text for text in texts if text.strip() and are_dates([text])]
    if not dates and not any(_count_time(name, [value]) for name, value in fields.items()):
        return False
    return _are_numbers([text for text in texts if text not in dates])


def _count_time(name: str, values: Sequence[Any]) -> bool:
    """Whether a field that is named so counts the seconds or milliseconds since 1970, which only rise or only fall."""
    if not is_named_like_time(name) or not all(type(one) is int for one in values):
        return False
    since = any(all(least <= one < most for one in values) for least, most in _SINCE_1970)
    rises = {after > before for before, after in pairwise(values)} if len(set(values)) == len(values) else {True, False}
    return since and len(rises) < _FEWEST


def _are_numbers(texts: Sequence[str]) -> bool:
    return all(is_gap(text) or not isnan(number_of(text)) for text in texts)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
