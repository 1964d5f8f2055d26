"""Two halves of a batch give what the whole gives."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import psutil
import pytest
from threadpoolctl import ThreadpoolController

from engine.cells import CELLS
from engine.config import TrainingConfig
from engine.errors import ConfigError
from engine.models import Carry
from engine.network.states import StackStates
from engine.processes.half_batch import Half
from engine.processes.split_batch import Workers
from engine.training.trainer import Trainer
from tests.engine.small import Case, batch_of, few_cases

ROOT = Path(__file__).parents[3]


def blas_threads() -> list[int]:
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    return [library.get_num_threads() for library in libraries]


def losses(case: Case, workers: Any, steps: int = 6, dtype: str = "float32") -> list[float]:
    training = TrainingConfig(batch_size=7, window=6, epochs=20)
    return [u.loss for u in islice(Trainer(case.model(dtype), case.dataset, training, workers=workers), steps)]


FEW = [case for case in few_cases() if case.kind != "stream" or case.cell == "lstm"]  # the others: the next test


@pytest.mark.parametrize("case", FEW, ids=str)
def test_two_halves_give_the_loss_and_the_gradient_of_the_whole_batch(case: Case) -> None:
    whole, halved = case.model(), case.model()
    batch = batch_of(case.dataset)
    expected, predicted = whole.mean_loss_and_count(batch, None, None, 1.0)
    loss, count = Workers(halved, 2).loss_and_gradient(batch, None, None, 1.0)
    assert loss == pytest.approx(expected, rel=1e-12)
    assert count == predicted
    np.testing.assert_allclose(halved.gradients.flat, whole.gradients.flat, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_the_state_of_a_running_text_goes_on_through_both_halves(cell: str) -> None:
    case = Case("one-to-many", "stream", cell, {"num_layers": 2})
    whole, halved = case.model(), case.model()
    workers, one, two = Workers(halved, 2), Carry(), Carry()
    for _ in range(3):
        batch = batch_of(case.dataset)
        expected = whole.loss_and_gradient(batch, None, one)
        assert workers.loss_and_gradient(batch, None, two, 1.0)[0] == pytest.approx(expected, rel=1e-12)
        np.testing.assert_allclose(halved.gradients.flat, whole.gradients.flat, rtol=1e-9, atol=1e-14)
    assert one.states is not None
    assert two.states is not None
    for layer, other in zip(one.states, two.states, strict=True):
        np.testing.assert_allclose(np.array(layer), np.array(other), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("changes", [{}, {"dropout": 0.3, "num_layers": 2}], ids=["plain", "dropout"])
def test_the_same_number_of_workers_gives_the_same_run_bit_for_bit(changes: dict[str, Any]) -> None:
    case = Case("one-to-many", "labelled", "lstm", changes)
    assert losses(case, 2) == losses(case, 2)


def test_a_batch_of_one_example_is_not_split() -> None:
    case = Case("many-to-one", "labelled", "gru")
    model = case.model()
    batch = case.dataset.train[:1]
    assert Workers(model, 2).loss_and_gradient(batch, None, None, 1.0)[0] == case.model().loss_and_gradient(batch)


@pytest.mark.parametrize("count", [1, 2])
def test_blas_has_its_threads_back_after_a_step(count: Literal[1, 2]) -> None:
    case = Case("many-to-one", "labelled", "rnn")
    before = blas_threads()
    Workers(case.model(), count).loss_and_gradient(batch_of(case.dataset), None, None, 1.0)
    assert blas_threads() == before


def test_measuring_changes_neither_weights_nor_the_carried_state(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    case = Case("one-to-many", "stream", "lstm")
    assert losses(case, "auto", dtype="float64") == pytest.approx(losses(case, 1, dtype="float64"), rel=1e-10)


def test_when_the_other_process_is_gone_the_training_says_so_and_the_next_step_has_a_new_one() -> None:
    case = Case("many-to-one", "labelled", "gru")
    workers, batch = Workers(case.model(), 2), batch_of(case.dataset)
    loss = workers.loss_and_gradient(batch, None, None, 1.0)
    (other,) = [one for one in psutil.Process().children() if "half_batch" in " ".join(one.cmdline())]
    other.kill()
    with pytest.raises(RuntimeError, match="Train with one worker"):
        workers.loss_and_gradient(batch, None, None, 1.0)
    assert workers.loss_and_gradient(batch, None, None, 1.0) == loss


def test_a_moved_weight_is_seen_by_the_other_half_without_being_sent() -> None:
    case = Case("many-to-one", "labelled", "rnn")
    model, moved = case.model(), case.model()
    batch = batch_of(case.dataset)
    half = Half(model, {})
    np.testing.assert_array_equal(model.parameters.flat, moved.parameters.flat)
    model.parameters.flat += 0.5
    moved.parameters.flat += 0.5
    half.begin(batch, None, None, 1.0)
    assert half.finish().loss == moved.mean_loss_and_count(batch, None, None, 1.0)[0]
    np.testing.assert_array_equal(half.gradient, moved.gradients.flat)
    half.close()
    model.parameters.flat += 0.5  # the weights outlive the other process
    assert model.mean_loss_and_count(batch, None, None, 1.0)[0] != moved.mean_loss_and_count(batch, None, None, 1.0)[0]


def test_an_error_in_the_other_half_is_raised_in_the_training() -> None:
    case = Case("one-to-many", "stream", "lstm")
    model = case.model()
    half = Half(model, {})
    half.begin(batch_of(case.dataset), None, Carry(StackStates([[[np.zeros((99, 3))] * 2]])), 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        half.finish()
    half.close()


def test_the_other_process_ends_with_the_one_who_needed_it() -> None:
    half = Half(Case("many-to-one", "labelled", "rnn").model(), {})
    identity = half.process_id
    os.kill(identity, 0)
    del half
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)


def test_a_plain_script_can_train_with_two_workers() -> None:
    script = """
import engine
dataset = engine.load_sample("names")
model = engine.build_model(engine.ModelConfig(hidden_size=8), dataset, seed=0)
trainer = engine.Trainer(model, dataset, engine.TrainingConfig(), workers=2)
print(*(update.step for update, _ in zip(trainer, range(3))))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["1", "2", "3"], "")


def test_without_shared_memory_auto_leaves_the_second_process_out_and_two_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("engine.processes.shared_memory.LINUX_FOLDER", tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100))
    case = Case("many-to-one", "labelled", "gru")
    workers, batch = Workers(case.model(), "auto"), batch_of(case.dataset)
    workers.loss_and_gradient(batch, None, None, 1.0)
    assert workers.count == 1
    with pytest.raises(RuntimeError, match=r"shared memory are needed.*Train with one worker"):
        Workers(case.model(), 2).loss_and_gradient(batch, None, None, 1.0)


@pytest.mark.parametrize("count", [0, 3, "two"])
def test_another_number_of_workers_is_refused(count: Any) -> None:
    with pytest.raises(ConfigError, match="workers is"):
        Workers(Case("many-to-one", "labelled", "rnn").model(), count)


def test_a_setting_of_the_user_is_left_alone() -> None:
    script = """
from tests.engine.small import Case, batch_of
from tests.engine.processes.test_split_batch import blas_threads
from engine.models import Model
from engine.processes.split_batch import Workers

case = Case("many-to-one", "labelled", "rnn")
seen = []
class Spy(type(case.model())):
    def mean_loss_and_count(self, *given):
        seen.extend(blas_threads())
        return super().mean_loss_and_count(*given)
model = case.model()
model.__class__ = Spy
Workers(model, 1).loss_and_gradient(batch_of(case.dataset), None, None, 1.0)
print(*seen)
"""
    expected = {"OPENBLAS_NUM_THREADS": ("2", 2), "": ("", 1)}
    for name, (value, threads) in expected.items():
        environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
        if name:
            environment[name] = value
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert {int(word) for word in done.stdout.split()} == {min(threads, os.cpu_count() or 1)}
