"""A new cell is one class and one registry line: the engine does the rest with it, untouched."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.cells import CELLS
from engine.inspection.cell_step import cell_step, terms
from tests.engine.cells import test_cells
from tests.engine.cells.throw_away_cell import Locker
from tests.engine.network import test_gradients
from tests.engine.reference import run
from tests.engine.small import Case, batch_of, data, small_training

NAME = "locker"
CASES = [
    Case("one-to-many", "sequences", NAME, {"num_layers": 2}),
    Case("one-to-many", "stream", NAME),
    Case("one-to-one", "sequences", NAME),
    Case("many-to-one", "labelled", NAME, {"bidirectional": True, "pooling": "max"}),
    Case("many-to-many", "tagged", NAME, {"embedding_size": 4}),
    Case("encoder-decoder", "pairs", NAME, {"bidirectional": True, "attention": True}),
]


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CELLS, NAME, Locker)


@pytest.mark.parametrize("lengths", test_cells.LENGTHS.values(), ids=test_cells.LENGTHS)
def test_its_kernels_are_held_against_its_equation(lengths: list[int]) -> None:
    test_cells.test_the_kernels_compute_the_equation(NAME, lengths)
    test_cells.test_the_backward_kernels_are_the_derivative_of_the_equation(NAME, lengths)
    test_cells.test_the_equations_define_every_gate_and_state_once_and_in_its_own_letters(NAME)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_its_gradient_is_checked_in_every_architecture(case: Case) -> None:
    test_gradients.check(case.model(), batch_of(case.dataset), case)


def test_it_is_a_choice_of_the_settings_and_starts_as_its_gates_say() -> None:
    choices = engine.ModelConfig.options()["cell"].choices
    assert choices is not None
    assert choices[NAME] == "Locker"
    config = engine.ModelConfig(architecture="many-to-one", cell=NAME, hidden_size=8)
    bias = engine.build_model(config, data("labelled")).parameters["network.0.bias"]
    np.testing.assert_array_equal(bias, np.array([[0.5], [0.0], [0.0]]) * np.ones(8))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_trained_saved_and_opened(tmp_path: Path, case: Case) -> None:
    trainer = engine.Trainer(case.model("float32"), case.dataset, small_training())
    for _ in range(3):
        next(trainer)
    engine.save_run(tmp_path / "run", trainer)
    opened = engine.load_run(tmp_path / "run", case.dataset)
    assert [update.loss for update in opened] == [update.loss for update in trainer]
    np.testing.assert_array_equal(opened.model.parameters.flat, trainer.model.parameters.flat)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_looked_into(case: Case) -> None:
    model = case.model()
    example = case.dataset.train[0]
    if case.kind == "stream":
        example = engine.Example(example.source[:5])
    trace, parts = engine.trace(model, example), run(model, example).parts
    for layer in trace.layers:
        place = (layer.part, layer.layer, ("forward", "backward").index(layer.direction))
        expected = [parts[layer.part].states[(*place, t)] for t in range(len(layer.inputs))]
        assert layer.memory is not None
        np.testing.assert_allclose(layer.memory, [m.real for _, m in expected], atol=1e-12)
        assert list(layer.gates) == ["keep", "candidate", "door"]
    flow = engine.gradient_flow(model, example)
    assert flow.carrier == "m"
    assert flow.memory is not None
    assert np.isfinite(flow.carried).all()
    part = trace.layers[0].part
    step = cell_step(model, example, 0, part=part)
    assert list(step.forward)[-2:] == ["m", "h"]
    assert set(step.backward) >= {"∂ m", "∂ keep sum", "∂ m before"}
    for number, gate in enumerate(Locker.gates):
        total = sum(term.value for term in terms(model, example, 0, 1, number, part=part))
        assert total == pytest.approx(float(step.forward[f"{gate.name} sum"][1]))


def test_it_cannot_be_exported_and_says_so(tmp_path: Path) -> None:
    model = CASES[0].model("float32")
    for export in (engine.export_pytorch, engine.export_onnx):
        with pytest.raises(engine.StorageError, match="Locker"):
            export(model, tmp_path / "there")
