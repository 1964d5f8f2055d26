"""Columns that a reader found because none were chosen, and what differs between two readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import engine
from engine.data.codec import Kind
from engine.runs.data_source import DataSource, in_words
from gui.session.notice import difference

COLUMNS = "source_column", "target_column"
FOUND = *COLUMNS, "sheet"
COLUMN_LABELS = {  # kind → what its columns are called: the one that is read, and the one that goes with it
    Kind.LABELLED: ("Text", "Label"),
    Kind.PAIRS: ("Source", "Target"),
    Kind.TAGGED: ("Words", "Tags"),
    Kind.RATED: ("Text", "Number"),
    Kind.SERIES: ("Numbers", "Time"),
    Kind.LABELLED_SERIES: ("Numbers", "Label"),
    Kind.SPEECH: ("File", "Transcript"),
    Kind.PICTURES: ("File", "Caption"),
}


def with_found(data: DataSource, names: Iterable[str] = FOUND) -> DataSource:
    """The data with these settings as they were found, where they were not chosen and it is known."""
    found: dict[str, Any] = {name: getattr(data.config, name) or getattr(data.layout, name, "") for name in names}
    return replace(data, config=replace(data.config, **found))


def no_longer_chosen(before: engine.Dataset, now: engine.Dataset) -> str:
    """Which columns were chosen by hand until the data was read in another way, which has no use for them; "" if there
    are none, or if only the columns were chosen anew."""
    old, new = before.config, now.config
    if all(getattr(old, name) == getattr(new, name) for name in ("sheet", "form", "kind", "delimiter", "header")):
        return ""
    names = [getattr(old, name) for name in COLUMNS if getattr(old, name) and not getattr(new, name)]
    are = "is" if len(names) == 1 else "are"
    return f"{in_words([f'“{name}”' for name in names])} {are} no longer chosen for this reading." if names else ""


def read_otherwise(before: engine.Dataset | None, now: DataSource) -> str:
    """ "; Label Lager → Preis": how the same data is read otherwise than before, in the words of the kind that it is
    now; "" if it is not."""
    old = None if before is None else DataSource.of(before)
    if old is None or (old.path, old.sample, old.together) != (now.path, now.sample, now.together):
        return ""
    labels = () if now.layout is None else COLUMN_LABELS.get(now.layout.kind, ())
    changed = difference(with_found(old).config, with_found(now).config, dict(zip(COLUMNS, labels, strict=False)))
    return f"; {changed}" if changed else ""
