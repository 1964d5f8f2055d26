"""A step of a cell, contributions, mistakes, confusion, projections and baselines tell the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.cells import CELLS
from engine.config import ModelConfig
from engine.data.dataset import make_dataset
from engine.errors import ConfigError
from engine.inspection.cell_step import cell_step, terms
from engine.inspection.contributions import contributions
from engine.inspection.mistakes import confusion, listed, mistakes, own_answers
from engine.inspection.projection import embeddings, principal_components
from engine.inspection.trace import trace
from engine.models import MODELS, Model, build_model, kinds_of
from engine.training.baselines import baselines
from tests.engine.reference import equation, layer_weights
from tests.engine.reference import step as reference_step
from tests.engine.small import Case, data

SHAPES = [(architecture, kind) for architecture in MODELS for kind in kinds_of(architecture)]


def _model(architecture: str, kind: str, cell: str, **changes: object) -> Model:
    return Case(architecture, kind, cell, changes).model()


def test_a_state_of_zeros_is_one_term_of_a_sum() -> None:
    model, example = _model("many-to-one", "labelled", "lstm"), data("labelled").train[0]
    first, second = ([term.name for term in terms(model, example, step, 1, 0, largest=2)] for step in (0, 1))
    assert first[2:] == ["the state before is 0"]
    assert [name.rpartition(" ")[0] == "unit" for name in second[2:4]] == [True, True]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(("architecture", "kind"), [shape for shape in SHAPES if shape != ("one-to-one", "labelled")])
def test_the_terms_of_a_gate_add_up_to_its_sum_and_its_equation_gives_the_state(
    architecture: str, kind: str, cell: str
) -> None:
    model = _model(architecture, kind, cell, num_layers=2, embedding_size=4)
    text = data(kind).train[0].source[:5] if kind == "stream" else data(kind).train[0]
    part = "decoder" if architecture == "encoder-decoder" else ""
    for layer in range(2):
        step = cell_step(model, text, 0, part=part, layer=layer)
        one = model.networks()[part].recurrent.layers[layer][0]
        for index, gate in enumerate(one.cell.gates):
            total = sum(term.value for term in terms(model, text, 0, 1, index, part=part, layer=layer, largest=2))
            sums = {key: vector for key, vector in step.forward.items() if key.startswith(f"{gate.name} sum")}
            assert total == pytest.approx(sum(vector[1] for vector in sums.values()), abs=1e-12)
            inside = sums.get(f"{gate.name} sum")
            if inside is None:
                past = sums[f"{gate.name} sum, past"]
                inside = sums[f"{gate.name} sum, input"] + step.forward[gate.past_through] * past
            value = step.forward.get(gate.name, step.forward["h"])
            np.testing.assert_allclose(value, gate.activation.function(inside), atol=1e-12)
        old = [step.forward[f"{state.name} before"] for state in one.cell.states]
        if layer:
            assert step.x is not None
            expected = equation(type(one.cell), layer_weights(model, one.prefix), step.x, old)
            for name in expected.keys() & step.forward.keys():
                np.testing.assert_allclose(step.forward[name], expected[name], atol=1e-12)


def test_a_step_shows_the_states_of_the_trace_in_both_directions() -> None:
    model = _model("many-to-many", "tagged", "gru", bidirectional=True)
    example = next(e for e in data("tagged").train if len(e.source) > 3)
    seen = trace(model, example)
    for direction in range(2):
        for step in range(len(example.source)):
            looked = cell_step(model, example, step, direction=direction)
            np.testing.assert_array_equal(looked.forward["h"], seen.layers[direction].states[step])
            assert looked.symbol == example.source[step]


@pytest.mark.parametrize("cell", CELLS)
def test_what_leaves_for_the_step_before_is_what_this_step_passes_on(cell: str) -> None:
    model = _model("many-to-many", "tagged", cell)
    example = next(e for e in data("tagged").train if len(e.source) > 3)
    seen = trace(model, example)
    states = [state.name for state in CELLS[cell].states]
    for t in range(1, len(example.source)):
        looked = cell_step(model, example, t)
        old = tuple(looked.forward[f"{name} before"].astype(complex) for name in states)
        np.testing.assert_array_equal(old[0].real, seen.states[0][t - 1])
        arriving = [looked.backward[f"∂ {name}"] for name in states]
        if "c" in states:  # ∂ c counts its way through h = o tanh(c) as well
            arriving[1] = arriving[1] - arriving[0] * looked.forward["output"] * (1 - np.tanh(looked.forward["c"]) ** 2)
        x = np.eye(len(model.codec.source))[model.codec.source.index(example.source[t]) or 0]
        for k, name in enumerate(states):
            wanted = np.zeros(len(old[k]))
            for unit in range(len(wanted)):
                nudged = [state.copy() for state in old]
                nudged[k][unit] += 1e-30j
                new = reference_step(model, "network.0", x, tuple(nudged))
                wanted[unit] = sum(float(d @ n.imag) for d, n in zip(arriving, new, strict=True)) / 1e-30
            np.testing.assert_allclose(looked.backward[f"∂ {name} before"], wanted, rtol=1e-9, atol=1e-15)


def test_what_leaves_is_all_that_arrives_where_the_step_before_has_no_output() -> None:
    model = _model("many-to-one", "labelled", "lstm")
    for t in (1, 2):
        later, here = cell_step(model, "abc", t), cell_step(model, "abc", t - 1)
        np.testing.assert_allclose(later.backward["∂ h before"], here.backward["∂ h"], rtol=1e-9)
        through_h = here.backward["∂ h"] * here.forward["output"] * (1 - np.tanh(here.forward["c"]) ** 2)
        np.testing.assert_allclose(later.backward["∂ c before"] + through_h, here.backward["∂ c"], rtol=1e-9)


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_leaves_a_step_of_a_network_without_memory(cell: str) -> None:
    model = _model("one-to-one", "sequences", cell)
    looked = cell_step(model, "abc", 2)
    for state in CELLS[cell].states:
        assert not looked.backward[f"∂ {state.name} before"].any()
        assert looked.backward[f"∂ {state.name}"].any()


def test_a_step_that_does_not_exist_is_refused() -> None:
    model = _model("many-to-one", "labelled", "rnn")
    with pytest.raises(ConfigError, match="Step 9 of 3"):
        cell_step(model, "abc", 8)


def test_gradient_times_input_equals_numeric_differentiation() -> None:
    model = _model("many-to-one", "labelled", "lstm", embedding_size=4)
    tokens = ("a", "b", "c", "d")  # each once, so that scaling a row of the embedding scales one input
    found = contributions(model, tokens)
    table = model.parameters["network.embedding.weight"]
    for t, token in enumerate(tokens):
        row = model.codec.source.index(token)
        assert row is not None
        kept = table[row].copy()
        sides = []
        for factor in (1 + 1e-5, 1 - 1e-5):
            table[row] = kept * factor
            sides.append(math.log(model.classify(tokens)[found.label]))
        table[row] = kept
        assert found.gradient_input[t] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("spelling", ["none", "affixes"])
def test_leaving_a_token_out_and_ending_early_are_what_classify_says(spelling: str) -> None:
    model = _model("many-to-one", "labelled", "gru", embedding_size=4, spelling=spelling)
    tokens = ("a", "strange", "c")
    found = contributions(model, tokens)
    whole = model.classify(tokens)
    for t in range(3):
        without = model.classify(tokens[:t] + tokens[t + 1 :])
        assert found.left_out[t] == pytest.approx(math.log(whole[found.label] / without[found.label]), abs=1e-9)
        ended = model.classify(tokens[: t + 1])
        np.testing.assert_allclose(found.so_far[t], [ended[label] for label in found.labels], atol=1e-12)


@pytest.mark.parametrize(("architecture", "kind"), [shape for shape in SHAPES if shape[1] != "stream"])
def test_the_worst_examples_have_the_losses_of_the_examples_alone(architecture: str, kind: str) -> None:
    model = _model(architecture, kind, "gru")
    examples = data(kind).train
    found = mistakes(model, examples, 6)
    alone = []
    for i in range(len(examples)):
        total, count = model.loss(examples[i : i + 1])
        alone.append(total / count)
    assert [m.loss for m in found] == pytest.approx(sorted(alone, reverse=True)[:6])
    for mistake in found:
        assert alone[mistake.number] == pytest.approx(mistake.loss)
        assert mistake.example == examples[mistake.number]


@pytest.mark.parametrize(("architecture", "kind"), [shape for shape in SHAPES if shape[1] != "stream"])
def test_the_answer_to_each_of_many_examples_is_that_to_it_alone(architecture: str, kind: str) -> None:
    model = _model(architecture, kind, "gru")
    examples = data(kind).train
    for example, answer in zip(examples, own_answers(model, examples), strict=True):
        own, is_truth = model.example_of(example.source)
        assert answer.text == ("" if is_truth or not len(own.target) else model.codec.join(own.target, "target"))


@pytest.mark.parametrize(("architecture", "kind"), [("many-to-one", "labelled"), ("many-to-many", "tagged")])
def test_the_confusion_matrix_holds_every_answer_and_the_examples_behind_it(architecture: str, kind: str) -> None:
    model = _model(architecture, kind, "rnn")
    examples = data(kind).validation
    found = confusion(model, examples)
    assert found.counts.sum() == (len(examples) if kind == "labelled" else len(examples.target.values))
    accuracy = model.measure(examples)["accuracy"]
    assert np.trace(found.counts) / found.counts.sum() == pytest.approx(accuracy)
    for (truth, _), numbers in found.examples.items():
        assert all(found.labels[truth] in examples[i].target for i in numbers)


def test_labels_that_are_numbers_stand_in_their_order_in_the_confusion_matrix() -> None:
    stars = ["5"] * 8 + ["1"] * 6 + ["10"] * 5 + ["4"] * 4 + ["2"] * 3
    rows = [(f"text{k} {label}", label) for k, label in enumerate(stars)]
    dataset = make_dataset(rows, "labelled", unit="word", validation=rows)
    model = build_model(ModelConfig(architecture="many-to-one", hidden_size=4), dataset, seed=1)
    found = confusion(model, dataset.validation)
    assert found.labels == ("1", "2", "4", "5", "10")
    assert found.counts.sum(axis=1).tolist() == [6, 3, 4, 8, 5]
    for (truth, answer), numbers in found.examples.items():
        for one in (dataset.validation[i] for i in numbers):
            assert one.target == (found.labels[truth],)
            assert next(iter(model.classify(one.source))) == found.labels[answer]
    assert listed(["often", "2", "1"]) == ("often", "2", "1")


def test_principal_components_find_the_long_axis_of_a_cloud() -> None:
    rng = np.random.default_rng(0)
    axis = np.array([3.0, 4.0, 0.0]) / 5
    rows = rng.normal(size=(500, 1)) * 10 * axis + rng.normal(size=(500, 3)) * 0.01
    found = principal_components(rows)
    assert found.explained[0] > 0.999
    along = (rows - rows.mean(axis=0)) @ axis
    np.testing.assert_allclose(np.abs(found.points[:, 0]), np.abs(along), atol=0.1)


def test_one_point_and_equal_points_have_a_projection() -> None:
    assert principal_components(np.ones((1, 4))).points.shape == (1, 2)
    np.testing.assert_array_equal(principal_components(np.ones((5, 3))).explained, [0, 0])


def test_embeddings_are_named_by_their_symbols() -> None:
    symbols, projection = embeddings(_model("many-to-one", "labelled", "lstm"))
    assert symbols == data("labelled").codec.source.symbols[2:]
    assert projection.points.shape == (len(symbols), 2)


def test_baselines_of_text_are_its_counted_entropies() -> None:
    rows = [f"{a}{b}" for a in "abcdefgh" for b in "xy"] * 4
    dataset = make_dataset(rows, "sequences", validation=rows[:16])
    found = {b.name: b.loss for b in baselines(dataset, "one-to-many")}
    assert found["blind guess"] == pytest.approx(math.log(len(dataset.codec.source)))
    # each item is one of 8 letters, one of 2 letters, the end: (ln 8 + ln 2 + 0) / 3 once the symbol before is known
    assert found["character pairs"] == pytest.approx((math.log(8) + math.log(2)) / 3, abs=0.2)
    entropy = (math.log(24) + math.log(6) + math.log(3)) / 3
    assert found["character frequencies"] == pytest.approx(entropy, abs=0.05)


def test_baselines_of_labels_and_tags_are_shares_of_right_answers() -> None:
    rows = [(f"good {k}", "yes") for k in range(60)] + [(f"bad {k}", "no") for k in range(20)]
    dataset = make_dataset(rows, "labelled", unit="word", validation=[("good x", "yes"), ("bad y", "no")])
    found = {b.name: b.accuracy for b in baselines(dataset, "many-to-one")}
    assert found["most frequent label"] == 0.5
    assert found["bag of words"] == 1.0
    tagged = make_dataset(
        [(("the", "dog"), ("D", "N"))] * 3 + [(("a", "cat"), ("D", "N"))],
        "tagged",
        validation=[(("the", "cat"), ("D", "N")), (("dog", "the"), ("N", "N"))],
    )
    by_name = {b.name: b.accuracy for b in baselines(tagged, "many-to-many")}
    assert by_name["each word's usual tag"] == 0.75


def test_a_network_without_weights_to_learn_from_is_no_better_than_uniform() -> None:
    dataset = data("sequences")
    model = build_model(ModelConfig(architecture="one-to-many", hidden_size=3), dataset, dtype="float64")
    model.parameters.flat[:] = 0
    total, count = model.loss(dataset.validation)
    uniform = next(b.loss for b in baselines(dataset, "one-to-many") if b.name == "blind guess")
    assert total / count == pytest.approx(uniform)
