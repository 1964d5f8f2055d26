"""Networks come back from PyTorch: exported folders with what they have learned there, and the weights of others."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import engine
from engine.cells import CELLS
from tests.engine.small import Case, exported_cases, small_training, text_cases

CELL = Case("many-to-one", "labelled", "gru", {"embedding_size": 3, "bidirectional": True})
CASES = [case for case in text_cases(exported_cases()) if CELLS[case.cell].torch is not None][::3]
CASES += [
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": spelling, "read_out": "crf"})
    for spelling in ("characters", "both")
]
CASES.append(Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "neighbours": True}))


def exported(case: Case, folder: Path) -> engine.Trainer:
    """A network that has taken a step, in a folder."""
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training())
    next(trainer)
    engine.export_pytorch(trainer.model, folder, engine.Run.of(trainer), case.dataset)
    return trainer


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_network_comes_back_as_it_was(tmp_path: Path, case: Case) -> None:
    trainer = exported(case, tmp_path)
    assert engine.is_run(tmp_path)
    run = engine.import_pytorch(tmp_path)
    assert (run.snapshot.weights == trainer.model.parameters.flat).all()
    assert run.snapshot.config == trainer.model.config
    assert run.snapshot.codec == engine.Codec.from_json(case.dataset.codec.to_json())
    assert (run.training, run.progress.step, run.path) == (trainer.training, 1, None)
    engine.trace(run.snapshot.model(), case.dataset.train[0].source)


def test_it_trains_on_with_its_data_and_can_be_saved(tmp_path: Path) -> None:
    trainer = exported(CELL, tmp_path / "folder")
    run = engine.open_run(tmp_path / "folder")
    with pytest.raises(engine.StorageError, match="needs the data"):
        run.trainer()
    again = run.trainer(CELL.dataset)
    assert again.step == trainer.step
    assert next(again).step == 2
    engine.save_run(tmp_path / "saved.unroll", again)
    assert engine.open_run(tmp_path / "saved.unroll").progress.step == 2


def test_a_time_budget_goes_on_with_the_pace_of_the_steps_taken_here(tmp_path: Path) -> None:
    training = small_training(minutes=0.5, epochs=1000)  # 30 seconds
    trainer = engine.Trainer(CELL.model("float32"), CELL.dataset, training)
    for _ in range(40):
        next(trainer)
    engine.export_pytorch(trainer.model, tmp_path / "folder", engine.Run.of(trainer), CELL.dataset)
    run = engine.open_run(tmp_path / "folder")
    seconds = count(0, 0.1)  # asked three times a step: 0.2 s
    again = engine.Trainer(CELL.model("float32"), CELL.dataset, run.training, clock=lambda: next(seconds))
    again.continue_from(run.progress, run.moments, None)
    next(again)
    assert again.steps_total == 40 + 30 / 0.2
    engine.save_run(tmp_path / "saved.unroll", again)
    assert engine.open_run(tmp_path / "saved.unroll").progress.untimed_steps == 40


def test_a_file_of_weights_in_a_folder_is_opened_too(tmp_path: Path) -> None:
    trainer = exported(CELL, tmp_path)
    weights = load_file(tmp_path / "weights.safetensors")
    checkpoint = {f"weights.{name}": array * 2 for name, array in weights.items()} | {"progress": np.zeros(8)}
    save_file(checkpoint, tmp_path / "checkpoint.safetensors", {"step": "70"})
    opened = engine.open_run(tmp_path / "checkpoint.safetensors")
    assert opened.progress.step == opened.snapshot.step == 70
    assert opened.progress.finished
    assert opened.training.epochs == math.ceil(70 / trainer.steps_per_epoch)
    assert opened.snapshot.weights == pytest.approx(trainer.model.parameters.flat * 2)


def test_a_folder_without_data_can_be_used_but_not_trained(tmp_path: Path) -> None:
    engine.export_pytorch(CELL.model("float32"), tmp_path)
    run = engine.open_run(tmp_path)
    assert set(run.snapshot.model().classify("abc")) == set("xyz")
    for dataset in (None, CELL.dataset):
        with pytest.raises(engine.StorageError, match="data of this network is unknown"):
            run.trainer(dataset)


# ---- what is refused


def test_tensors_that_do_not_fit_are_refused_by_name(tmp_path: Path) -> None:
    exported(CELL, tmp_path)
    path = tmp_path / "weights.safetensors"
    good = load_file(path)

    def refused(tensors: dict[str, Any]) -> str:
        save_file(tensors, path)
        with pytest.raises(engine.StorageError) as caught:
            engine.open_run(tmp_path)
        assert str(path) in str(caught.value)
        return str(caught.value)

    name = "reader.recurrent.weight_ih_l0"
    assert "output.bias is missing" in refused({k: v for k, v in good.items() if k != "output.bias"})
    assert f"{name} has the shape (15, 4); expected (15, 3)" in refused(good | {name: np.zeros((15, 4), np.float32)})
    assert "that config.json describes has no tensor extra" in refused(good | {"extra": np.zeros(1, np.float32)})
    assert "type I64; expected one of F16, F32, F64" in refused(good | {"output.bias": np.zeros(3, np.int64)})
    assert "output.bias holds values that are not finite" in refused(
        good | {"output.bias": np.full(3, math.nan, np.float32)}
    )
    assert "output.bias holds 3e+38; expected weights up to 1e+12" in refused(
        good | {"output.bias": np.full(3, -3e38, np.float32)}
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"\xff" * 7 + b"\x7f{", "damaged"),
        ((99_000_000).to_bytes(8, "little") + b"{}", "damaged"),
        (b"PK\x03\x04 a pickle", "damaged"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    exported(CELL, tmp_path)
    (tmp_path / "weights.safetensors").write_bytes(content)
    with pytest.raises(engine.StorageError, match=said):
        engine.open_run(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.pop("unroll"), "unroll is missing"),
        (lambda c: c["unroll"].update(version=2), "newer Unroll"),
        (lambda c: c["unroll"]["model"].update(cell="lstm"), "has the shape"),
        (lambda c: c["unroll"]["model"].update(hidden_size=10**9), "hidden_size"),
        (lambda c: c["unroll"].update(kind="stream"), "many to one needs"),
        (lambda c: c["unroll"].update(longest=-1), "longest is not a whole number"),
        (lambda c: c["training"].update(epochs="many"), "epochs"),
        (lambda c: c["text"].update(reads=5), "reads is not a string"),
        (lambda c: c["unroll"].update(data=[]), "data is not an object"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    exported(CELL, tmp_path)
    path = tmp_path / "config.json"
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config))
    with pytest.raises(engine.StorageError, match=f"(?i){said}"):
        engine.open_run(tmp_path)


def test_json_that_is_none_is_refused(tmp_path: Path) -> None:
    exported(CELL, tmp_path)
    for name in ("vocabulary.json", "config.json"):
        for content in ("", "[" * 100_000, "[]", '"', "\x00", "null"):
            (tmp_path / name).write_text(content)
            with pytest.raises(engine.StorageError, match=name.replace("vocabulary", "(config|vocabulary)")):
                engine.open_run(tmp_path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    exported(CELL, folder)
    return folder


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["config.json", "vocabulary.json", "weights.safetensors"]),
    place=st.floats(0, 1),
    new=st.binary(max_size=6),
    cut=st.booleans(),
)
def test_whatever_is_in_a_folder_it_opens_or_is_refused_in_words(
    sound: Path, tmp_path_factory: pytest.TempPathFactory, name: str, place: float, new: bytes, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("fuzzed") / "folder"
    shutil.copytree(sound, folder)
    content = (folder / name).read_bytes()
    at = int(place * len(content))
    (folder / name).write_bytes(content[:at] + new + (b"" if cut else content[at + len(new) :]))
    try:
        run = engine.open_run(folder)
    except engine.StorageError:
        return
    with np.errstate(all="ignore"):
        assert run.snapshot.model().classify("abc")


def test_a_description_of_weights_that_is_no_object_is_refused(tmp_path: Path) -> None:
    save_file({"x": np.zeros(1, np.float32)}, tmp_path / "x.safetensors")
    (tmp_path / "x.json").write_text("null")
    with pytest.raises(engine.StorageError, match=r"x\.json: this network cannot be used"):
        engine.import_pytorch(tmp_path / "x.safetensors")
