"""Curves that grow and the numbers of the top bar."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest

from engine.training.history import History
from gui.session.progress import Curve, Rate, Record
from gui.session.series import Series
from gui.training.messages import Stepped


@dataclass(frozen=True)
class Measured:
    loss: float
    values: Any = (("accuracy", 0.5),)


@dataclass(frozen=True)
class Made:
    step: int
    epoch: int
    loss: float
    gradient_norm: float = 1.0
    clipped: bool = False
    tokens: int = 100
    validation: Measured | None = None
    diverged: bool = False
    seconds: float = 0.0
    learning_rate: float = 0.001


def stepped(update: Made, seconds: float) -> Stepped:
    return Stepped(1, cast(Any, update), seconds, 0.1)


def test_a_series_keeps_all_numbers_while_it_grows_and_old_views_stay() -> None:
    series = Series()
    series.append(0.0)
    early = series.view()
    for number in range(1, 5000):
        series.append(float(number))
    assert np.array_equal(series.view(), np.arange(5000.0))
    assert early.tolist() == [0.0]
    with pytest.raises(ValueError, match="read-only"):
        series.view()[0] = 1.0


def test_an_empty_curve_has_empty_columns() -> None:
    curve = Curve()
    assert len(curve) == 0
    assert curve.train_loss.shape == curve.validation_loss.shape == (0,)
    assert curve.validation_metrics == {}


def test_a_record_counts_steps_epochs_and_validations_and_leaves_out_what_diverged() -> None:
    record = Record(epochs=2)
    record.set_length(4, 2)
    record.take([stepped(Made(1, 0, 2.0), 0.1), stepped(Made(2, 0, 1.0, validation=Measured(1.5)), 0.2)])
    record.take([stepped(Made(3, 1, 1.0), 0.3), stepped(Made(3, 1, math.nan, diverged=True), 0.4)])
    assert record.curve.steps.tolist() == [1.0, 2.0, 3.0]
    assert record.curve.validation_steps.tolist() == [2.0]
    assert record.curve.validation_metrics["accuracy"].tolist() == [0.5]
    progress = record.progress
    assert (progress.step, progress.steps_total, progress.epoch, progress.epochs) == (3, 4, 2, 2)
    assert progress.tokens_per_second == pytest.approx(1000)
    assert progress.seconds_left == pytest.approx(0.1)


def test_the_rate_follows_a_change_of_speed_within_some_seconds() -> None:
    rate = Rate()
    assert rate.tokens_per_second == 0
    assert rate.seconds_for(10) is None
    rate.add([(0.1, 100)] * 100)
    assert rate.tokens_per_second == pytest.approx(1000)
    rate.add([(0.1, 10)] * 200)
    assert rate.tokens_per_second == pytest.approx(100, rel=0.01)
    assert rate.seconds_for(10) == pytest.approx(1.0)


def test_the_record_of_a_long_saved_run_begins_with_the_rate_of_its_last_steps() -> None:
    history = History()
    for step in range(1, 1001):
        slow = step <= 700
        history.record(cast(Any, Made(step, 0, 3.0 if slow else 1.0, seconds=1.0 if slow else 0.1)))
    record = Record.of(history, 1000, 0, 5)
    assert len(record.curve) == 1000
    assert record.curve.seconds[-1] == pytest.approx(730.0)
    assert record.curve.average_loss[-1] == pytest.approx(1.0, abs=0.05)
    record.set_length(2000, 500)
    assert record.progress.seconds_left == pytest.approx(100.0, rel=0.02)
    assert record.progress.epoch == 2


def test_a_series_takes_many_numbers_at_once() -> None:
    series = Series()
    series.append(-1.0)
    early = series.view()
    for length in (0, 3, 5000):
        series.extend(np.arange(float(length)))
    assert series.view().tolist() == [-1.0, *range(3), *map(float, range(5000))]
    assert early.tolist() == [-1.0]


def test_a_long_run_has_the_rows_that_the_saved_run_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("engine.training.history", "gui.session.progress"):
        monkeypatch.setattr(f"{module}.ROWS", 16)
    record, history = Record(1), History()
    for step in range(1, 102):
        made = Made(step, 0, 1.0 / step, seconds=0.5)
        history.record(cast(Any, made))
        record.take([stepped(made, history.seconds)])
    columns = history.steps
    assert len(record.curve) < 16
    rows = len(record.curve)  # the last row of the file may stand for fewer steps
    assert record.curve.steps.tolist() == columns["step"][:rows].tolist()
    assert record.curve.train_loss.tolist() == pytest.approx(columns["loss"][:rows].tolist())
    assert record.curve.seconds.tolist() == columns["seconds"][:rows].tolist()
    assert len(columns["step"]) - rows <= 1
