"""JSON Lines: one object per line, whose keys are the columns."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind, join_columns
from engine.data.data_config import AUTO, KEEP, DataConfig
from engine.data.files.column_names import TEXT_NAMES, mentions
from engine.data.files.columns import Column
from engine.data.files.json_values import as_text, is_nested
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.roles import choose_roles
from engine.data.files.several_labels import several_in_lists, several_in_texts
from engine.data.files.spans import spans_of, tag_words
from engine.data.files.tag_schemes import scheme_of
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.files.token_lists import token_lists
from engine.data.report import Skipped
from engine.errors import DataError
from engine.number_text import counted

REGULAR: Final = 0.9
_SAMPLE_LINES: Final = 5000
_DEEPEST: Final = 3
_PYTHON: Final = ("{'", "['")
_PREVIEW_ROWS: Final = 8
_TOKEN_KEYS: Final = ("word", "token", "text", "form", "w")
_TAG_KEYS: Final = ("tag", "pos", "ner", "label", "upos", "entity", "iob", "t")
_LABELS_OF_A_TEXT: Final = 3  # a longer list holds tokens
REMARKS: Final = ("//", "#")  # JSON has no comments, but some files have them at the top
_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,\s*([}\]]|$)')


class JsonLinesReader(Reader):
    """Objects that hold texts, numbers or lists of tokens; the keys of inner objects become "outer.inner"."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.PAIRS, Kind.TAGGED, Kind.SEQUENCES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        numbered = [(number, line) for number, line in enumerate(excerpt.lines[:_SAMPLE_LINES], 1)
                    if line.strip() and not line.startswith(REMARKS)]  # fmt: skip
        lines = [line for _, line in numbered]
        begin = lines[0].lstrip()[:1] if lines else ""
        if begin == "[" and (len(lines) == 1 or lines[0].strip() == "["):  # the file is one array
            return None
        if config.form != "jsonl" and (not begin or begin not in "{["):
            return None
        parsed = [(number, values) for number, line in numbered if (values := parse_line(line)[0]) is not None]
        if not parsed or len(parsed) < REGULAR * len(lines):
            return None
        what = "list" if begin == "[" else "object"
        complete = excerpt.complete and len(excerpt.lines) <= _SAMPLE_LINES
        return recognise_rows("jsonl", f"a JSON {what} on each line", parsed, config, complete, unit="line")

    def expected(self) -> str:
        return "a JSON object on each line"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        number = 0
        for block in files[0].blocks(as_written=True):
            rows: list[tuple[int, dict[str, Any] | None, str]] = []
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if line and not line.isspace() and not line.startswith(REMARKS):
                    rows.append((number, *parse_line(line)))
            yield batch_of_objects(rows, recognition, config)


def recognise_rows(
    form: str, what: str, rows: Sequence[tuple[int, dict[str, Any]]], config: DataConfig, complete: bool, *, unit: str
) -> Recognition | None:
    """Recognise a file of these numbered, flattened objects; None if none of their columns holds text. complete:
    whether these are all. unit: what their numbers count."""
    names = tuple(dict.fromkeys(name for _, row in rows for name in row))
    values = {name: [row.get(name) for _, row in rows] for name in names}
    columns = [Column.of(name, [_shown(value) for value in values[name]]) for name in names]
    previews = tuple(tuple(as_text(value) for value in values[name][:_PREVIEW_ROWS]) for name in names)
    marked = _marked(values, columns, config)
    if marked is not None:
        source, target = marked
        return Recognition(
            form, Kind.TAGGED, f"{what}; “{target}” marks entities by their characters in “{source}”", names, previews,
            source, target, scheme="IOB2",
        )  # fmt: skip
    nested = next((name for name in names if any(map(is_nested, values[name]))), "")
    if nested and not any(column.is_text for column in columns):
        inside = f"{what} with its text one level deeper, in a list of objects under “{nested}”"
        raise DataError(
            f"This is {inside}; expected the text in the object itself. Save the inner objects, one per line."
        )
    listed = token_lists(values, config, [number for number, _ in rows], unit)
    if listed is not None:
        source, target = listed
        scheme = scheme_of([tag for tags in values[target] if tags for tag in (*map(as_text, tags), "")])
        return Recognition(
            form, Kind.TAGGED, f"{what}; “{target}” has a tag for each token of “{source}”", names, previews, source,
            target, scheme=scheme,
        )  # fmt: skip
    roles = choose_roles(columns, config, complete)
    if roles is None:
        return None
    target = roles.target.name if roles.target else ""
    return Recognition(
        form, roles.kind, f"{what}; {roles.reason}", names, previews, roles.source.name, target, remark=roles.remark,
        problem=_several(target, values[target], config) if roles.kind == Kind.LABELLED else "",
    )  # fmt: skip


def _marked(
    values: dict[str, list[Any]], columns: Sequence[Column], config: DataConfig
) -> tuple[str, str] | None:  # fmt: skip
    """The columns that hold the text and the character spans of its entities; None if there are no such columns."""
    if config.kind not in (AUTO, Kind.TAGGED):
        return None
    texts = [c for c in columns if all(isinstance(v, str) for v in values[c.name] if v is not None) and c.is_text]
    texts = [c for c in texts if c.name == config.source_column] if config.source_column else texts
    for name, cells in values.items():
        if config.target_column and name != config.target_column:
            continue
        spans = [spans_of(cell) for cell in cells if cell]
        if not spans or any(span is None for span in spans) or not texts:
            continue
        named = [c for c in texts if mentions(c.name, TEXT_NAMES)]
        return max(named or texts, key=lambda c: c.length).name, name
    return None


def _several(name: str, values: Sequence[Any], config: DataConfig) -> str:
    """The problem with a label column in which many rows have several labels; "" if few do."""
    lists = [[as_text(label) for label in value] for value in values if isinstance(value, list)]
    if lists or config.kind != AUTO:
        return several_in_lists(name, lists, len(values))
    return several_in_texts(name, [as_text(value) for value in values])


def batch_of_objects(
    rows: Sequence[tuple[int, dict[str, Any] | None, str]], recognition: Recognition, config: DataConfig
) -> RowBatch:  # fmt: skip
    """Rows (line, flattened object or None, what is wrong with it) as the batch that a reader yields."""
    sources, target = recognition.sources, recognition.target_column
    skipped = [Skipped(line, problem) for line, values, problem in rows if values is None]
    if len(sources) == 1:
        source = sources[0]
        good = [(line, values.get(source), values.get(target)) for line, values, _ in rows if values is not None]
    else:
        good = [(line, join_columns([as_text(values.get(source)) for source in sources]), values.get(target))
                for line, values, _ in rows if values is not None]  # fmt: skip
    composed = config.normal_form != KEEP
    if recognition.kind == Kind.TAGGED:
        return _tagged(good, skipped, composed)
    if recognition.kind == Kind.LABELLED:
        for line, _, labels in good:
            if isinstance(labels, list) and len(labels) > 1:
                skipped.append(Skipped(line, f"several labels: {', '.join(map(as_text, labels))}"))
        good = [row for row in good if not (isinstance(row[2], list) and len(row[2]) > 1)]
    places = np.array([line for line, _, _ in good], np.int64)
    targets = [as_text(row[2], composed) for row in good] if target else []
    return RowBatch([as_text(row[1], composed) for row in good], targets, None, places, skipped)


def parse_line(line: str) -> tuple[dict[str, Any] | None, str]:
    """The flattened object on a line, or None and the reason.

    Forgives what JSON does not allow: a comma after the last element, a semicolon after the object, and the single
    quotes of a Python dictionary.
    """
    line = line.strip("\ufeff \t\r;")
    if line.startswith(_PYTHON):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            return as_row(ast.literal_eval(line.rstrip(",")))
    try:
        if line.endswith((",", ",}", ", }", ",]")):
            line = without_last_commas(line)
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            value = json.loads(without_last_commas(line))
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}".removesuffix(" at").removesuffix(" starting")
        return None, f"broken JSON at column {error.colno}: {what}"
    except (ValueError, RecursionError) as error:
        return None, f"no JSON: {beyond_bounds(error)}"
    return as_row(value)


def beyond_bounds(error: ValueError | RecursionError) -> str:
    """Why Python reads no JSON that may be in order."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return f"a number of more than {sys.get_int_max_str_digits():,} digits"


def without_last_commas(text: str) -> str:
    """JSON without trailing commas, in objects, in lists, and at the end of the text."""
    return _LAST_COMMA.sub(lambda found: found[1] or found[2] or "", text)


def as_row(value: object) -> tuple[dict[str, Any] | None, str]:
    """A JSON value as a flattened object, with numbered columns for a list; or None and what was found instead."""
    if isinstance(value, dict):
        return flat(_of_label_studio(value)), ""
    if isinstance(value, list):
        if len(value) > 1 and all(_is_pair_of_texts(item) for item in value):  # [["Ada", "B-PER"], ["left", "O"]]
            return {"words": [word for word, _ in value], "tags": [tag for _, tag in value]}, ""
        return flat({f"column {i + 1}": item for i, item in enumerate(value)}), ""
    if isinstance(value, str):
        return {"text": value}, ""
    return None, f"found a JSON {type(value).__name__}, expected an object, a list or a text"


def _is_pair_of_texts(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(item, str) for item in value)


def _of_label_studio(value: dict[str, Any]) -> dict[str, Any]:
    """A Label Studio task, with its first annotation as columns; any other object unchanged."""
    tasks, data = value.get("annotations", value.get("completions")), value.get("data")
    if not isinstance(tasks, list) or not isinstance(data, dict):
        return value
    columns: dict[str, Any] = dict(data)
    task = next((task for task in tasks if isinstance(task, dict) and not task.get("was_cancelled")), {})
    for result in task.get("result") or []:
        if not isinstance(result, dict) or not isinstance(result.get("value"), dict):
            continue
        name, inner = str(result.get("from_name", "label")), result["value"]
        if "choices" in inner:
            columns[name] = inner["choices"]
        elif spans_of([inner]):
            columns.setdefault(name, []).append(inner)
    return columns


def flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """A JSON object with inner objects flattened: their keys become "outer.inner"."""
    result: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            result |= flat(inner, f"{prefix}{name}.", depth + 1)
        else:
            result[prefix + name] = inner
            if (
                isinstance(inner, list)
                and inner
                and isinstance(inner[0], dict)
                and not any(map(_is_text, value.values()))
            ):
                result |= _tokens_with_tags(prefix + name, inner)
    return result


def _is_text(value: object) -> bool:
    return isinstance(value, str) and " " in value


def _tokens_with_tags(name: str, items: list[Any]) -> dict[str, list[str]]:
    """Columns for tokens written as objects, {"word": "Ada", "tag": "B-PER"}; empty for any other objects."""
    if not all(isinstance(item, dict) for item in items) or spans_of(items) is not None:
        return {}
    keys = [key for key in items[0] if all(isinstance(item.get(key), str) for item in items)]
    words = [key for key in keys if key.lower() in _TOKEN_KEYS]
    tags = [key for key in keys if key.lower() in _TAG_KEYS]
    if not words or not tags or any(" " in item[words[0]] for item in items):
        return {}
    return {f"{name}.{key}": [item[key] for item in items] for key in (words[0], *tags)}


def _shown(value: object) -> str:
    """What a value contributes to judging its column: the first of several labels, nothing for a list of objects."""
    if is_nested(value):
        return ""
    if isinstance(value, list) and 1 < len(value) <= _LABELS_OF_A_TEXT and len(set(map(as_text, value))) == len(value):
        return as_text(value[0]) if all(isinstance(item, str) and " " not in item for item in value) else as_text(value)
    return as_text(value)


def _tagged(rows: Sequence[tuple[int, Any, Any]], skipped: list[Skipped], composed: bool) -> RowBatch:
    words: list[str] = []
    tags: list[str] = []
    lengths: list[int] = []
    kept: list[int] = []
    mended: list[Skipped] = []
    for line, source, target in rows:
        spans = spans_of(target if target is not None else []) if isinstance(source, str) else None
        if spans is not None and isinstance(source, str):
            row_words, row_tags, problems = tag_words(source, spans)
            if problems:
                more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
                mended.append(Skipped(line, problems[0] + more))
            row_words = [as_text(word, composed) for word in row_words]
        else:
            row_words, row_tags = ([as_text(item, composed) for item in side] if isinstance(side, list)
                                   else as_text(side, composed).split() for side in (source, target))  # fmt: skip
        if len(row_words) != len(row_tags) or not row_words:
            skipped.append(Skipped(line, f"{counted(len(row_words), 'word')} but {counted(len(row_tags), 'tag')}"))
            continue
        words += row_words
        tags += row_tags
        lengths.append(len(row_words))
        kept.append(line)
    return RowBatch(words, tags, np.array(lengths, np.int64), np.array(kept, np.int64), skipped, mended)
