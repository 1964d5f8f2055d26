"""Turns the character spans that annotation tools write into tags for words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.data.codec import split_words

_STARTS: Final = ("start", "start_offset", "startOffset", "begin", "from", "offset")
_ENDS: Final = ("end", "end_offset", "endOffset", "stop", "to")
_KINDS: Final = ("label", "labels", "type", "tag", "entity", "entity_group", "entity_type", "class", "category")
_TEXTS: Final = ("text", "word", "token", "surface")


@dataclass(frozen=True)
class Span:
    """Characters start ≤ i < end of a text are an entity of a kind; `text`: these characters, if the file says."""

    start: int
    end: int
    kind: str
    text: str = ""


def spans_of(value: object) -> list[Span] | None:
    """The entities in a JSON list: [start, end, label] or objects with such keys; None if it is anything else."""
    if not isinstance(value, list):
        return None
    found: list[Span] = []
    for item in value:
        parts = item.get("points") if isinstance(item, dict) else None
        inner = [item | part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else [item]
        for one in inner:
            span = _span(one)
            if span is None:
                return None
            found.append(span)
    return found


def _span(item: object) -> Span | None:
    if isinstance(item, list) and len(item) >= 3:
        start, end, kind = item[:3]
        if isinstance(start, str) and _is_whole(end) and _is_whole(kind):  # [label, start, end]
            start, end, kind = end, kind, start
        if not (_is_whole(start) and _is_whole(end) and isinstance(kind, str)):
            return None
        return Span(int(start), int(end), kind)
    if not isinstance(item, dict):
        return None
    if isinstance(item.get("value"), dict):
        item = {**item, **item["value"]}
    start, end, kind, text = (_first(item, names) for names in (_STARTS, _ENDS, _KINDS, _TEXTS))
    if end is None and _is_whole(start) and _is_whole(item.get("length")):
        end = int(start) + int(item["length"])
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    if not (_is_whole(start) and _is_whole(end) and isinstance(kind, str)):
        return None
    return Span(int(start), int(end), kind, text if isinstance(text, str) else "")


def _first(item: dict[str, Any], names: Sequence[str]) -> Any:
    return next((item[name] for name in names if name in item), None)


def _is_whole(value: object) -> bool:
    """Whether a value is a whole number, perhaps written as 4.0 or "4"."""
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1


def tag_words(text: str, spans: Sequence[Span]) -> tuple[list[str], list[str], list[str]]:
    """The words of a text, their tags in IOB2, and what had to be corrected."""
    problems: list[str] = []
    words = split_words(text)
    bounds: list[tuple[int, int]] = []
    at = 0
    for word in words:
        at = text.index(word, at)
        bounds.append((at, at + len(word)))
        at += len(word)
    tags = ["O"] * len(words)
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        start, end = _place(text, span)
        if not 0 <= start < end <= len(text):
            problems.append(f"characters {span.start} to {span.end} are not in the text")
            continue
        inside = [i for i, (first, last) in enumerate(bounds) if first < end and last > start]
        if not inside:
            problems.append(f"characters {span.start} to {span.end} contain no word")
            continue
        marked = text[start:end]
        if any(tags[i] != "O" for i in inside):
            problems.append(f"“{marked}” overlaps another {span.kind} or is inside it and was left out")
            continue
        left, right = len(marked) - len(marked.lstrip()), len(marked) - len(marked.rstrip())
        if bounds[inside[0]][0] != start + left or bounds[inside[-1]][1] != end - right:
            whole = text[bounds[inside[0]][0] : bounds[inside[-1]][1]]
            problems.append(f"“{marked}” ends inside a word and was read as “{whole}”")
        for i in inside:
            tags[i] = f"{'B' if i == inside[0] else 'I'}-{span.kind}"
    return words, tags, problems


def _place(text: str, span: Span) -> tuple[int, int]:
    """Where the span is; tools written in JavaScript count an emoji as two."""
    if not span.text or text[span.start : span.end] == span.text:
        return span.start, span.end
    data = text.encode("utf-16-le", "surrogatepass")
    start = len(data[: 2 * span.start].decode("utf-16-le", "ignore"))
    end = len(data[: 2 * span.end].decode("utf-16-le", "ignore"))
    return (start, end) if text[start:end] == span.text else (span.start, span.end)
