"""Curves and predictions as CSV, for spreadsheets and for your own plots."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.examples import Example
from engine.export.csv_writer import write_table
from engine.models import Batch, Model
from engine.training.defaults import example_name
from engine.training.history import History

_PIECE = 200  # symbols of running text per row


def export_curves(history: History, path: str | os.PathLike[str]) -> None:
    """One row for each step; validation columns are empty where nothing was validated. StorageError as `save_run`."""
    steps, validations = history.steps, history.validations
    measured = {name: column for name, column in validations.items() if name not in ("step", "seconds")}
    place = {step: k for k, step in enumerate(validations["step"].tolist())}
    rows = sorted({*steps["step"].tolist(), *place})
    known = {step: k for k, step in enumerate(steps["step"].tolist())}

    def lines() -> Iterator[Sequence[object]]:
        yield ("step", *(name for name in steps if name != "step"), *(f"validation_{name}" for name in measured))
        for step in rows:
            own, checked = known.get(step), place.get(step)
            row = ["" if own is None else repr(float(column[own])) for name, column in steps.items() if name != "step"]
            row += ["" if checked is None else repr(float(column[checked])) for column in measured.values()]
            yield (int(step), *row)

    write_table(path, lines())


def export_predictions(model: Model, dataset: Dataset, path: str | os.PathLike[str]) -> None:
    """The network's answers to the validation examples beside the right ones: a row for each example, of a series
    for each step.

    Networks that write have no right answers; their rows hold the log-probability of each text in nats.
    Running text is split into pieces, each read from a zero state. StorageError as in `save_run`.
    """

    form = ".9g" if model.predicts.is_number else ".6f"  # numbers of any size, or shares

    def lines() -> Iterator[Sequence[object]]:
        yield report_columns(model, dataset)
        for row in report_rows(model, dataset):
            yield [format(value, form) if isinstance(value, float) else value for value in row]

    write_table(path, lines())


def report_columns(model: Model, dataset: Dataset) -> Sequence[str]:
    """The names of the columns of `report_rows`."""
    if dataset.times:
        return ("time", *model.report_columns)
    if model.codec.reads_recordings:
        return ("example", *model.report_columns[1:])
    return (str(Kind.SERIES), *model.report_columns) if dataset.validation.names else model.report_columns


def report_rows(model: Model, dataset: Dataset) -> Iterator[Sequence[object]]:
    """The network's answers to the validation examples beside the right ones. A recording has its name in place of its
    thousands of numbers, a step of a series its time if the data has them: the last ones are those of the validation;
    a step of one of several series the name of its series.
    """
    names = dataset.validation.names
    count = int(model.countable(dataset.validation).target.lengths.sum())
    for place, row in enumerate(model.report_rows(_examples_to_show(dataset))):
        if dataset.times:
            yield dataset.times[place - count], *row
        elif model.codec.reads_recordings:
            yield example_name(place, names), *row[1:]
        else:
            yield (names[int(str(row[0])) - 1], *row) if names else row


def _examples_to_show(dataset: Dataset) -> Batch:
    """The validation examples; running text, a single example, is split into pieces."""
    if dataset.kind != Kind.STREAM:
        return dataset.validation
    symbols = dataset.validation[0].source
    return [Example(symbols[start : start + _PIECE + 1]) for start in range(0, len(symbols) - 1, _PIECE)]
