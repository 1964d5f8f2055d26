"""A network that was trained on in PyTorch, or by somebody else, is opened in the window like a run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from safetensors.numpy import load_file, save_file

import engine
from tests.gui.conftest import Person
from tests.gui.saving.saving import CONTROL, choose, keys, said, trained


def exported(person: Person, folder: Path) -> engine.Snapshot:
    """The network as a folder; it is gone from the window."""
    kept = trained(person, 2)
    found: list[engine.Run | None] = []
    person.session.run.capture(found.append)
    person.wait_until(lambda: bool(found))
    assert found[0] is not None
    engine.export_pytorch(kept.model(), folder, found[0], person.session.data.dataset)
    person.press(Qt.Key.Key_R)
    person.wait_ready()
    return kept


def test_a_folder_that_is_dropped_comes_back_and_trains_on(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "grown"
    kept = exported(person, folder)
    weights = {name: array * 1.5 for name, array in load_file(folder / "weights.safetensors").items()}
    save_file(weights, folder / "weights.safetensors", {"step": "40"})
    person.drop(folder)
    person.wait_until(lambda: person.session.run.progress.step == 40)
    person.wait_ready()
    shown = person.session.run.snapshot
    assert shown is not None
    assert (shown.weights == np.float32(1.5) * kept.weights).all()
    assert said(person) == "Opened “grown” at step 40."
    keys(person, Qt.Key.Key_S, CONTROL)
    dialog = person.find(QFileDialog, "save-dialog")
    assert dialog.isVisible(), "no file of PyTorch's is overwritten with a run"
    dialog.close()
    person.press(Qt.Key.Key_S)
    person.wait_steps(41)


def test_weights_of_others_are_shown_and_answer_but_do_not_train(person: Person, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    shapes = {"emb.weight": (3, 2), "rnn.weight_ih_l0": (16, 2), "rnn.weight_hh_l0": (16, 4), "fc.weight": (2, 4)}
    path = tmp_path / "theirs.safetensors"
    save_file({name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}, path)
    description = {
        "architecture": "many-to-one",
        "layer": "LSTM",
        "source": ["good", "bad", "film"],
        "target": ["yes", "no"],
    }
    path.with_suffix(".json").write_text(json.dumps(description))
    person.drop(path)
    person.wait_until(lambda: "theirs" in said(person) and "Opening" not in said(person))
    person.wait_ready()
    assert "You can use it. The training data of this network is unknown" in said(person)
    person.press(Qt.Key.Key_Space)
    assert person.session.run.status != "running"
    assert "network is unknown" in said(person)
    shown = person.session.run.snapshot
    assert shown is not None
    assert set(shown.model().classify("good film")) == {"yes", "no"}
    person.find(QAction, "export-pytorch").trigger()
    choose(person, "export-dialog", tmp_path / "ours")
    person.wait_until(lambda: "Saved “ours”" in said(person))
    assert said(person).endswith("It has no train.py, because that needs the data of the run.")
    again = engine.open_run(tmp_path / "ours").snapshot
    assert (again.weights == shown.weights).all()


def test_a_read_out_that_is_tied_no_more_in_the_folder_is_told_of(person: Person, tmp_path: Path) -> None:
    person.session.set_model(embedding_size=8, tied=True)
    person.wait_ready()
    kept = trained(person, 1)
    person.find(QAction, "export-pytorch").trigger()
    choose(person, "export-dialog", tmp_path / "ours")
    person.wait_until(lambda: "Saved “ours”" in said(person))
    assert "Its read-out has weights of its own instead of those of the embedding" in said(person)
    assert engine.open_run(tmp_path / "ours").snapshot.weights.size > kept.weights.size


def test_weights_that_do_not_fit_give_a_notice_and_the_run_at_hand_stays(person: Person, tmp_path: Path) -> None:
    exported(person, tmp_path / "grown")
    path = tmp_path / "grown" / "weights.safetensors"
    save_file(load_file(path) | {"output.bias": np.zeros(2, np.float32)}, path)
    number = person.session.run.number
    person.drop(tmp_path / "grown")
    person.wait_until(lambda: "output.bias has the shape (2,)" in said(person))
    assert person.session.run.number == number
