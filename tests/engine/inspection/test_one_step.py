"""One plain training step: its losses, its gradients and what it does to the weights are those of training itself."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.data.examples import Example
from engine.inspection.gradient_flow import gradient_flow
from engine.inspection.one_step import example_for, one_step
from engine.inspection.trace import trace
from engine.models import MODELS, kinds_of
from tests.engine.small import Case, data

SHAPES = [(architecture, kind) for architecture in MODELS for kind in kinds_of(architecture)]
IN_FULL = {"num_layers": 2, "embedding_size": 4}


def example_of(kind: str) -> Example:
    first = next(example for example in data(kind).train if len(example.source) > 3 or kind == "pictures")
    return Example(first.source[:6], first.target) if kind == "stream" else first


@pytest.mark.parametrize(("architecture", "kind"), SHAPES)
@pytest.mark.parametrize("clip_norm", [0.0, 0.01])
def test_it_moves_every_block_as_far_as_the_trainer_would(architecture: str, kind: str, clip_norm: float) -> None:
    model = Case(architecture, kind, "gru").model()
    example = example_of(kind)
    if kind == "stream":
        example = Example(example.source)
    seen = one_step(model, example, True, 0.1, clip_norm)
    before = model.parameters.flat.copy()
    one = replace(data(kind), train=model.one(example.source, example.target))
    training = engine.TrainingConfig(
        optimizer="sgd", learning_rate=0.1, clip_norm=clip_norm, batch_size=1, window=max(2, len(example.source) - 1)
    )
    trainer = engine.Trainer(model, one, training)
    update = next(trainer)
    assert seen.loss == pytest.approx(update.loss)
    assert seen.gradient_norm == pytest.approx(update.gradient_norm)
    assert (seen.clip < 1) == update.clipped == (clip_norm > 0)
    moved = dict.fromkeys(model.parameters, 0.0)
    start = 0
    for name, weights in model.parameters.items():
        stop = start + weights.size
        moved[name] = float(np.linalg.norm(weights.ravel() - before[start:stop]))
        start = stop
    assert {change.name: change.change for change in seen.changes} == pytest.approx(moved, rel=1e-6, abs=1e-12)
    assert sum(moved.values()) > 0
    assert seen.loss_after == pytest.approx(np.divide(*model.loss(one.train)))
    for change in seen.changes:
        assert change.change == pytest.approx(0.1 * seen.clip * change.rate_share * change.gradient, rel=1e-3, abs=1e-6)


def test_it_tells_which_block_moves_by_less_than_the_rate_says() -> None:
    case = Case("encoder-decoder", "pairs", "gru", {"attention": True})
    model = case.model()
    seen = one_step(model, example_of("pairs"), True, 0.1, 0.0)
    assert {change.name: change.rate_share for change in seen.changes if change.rate_share != 1} == model.rate_shares()


@pytest.mark.parametrize(("architecture", "kind"), SHAPES)
def test_the_loss_falls_by_the_square_of_the_gradient_to_first_order(architecture: str, kind: str) -> None:
    model = Case(architecture, kind, "lstm").model()
    rate = 1e-6
    seen = one_step(model, example_of(kind), True, rate, 0.0)
    slope = (seen.loss_after - seen.loss) / rate
    assert slope == pytest.approx(-(seen.gradient_norm**2), rel=1e-3)
    assert slope < 0


@pytest.mark.parametrize(("architecture", "kind"), [s for s in SHAPES if s != ("one-to-one", "labelled")])
def test_its_gradients_are_those_of_the_view_of_the_gradient(architecture: str, kind: str) -> None:
    model = Case(architecture, kind, "rnn", {"num_layers": 2}).model()
    example = example_of(kind)
    seen = one_step(model, example, True, 0.1, 1.0)
    flow = gradient_flow(model, example)
    assert len(seen.gradients) == len(seen.trace.layers)
    for mine, other in zip(seen.gradients, flow.layers.values(), strict=True):
        np.testing.assert_allclose(mine, other)
        assert mine.any()


@pytest.mark.parametrize(("architecture", "kind"), [s for s in SHAPES if not s[1].answers_numbers])
def test_the_loss_of_a_step_is_minus_the_logarithm_of_what_the_softmax_gave_the_right_answer(
    architecture: str, kind: str
) -> None:
    model = Case(architecture, kind, "gru").model()
    example = example_of(kind)
    seen = one_step(model, example, True, 0.1, 1.0)
    looked = trace(model, example)
    for row, symbol in enumerate(looked.targets):
        probability = looked.probabilities[row, looked.symbols.index(symbol)]
        assert seen.losses[row] == pytest.approx(-math.log(probability))
    assert seen.loss == pytest.approx(float(seen.losses.mean()))
    np.testing.assert_allclose(looked.losses(looked.targets), seen.losses)
    assert np.isnan(looked.losses(("no such symbol",) * len(looked.targets))).all()
    assert np.isnan(looked.losses(("",) * len(looked.targets))).all()


def test_looking_at_a_step_leaves_the_network_as_it_was() -> None:
    model = Case("encoder-decoder", "pairs", "gru", {"attention": True}).model()
    before = model.parameters.flat.copy()
    one_step(model, example_of("pairs"), True, 0.5, 0.0)
    np.testing.assert_array_equal(model.parameters.flat, before)


def test_the_answer_of_the_data_is_the_target_and_the_networks_own_stands_in_for_it() -> None:
    model = Case("many-to-one", "labelled", "gru").model()
    example, known = example_for(model, ("a", "b"), ("y",), None)
    assert (example.target, known) == (("y",), True)
    example, known = example_for(model, ("a", "b"), (), None)
    assert (example.target, known) == ((next(iter(model.classify(("a", "b")))),), False)
    writer = Case("one-to-many", "sequences", "gru").model()
    assert example_for(writer, ("a", "b"), (), None)[1] is True


@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_winning_step_of_each_number_is_where_it_is_largest(bidirectional: bool) -> None:
    options = {"pooling": "max", "bidirectional": bidirectional}
    model = Case("many-to-one", "labelled", "gru", options).model()
    looked = trace(model, example_of("labelled"))
    states = np.concatenate([layer.states for layer in looked.layers], axis=1)
    assert looked.winners is not None
    np.testing.assert_array_equal(looked.winners, states.argmax(axis=0))
    np.testing.assert_array_equal(looked.read[0], states.max(axis=0))
    mean = trace(Case("many-to-one", "labelled", "gru", {"pooling": "mean"}).model(), example_of("labelled"))
    assert mean.winners is None
    np.testing.assert_allclose(mean.read[0], mean.layers[0].states.mean(axis=0))


def test_the_numbers_below_the_cells_are_the_embeddings_of_the_symbols() -> None:
    model = Case("many-to-one", "labelled", "gru", {"embedding_size": 4}).model()
    example = example_of("labelled")
    table = next(v for n, v in model.parameters.items() if "embedding" in n)
    ids = model.codec.source.encode(example.source)
    np.testing.assert_array_equal(trace(model, example).vectors[""], table[ids])
    assert trace(Case("many-to-one", "labelled", "gru").model(), example).vectors == {}


@pytest.fixture(scope="module")
def learned_by_heart() -> tuple[engine.Model, Example]:
    """A translator whose losses are tiny, in float32, and an example of it."""
    dataset = engine.make_dataset([("ab", "ba"), ("abc", "cba"), ("ca", "ac")] * 4, "pairs")
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=16, attention=True)
    model = engine.build_model(config, dataset, seed=1)
    training = engine.TrainingConfig(optimizer="adam", learning_rate=0.03, batch_size=12, epochs=400)
    for _ in engine.Trainer(model, dataset, training):
        pass
    return model, dataset.train[1]


def test_tiny_losses_are_the_same_in_the_trace_and_in_the_step(learned_by_heart: tuple[engine.Model, Example]) -> None:
    model, example = learned_by_heart
    seen, own = one_step(model, example, True, 0.003, 1.0), trace(model, example.source)
    assert 1e-7 < seen.loss < 1e-3
    assert own.targets == (*example.target, "</s>")
    assert own.losses(own.targets).tolist() == seen.losses.tolist(), (
        "it reads its own answers, which are the right ones"
    )
    assert trace(model, example).losses(own.targets).tolist() == seen.losses.tolist()
    assert seen.loss == float(np.mean(seen.losses))
    other = own.losses(["a"] * len(own.targets))
    assert (other[[symbol != "a" for symbol in own.targets]] > 5).all()
    assert np.isnan(own.losses([""] * len(own.targets))).all()


def test_a_step_too_small_for_single_precision_still_makes_the_loss_smaller(
    learned_by_heart: tuple[engine.Model, Example],
) -> None:
    model, example = learned_by_heart
    seen = one_step(model, example, True, 1e-5, 0.0)
    fallen = seen.loss - seen.loss_after
    assert fallen == pytest.approx(1e-5 * seen.gradient_norm**2, rel=1e-2, abs=0)
    for change in seen.changes:
        assert change.change == pytest.approx(1e-5 * change.rate_share * change.gradient, rel=1e-4, abs=0)
