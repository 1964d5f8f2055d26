"""A long run needs no more memory than a short one."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import islice

import pytest

from engine import ModelConfig, TrainingConfig
from engine.data.dataset import Dataset, make_dataset
from engine.models import build_model
from engine.training.trainer import Trainer

_STEPS = 33  # an epoch
_TOLERANCE_BYTES = 50_000  # the history grows by a few numbers a step, caches of small objects fill


def ragged_data() -> Dataset:
    """Words of 1 to 23 letters: hardly two batches have the same shape."""
    return make_dataset(["abcdefgh"[k % 8] * (1 + 7 * k % 23) for k in range(331)], "sequences")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_memory_of_a_training_step_does_not_grow_with_the_number_of_steps(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = ragged_data()
    model = build_model(ModelConfig(hidden_size=24, embedding_size=6, num_layers=2, dropout=0.1), dataset)
    training = TrainingConfig(batch_size=9, epochs=1000)
    trainer = Trainer(model, dataset, training, workers=workers)  # type: ignore[arg-type]
    monkeypatch.setattr(trainer.validation_plan, "includes", lambda step: False)  # it is not what is measured
    tracemalloc.start()
    try:
        for _ in islice(trainer, _STEPS):  # modules are imported, scratch memory grows to the largest batch
            pass
        peaks = []
        for steps in (_STEPS, 2 * _STEPS):
            tracemalloc.reset_peak()
            for _ in islice(trainer, steps):
                pass
            gc.collect()
            peaks.append(tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
    (kept, peak), (kept_later, peak_later) = peaks
    assert kept_later < kept + _TOLERANCE_BYTES
    assert peak_later < 1.5 * peak  # a batch larger than all before may come later, for which scratch memory grows
