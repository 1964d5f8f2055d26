"""The role of each column of a file."""

from __future__ import annotations

from typing import Any

import engine
from engine.data.codec import SEPARATOR, Kind

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


def column_changes(dataset: engine.Dataset, option: str, column: str) -> dict[str, Any]:
    """The settings that make a column the source or the target; if it was the other one, the two trade places."""
    found = dataset.recognition
    taken = {"source_column": found.source_column, "target_column": found.target_column}
    other = "target_column" if option == "source_column" else "source_column"
    changes = {option: column}
    if column and column == taken[other]:
        changes[other] = taken[option]
    elif option == "target_column" and column in found.sources:
        changes[other] = SEPARATOR.join(name for name in found.sources if name != column)
    return changes


def may_be_joined(dataset: engine.Dataset) -> bool:
    """Whether the text of this data may come from several columns."""
    several = len(dataset.recognition.columns) > 2 and dataset.recognition.form in ("table", "jsonl", "json")
    return several and dataset.kind in (Kind.LABELLED, Kind.PAIRS)


def joined_changes(dataset: engine.Dataset, column: str) -> dict[str, Any]:
    """The settings that also read a column as part of the text, or that stop doing so."""
    sources, target = dataset.recognition.sources, dataset.recognition.target_column
    names = [name for name in sources if name != column] if column in sources else [*sources, column]
    return {"source_column": SEPARATOR.join(names), "target_column": target}
