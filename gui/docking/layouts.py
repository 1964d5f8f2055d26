"""Arrangements of views, as values and as text for the settings."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


Layout = Split | Tabs  # where views have their places, whether they are shown there or not


@dataclass(frozen=True)
class Arrangement:
    """What is kept in the settings. layout: the user's, None if it is the default one. shown: the areas with the views
    that are shown in them. floating: name → geometry in Qt's format."""

    layout: Layout | None
    shown: tuple[Tabs, ...]
    floating: Mapping[str, str] = field(default_factory=dict)


def tabs_in(layout: Layout) -> Iterator[Tabs]:
    """All tab areas, in reading order."""
    if isinstance(layout, Tabs):
        yield layout
        return
    for part in layout.parts:
        yield from tabs_in(part)


def names_of(areas: Iterable[Tabs]) -> tuple[str, ...]:
    """The views in these areas."""
    return tuple(name for area in areas for name in area.names)


def front_of(area: Tabs, docked: Collection[str]) -> str:
    """The view in front if only these are shown, "" if none of them is there."""
    names = [name for name in area.names if name in docked]
    return area.front if area.front in names else next(iter(names), "")


def columns_of(layout: Layout, docked: Collection[str]) -> int:
    """How many views stand side by side at most if only these are shown."""
    if isinstance(layout, Tabs):
        return 1 if front_of(layout, docked) else 0
    counts = [columns_of(part, docked) for part in layout.parts]
    return sum(counts) if layout.kind == "columns" else max(counts, default=0)


def with_columns(layout: Layout, columns: int, docked: Collection[str]) -> Layout:
    """The layout with at most so many columns if only these views are shown: those for which there is no room become
    tabs of the last one."""
    counts = [] if isinstance(layout, Tabs) else [columns_of(part, docked) for part in layout.parts]
    if isinstance(layout, Tabs) or columns_of(layout, docked) <= columns:
        return layout
    if layout.kind == "rows":
        return replace(layout, parts=tuple(with_columns(part, columns, docked) for part in layout.parts))
    parts, sizes = layout.parts, layout.sizes
    filled = [number for number, count in enumerate(counts) if count]
    if len(filled) > columns:
        at = filled[columns - 1] if columns > 1 else 0
        tabs = [each for part in parts[at:] for each in tabs_in(part)]
        front = next(filter(None, (front_of(each, docked) for each in tabs)))
        last = Tabs(tuple(name for each in tabs for name in each.names), front)
        if columns == 1:
            return last
        parts, sizes, counts = (*parts[:at], last), (*sizes[:at], sum(sizes[at:])), [*counts[:at], 1]
    fitting: list[Layout] = []
    for number, part in enumerate(parts):
        others = sum(columns_of(each, docked) for each in fitting) + sum(map(bool, counts[number + 1 :]))
        fitting.append(with_columns(part, columns - others, docked))
    return Split(layout.kind, tuple(fitting), sizes)


def arrangement_to_json(arrangement: Arrangement) -> str:
    """An arrangement as JSON."""
    layout = {} if arrangement.layout is None else _to_json(arrangement.layout)
    shown = [_to_json(area) for area in arrangement.shown]
    return json.dumps({**layout, "shown": shown, "floating": dict(arrangement.floating)})


def arrangement_from_json(text: str, known: frozenset[str]) -> Arrangement | None:
    """A saved arrangement, without views that no longer exist; None if it cannot be read or shows nothing. Earlier
    versions saved no places of views that are not shown, nor what is shown apart from the layout."""
    try:
        data = json.loads(text)
        if not isinstance(data, dict):
            return None
        floating = {str(name): str(place) for name, place in dict(data.get("floating", {})).items() if name in known}
        layout = _from_json(data, known) if {"tabs", "rows", "columns"} & set(data) else None
        areas = () if layout is None else tuple(tabs_in(layout))
        if "shown" in data:
            found = [_from_json(area, known) for area in data["shown"]]
            areas = tuple(area for area in found if isinstance(area, Tabs))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Arrangement(layout, areas, floating) if areas or floating else None


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
