"""JSON Lines: one object a line, its keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from engine.data.bulk.dataset_builder import Batch
from engine.data.codec import Kind
from engine.data.config import DataConfig
from engine.data.files.columns import Column, choose_roles
from engine.data.files.reader import Reader, Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.report import Skipped

_REGULAR: Final = 0.9
_SAMPLE_LINES: Final = 5000
_DEEPEST: Final = 3


class JsonLinesReader(Reader):
    """Objects of texts, numbers or lists of tokens; inner objects are reached as "outer.inner"."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.PAIRS, Kind.TAGGED, Kind.SEQUENCES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = [line for line in excerpt.lines[:_SAMPLE_LINES] if line.strip()]
        begin = lines[0].lstrip()[:1] if lines else ""
        if begin == "[" and len(lines) == 1:  # the whole is an array
            return None
        if config.form != "jsonl" and (not begin or begin not in "{["):
            return None
        parsed = [values for values, _ in map(parse_line, lines) if values is not None]
        if not parsed or len(parsed) < _REGULAR * len(lines):
            return None
        what = "list" if begin == "[" else "object"
        return recognise_rows("jsonl", f"a JSON {what} on each line", parsed, config)

    def expected(self) -> str:
        return "a JSON object on each line"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[Batch]:
        number = 0
        for block in files[0].blocks():
            rows: list[tuple[int, dict[str, Any] | None, str]] = []
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if line and not line.isspace():
                    rows.append((number, *parse_line(line)))
            yield rows_to_batch(rows, recognition)


def recognise_rows(form: str, what: str, rows: Sequence[dict[str, Any]], config: DataConfig) -> Recognition | None:
    """What flattened objects are, None if no column of theirs holds text."""
    names = tuple(dict.fromkeys(name for values in rows for name in values))
    columns = [Column.of(name, [as_text(values.get(name)) for values in rows]) for name in names]
    roles = choose_roles(columns, config)
    if roles is None:
        return None
    return Recognition(
        form, roles.kind, f"{what}; {roles.reason}", names, tuple(column.preview for column in columns),
        roles.source.name, roles.target.name if roles.target else "",
    )  # fmt: skip


def rows_to_batch(rows: Sequence[tuple[int, dict[str, Any] | None, str]], recognition: Recognition) -> Batch:
    """Rows (line, flattened object or None, what is wrong with it) as a reader gives them."""
    source, target = recognition.source_column, recognition.target_column
    skipped = [Skipped(line, problem) for line, values, problem in rows if values is None]
    good = [(values.get(source), values.get(target)) for _, values, _ in rows if values is not None]
    places = np.array([line for line, values, _ in rows if values is not None], np.int64)
    if recognition.kind == Kind.TAGGED:
        return _tagged(good, places, skipped)
    targets = [as_text(row[1]) for row in good] if target else []
    return Batch([as_text(row[0]) for row in good], targets, None, places, skipped)


def parse_line(line: str) -> tuple[dict[str, Any] | None, str]:
    """The flattened object on a line, or None and why there is none."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return None, f"no JSON at column {error.colno} ({error.msg})"
    except (ValueError, RecursionError) as error:
        return None, f"no JSON ({error})"
    return as_row(value)


def as_row(value: object) -> tuple[dict[str, Any] | None, str]:
    """A JSON value as a flattened object: lists have numbered columns, a text is one; or None and what it is."""
    if isinstance(value, dict):
        return flat(value), ""
    if isinstance(value, list):
        return {f"column {i + 1}": item for i, item in enumerate(value)}, ""
    if isinstance(value, str):
        return {"text": value}, ""
    return None, f"found a JSON {type(value).__name__}, expected an object, a list or a text"


def flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """A JSON object without objects inside: theirs are named "outer.inner"."""
    result: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            result |= flat(inner, f"{prefix}{name}.", depth + 1)
        else:
            result[prefix + name] = inner
    return result


def as_text(value: object) -> str:
    """A JSON value as text; lists as their items with spaces between."""
    if isinstance(value, str):
        text = value
    elif value is None:
        text = ""
    elif isinstance(value, list):
        text = " ".join(map(as_text, value))
    else:
        text = json.dumps(value, ensure_ascii=False)
    # A lone surrogate can be written in JSON but is no character; NUL parts the rows while they are encoded.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


def _tagged(rows: Sequence[tuple[Any, Any]], lines: np.ndarray[Any, Any], skipped: list[Skipped]) -> Batch:
    words: list[str] = []
    tags: list[str] = []
    lengths: list[int] = []
    kept: list[int] = []
    for line, row in zip(lines.tolist(), rows, strict=True):
        row_words, row_tags = ([as_text(item) for item in side] if isinstance(side, list) else as_text(side).split()
                               for side in row)  # fmt: skip
        if len(row_words) != len(row_tags) or not row_words:
            skipped.append(Skipped(line, f"{len(row_words)} words but {len(row_tags)} tags"))
            continue
        words += row_words
        tags += row_tags
        lengths.append(len(row_words))
        kept.append(line)
    return Batch(words, tags, np.array(lengths, np.int64), np.array(kept, np.int64), skipped)
