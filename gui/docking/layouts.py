"""Arrangements of views, as values and as text for the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

FALLBACK_SIZE = 1000  # of parts without a size: they share the room equally


@dataclass(frozen=True)
class Tabs:
    """One tab area: the names of its views, and which is in front."""

    names: tuple[str, ...]
    front: str = ""


@dataclass(frozen=True)
class Split:
    """Parts side by side ("columns") or one above another ("rows"), with their relative sizes."""

    kind: str
    parts: tuple[Split | Tabs, ...]
    sizes: tuple[int, ...] = ()


Layout = Split | Tabs


@dataclass(frozen=True)
class Arrangement:
    """What is docked in the middle of the window (None: nothing), and what floats: name → geometry in Qt's format."""

    docked: Layout | None
    floating: Mapping[str, str] = field(default_factory=dict)


def columns_of(layout: Layout) -> int:
    """How many views stand side by side at most."""
    if isinstance(layout, Tabs):
        return 1
    counts = map(columns_of, layout.parts)
    return sum(counts) if layout.kind == "columns" else max(counts, default=1)


def with_columns(layout: Layout, columns: int) -> Layout:
    """The layout with at most so many columns: those for which there is no room become tabs of the last one."""
    if isinstance(layout, Tabs) or columns_of(layout) <= columns:
        return layout
    if layout.kind == "rows":
        return replace(layout, parts=tuple(with_columns(part, columns) for part in layout.parts))
    parts, sizes = layout.parts, layout.sizes
    if len(parts) > columns:
        tabs = [each for part in parts[columns - 1 :] for each in _tabs_in(part)]
        last = Tabs(tuple(name for each in tabs for name in each.names), tabs[0].front)
        if columns == 1:
            return last
        parts, sizes = (*parts[: columns - 1], last), (*sizes[: columns - 1], sum(sizes[columns - 1 :]))
    fitting: list[Layout] = []
    for number, part in enumerate(parts):
        others = sum(map(columns_of, fitting)) + len(parts) - number - 1
        fitting.append(with_columns(part, columns - others))
    return Split(layout.kind, tuple(fitting), sizes)


def _tabs_in(layout: Layout) -> Iterator[Tabs]:
    if isinstance(layout, Tabs):
        yield layout
        return
    for part in layout.parts:
        yield from _tabs_in(part)


def arrangement_to_json(arrangement: Arrangement) -> str:
    """An arrangement as JSON."""
    docked = {} if arrangement.docked is None else _to_json(arrangement.docked)
    return json.dumps({**docked, "floating": dict(arrangement.floating)})


def arrangement_from_json(text: str, known: frozenset[str]) -> Arrangement | None:
    """A saved arrangement, without views that no longer exist; None if it cannot be read or shows nothing."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict):
            return None
        floating = {str(name): str(place) for name, place in dict(data.get("floating", {})).items() if name in known}
        docked = _from_json(data, known - frozenset(floating)) if {"tabs", "rows", "columns"} & set(data) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Arrangement(docked, floating) if docked is not None or floating else None


def _to_json(layout: Layout) -> dict[str, Any]:
    if isinstance(layout, Tabs):
        return {"tabs": list(layout.names), "front": layout.front}
    return {layout.kind: [_to_json(part) for part in layout.parts], "sizes": list(layout.sizes)}


def _from_json(data: Any, known: frozenset[str]) -> Layout | None:
    """None if it holds only unknown views."""
    if not isinstance(data, dict):
        raise ValueError("A layout is an object.")
    if "tabs" in data:
        names = tuple(str(name) for name in data["tabs"] if name in known)
        front = str(data.get("front", ""))
        return Tabs(names, front if front in names else names[0]) if names else None
    kind = "rows" if "rows" in data else "columns"
    sizes: Sequence[int] = [int(size) for size in data.get("sizes", ())]
    found = [(_from_json(part, known), i) for i, part in enumerate(data[kind])]
    parts = [(part, sizes[i] if i < len(sizes) else FALLBACK_SIZE) for part, i in found if part is not None]
    if not parts:
        return None
    return Split(kind, tuple(part for part, _ in parts), tuple(size for _, size in parts))
