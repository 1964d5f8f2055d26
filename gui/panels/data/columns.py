"""What the columns of a file are taken for."""

from __future__ import annotations

from typing import Any

import engine
from engine.data.codec import Kind

COLUMN_LABELS = {Kind.LABELLED: ("Text", "Label"), Kind.PAIRS: ("Source", "Target"), Kind.TAGGED: ("Words", "Tags")}


def column_changes(dataset: engine.Dataset, option: str, column: str) -> dict[str, Any]:
    """The settings that make a column the source or the target; where it was the other one, they change places."""
    found = dataset.recognition
    taken = {"source_column": found.source_column, "target_column": found.target_column}
    other = "target_column" if option == "source_column" else "source_column"
    changes = {option: column}
    if column and column == taken[other]:
        changes[other] = taken[option]
    return changes
