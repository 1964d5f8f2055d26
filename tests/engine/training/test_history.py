"""The curves of a run: every step is in them, and a run of days still fits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.training import history as module
from engine.training.evaluation import Metrics
from engine.training.history import History
from engine.training.update import Update


def step(k: int, validation: Metrics | None = None) -> Update:
    return Update(k, 0, 1 / k, 2.0 * k, k % 2 == 0, 0.1, 10, 0.5, validation)


def filled(steps: int) -> History:
    history = History()
    for k in range(1, steps + 1):
        history.record(step(k))
    return history


def test_every_step_is_a_row_as_long_as_there_is_room() -> None:
    columns = filled(10).steps
    assert columns["step"].tolist() == list(range(1, 11))
    assert columns["seconds"].tolist() == [k / 2 for k in range(1, 11)]
    assert columns["loss"].tolist() == [1 / k for k in range(1, 11)]
    assert columns["clipped"].tolist() == [0, 1] * 5


def test_beyond_that_rows_stand_for_several_steps_with_their_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 16)
    columns = filled(67).steps
    assert columns["step"].tolist() == [*range(8, 65, 8), 67]
    assert columns["gradient_norm"][0] == pytest.approx(np.mean([2.0 * k for k in range(1, 9)]))
    assert columns["loss"][-1] == pytest.approx(np.mean([1 / k for k in (65, 66, 67)]))
    assert {len(column) for column in columns.values()} == {9}


def test_a_copy_goes_on_alone_with_rows_of_the_same_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS", 16)
    history = filled(64)
    copy = history.copy()
    for k in range(65, 73):
        copy.record(step(k))
    assert copy.steps["step"].tolist() == list(range(8, 73, 8))
    assert history.steps["step"].tolist() == list(range(8, 65, 8))
    assert copy.seconds == 36


def test_a_metric_that_was_not_always_measured_has_gaps() -> None:
    history = History()
    history.record(step(1, Metrics(2.0, 5, {"accuracy": 0.5})))
    history.record(step(2, Metrics(1.0, 5, {"entity_f1": 0.25})))
    columns = history.validations
    assert columns["loss"].tolist() == [2.0, 1.0]
    assert columns["accuracy"][0] == 0.5
    assert math.isnan(columns["accuracy"][1])
    assert math.isnan(columns["entity_f1"][0])


def test_columns_that_do_not_belong_together_are_refused() -> None:
    columns, validations = filled(4).steps, History().validations
    with pytest.raises(ValueError, match="length"):
        History.of(columns | {"loss": np.zeros(3)}, validations)
    with pytest.raises(ValueError, match="missing"):
        History.of({name: column for name, column in columns.items() if name != "loss"}, validations)
    for broken in (np.nan, np.inf, 1e300):
        with pytest.raises(ValueError, match="number"):
            History.of(columns | {"step": np.full(4, broken)}, validations)
