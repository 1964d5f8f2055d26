"""The hand-written backward pass of every network against numeric differentiation, in float64."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.cells import CELLS
from engine.config import ModelConfig
from engine.data.codec import Kind
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Examples
from engine.models import Carry, Model, build_model
from tests.engine.small import Case, batch_of, exact_cases

STEPS = (1e-5, 1e-6)  # so short that no maximum changes places; the second where a kink lies within the first
LIMIT = 1e-6
FLOOR = 1e-4  # below this size a difference of losses has no six digits left


def with_chance() -> list[Case]:
    """Networks that draw random numbers while they train, large vocabularies, and words that are spelled."""
    cases = []
    for case in exact_cases():
        feed_forward = (case.architecture, case.kind) == ("one-to-one", "labelled")
        if case.changes in ({}, {"embedding_size": 4}) and not Kind(case.kind).reads_numbers:
            cases.append(replace(case, large=True))
        of_numbers = Kind(case.kind).reads_numbers or Kind(case.kind).answers_numbers
        if not case.changes and not feed_forward and (case.cell == "gru" or not of_numbers):
            cases.append(replace(case, changes={"embedding_size": 4, "num_layers": 2, "dropout": 0.3}))
        if case.architecture in ("one-to-many", "encoder-decoder") and not {"num_layers"} & case.changes.keys():
            cases.append(replace(case, teacher_forcing=0.5))
    for cell in CELLS:
        cases.append(Case("many-to-many", "series", cell, {"lag": 2, "embedding_size": 4}))
        cases.append(Case("many-to-many", "series", cell, {"number_loss": "squared"}))
        cases.append(Case("many-to-one", "rated", cell, {"number_loss": "squared", "pooling": "mean"}))
        cases.append(Case("encoder-decoder", "speech", cell, {"attention": True, "bidirectional": True}))
        cases.append(Case("one-to-many", "pictures", cell, {"num_layers": 2, "embedding_size": 4}))
    for kind, architecture in (("tagged", "many-to-many"), ("labelled", "many-to-one")):
        for spelling in ("affixes", "characters", "patterns", "both"):
            changes = {"spelling": spelling, "embedding_size": 4, "word_dropout": 2.0, "dropout": 0.2}
            cases += [Case(architecture, kind, cell, changes, large=True) for cell in CELLS]
    for kind, architecture in (("tagged", "many-to-many"), ("labelled", "many-to-one"), ("pairs", "encoder-decoder")):
        changes = {"neighbours": True, "embedding_size": 4, "word_dropout": 2.0, "dropout": 0.2}
        cases += [Case(architecture, kind, cell, changes, large=large) for cell in CELLS for large in (False, True)]
        cases.append(Case(architecture, kind, "gru", {**changes, "spelling": "both"}, large=True))
    return cases


def loss(model: Model, batch: Examples, case: Case, carry: Carry | None = None) -> float:
    """The mean loss, forwards alone and with the same draws each time."""
    model.work.reset()
    start = None if carry is None else Carry(carry.states)
    done = model.forward(batch, np.random.default_rng(11), start, case.teacher_forcing)
    return model.loss_of(done) / done.count


def check(model: Model, batch: Examples, case: Case, carry: Carry | None = None) -> None:
    """Compare the derivative in one direction through all numbers of every named parameter."""
    start = None if carry is None else Carry(carry.states)
    value = model.loss_and_gradient(batch, np.random.default_rng(11), start, case.teacher_forcing)
    assert value == pytest.approx(loss(model, batch, case, carry), rel=1e-12)
    gradient = {name: array.copy() for name, array in model.gradients.items()}
    rng = np.random.default_rng(2)
    for name, weights in model.parameters.items():
        exact = gradient[name]
        assert np.abs(exact).max() > 0, f"{name} has no gradient"
        direction = rng.normal(size=exact.shape) / np.sqrt(exact.size)
        analytic = float((exact * direction).sum())
        before = weights.copy()
        for step in STEPS:
            weights[:] = before + step * direction
            above = loss(model, batch, case, carry)
            weights[:] = before - step * direction
            below = loss(model, batch, case, carry)
            weights[:] = before
            numeric = (above - below) / (2 * step)
            error = abs(numeric - analytic) / max(FLOOR, abs(numeric) + abs(analytic))
            if error <= LIMIT:
                break
        assert error <= LIMIT, f"{name}: {analytic:.12g} instead of {numeric:.12g}"


@pytest.mark.parametrize("case", [*exact_cases(), *with_chance()], ids=str)
def test_the_gradient_equals_numeric_differentiation(case: Case) -> None:
    check(case.model(), batch_of(case.dataset), case)


def long_texts(dense: bool) -> Dataset:
    """Texts of 1 to 40 symbols, or all of 40: longer than what the backward pass prepares at once."""
    rng = np.random.default_rng(8)
    lengths = [40, 40, 40, 40] if dense else [40, 1, 17, 9, 8, 16, 24, 25]
    rows = [rng.choice(list("abcdefg"), length).tolist() for length in lengths]
    tagged = [(row, ["AB"[word > "d"] for word in row]) for row in rows]
    return make_dataset(tagged, "tagged", validation=tagged[:1])


@pytest.mark.parametrize("dense", [False, True], ids=["ragged", "equally long"])
@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_is_exact_over_many_steps(cell: str, dense: bool) -> None:
    case = Case("many-to-many", "tagged", cell, {"bidirectional": True, "num_layers": 2})
    dataset = long_texts(dense)
    config = ModelConfig(architecture=case.architecture, cell=cell, hidden_size=4, **case.changes)
    model = build_model(config, dataset, dtype="float64")
    grows = any(gate.identity for gate in CELLS[cell].gates)  # and would overflow if it were any larger
    model.parameters.flat[:] *= 0.9 if grows else 1.5
    check(model, dataset.train, case)


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradient_is_exact_when_a_state_is_carried_in(cell: str) -> None:
    case = Case("one-to-many", "stream", cell, {"num_layers": 2})
    model = case.model()
    batch = batch_of(case.dataset)
    carry = Carry()
    model.loss(batch, carry)
    assert carry.states is not None
    assert all(np.abs(state).max() > 0 for state in carry.states.arrays())
    check(model, batch, case, carry)


def test_own_inputs_and_dropout_change_the_loss() -> None:
    case = Case("encoder-decoder", "pairs", "gru", {"embedding_size": 4, "dropout": 0.3})
    model, batch = case.model(), batch_of(case.dataset)
    assert model.loss_and_gradient(batch) != loss(model, batch, case)
    assert loss(model, batch, replace(case, teacher_forcing=0.0)) != loss(model, batch, case)
