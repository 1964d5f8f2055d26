"""Columns that a reader found because none were chosen, and what differs between two readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import engine
from engine.runs.data_source import DataSource
from gui.session.notice import difference

FOUND = "source_column", "target_column", "sheet"


def with_found(data: DataSource, names: Iterable[str] = FOUND) -> DataSource:
    """The data with these settings as they were found, where they were not chosen and it is known."""
    found: dict[str, Any] = {name: getattr(data.config, name) or getattr(data.layout, name, "") for name in names}
    return replace(data, config=replace(data.config, **found))


def read_otherwise(before: engine.Dataset | None, now: DataSource) -> str:
    """ "; Label Lager → Preis": how the same data is read otherwise than before; "" if it is not."""
    old = None if before is None else DataSource.of(before)
    if old is None or (old.path, old.sample, old.together) != (now.path, now.sample, now.together):
        return ""
    changed = difference(with_found(old).config, with_found(now).config)
    return f"; {changed}" if changed else ""
