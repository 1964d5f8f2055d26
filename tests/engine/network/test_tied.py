"""A read-out tied to the embedding, against the same network with a read-out of its own, which is checked elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import engine
from tests.engine.network.test_gradients import check
from tests.engine.runs.test_continuing import check as check_continuing
from tests.engine.small import HIDDEN_SIZE, Case, batch_of

PLAIN = [
    Case("one-to-many", "sequences", "lstm"),
    Case("one-to-many", "labelled", "gru", {"num_layers": 2}),
    Case("one-to-many", "stream", "gru"),
    Case("one-to-one", "sequences", "rnn"),
    Case("encoder-decoder", "pairs", "gru"),
    Case("encoder-decoder", "pairs", "lstm", {"attention": True, "bidirectional": True}),
]
TIED = [
    replace(case, changes={**case.changes, "embedding_size": size, "tied": True})
    for case in PLAIN
    for size in (4, HIDDEN_SIZE)
]


@pytest.mark.parametrize("case", TIED, ids=str)
def test_the_gradient_equals_numeric_differentiation(case: Case) -> None:
    check(case.model(), batch_of(case.dataset), case)


@pytest.mark.parametrize("case", TIED, ids=str)
def test_loss_and_gradient_are_those_of_a_read_out_with_the_same_numbers(case: Case) -> None:
    tied, batch = case.model(), batch_of(case.dataset)
    apart = replace(case, changes={**case.changes, "tied": False}).model()
    (name,) = (n for n in tied.parameters if n.endswith("embedding.weight") and not n.startswith("encoder"))
    count = len(tied.parameters["output.bias"])
    size = tied.parameters[name].shape[1]
    projection = tied.parameters.get("output.projection", np.eye(size))
    for shared in apart.parameters.keys() & tied.parameters.keys():
        apart.parameters[shared][:] = tied.parameters[shared]
    apart.parameters["output.weight"][:] = tied.parameters[name][:count] @ projection.T
    assert tied.loss_and_gradient(batch) == pytest.approx(apart.loss_and_gradient(batch), rel=1e-12)
    through = apart.gradients["output.weight"]
    wanted = {n: gradient.copy() for n, gradient in apart.gradients.items() if n != "output.weight"}
    wanted[name][:count] += through @ projection
    if "output.projection" in tied.parameters:
        wanted["output.projection"] = through.T @ tied.parameters[name][:count]
    assert wanted.keys() == tied.gradients.keys()
    for each, gradient in wanted.items():
        np.testing.assert_allclose(tied.gradients[each], gradient, rtol=1e-9, atol=1e-12, err_msg=each)


@pytest.mark.parametrize("case", [TIED[1], TIED[-2]], ids=str)
def test_a_run_goes_on_bit_for_bit(tmp_path: Path, case: Case) -> None:
    check_continuing(tmp_path, case)


def test_what_is_written_step_by_step_has_the_probability_that_the_loss_says() -> None:
    case = TIED[0]
    model = case.model()
    texts = [text for text in model.generate(30, seed=1) if len(text.token_log_probabilities) > len(text.tokens)]
    assert texts, "some have come to their end"
    for text in texts:
        assert -text.log_probability == pytest.approx(model.loss([engine.Example(text.tokens)])[0])
    pairs = TIED[-2].model()
    best = pairs.translate("abc")[0]
    nats = pairs.loss([engine.Example(tuple("abc"), best.tokens)])[0]
    assert -best.log_probability == pytest.approx(nats)


def test_it_has_fewer_weights_and_scores_of_ordinary_size_at_the_start() -> None:
    rows = [" ".join(f"w{k * 7 % 300}" for k in range(j, j + 8)) for j in range(200)]
    dataset = engine.make_dataset(rows, "sequences", unit="word")
    config = engine.ModelConfig(hidden_size=64, embedding_size=64)
    tied, apart = (engine.build_model(replace(config, tied=t), dataset, seed=0) for t in (True, False))
    assert tied.parameters.flat.size == apart.parameters.flat.size - 64 * len(dataset.codec.source)
    assert engine.evaluate(tied, dataset.validation).loss < 1.05 * np.log(len(dataset.codec.source))


@pytest.mark.parametrize("case", [TIED[0], TIED[1], TIED[-2]], ids=str)
def test_it_is_exported_with_a_read_out_of_its_own(tmp_path: Path, case: Case) -> None:
    model, batch = case.model("float32"), batch_of(case.dataset)
    engine.export_pytorch(model, tmp_path / "folder")
    back = engine.open_run(tmp_path / "folder").snapshot.model()
    assert not back.config.tied
    assert back.loss(batch)[0] == pytest.approx(model.loss(batch)[0], rel=1e-5)


@pytest.mark.parametrize("case", [TIED[0], TIED[1], TIED[-2]], ids=str)
def test_it_is_exported_as_onnx(tmp_path: Path, case: Case) -> None:
    pytest.importorskip("onnx")
    engine.export_onnx(case.model("float32"), tmp_path / "a.onnx")
    assert (tmp_path / "a.onnx").stat().st_size > 0


def test_one_hot_symbols_cannot_be_tied() -> None:
    with pytest.raises(engine.ConfigError, match="one-hot symbols have none"):
        Case("one-to-many", "sequences", "gru", {"tied": True}).model()
