"""Prints what the window shows before training: how the data was read, problems with it, and the proposed settings with
reasons."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import engine
from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Kind
from engine.data.data_config import KIND_CHOICES, UNIT_CHOICES, DataConfig
from engine.data.no_use import no_use
from engine.data.numbers.number_scaling import NumberScaling
from engine.errors import DataError
from engine.network.word_vectors import vector_size
from engine.number_text import own_units
from engine.training.reasons import idle_settings, reasons
from gui.headless.arguments import flag_of, given_settings

_GIVEN = "as given"
_COLUMNS = 8  # of numbers that are listed


def introduce(
    dataset: engine.Dataset, sample: Any, model: ModelConfig, training: TrainingConfig, options: argparse.Namespace
) -> Iterator[str]:
    """The lines. options: the command line, which may have set some of the settings."""
    yield from _recognition(dataset)
    yield from _findings(dataset)
    if dataset.vectors_beside is not None and not model.vectors:
        with suppress(DataError):  # a file of another kind with such a name
            vector_size(dataset.vectors_beside)
            yield f"With so few labelled rows word vectors help: --vectors {dataset.vectors_beside}"
    yield "Settings that are not at their defaults:"
    why = reasons(dataset, sample, model, training)
    idle_of_run = idle_settings(model, training, dataset)
    for group, config, idle in (
        ("network", model, idle_of_run),
        ("learning", training, idle_of_run),
        ("data", dataset.config, _idle_data(dataset, sample is not None)),
    ):
        given = given_settings(options, group)
        for name in config.options():
            value, because = getattr(config, name), why.get(name, "")
            if name in given:
                because = f"{_GIVEN}, without effect: {idle[name]}" if idle.get(name) else _GIVEN
            elif group == "data" or value == config.default(name):
                continue
            written = "\\t" if value == "\t" else value
            yield f"  {flag_of(name, group).removeprefix('--')} {written}: {because}"


def _idle_data(dataset: engine.Dataset, is_sample: bool) -> dict[str, str]:
    idle = {name: no_use(name, dataset, is_sample) for name in DataConfig.options()}
    return idle | {"test_file": ""}  # measured at the end, for a network trained on a sample too


def _recognition(dataset: engine.Dataset) -> Iterator[str]:
    found, codec, report = dataset.recognition, dataset.codec, dataset.report
    yield f"Read as {KIND_CHOICES[dataset.kind]}: {found.reason.rstrip('.')}."
    if codec.frames is not None:
        yield from _numbers(codec.frames)
    elif len(found.columns) > 1 and found.target_column:
        what = "labels" if dataset.kind == Kind.LABELLED else "tags" if dataset.kind == Kind.TAGGED else "target"
        yield f"  columns: text “{found.source_column}”, {what} “{found.target_column}”"
    units = UNIT_CHOICES[codec.unit] + (f" → {UNIT_CHOICES[codec.target_unit]}" if dataset.kind == Kind.PAIRS else "")
    if dataset.kind.reads_numbers:
        units = UNIT_CHOICES[codec.target_unit] if dataset.kind.writes_text else ""
    classes = ""
    if dataset.labels:
        classes = f"; {len(dataset.labels):,} {'tags' if dataset.kind == Kind.TAGGED else 'labels'}"
    symbols = codec.target if dataset.kind.reads_numbers and codec.target is not None else codec.source
    if units:
        yield f"  symbols: {units}; {symbols.distinct:,} different in training{classes}"
    elif dataset.labels:
        yield f"  {len(dataset.labels):,} labels"
    if dataset.kind == Kind.SERIES:
        yield f"  {int(dataset.train.source.lengths.sum()):,} steps to train on"
    elif dataset.kind != Kind.STREAM:
        kept = f"{report.rows:,}" if report.skipped else "all"
        read = [f"{report.rows_read:,} rows read, {kept} kept", report.encoding]
        read += [f"line endings {report.line_ends}"] if report.line_ends else []
        yield f"  {' · '.join(part for part in read if part)}"


def _numbers(numbers: NumberScaling) -> Iterator[str]:
    """The input of each step: a line for each of the first columns."""
    if numbers.shape:
        yield "  pictures of " + " × ".join(map(str, numbers.shape[:2])) + f" pixels, {numbers.shape[2]} numbers each"
        return
    for name, mean, deviation in list(zip(numbers.names, numbers.mean, numbers.deviation, strict=True))[:_COLUMNS]:
        yield f"  “{name}”: mean {own_units(mean, deviation)}, standard deviation {own_units(deviation)} in training"
    if len(numbers.names) > _COLUMNS:
        yield f"  … {len(numbers.names):,} columns in all"


def _findings(dataset: engine.Dataset) -> Iterator[str]:
    findings = dataset.report.findings
    yield "Notes on the data:" if findings else "No problems found in the data."
    for finding in findings:
        yield f"  {finding}"
