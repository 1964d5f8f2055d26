"""Running text: windows follow each other and hand the state on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine.cells import CELLS
from engine.models import Carry
from engine.training.batches import Windows
from tests.engine.small import Case, data, trainer_of


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_windows_with_a_carried_state_are_the_whole_text_read_at_once(cell: str, layers: int) -> None:
    model = Case("one-to-many", "stream", cell, {"num_layers": layers}).model()
    examples = data("stream").train
    whole, count = model.loss(examples)
    for window in (1, 5, 64, 10_000):
        windows, carry, total, symbols = Windows(examples, 1, window), Carry(), 0.0, 0
        for step in range(windows.steps_per_epoch):
            nats, n = model.loss(windows.batch(step), carry)
            total, symbols = total + nats, symbols + n
        assert symbols == count
        assert total == pytest.approx(whole, rel=1e-10)


def test_parallel_windows_are_parts_of_the_text_in_order() -> None:
    text = "".join(data("stream").train[0].source)
    windows = Windows(data("stream").train, 4, 9)
    tracks: list[str] = [""] * 4
    for step in range(windows.steps_per_epoch):
        for k, example in enumerate(windows.batch(step)):
            part = "".join(example.source)
            assert not tracks[k] or tracks[k][-1] == part[0], "the last target is the next first input"
            tracks[k] += part[1:] if tracks[k] else part
    for k, track in enumerate(tracks):
        assert track == text[k * windows.length : (k + 1) * windows.length + 1]
    assert len(text) - 4 <= 4 * windows.length + 1 <= len(text)


def test_the_state_is_carried_from_step_to_step_and_dropped_at_the_texts_start() -> None:
    trainer = trainer_of(
        Case("one-to-many", "stream", "lstm"), window=16, batch_size=2, epochs=2, optimizer="sgd", learning_rate=1e-6
    )
    model, kept = trainer.model, Carry()
    for step in range(trainer.steps_per_epoch + 2):
        if step % trainer.steps_per_epoch == 0:
            kept = Carry()
        nats, count = model.loss(trainer.batches.batch(step), kept)
        update = next(trainer)
        assert update.loss == pytest.approx(nats / count, rel=1e-5)
        assert trainer.carry.states is not None
        for ours, wanted in zip(numbers(trainer.carry), numbers(kept), strict=True):
            np.testing.assert_allclose(ours, wanted, rtol=1e-3, atol=1e-5)


def numbers(carry: Carry) -> Iterator[np.ndarray[Any, Any]]:
    for layer in carry.states.layers if carry.states is not None else []:
        for part in layer:
            yield from part


def test_a_carried_state_does_not_change_when_the_model_is_used_again() -> None:
    model, carry = Case("one-to-many", "stream", "gru").model(), Carry()
    batches = Windows(data("stream").train, 3, 9)
    model.loss_and_gradient(batches.batch(0), carry=carry)
    before = [state.copy() for state in numbers(carry)]
    model.loss(batches.batch(2))
    model.generate(3)
    for state, wanted in zip(numbers(carry), before, strict=True):
        np.testing.assert_array_equal(state, wanted)
