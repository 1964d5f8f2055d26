"""The engine's face: the names that scripts use, with the meanings they rely on."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

import engine
from tests.engine.small import data

FACE = {
    "SAMPLES",
    "ModelConfig",
    "Trainer",
    "TrainingConfig",
    "build_model",
    "evaluate",
    "export_onnx",
    "export_pytorch",
    "gradient_flow",
    "load_dataset",
    "load_run",
    "load_sample",
    "memory",
    "save_run",
    "trace",
}


def names_file(folder: Path) -> Path:
    path = folder / "names.csv"
    path.write_text("name,label\n" + "".join(f"anna{k},f\nbert{k},m\n" for k in range(20)), "utf-8")
    return path


def small_model(architecture: str, dataset: engine.Dataset) -> engine.Model:
    return engine.build_model(engine.ModelConfig(architecture=architecture, hidden_size=4), dataset, seed=0)


def test_the_face_has_every_name_and_each_is_there() -> None:
    assert set(engine.__all__) >= FACE
    assert [name for name in engine.__all__ if not hasattr(engine, name)] == []


def test_data_come_from_a_file_or_a_sample(tmp_path: Path) -> None:
    path = names_file(tmp_path)
    dataset = engine.load_dataset(path)
    assert dataset.kind == "labelled"
    chosen = engine.load_dataset(
        path, kind="labelled", unit="character", columns={"source": "name", "target": "label"}, validation=0.1, seed=3
    )
    assert len(chosen.train) + len(chosen.validation) == 40
    example = chosen.train[0]
    assert all(isinstance(symbol, str) for symbol in (*example.source, *example.target))
    assert "names" in engine.SAMPLES
    assert engine.load_sample("names").kind == "labelled"


def test_a_model_trains_and_a_saved_run_continues_bit_for_bit(tmp_path: Path) -> None:
    dataset = engine.load_dataset(names_file(tmp_path))
    config = engine.ModelConfig(
        architecture="one-to-many",
        cell="lstm",
        hidden_size=4,
        num_layers=1,
        embedding_size=0,
        bidirectional=False,
        attention=False,
        dropout=0.0,
    )
    model = engine.build_model(config, dataset, seed=0)
    loss = model.loss_and_gradient(dataset.train[:5])
    for name in model.parameters:
        assert np.shares_memory(model.parameters[name], model.parameters.flat)
        assert np.shares_memory(model.gradients[name], model.gradients.flat)
    assert loss == pytest.approx(np.log(len(dataset.codec.source)), rel=0.3)
    training = engine.TrainingConfig(
        optimizer="adam", learning_rate=3e-3, batch_size=8, epochs=2, clip_norm=1.0, teacher_forcing=1.0, seed=0
    )
    trainer = engine.Trainer(model, dataset, training)
    (update,) = islice(trainer, 1)
    assert (update.step, update.epoch, update.validation) == (1, 0, None)
    assert update.loss > 0
    assert update.gradient_norm > 0
    assert update.tokens > 0
    engine.save_run(tmp_path / "run.unroll", trainer)
    again = engine.load_run(tmp_path / "run.unroll")
    ours, theirs = list(trainer), list(again)
    assert [update.loss for update in ours] == [update.loss for update in theirs]
    assert ours[-1].validation is not None
    assert engine.evaluate(model, dataset.validation).loss == ours[-1].validation.loss


def test_every_architecture_answers_with_its_own_verb() -> None:
    writer = small_model("one-to-many", data("labelled"))
    written = writer.generate(count=3, label="x", prefix="ab", temperature=0.8, top_k=0, top_p=1.0, seed=0)
    assert len(written) == 3
    assert all(each.text.startswith("ab") and each.log_probability < 0 for each in written)
    labels = small_model("many-to-one", data("labelled")).classify("abc")
    assert labels.keys() == set("xyz")
    assert sum(labels.values()) == pytest.approx(1)
    tagger = small_model("many-to-many", data("tagged"))
    assert [tagged.token for tagged in tagger.tag("a b c")] == [tagged.token for tagged in tagger.tag(["a", "b", "c"])]
    assert all(tagged.tag in "AB" and 0.5 <= tagged.probability <= 1 for tagged in tagger.tag("a b c"))
    best, *_ = small_model("encoder-decoder", data("pairs")).translate("abc", beam_size=4)
    assert best.log_probability < 0
    assert best.attention is None
    assert sum(small_model("one-to-one", data("sequences")).predict("a").values()) == pytest.approx(1)
    assert small_model("one-to-one", data("labelled")).predict("a").keys() == set("xyz")


def test_a_model_is_inspected_and_given_away(tmp_path: Path) -> None:
    dataset = data("labelled")
    model = small_model("many-to-one", dataset)
    assert engine.trace(model, "abc").inputs == ("a", "b", "c")
    assert engine.gradient_flow(model, dataset.train[0]).norms.shape[-1] == len(dataset.train[0].source)
    assert float(np.sum(engine.memory(model, "abc").shares)) == pytest.approx(1)
    engine.export_pytorch(model, tmp_path / "folder")
    assert "def load(folder" in (tmp_path / "folder" / "model.py").read_text("utf-8")


def test_a_model_is_given_away_as_onnx(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    engine.export_onnx(small_model("many-to-one", data("labelled")), tmp_path / "model.onnx")
    assert (tmp_path / "model.onnx").stat().st_size > 0
