"""A captured run is a moment: nothing in it changes while the trainer goes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest

import engine
from engine.config import OPTIMIZER_CHOICES
from tests.engine.small import Case


def arrays(value: object, name: str = "run") -> Iterator[tuple[str, np.ndarray]]:
    """Every array that can be reached from a value, with the way to it."""
    if isinstance(value, np.ndarray):
        yield name, value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from arrays(getattr(value, field.name), f"{name}.{field.name}")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from arrays(one, f"{name}[{key}]")
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for k, one in enumerate(value):
            yield from arrays(one, f"{name}[{k}]")


def state(run: engine.Run) -> dict[str, np.ndarray]:
    """All that the run holds, copied: its arrays, its curves, and how far it is."""
    found = {name: array.copy() for name, array in arrays(run)}
    found |= {f"history.{name}": column.copy() for name, column in run.history.steps.items()}
    found |= {f"validations.{name}": column.copy() for name, column in run.history.validations.items()}
    return found


@pytest.mark.parametrize("optimizer", OPTIMIZER_CHOICES)
@pytest.mark.parametrize("kind", ["sequences", "stream"])
def test_no_field_of_a_captured_run_changes_while_training_goes_on(optimizer: str, kind: str) -> None:
    case = Case("one-to-many", kind, "lstm")
    trainer = engine.Trainer(
        case.model("float32"), case.dataset, engine.TrainingConfig(optimizer=optimizer, epochs=9, batch_size=4)
    )
    for _ in range(8):
        next(trainer)
    run = engine.Run.of(trainer)
    before = state(run)
    assert optimizer == "sgd" or run.moments
    assert (run.carry is None) == (kind == "sequences")
    for _ in range(8):
        next(trainer)
    after = state(run)
    assert before.keys() == after.keys()
    for name, array in before.items():
        assert np.array_equal(array, after[name]), name
    later = state(engine.Run.of(trainer))  # and what the trainer itself holds did change
    moved = {name for name in before if not np.array_equal(before[name], later[name])}
    assert {f"run.moments[{name}]" for name in run.moments} <= moved
    assert "run.snapshot.weights" in moved
