"""What onnxruntime computes from an exported file is what the engine computes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.cells import CELLS
from engine.models import Carry, EncoderDecoder, OneToMany
from engine.models.next_symbol import NextSymbol
from engine.network.packing import Packing
from engine.types import FloatArray, IntArray
from tests.engine.small import Case, batch_of, exported_cases, text_cases

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

TOLERANCE = 1e-5
WITH_OPERATOR = [name for name, cell in CELLS.items() if cell.onnx is not None]
EXPORTED = [case for case in exported_cases() if case.cell in WITH_OPERATOR]
CASES = text_cases(EXPORTED) + [
    Case("many-to-many", "tagged", cell, {"embedding_size": 4, "spelling": spelling})
    for cell, spelling in (("lstm", "affixes"), ("gru", "characters"))
]
CASES += [Case("many-to-one", "labelled", "gru", {"word_counts": True}, large=large) for large in (False, True)]
CASES += [
    Case(architecture, kind, "lstm", {"embedding_size": 4, "neighbours": True, "spelling": spelling}, large=large)
    for architecture, kind, spelling in (
        ("many-to-many", "tagged", "affixes"),
        ("many-to-one", "labelled", "none"),
        ("encoder-decoder", "pairs", "none"),
    )
    for large in (False, True)
]


def session_of(model: engine.Model, path: Path) -> Any:
    engine.export_onnx(model, path)
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def padded(rows: list[IntArray]) -> IntArray:
    """(B, T), filled up with an id that would be noticed."""
    table = np.full((len(rows), max(len(row) for row in rows)), 2, np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    return table


def by_sequence(packing: Packing, rows: FloatArray) -> list[FloatArray]:
    """(K, N) in row order → (T, K) for each sequence in the caller's order."""
    found = {int(packing.order[b]): rows[:, packing.rows_of(b)].T for b in range(packing.batch)}
    return [found[b] for b in range(packing.batch)]


def answers(model: engine.Model, examples: engine.Examples) -> list[FloatArray]:
    """Logits of the engine, (T, K) or (1, K) for each example."""
    model.work.reset()
    done = model.forward(examples, None, Carry() if model.codec.kind == "stream" else None)
    if done.logits.shape[1] == done.packing.batch:  # one answer for each text
        return [row[None] for row in done.packing.unsort(done.logits.T)]
    return by_sequence(done.packing, done.logits)


def feed(model: engine.Model, examples: engine.Examples) -> dict[str, Any]:
    """The same examples as inputs of the exported file."""
    source = [row.astype(np.int64) for row in (examples.source[k] for k in range(len(examples)))]
    lengths = np.array([len(row) for row in source])
    if isinstance(model, EncoderDecoder):
        target = [np.concatenate(([model.start_id], examples.target[k])) for k in range(len(examples))]
        return {"source": padded(source), "source_lengths": lengths, "target": padded(target)}
    if not isinstance(model, NextSymbol):
        return {"ids": padded(source), "lengths": lengths}
    starts = model.starts(examples)
    rows = [row[:-1] for row in source]
    if starts is not None:
        rows = [np.concatenate(([start], row)) for start, row in zip(starts, source, strict=True)]
    if not model.remembers:
        return {"ids": padded(rows)}
    shape = (model.config.num_layers, len(rows), model.config.hidden_size)
    states = model.network.recurrent.layers[0][0].cell.states
    zeros = {f"state_{state.name}": np.zeros(shape, np.float32) for state in states}
    return {"ids": padded(rows), "lengths": np.array([len(row) for row in rows]), **zeros}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_network_computes_the_same_in_onnxruntime(tmp_path: Path, case: Case) -> None:
    model = case.model("float32")
    examples = batch_of(case.dataset, 6)
    inputs = feed(model, examples)
    session = session_of(model, tmp_path / "model.onnx")
    names = [output.name for output in session.get_outputs()]
    results = dict(zip(names, session.run(None, inputs), strict=True))
    expected = answers(model, examples)
    for k, logits in enumerate(expected):
        found = results["logits"][k]
        found = found[None] if found.ndim == 1 else found[: len(logits)]
        assert found.shape == logits.shape
        assert np.abs(found - logits).max() < TOLERANCE
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        sums = exponentials.sum(axis=1, keepdims=True)
        probabilities = results["probabilities"][k].reshape(-1, logits.shape[1])[: len(logits)]
        assert np.abs(probabilities - exponentials / sums).max() < TOLERANCE


NUMBERS = [case for case in EXPORTED if case not in CASES]
NUMBERS += [Case("many-to-many", "series", "gru", {"lag": lag, "embedding_size": 3}) for lag in (1, 3)]
NUMBERS.append(Case("many-to-many", "series", "lstm", {"number_loss": "squared"}))


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_numbers_go_in_and_come_out_in_their_own_units(tmp_path: Path, case: Case) -> None:
    model = case.model("float32")
    session = session_of(model, tmp_path / "model.onnx")
    names = [output.name for output in session.get_outputs()]
    examples = case.dataset.train[:4]
    if case.kind == "series":
        examples = engine.Examples.of(model.codec, [(one.source[:9], one.source[1:9]) for one in examples])
    sources = [one.source for one in examples]
    lengths = np.array([len(source) for source in sources])
    if case.kind == "rated":
        inputs = {"ids": padded([examples.source[k].astype(np.int64) for k in range(4)]), "lengths": lengths}
    else:
        values = np.full((4, lengths.max(), 2), 9.0)
        for row, source in zip(values, sources, strict=True):
            row[: len(source)] = source
        inputs = {"values": values, "lengths": lengths}
    found = dict(zip(names, session.run(None, inputs), strict=True))
    model.work.reset()
    done = model.forward(examples, None, None)
    if case.kind == "labelled-series":
        assert np.abs(found["logits"] - np.stack(answers(model, examples))[:, 0]).max() < TOLERANCE
        return
    expected = model.numbers_of(done)
    assert expected is not None
    assert ("deviation" in found) == (model.config.number_loss == "gaussian")
    for name, numbers in zip(("mean", "deviation"), expected, strict=True):
        if name in found:
            rows = by_sequence(done.packing, numbers.T) if case.kind == "series" else done.packing.unsort(numbers)
            for row, wanted in zip(found[name], rows, strict=True):
                assert np.abs(row[: len(wanted)] - wanted).max() < TOLERANCE


def test_an_exported_network_forecasts_as_the_engine_does(tmp_path: Path) -> None:
    model = Case("many-to-many", "series", "gru", {"lag": 2}).model("float32")
    values = Case("many-to-many", "series", "gru").dataset.train[3].source
    inputs = {"values": values[None], "lengths": np.array([len(values)])}
    mean, deviation = session_of(model, tmp_path / "model.onnx").run(["mean", "deviation"], inputs)
    forecast = model.forecast(values, steps=1)
    np.testing.assert_allclose(mean[0, -1], forecast.mean[0], rtol=1e-6)
    np.testing.assert_allclose(deviation[0, -1], forecast.deviation[0], rtol=1e-6)


@pytest.mark.parametrize("cell", WITH_OPERATOR)
def test_a_text_written_step_by_step_with_the_states_is_the_engines(tmp_path: Path, cell: str) -> None:
    model = Case("one-to-many", "labelled", cell, {"num_layers": 2}).model("float32")
    assert isinstance(model, OneToMany)
    session = session_of(model, tmp_path / "model.onnx")
    metadata = {k: json.loads(v) for k, v in session.get_modelmeta().custom_metadata_map.items()}
    (expected,) = model.generate(label="y", temperature=0, length=12)
    names = [name.name.removeprefix("state_") for name in session.get_inputs()[2:]]
    states = {name: np.zeros((2, 1, model.config.hidden_size), np.float32) for name in names}
    symbol, written = metadata["start_ids"]["y"], []
    for _ in range(12):
        inputs = {"ids": np.array([[symbol]]), "lengths": np.array([1])}
        wanted = ["logits", *(f"last_state_{name}" for name in names)]
        logits, *last = session.run(wanted, inputs | {f"state_{name}": state for name, state in states.items()})
        states = dict(zip(names, last, strict=True))
        logits[0, 0, metadata["unknown_id"]] = -np.inf
        symbol = int(logits[0, 0].argmax())
        if symbol == metadata["end_id"]:
            break
        written.append(metadata["source_symbols"][symbol])
    assert tuple(written) == expected.tokens


@pytest.mark.parametrize("architecture", ["many-to-one", "one-to-one"])
def test_an_empty_text_and_one_longer_than_all_data_are_classified_alike(tmp_path: Path, architecture: str) -> None:
    model = Case(architecture, "labelled", "rnn").model("float32")
    session = session_of(model, tmp_path / "model.onnx")
    texts = ["", "abc" * 10, "a"]
    rows = [model.codec.encode(text).astype(np.int64) for text in texts]
    inputs = {"ids": padded(rows), "lengths": np.array([len(row) for row in rows])}
    (found,) = session.run(["probabilities"], inputs)
    assert model.codec.target is not None
    for text, row in zip(texts, found, strict=True):
        expected = model.classify(text)
        assert [expected[label] for label in model.codec.target.symbols] == pytest.approx(row.tolist(), abs=TOLERANCE)


def test_attention_is_handed_out(tmp_path: Path) -> None:
    model = Case("encoder-decoder", "pairs", "gru", {"attention": True}).model("float32")
    session = session_of(model, tmp_path / "model.onnx")
    best = model.translate("abcab", beam_size=1)[0]
    assert best.attention is not None
    assert isinstance(model, EncoderDecoder)
    assert model.codec.target is not None
    source = model.codec.encode("abcab").astype(np.int64)
    target = np.concatenate(([model.start_id], model.codec.target.encode(best.tokens)))[None]
    inputs = {"source": source[None], "source_lengths": np.array([len(source)]), "target": target.astype(np.int64)}
    (attention,) = session.run(["attention"], inputs)
    assert attention.shape[2] == len(source) + 1
    assert np.abs(attention[0, : len(best.attention)] - best.attention[: attention.shape[1]]).max() < TOLERANCE


def test_without_the_package_the_line_that_installs_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Case("one-to-many", "sequences", "gru").model("float32")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(engine.StorageError, match="pip install"):
        engine.export_onnx(model, tmp_path / "model.onnx")


@pytest.mark.parametrize("cell", CELLS.keys() - WITH_OPERATOR)
def test_a_cell_that_onnx_does_not_have_is_refused_in_words(tmp_path: Path, cell: str) -> None:
    model = Case("many-to-one", "labelled", cell).model("float32")
    with pytest.raises(engine.StorageError, match=f"no operator for the {CELLS[cell].title}"):
        engine.export_onnx(model, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()
