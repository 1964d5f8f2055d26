"""Objects in JSON that hold a date and numbers: steps of a series, as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.data.codec import Kind
from engine.data.files.sources.plain import open_file
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking
from engine.data.numbers.times import are_dates
from engine.name_list import some_of

_LARGEST_BYTES: Final = 1 << 26  # of what is read in one piece
_LOOKED_AT: Final = 1 << 16  # characters, in which the first object ends
_FEWEST: Final = 2
_NAMED: Final = 4  # fields in a remark

Steps = Sequence[Mapping[str, Any]]


class JsonSeries(TextSource):
    """An array of such objects, or one on each line, as CSV. A number that an object does not have is missing; true
    and false are 1 and 0."""

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
        if not start or start.removeprefix(b"\xef\xbb\xbf")[:1].strip() not in (b"", b"[", b"{"):
            return None
        steps = _steps_in(path)
        if not steps:
            return None
        names = list(dict.fromkeys(name for step in steps for name in step))
        text = io.StringIO()
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        flags = dict.fromkeys(name for step in steps for name, value in step.items() if isinstance(value, bool))
        for step in steps:
            writer.writerow({name: int(one) if isinstance(one, bool) else one for name, one in step.items()})
        return JsonSeries(text.getvalue(), _about_flags(list(flags)))

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        with unpacking() as out:
            out.write(self._table.encode("utf-8", "replace"))
        return OpenedText(out, remark=self._remark)


def _about_flags(names: Sequence[str]) -> str:
    """How fields that are true or false are read; "" if there are none."""
    if not names:
        return ""
    are = "are" if len(names) > 1 else "is"
    return f"{some_of([f'“{name}”' for name in names], _NAMED)} {are} true or false, which is read as 1 and 0."


def _steps_in(path: Path) -> Steps:
    """The objects of a file; () unless all of them hold nothing but numbers and dates, and perhaps true and false."""
    with open_file(path) as file:
        try:
            if not _is_step(_first_object(file.read(_LOOKED_AT).decode("utf-8-sig", "ignore"))):
                return ()
            file.seek(0)
            text = file.read(_LARGEST_BYTES + 1).decode("utf-8-sig")
            if len(text) > _LARGEST_BYTES:
                return ()
            lines = [line for line in text.splitlines() if line.strip()]
            steps = json.loads(text) if lines[0].lstrip()[0] == "[" else [json.loads(line) for line in lines]
        except (ValueError, RecursionError):  # not JSON, or broken, which reading it as JSON will report
            return ()
    if len(steps) < _FEWEST or not all(map(_is_step, steps)):
        return ()
    texts: dict[str, list[str]] = {}
    for step in steps:
        for name, value in step.items():
            if isinstance(value, str):
                texts.setdefault(name, []).append(value)
    others = {name for step in steps for name, value in step.items() if isinstance(value, (int, float))}
    numbers = any(_is_number(value) for step in steps for value in step.values())
    return steps if numbers and others.isdisjoint(texts) and all(map(are_dates, texts.values())) else ()


def _first_object(text: str) -> object:
    """The first object of an array, or the object that the text begins with. ValueError if there is none."""
    begin = text.lstrip().removeprefix("[").lstrip()
    return json.JSONDecoder().raw_decode(begin)[0]


def _is_step(value: object) -> bool:
    """Whether this is an object with a date, and all else in it are numbers, or true or false."""
    if not isinstance(value, dict):
        return False
    texts = [one for one in value.values() if isinstance(one, str)]
    others = [one for one in value.values() if not isinstance(one, str)]
    numbers = all(one is None or isinstance(one, (int, float)) for one in others)
    return bool(texts) and bool(others) and numbers and all(text.strip() and are_dates([text]) for text in texts)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
