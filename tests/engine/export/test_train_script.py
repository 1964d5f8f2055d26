"""train.py of an exported folder trains the same network on the same examples as the engine, alone or in company."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import engine
from engine.runs.torch_tensors import tensors_of
from tests.engine.small import Case, small_training

torch = pytest.importorskip("torch")

Run = Callable[..., list[str]]
CLASSIFIER = Case("many-to-one", "labelled", "gru", {"embedding_size": 4})
SHAPES = [
    Case("one-to-one", "sequences", "rnn"),
    Case("one-to-one", "stream", "lstm"),
    Case("one-to-one", "labelled", "rnn"),
    Case("one-to-many", "sequences", "irnn"),
    Case("one-to-many", "stream", "gru", {"num_layers": 2}),
    Case("one-to-many", "labelled", "lstm"),
    CLASSIFIER,
    Case("many-to-one", "labelled", "lstm", {"pooling": "max", "bidirectional": True}),
    Case("many-to-many", "tagged", "lstm", {"read_out": "crf"}),
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": "both"}, large=True),
    Case("many-to-many", "tagged", "lstm", {"embedding_size": 4, "neighbours": True, "read_out": "crf"}),
    Case("encoder-decoder", "pairs", "lstm", {"attention": True, "bidirectional": True}),
]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small only wait for more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def trainer_of(case: Case, **changes: Any) -> engine.Trainer:
    return engine.Trainer(case.model("float32"), case.dataset, small_training(**changes))


def exported(trainer: engine.Trainer, folder: Path) -> Path:
    engine.export_pytorch(trainer.model, folder, engine.Run.of(trainer), trainer.dataset)
    return folder


@pytest.fixture
def train(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a folder's train.py and returns the lines that it prints."""

    def run(folder: Path, *options: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["train.py", *options])
        monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
        for name in ("model", "examples"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        runpy.run_path(str(folder / "train.py"), run_name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


def best_weights(folder: Path) -> dict[str, Any]:
    return load_file(folder / "weights.safetensors")


def last_weights(folder: Path) -> dict[str, Any]:
    tensors = load_file(folder / "checkpoint.safetensors")
    return {name.removeprefix("weights."): t for name, t in tensors.items() if name.startswith("weights.")}


@pytest.mark.parametrize("case", SHAPES, ids=str)
def test_the_first_evaluation_gives_the_loss_of_the_engine(tmp_path: Path, train: Run, case: Case) -> None:
    trainer = trainer_of(case, epochs=1, teacher_forcing=0.7)
    first, *_, last = train(exported(trainer, tmp_path))
    found = re.search(r"validation loss (\S+)", first)
    assert found is not None
    expected = engine.evaluate(trainer.model, trainer.dataset.validation).loss
    assert float(found[1]) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert last.startswith("best validation loss")
    assert (tmp_path / "trained" / "weights.safetensors").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": "sgd", "clip_norm": 0.05},
        {"optimizer": "momentum", "schedule": "step"},
        {"optimizer": "nesterov", "schedule": "cosine"},
        {"optimizer": "rmsprop", "schedule": "one-cycle"},
        {"optimizer": "adam", "schedule": "adaptive"},
        {"optimizer": "adamw", "weight_decay": 0.3, "clip_norm": 0.0},
        {"optimizer": "adamw", "weight_decay": 0.3, "sparse_rows": True},  # the row of unknown symbols keeps still
        {"optimizer": "adam", "learning_rate": 0.1, "schedule": "plateau", "epochs": 16},
        {"optimizer": "adam", "learning_rate": 0.1, "schedule": "adaptive", "epochs": 40, "patience": 3},
    ],
    ids=str,
)
def test_steps_are_those_of_the_engine(tmp_path: Path, train: Run, changes: dict[str, Any]) -> None:
    check_steps(CLASSIFIER, tmp_path, train, changes)


def test_steps_leave_the_text_they_learn_from_out_of_the_counted_words(tmp_path: Path, train: Run) -> None:
    case = Case("many-to-one", "labelled", "gru", {"embedding_size": 4, "word_counts": True})
    check_steps(case, tmp_path, train, {"optimizer": "adamw", "weight_decay": 0.3})


def check_steps(case: Case, tmp_path: Path, train: Run, changes: dict[str, Any]) -> None:
    """Train in the exported folder and here, and compare the weights."""
    trainer = trainer_of(case, **{"batch_size": 100, "epochs": 6} | changes)  # one batch: no order to differ in
    lines = train(exported(trainer, tmp_path))
    steps = [update.step for update in trainer]
    assert len(lines) == len(steps) + 2
    found = best_weights(tmp_path / "trained") if trainer.training.patience else last_weights(tmp_path / "trained")
    for tensor in tensors_of(trainer.model):
        assert np.abs(found[tensor.name] - tensor.of(trainer.model.parameters)).max() < 1e-3, tensor.name


def test_dropout_hidden_words_and_own_inputs_are_drawn(tmp_path: Path, train: Run) -> None:
    changes = {"embedding_size": 4, "dropout": 0.3, "word_dropout": 1.0}
    case = Case("encoder-decoder", "pairs", "lstm", changes)
    folder = exported(trainer_of(case, epochs=1, teacher_forcing=0.5), tmp_path / "drawn")
    plain = exported(trainer_of(case, epochs=1), tmp_path / "plain")
    assert train(folder)[0] == train(plain)[0]  # validation has none of it
    once, again = (train(folder, "--output", str(tmp_path / name)) for name in ("once", "again"))
    assert once[:-1] == again[:-1]
    drawn, without = last_weights(tmp_path / "again"), last_weights(plain / "trained")
    assert any(np.abs(drawn[name] - without[name]).max() > 1e-4 for name in drawn)


@pytest.mark.parametrize("case", [CLASSIFIER, Case("one-to-many", "labelled", "lstm", {"dropout": 0.3})], ids=str)
def test_training_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(tmp_path: Path, train: Run, case: Case) -> None:
    folder = exported(trainer_of(case), tmp_path / "folder")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    straight = train(folder, "--epochs", "3", "--output", str(whole))
    begun = train(folder, "--epochs", "1", "--output", str(parts))
    went_on = train(folder, "--epochs", "3", "--output", str(parts))
    assert went_on[0].startswith("goes on from")
    assert straight[:-1] == [straight[0], *begun[1:-1], *went_on[1:-1]]
    assert (whole / "weights.safetensors").read_bytes() == (parts / "weights.safetensors").read_bytes()
    assert not list(parts.glob(".*"))


def test_a_training_that_diverges_says_so_and_keeps_the_best_weights(tmp_path: Path, train: Run) -> None:
    folder = exported(trainer_of(CLASSIFIER, optimizer="sgd", learning_rate=10.0, clip_norm=0.0), tmp_path)
    weights = (folder / "weights.safetensors").read_bytes()
    path = folder / "config.json"
    path.write_text(path.read_text().replace('"learning_rate": 10.0', '"learning_rate": 1e38'))
    with pytest.raises(SystemExit, match="diverged"):
        train(folder)
    kept = (folder / "trained" / "weights.safetensors").read_bytes()
    assert len(kept) == len(weights)


def test_examples_of_other_data_are_refused(tmp_path: Path, train: Run) -> None:
    folder = exported(trainer_of(CLASSIFIER), tmp_path / "one")
    other = exported(trainer_of(SHAPES[0]), tmp_path / "other")
    shutil.copy(other / "data.safetensors", folder)
    with pytest.raises(SystemExit, match="other examples"):
        train(folder)


def test_a_folder_without_data_has_nothing_to_train_on(tmp_path: Path) -> None:
    engine.export_pytorch(CLASSIFIER.model("float32"), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "classify.py", "config.json", "model.py", "vocabulary.json", "weights.safetensors"
    }  # fmt: skip


def test_the_trained_folder_answers_and_its_files_are_as_readable_as_others(tmp_path: Path, train: Run) -> None:
    folder = exported(trainer_of(CLASSIFIER, epochs=1), tmp_path)
    train(folder)
    modes = {path.stat().st_mode for path in folder.glob("*.safetensors")}
    assert {path.stat().st_mode for path in (folder / "trained").glob("*.safetensors")} == modes
    module = runpy.run_path(str(folder / "trained" / "model.py"))
    assert set(module["load"](folder / "trained").classify("abc")) == set("xyz")


@pytest.mark.parametrize("case", SHAPES, ids=str)
def test_what_was_learned_there_comes_back(tmp_path: Path, train: Run, case: Case) -> None:
    trainer = trainer_of(case, epochs=2)
    folder = exported(trainer, tmp_path)
    path = folder / "weights.safetensors"
    noisy = {name: array + np.random.default_rng(1).normal(0, 0.1, array.shape).astype("f") for name, array in
             load_file(path).items()}  # fmt: skip
    save_file(noisy, path, {"step": "7"})  # also the biases that Unroll does not have
    lines = train(folder)
    best = re.search(r"best validation loss (\S+) at step (\d+)", lines[-1])
    assert best is not None
    run = engine.open_run(folder / "trained")
    assert run.progress.step == 7 + int(best[2])
    model = run.snapshot.model()
    network = runpy.run_path(str(folder / "trained" / "model.py"))["load"](folder / "trained")
    assert engine.evaluate(model, case.dataset.validation).loss == pytest.approx(float(best[1]), abs=1e-5)
    text = list(case.dataset.train[0].source)
    if model.verb in ("classify", "predict"):
        found, expected = getattr(network, model.verb)(text), getattr(model, model.verb)(text)
        assert all(abs(found[name] - expected[name]) < 1e-5 for name in expected)
    run.trainer(case.dataset)


@pytest.mark.slow
@pytest.mark.parametrize("case", [CLASSIFIER, SHAPES[4], SHAPES[10]], ids=str)
def test_two_processes_take_the_step_of_one(tmp_path: Path, train: Run, case: Case) -> None:
    # With plain descent at rate 1 and one step the weights move by just the gradient. The batch cannot be halved.
    settings: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 1.0, "clip_norm": 0.0, "epochs": 1}
    folder = exported(trainer_of(case, batch_size=35, window=64, **settings), tmp_path / "folder")
    train(folder, "--output", str(tmp_path / "one"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    common = os.environ | {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(folder / "train.py"), "--device", "cpu", "--output", str(tmp_path / "two")]
    both = [
        subprocess.Popen(
            command, env=common | {"RANK": str(k), "LOCAL_RANK": str(k)}, stderr=subprocess.PIPE, text=True
        )
        for k in range(2)
    ]
    assert [(process.communicate(timeout=120)[1], process.returncode) for process in both] == [("", 0), ("", 0)]
    one, two = last_weights(tmp_path / "one"), last_weights(tmp_path / "two")
    assert max(float(np.abs(one[name] - two[name]).max()) for name in one) < 1e-6
