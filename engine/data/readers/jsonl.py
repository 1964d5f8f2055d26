"""JSON Lines: one object a line, its keys are the columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from engine.data.build import Batch
from engine.data.codec import Kind
from engine.data.columns import Column, choose_roles
from engine.data.config import DataConfig
from engine.data.form import Reader, Recognition
from engine.data.report import Skipped
from engine.data.textfile import Excerpt, TextFile

_REGULAR: Final = 0.9
_SAMPLE_LINES: Final = 5000
_DEEPEST: Final = 3
_ARRAY: Final = re.compile(r'\s*\[\s*\{\s*"[^"\n]*"\s*:')
_ARRAY_LINES: Final = 5


class JsonLinesReader(Reader):
    """Objects of texts, numbers or lists of tokens; inner objects are reached as "outer.inner"."""

    kinds: tuple[Kind, ...] = ("labelled", "pairs", "tagged", "sequences")

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = [line for line in excerpt.lines[:_SAMPLE_LINES] if line.strip()]
        if config.form != "jsonl" and not (lines and lines[0].lstrip().startswith("{")):
            return None
        parsed = [values for values, _ in map(parse_line, lines) if values is not None]
        if not parsed or len(parsed) < _REGULAR * len(lines):
            return None
        names = tuple(dict.fromkeys(name for values in parsed for name in values))
        columns = [Column.of(name, [as_text(values.get(name)) for values in parsed]) for name in names]
        roles = choose_roles(columns, config)
        if roles is None:
            return None
        return Recognition(
            "jsonl", roles.kind, f"a JSON object on each line; {roles.reason}", names,
            tuple(column.preview for column in columns), roles.source.name, roles.target.name if roles.target else "",
        )  # fmt: skip

    def expected(self) -> str:
        return "a JSON object on each line"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[Batch]:
        source, target = recognition.source_column, recognition.target_column
        number = 0
        for block in files[0].blocks():
            rows: list[tuple[Any, Any]] = []
            lines: list[int] = []
            skipped: list[Skipped] = []
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if not line or line.isspace():
                    continue
                values, problem = parse_line(line)
                if values is None:
                    skipped.append(Skipped(number, problem))
                else:
                    rows.append((values.get(source), values.get(target)))
                    lines.append(number)
            places = np.array(lines, np.int64)
            if recognition.kind == "tagged":
                yield _tagged(rows, places, skipped)
            else:
                targets = [as_text(row[1]) for row in rows] if target else []
                yield Batch([as_text(row[0]) for row in rows], targets, None, places, skipped)


def is_array(lines: Sequence[str]) -> bool:
    """Whether a text begins as one JSON array of objects."""
    return _ARRAY.match("\n".join(lines[:_ARRAY_LINES])) is not None


def parse_line(line: str) -> tuple[dict[str, Any] | None, str]:
    """The flattened object on a line, or None and why there is none."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return None, f"no JSON at column {error.colno} ({error.msg})"
    except (ValueError, RecursionError) as error:
        return None, f"no JSON ({error})"
    if not isinstance(value, dict):
        return None, f"found a JSON {type(value).__name__}, expected an object"
    return _flat(value), ""


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            result |= _flat(inner, f"{prefix}{name}.", depth + 1)
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
