"""Copying from the source: against PyTorch, against numeric differentiation, and what it is good for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.network.copying import Copying
from engine.network.parameters import Parameters
from engine.network.workspace import Workspace
from tests.engine.network.test_gradients import check
from tests.engine.runs.test_continuing import check as check_continuing
from tests.engine.small import Case, batch_of

CHANGES = {"attention": True, "copying": True}
CASES = [
    Case("encoder-decoder", "pairs", cell, CHANGES | more, large=large)
    for cell in ("gru", "lstm")
    for large in (False, True)
    for more in ({}, {"bidirectional": True, "embedding_size": 4, "dropout": 0.2, "tied": True})
]


def test_probabilities_and_gradients_are_those_of_pytorch() -> None:
    torch: Any = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    choices, rows, places, size = 6, 5, 4, 3
    copying = Copying("copying", size)
    work = Workspace(Parameters(copying.shapes(), np.float64))
    work.parameters.flat[:] = rng.normal(size=work.parameters.flat.shape)
    scores, states = rng.normal(size=(choices, rows)), rng.normal(size=(rows, size))
    heat = rng.dirichlet(np.ones(places), rows)
    symbols = rng.integers(0, choices, (rows, places))
    logs, tape = copying.forward(work.parameters, scores, states, heat, symbols)
    np.testing.assert_allclose(np.exp(logs).sum(axis=0), 1)
    there = {name: torch.tensor(v, requires_grad=True) for name, v in work.parameters.items()}
    theirs = [torch.tensor(v, requires_grad=True) for v in (scores, states, heat)]
    gate = torch.sigmoid(theirs[1] @ there["copying.weight"] + there["copying.bias"])
    copied = torch.zeros(rows, choices, dtype=torch.float64).scatter_add(1, torch.tensor(symbols), theirs[2])
    mixed = (1 - gate) * theirs[0].softmax(dim=0) + gate * copied.T
    np.testing.assert_allclose(logs, mixed.log().detach().numpy(), rtol=1e-12)
    d_logs = rng.normal(size=logs.shape)
    (mixed.log() * torch.tensor(d_logs)).sum().backward()
    for ours, tensor in zip(copying.backward(work, tape, d_logs), theirs, strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)
    for name, tensor in there.items():
        np.testing.assert_allclose(work.gradients[name], tensor.grad.numpy(), rtol=1e-9)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_gradient_equals_numeric_differentiation(case: Case) -> None:
    check(case.model(), batch_of(case.dataset), case)


def test_a_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    check_continuing(tmp_path, CASES[1], teacher_forcing=0.7)


def test_what_is_written_step_by_step_has_the_probability_that_the_loss_says() -> None:
    case = CASES[0]
    model = case.model()
    best = model.translate("abc")[0]
    nats = model.loss([engine.Example(tuple("abc"), best.tokens)])[0]
    assert -best.log_probability == pytest.approx(nats)
    assert engine.trace(model, engine.Example(tuple("abc"), tuple("cb"))).probabilities.sum(axis=1) == pytest.approx(1)


def test_few_examples_are_enough_to_learn_to_copy() -> None:
    rng = np.random.default_rng(1)
    words = ["".join(rng.choice(list("abcdefghijklmnop"), rng.integers(3, 7))) for _ in range(160)]
    rows = [(word, word + "s") for word in words]
    dataset = engine.make_dataset(rows[:100], "pairs", unit="character", target_unit="character", validation=rows[100:])

    def right(copying: bool) -> float:
        config = engine.ModelConfig(
            architecture="encoder-decoder", cell="gru", hidden_size=32, embedding_size=16, attention=True,
            bidirectional=True, copying=copying,
        )  # fmt: skip
        model = engine.build_model(config, dataset, seed=1)
        for _ in engine.Trainer(model, dataset, engine.TrainingConfig(epochs=20, batch_size=8, learning_rate=0.005)):
            pass
        return engine.evaluate(model, dataset.validation).exact_match

    assert right(copying=True) > right(copying=False) + 0.2


def test_exports_are_refused_and_copying_needs_attention(tmp_path: Path) -> None:
    model = CASES[0].model("float32")
    for export, path in ((engine.export_onnx, tmp_path / "a.onnx"), (engine.export_pytorch, tmp_path / "folder")):
        with pytest.raises(engine.StorageError, match="cannot copy from the source"):
            export(model, path)
    with pytest.raises(engine.ConfigError, match="that attention looks at"):
        Case("encoder-decoder", "pairs", "gru", {"copying": True}).model()


def test_a_trace_says_which_part_of_each_probability_is_copied_and_the_error_goes_back_in_these_parts() -> None:
    model = CASES[0].model()
    example = CASES[0].dataset.train[0]
    traced = engine.trace(model, example)
    assert traced.copied is not None
    shares = traced.copied.sum(axis=1)
    assert np.all((shares > 0) & (shares < 1))
    written = traced.probabilities - traced.copied
    np.testing.assert_allclose(written.sum(axis=1), 1 - shares, rtol=1e-6)
    for row, target in enumerate(traced.targets):
        at = traced.symbols.index(target)
        places = np.array([symbol == target for symbol in traced.inputs[: len(traced.attention[row])]])  # type: ignore
        assert traced.copied[row, at] == pytest.approx(shares[row] * traced.attention[row] @ places, rel=1e-6)  # type: ignore
    done = model.forward(model.one(example.source, example.target), None, None)
    assert done.copying is not None  # type: ignore[attr-defined]
    tape = done.copying  # type: ignore[attr-defined]
    model.loss_gradient(done, 1.0)
    d_scores, d_states, _ = model.copying.backward(model.work, tape, done.logits)  # type: ignore[attr-defined]
    d_gate = d_states[:, 0] / model.parameters["copying.weight"][0]
    for row, target in enumerate(traced.targets):
        at = traced.symbols.index(target)
        copied = traced.copied[row, at] / traced.probabilities[row, at]
        alone = written[row] / (1 - shares[row])
        alone[at] -= 1
        np.testing.assert_allclose(d_scores[:, row], (1 - copied) * alone, rtol=1e-5, atol=1e-7)
        assert d_gate[row] == pytest.approx(shares[row] - copied, rel=1e-4, abs=1e-7)


def test_a_trace_of_a_network_that_cannot_copy_says_so() -> None:
    case = Case("encoder-decoder", "pairs", "gru", {"attention": True})
    assert engine.trace(case.model(), case.dataset.train[0]).copied is None
