"""The role of each column of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan
from typing import Any

import engine
from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.recognition import Recognition
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.parse import number_of
from gui.session.found_columns import COLUMN_LABELS


def asked_of(dataset: engine.Dataset, changes: Mapping[str, Any]) -> engine.Dataset:
    """The data as they would be if they could be read with these settings, as far as the choice of more settings needs
    to know: their kind, and the columns that were chosen."""
    known = {name: value for name, value in changes.items() if name in DataConfig.options()}
    config = replace(dataset.config, **known)
    kind = dataset.kind if config.kind == AUTO else Kind(config.kind)
    found = replace(
        dataset.recognition, kind=kind, source_column=config.source_column, target_column=config.target_column
    )
    return replace(dataset, kind=kind, config=config, recognition=found)


def kept_columns(dataset: engine.Dataset, content: str) -> dict[str, str]:
    """The columns chosen by hand that stay chosen with other content, "" for one that cannot have its part there: texts
    are no numbers, and labels are no times. What is found automatically is looked for among texts."""
    found, config, now = dataset.recognition, dataset.config, dataset.kind
    other = Kind.SEQUENCES if content == AUTO else Kind(content)
    source, target = config.source_column, config.target_column
    if other.reads_numbers != now.reads_numbers:
        source = target = ""
    elif (other != now and Kind.SERIES in (other, now)) or (other == Kind.RATED and not _holds_numbers(found, target)):
        target = ""
    return {"source_column": source, "target_column": target}


def column_changes(dataset: engine.Dataset, option: str, column: str) -> dict[str, Any]:
    """The settings that make a column the source or the target; if it was the other one, the two trade places."""
    found = dataset.recognition
    taken = {"source_column": found.source_column, "target_column": found.target_column}
    other = "target_column" if option == "source_column" else "source_column"
    changes = {option: column}
    if dataset.kind == Kind.SERIES:
        return changes | _beside_times(dataset, option, column)
    if column and column == taken[other]:
        changes[other] = taken[option]
    elif option == "target_column" and column in found.sources:
        changes[other] = SEPARATOR.join(name for name in found.sources if name != column)
    return changes


def _beside_times(dataset: engine.Dataset, option: str, column: str) -> dict[str, Any]:
    """What else changes with the numbers or the time of a series. They trade no places, since times need not be
    numbers: all other columns of numbers are read unless some were chosen."""
    if option == "source_column":
        return {"target_column": ""} if column == dataset.recognition.target_column else {}
    chosen = filter(None, dataset.config.source_column.split(SEPARATOR))
    return {"source_column": SEPARATOR.join(name for name in chosen if name != column)}


def may_be_joined(dataset: engine.Dataset, column: str) -> bool:
    """Whether a column may be one of several that are read: of the texts of a table, or the numbers of a series."""
    found = dataset.recognition
    if column == found.target_column or found.sources == (column,):
        return False
    if found.series_in == "column" and dataset.kind == Kind.SERIES:
        return column not in found.time_columns and _holds_numbers(found, column)
    several = len(found.columns) > 2 and found.form in ("table", "jsonl", "json")
    return several and dataset.kind in (Kind.LABELLED, Kind.PAIRS)


def _holds_numbers(found: Recognition, column: str) -> bool:
    """Whether the first values of a column, as far as they are known, are numbers or gaps."""
    cells = dict(zip(found.columns, found.previews, strict=False)).get(column, ())
    return all(is_gap(cell) or not isnan(number_of(cell)) for cell in cells)


def joined_label(dataset: engine.Dataset, column: str) -> str:
    """What it is called to read a column beside the others, or no longer."""
    found = dataset.recognition
    side = COLUMN_LABELS.get(dataset.kind, ("Text",))[0].lower()
    if column not in found.sources:
        return f"Add to the {side}"
    return f"Leave out of the {side}"


def joined_changes(dataset: engine.Dataset, column: str) -> dict[str, Any]:
    """The settings that also read a column as part of the text, or that stop doing so."""
    found = dataset.recognition
    names = [name for name in found.sources if name != column] if column in found.sources else [*found.sources, column]
    target = dataset.config.target_column if found.series_in else found.target_column
    return {"source_column": SEPARATOR.join(names), "target_column": target}
