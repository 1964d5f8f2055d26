"""What the engine shows of its inside, against a step-by-step reference and its derivatives."""

from __future__ import annotations

import dataclasses
import importlib

import numpy as np
import pytest

import engine
from engine.cells import CELLS
from engine.data.examples import Example
from engine.errors import ConfigError
from engine.models import FeedForward, Model, OneToOne
from engine.number_text import NARROW
from tests.engine.reference import Array, Changes, Place, equation, gaussian_nats, layer_weights, run
from tests.engine.small import Case, exact_cases, plain_cases, text_cases

LENGTH = 6
TINY = 1e-30  # a complex step has no rounding error, however short
CASES = [case for case in exact_cases() if (case.architecture, case.kind) != ("one-to-one", "labelled")]
SPECIAL = [
    Case("encoder-decoder", "pairs", "lstm", {"attention": True, "bidirectional": True}),
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "spelling": "characters"}),
    Case("many-to-one", "labelled", "lstm", {"embedding_size": 4, "spelling": "affixes"}),
    Case("many-to-many", "tagged", "gru", {"embedding_size": 4, "neighbours": True}),
]
FEED_FORWARD = Case("one-to-one", "labelled", "rnn")


def example_for(case: Case) -> Example:
    """An example of some length, or one that is nearly as long; of running text as many symbols."""
    if case.kind == "stream":
        return Example(case.dataset.train[0].source[:LENGTH])
    return min(case.dataset.train[:8], key=lambda example: abs(len(example.source) - LENGTH))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_loss_equals_that_of_the_reference(case: Case) -> None:
    model, example = case.model(), example_for(case)
    nats, count = model.loss([example])
    losses = run(model, example).losses()
    assert count == len(losses)
    assert nats == pytest.approx(sum(losses).real, rel=1e-12)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_trace_shows_states_and_answers_of_every_step(case: Case) -> None:
    model, example = case.model(), example_for(case)
    trace, reference = engine.trace(model, example), run(model, example)
    assert trace.known
    for layer in trace.layers:
        direction = ("forward", "backward").index(layer.direction)
        steps = [
            reference.parts[layer.part].states[layer.part, layer.layer, direction, t] for t in range(len(layer.inputs))
        ]
        assert layer.cell is CELLS[case.cell]
        for state, values in zip(layer.cell.states, zip(*steps, strict=True), strict=True):
            wanted = np.stack([value.real for value in values])
            np.testing.assert_allclose(layer.by_state[state.name], wanted, rtol=1e-11, atol=1e-13)
        carrier = layer.cell.states[layer.cell.carrier()].name
        assert layer.memory is (None if carrier == "h" else layer.by_state[carrier])
    directions = 2 if case.changes.get("bidirectional") else 1
    decoder_layers = model.config.num_layers if "decoder" in reference.parts else 0
    assert len(trace.layers) == model.config.num_layers * directions + decoder_layers
    logits = np.stack([row.real for row in reference.logits])
    if trace.means is not None:
        assert trace.targets == model.targets_of(example)
        check_numbers(model, trace, logits, reference.targets)
        return
    np.testing.assert_allclose(np.log(trace.probabilities), logits - np.logaddexp.reduce(logits, 1)[:, None], rtol=1e-9)
    assert [trace.symbols.index(t) for t in trace.targets] == reference.targets
    shown = [trace.outputs[t] for t in trace.output_steps]
    assert shown == [trace.symbols[k] for k in logits.argmax(axis=1)]
    np.testing.assert_array_equal(trace.output_probability[list(trace.output_steps)], trace.probabilities.max(axis=1))
    silent = [t for t in range(len(trace.inputs)) if t not in trace.output_steps]
    assert all(trace.outputs[t] == "" and trace.output_probability[t] == 0 for t in silent)
    if reference.attention:
        assert trace.attention is not None
        np.testing.assert_allclose(trace.attention, np.stack([a.real for a in reference.attention]), rtol=1e-10)
    else:
        assert trace.attention is None


def check_numbers(model: Model, trace: engine.Trace, scores: Array, targets: list[Array]) -> None:
    """What is shown of predicted numbers is what the scores say, in own units."""
    numbers = model.codec.values
    assert numbers is not None
    assert trace.means is not None
    assert trace.deviations is not None
    size = numbers.size
    np.testing.assert_allclose(trace.means, scores[:, :size] * numbers.deviation + numbers.mean, rtol=1e-9)
    np.testing.assert_allclose(trace.deviations, np.exp(scores[:, size:]) * numbers.deviation, rtol=1e-9)
    assert trace.probabilities.shape == (len(targets), 0)
    shown = tuple(trace.outputs[t] for t in trace.output_steps)
    assert shown == model.codec.written(trace.means)
    wanted = [np.mean(gaussian_nats(row, target)) for row, target in zip(scores, targets, strict=True)]
    np.testing.assert_allclose(trace.losses(trace.targets), wanted, rtol=1e-9)
    assert np.isnan(trace.losses(("",) * len(targets))).all()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_layer_of_a_trace_satisfies_the_equation_of_its_cell(case: Case) -> None:
    model = case.model()
    below: dict[tuple[str, int, str], Array] = {}
    for layer in engine.trace(model, example_for(case)).layers:
        assert set(layer.gates) == {gate.name for gate in layer.cell.inner_gates()}
        for name, values in layer.gates.items():
            if layer.cell.gate(name).role.multiplies:
                assert ((values > 0) & (values < 1)).all()
        backward = layer.direction == "backward"
        below[layer.part, layer.layer, layer.direction] = layer.states
        if layer.layer == 0:
            continue  # what it reads are symbols
        x = np.concatenate(
            [states for (*place, _), states in below.items() if place == [layer.part, layer.layer - 1]], 1
        )
        old = [
            np.concatenate((values[1:], start[None]) if backward else (start[None], values[:-1]))
            for start, values in zip(layer.start.values(), layer.by_state.values(), strict=True)
        ]
        if isinstance(model, OneToOne):
            old = [np.zeros_like(states) for states in old]
        prefix = f"{layer.part or 'network'}.{layer.layer}" + ".reverse" * backward
        found = equation(layer.cell, layer_weights(model, prefix), x, old)
        for name, values in (layer.gates | layer.by_state).items():
            np.testing.assert_allclose(values, found[name], rtol=1e-9, atol=1e-13)


def slopes(model: Model, example: Example, place: Place, memory: bool = False) -> tuple[float, float]:
    """‖∂loss/∂h‖ (or ∂c) at a place, from the reference, number by number: of the mean loss and of the last one."""
    size = model.config.hidden_size
    gradient = np.zeros((2, size))
    for k in range(size):
        nudge = {place: 1j * TINY * np.eye(size)[k]}
        losses = run(model, example, Changes(memory_nudges=nudge) if memory else Changes(nudge)).losses()
        of_last = sum(losses[-(model.codec.values.size if model.codec.values else 1) :])
        gradient[:, k] = (sum(losses) / len(losses)).imag / TINY, of_last.imag / TINY
    mean, last = np.linalg.norm(gradient, axis=1)
    return float(mean), float(last)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradient_flow_equals_the_derivative_by_every_state(case: Case) -> None:
    model, example = case.model(hidden_size=3), example_for(case)
    flow, parts = engine.gradient_flow(model, example), run(model, example).parts
    top = model.config.num_layers - 1
    places = [(name, top, 0, t) for name in parts for t in range(len(parts[name].top))]
    assert len(flow.inputs) == len(flow.norms) == len(places)
    wanted = [slopes(model, example, place) for place in places]
    np.testing.assert_allclose(np.stack([flow.norms, flow.last], 1), wanted, rtol=1e-9, atol=1e-14)
    if flow.memory is not None:
        carried = [slopes(model, example, place, memory=True)[1] for place in places]
        np.testing.assert_allclose(flow.carried, carried, rtol=1e-9, atol=1e-14)
    else:
        assert flow.carried is flow.last
    cell = CELLS[case.cell]
    assert flow.carrier == cell.states[cell.carrier()].name == ("h" if flow.memory is None else "c")
    for name, norms in flow.layers.items():
        *part, layer, direction = name.split()
        where = ("".join(part), int(layer), ("forward", "backward").index(direction))
        t = len(norms) // 2
        assert norms[t] == pytest.approx(slopes(model, example, (*where, t))[0], rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_memory_equals_the_derivative_of_the_last_state_by_the_size_of_each_input(case: Case) -> None:
    model, example = case.model(), example_for(case)
    result = engine.memory(model, example)
    part = next(iter(run(model, example).parts))
    steps = len(result.inputs)
    influence = np.zeros(steps)
    for t in range(steps):
        scales = np.ones(steps, complex)
        scales[t] += 1j * TINY
        last = run(model, example, Changes(scales=scales)).parts[part].last[-1]
        influence[t] = np.linalg.norm(np.concatenate([state[0].imag / TINY for state in last]))
    last = run(model, example, Changes(picture=1 + 1j * TINY)).parts[part].last[-1]
    begun = np.linalg.norm(np.concatenate([state[0].imag / TINY for state in last]))
    np.testing.assert_allclose(result.shares, influence / influence.sum(), rtol=1e-9, atol=1e-14)
    assert result.begun == pytest.approx(float(begun / (begun + influence.sum())), rel=1e-9)
    assert (result.begun > 0) == (case.kind == "pictures")


def test_memory_of_a_long_text_is_worked_out_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case("many-to-one", "labelled", "gru", {"bidirectional": True})
    model, example = case.model(), example_for(case)
    whole = engine.memory(model, example).shares
    module = importlib.import_module("engine.inspection.memory")
    monkeypatch.setattr(module, "ROWS", 2 * len(example.source))
    np.testing.assert_allclose(engine.memory(model, example).shares, whole, rtol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "irnn"])
@pytest.mark.parametrize("sign", [1, -1])
def test_no_input_has_a_share_in_a_state_that_responds_to_none(cell: str, sign: int) -> None:
    model = Case("one-to-many", "sequences", cell).model("float32")
    assert engine.memory(model, "abc").responds
    model.parameters["network.0.weight_hh"][:] = 0
    model.parameters["network.0.weight_ih"][:] = 0
    model.parameters["network.0.bias"][:] = sign * 100.0  # far into saturation; −100 is 0 after ReLU
    found = engine.memory(model, "abc")
    assert not found.responds
    assert not found.shares.any()


def test_the_spectral_radius_is_that_of_a_matrix_made_for_it() -> None:
    case = Case("many-to-one", "labelled", "gru", {"bidirectional": True, "num_layers": 2})
    model = case.model(hidden_size=4)
    turn, basis = np.zeros((4, 4)), np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    turn[:2, :2] = [[0.6, -0.8], [0.8, 0.6]]  # a rotation: both eigenvalues have length 1
    turn[2, 2], turn[3, 3] = 0.3, -2.5
    model.parameters["network.1.reverse.weight_hh"][1] = basis @ turn @ basis.T
    model.parameters["network.0.weight_hh"][2] = 0
    found = engine.spectral_radius(model)
    assert len(found) == 2 * 2 * 3
    assert found["network.1.reverse update"] == pytest.approx(2.5, rel=1e-4)  # it is shown with two decimals
    assert found["network.0 candidate"] == 0
    matrix = model.parameters["network.0.weight_hh"][0]
    assert found["network.0 reset"] == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-4)


def test_a_network_without_recurrence_says_so() -> None:
    model = FEED_FORWARD.model()
    assert isinstance(model, FeedForward)
    trace = engine.trace(model, "abc")
    assert trace.layers == ()
    assert trace.outputs[0] == next(iter(model.predict("abc")))
    assert engine.spectral_radius(model) == {}
    for look in (engine.memory, engine.gradient_flow):
        with pytest.raises(ConfigError, match="feed-forward"):
            look(model, "abc")


@pytest.mark.parametrize("case", [*text_cases(plain_cases()), *SPECIAL], ids=str)
@pytest.mark.parametrize("text", ["", "a", "abca", "a¤b"])
def test_any_typed_text_can_be_looked_at(case: Case, text: str) -> None:
    model = case.model("float32")
    trace = engine.trace(model, text)
    assert np.isfinite(trace.probabilities).all()
    if case != FEED_FORWARD:
        assert np.isfinite(engine.gradient_flow(model, text).norms).all()
        assert engine.memory(model, text).shares.sum() == pytest.approx(1)
        for layer in trace.layers:
            assert len(layer.inputs) == len(layer.states)


@pytest.mark.parametrize("case", text_cases(plain_cases()), ids=str)
def test_only_of_texts_that_are_predicted_symbol_by_symbol_is_the_truth_known(case: Case) -> None:
    known = engine.trace(case.model("float32"), "abc").known
    assert known == (case.kind in ("sequences", "stream") or case.architecture == "one-to-many")


@pytest.mark.parametrize("case", text_cases(plain_cases()), ids=str)
def test_a_network_that_has_diverged_can_still_be_looked_at(case: Case) -> None:
    model = case.model("float32")
    model.parameters.flat[:] = np.nan
    trace = engine.trace(model, "abc")
    assert len(trace.outputs) == max(1, len(trace.inputs))
    if case != FEED_FORWARD:
        assert np.isnan(engine.memory(model, "abc").shares).all() or not model.remembers
        assert isinstance(engine.gradient_flow(model, "abc").verdict, str)
        assert all(np.isnan(radius) for radius in engine.spectral_radius(model).values())


def test_the_verdict_names_what_becomes_of_the_gradient() -> None:
    flow = engine.GradientFlow(("a",) * 5, np.ones(5), np.ones(5), {})

    def verdict(*last: float) -> str:
        return dataclasses.replace(flow, last=np.array(last)).verdict.replace(NARROW, " ")

    assert verdict(1e-6, 1e-4, 1e-3, 1e-1, 1.0) == (
        "Vanishes: less than 1 % of the gradient arrives 2 steps back; 4 steps back it is about 10⁻⁴ %."
    )
    assert verdict(6.6e-7, 1e-4, 1.0).endswith("2 steps back it is about 10⁻⁴ %."), "the nearest power"
    assert verdict(1e-4, 2e-4, 1.0) == (
        "Vanishes: less than 1 % of the gradient arrives 1 step back; 2 steps back it is 0.01 %."
    )
    assert verdict(*[4e-3] * 30, 1.0) == (
        "Fades: less than 1 % of the gradient arrives 1 step back; 30 steps back it is 0.4 %."
    )
    assert verdict(*np.linspace(9e-3, 1.0, 12)) == "Fades: less than 1 % of the gradient arrives 11 steps back."
    assert verdict(3e-21, *[1e-5] * 30, 1.0) == (
        "Vanishes: less than 1 % of the gradient arrives 1 step back; 31 steps back it is about 10⁻¹⁹ %."
    )
    assert verdict(0.0996, 0.02, 1e-5, 0.5, 1.0) == "Weakens: 10 % of the gradient arrives 4 steps back."
    assert verdict(9e-3, 0.5, 1e-5, 0.5, 1.0) == "Vanishes: less than 1 % of the gradient arrives 4 steps back."
    assert verdict(3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0) == (
        "Grows: 7 steps back the gradient is 300 % of its size at the last step."
    )
    assert verdict(*np.linspace(29.2, 1.0, 30)) == (
        "Grows: 29 steps back the gradient is ×29.2 its size at the last step."
    )
    assert verdict(1e4, 1e3, 100, 10, 1.0) == "Explodes: ×10.0 per step, ×10,000 over 4 steps."
    assert verdict(0.03, 0.02, 0.2, 0.5, 1.0) == "Fades: 3 % of the gradient arrives 4 steps back."
    assert verdict(0.12, 0.2, 0.4, 0.8, 1.0) == "Weakens: 12 % of the gradient arrives 4 steps back."
    assert verdict(0.094, 0.2, 0.4, 0.8, 1.0) == "Fades: 9 % of the gradient arrives 4 steps back."
    assert verdict(0.5, 0.6, 0.7, 0.8, 1.0) == "Lasts: 50 % of the gradient arrives 4 steps back."
    assert verdict(0.84, 0.3, 0.9, 1.0) == (
        "Up and down: between 30 % and 100 % of the gradient on its way back; 3 steps back it is 84 %."
    )
    assert verdict(3.0, 20.0, 2.0, 1.0) == (
        "Up and down: between ×1 and ×20 of the gradient on its way back; 3 steps back it is ×3."
    )
    assert verdict(0.8, 0.9, 0.85, 1.1, 1.0) == "Lasts: 80 % of the gradient arrives 4 steps back."
    assert verdict(1.0) == "One step: nothing to travel back through."
    assert (
        verdict(0.0, 0.0)
        == "No gradient reaches the last state, as when the answer is so certain that no error is left."
    )
    assert verdict(np.nan, 1.0) == "Not a number: training has diverged."
    apart = engine.gradient_flow(Case("one-to-one", "sequences", "lstm").model(), "abc")
    assert apart.verdict == "Each symbol is read on its own, so no gradient flows back."
    assert apart.headline == "No gradient flows back."


@pytest.mark.parametrize(
    ("last", "headline"),
    [
        ((1e-6, 1e-4, 1e-3, 1e-1, 1.0), "Vanishes within 2 steps."),
        ((4e-3,) * 30 + (1.0,), "Fades within 1 step."),
        ((0.12, 0.2, 0.4, 0.8, 1.0), "Weakens: 12 % at step −4."),
        ((3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0), "Grows: 300 % at step −7."),
        ((1e4, 1e3, 100, 10, 1.0), "Explodes: ×10.0 per step."),
        ((128, 6, 5, 5, 4, 3, 3, 2, 1.5, 1.2, 1.1, 1.0), "Grows: ×128 at step −11."),
        ((128, 5, 2, 6, 4, 2, 2, 1.1, 1.5, 2, 1.1, 1.0), "Up and down: ×128 at step −11."),
        ((0.84, 0.3, 0.9, 1.0), "Up and down: 84 % at step −3."),
        ((1.1, 1.6, 1.2, 1.0), "Up and down: 110 % at step −3."),
        ((2.0, 6.0, 2.0, 1.0), "Up and down: 200 % at step −3."),
        ((13.0, 5.0, 0.9, 0.08, 0.5, 1.0), "Up and down: ×13 at step −5."),
        ((13.0, 5.0, 2.0, 0.95, 1.0), "Grows: ×13 at step −4."),
        ((0.005, 0.9, 0.3, 1.0), "Vanishes within 3 steps."),
        ((1.0,), "One step: no way back."),
        ((0.0, 0.0), "No gradient at all."),
        ((0.5, 1.0, 0.0), "None at the last step."),
        ((np.nan, 1.0), "Training has diverged."),
    ],
)
def test_the_headline_says_what_becomes_of_the_gradient_in_a_few_words(last: tuple[float, ...], headline: str) -> None:
    flow = engine.GradientFlow(("a",) * len(last), np.ones(len(last)), np.array(last), {})
    assert flow.headline.replace(NARROW, " ") == headline
    assert ("no error is left" in flow.verdict) == (last == (0.0, 0.0))


def test_a_trace_is_of_its_own_and_stays_when_the_model_moves_on() -> None:
    case = Case("encoder-decoder", "pairs", "lstm", {"attention": True, "bidirectional": True})
    model = case.model()
    trace = engine.trace(model, "abc")
    kept = [layer.states.copy() for layer in trace.layers], trace.probabilities.copy()
    for _ in range(3):
        model.loss_and_gradient(case.dataset.train[:8])
    for layer, before in zip(trace.layers, kept[0], strict=True):
        np.testing.assert_array_equal(layer.states, before)
    np.testing.assert_array_equal(trace.probabilities, kept[1])
