"""Initial weights, by named scheme."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.cells import CELLS
from engine.config import INITIALIZATION_CHOICES, ModelConfig
from engine.models import Model, build_model
from tests.engine.small import data

SIZE = 40


def network(scheme: str, cell: str = "lstm", seed: int = 0, dtype: str = "float64") -> Model:
    config = ModelConfig(architecture="many-to-one", cell=cell, hidden_size=SIZE, initialization=scheme)
    return build_model(config, data("labelled", large=True), seed, dtype)


def test_uniform_lies_within_one_over_the_root_of_the_size() -> None:
    model = network("uniform")
    for name in ("network.0.weight_ih", "network.0.weight_hh", "output.weight"):
        weights = model.parameters[name]
        assert 0.8 / math.sqrt(SIZE) < np.abs(weights).max() <= 1 / math.sqrt(SIZE)
    assert abs(float(model.parameters["network.0.weight_hh"].mean())) < 0.01


def test_xavier_lies_within_its_bound_of_both_sizes() -> None:
    model = network("xavier")
    for name in ("network.0.weight_ih", "network.0.weight_hh"):
        for gate in model.parameters[name]:
            bound = math.sqrt(6 / sum(gate.shape))
            assert 0.9 * bound < np.abs(gate).max() <= bound
    bound = math.sqrt(6 / (SIZE + 3))
    assert np.abs(model.parameters["output.weight"]).max() <= bound


def test_he_has_variance_two_over_the_inputs() -> None:
    model = network("he")
    for name in ("network.0.weight_ih", "network.0.weight_hh"):
        weights = model.parameters[name]
        assert float(weights.var()) == pytest.approx(2 / weights.shape[1], rel=0.1)


def test_orthogonal_matrices_keep_lengths() -> None:
    model = network("orthogonal")
    for gate in model.parameters["network.0.weight_hh"]:
        np.testing.assert_allclose(gate @ gate.T, np.eye(SIZE), atol=1e-12)
    for gate in model.parameters["network.0.weight_ih"]:
        np.testing.assert_allclose(gate.T @ gate, np.eye(SIZE), atol=1e-12)
    read_out = model.parameters["output.weight"]
    np.testing.assert_allclose(read_out @ read_out.T, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_biases_are_zero_but_for_the_forget_gate(cell: str) -> None:
    parameters = network("uniform", cell).parameters
    wanted = np.zeros_like(parameters["network.0.bias"])
    for place, gate in enumerate(CELLS[cell].gates):
        wanted[place] = gate.bias
    np.testing.assert_array_equal(parameters["network.0.bias"], wanted)
    assert not parameters["output.bias"].any()
    for gate in CELLS[cell].gates:
        if gate.past_through:
            assert not parameters[f"network.0.bias_h{gate.letter}"].any()


def test_an_lstm_remembers_from_the_first_step() -> None:
    bias = network("uniform", "lstm").parameters["network.0.bias"]
    assert bias[:, 0].tolist() == [0.0, 1.0, 0.0, 0.0]  # input, forget, candidate, output


@pytest.mark.parametrize("scheme", INITIALIZATION_CHOICES)
def test_an_irnn_starts_by_copying_its_state(scheme: str) -> None:
    parameters = network(scheme, "irnn").parameters
    np.testing.assert_array_equal(parameters["network.0.weight_hh"], np.eye(SIZE)[None])
    assert not parameters["network.0.bias"].any()
    assert np.abs(parameters["network.0.weight_ih"]).max() > 0


def test_chrono_lets_units_keep_for_one_step_up_to_the_length_of_the_longest_text() -> None:
    longest = data("labelled", large=True).longest
    for cell, keeps, writes, others in (("lstm", [1], [0], [2, 3]), ("gru", [1], [], [0, 2]), ("mgu", [], [0], [1])):
        bias = network("chrono", cell).parameters["network.0.bias"]
        logs = np.concatenate((bias[keeps], -bias[writes]))
        steps = np.exp(logs[0])
        assert steps.min() >= 1
        assert 0.5 * longest < steps.max() <= longest - 1
        assert (logs == logs[0]).all()
        assert not bias[others].any()
    plain, chrono = (network(scheme, "rnn").parameters.flat for scheme in ("uniform", "chrono"))
    np.testing.assert_array_equal(plain, chrono)


def test_an_embedding_is_drawn_from_the_normal_distribution() -> None:
    config = ModelConfig(architecture="many-to-one", embedding_size=32)
    table = build_model(config, data("labelled", large=True)).parameters["network.embedding.weight"]
    assert float(table.mean()) == pytest.approx(0, abs=0.05)
    assert float(table.std()) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("scheme", ["uniform", "xavier", "he", "orthogonal", "chrono"])
def test_a_seed_draws_the_same_weights_in_either_precision(scheme: str) -> None:
    double = network(scheme).parameters.flat
    np.testing.assert_array_equal(network(scheme).parameters.flat, double)
    np.testing.assert_array_equal(network(scheme, dtype="float32").parameters.flat, double.astype(np.float32))
    assert (network(scheme, seed=1).parameters.flat != double).any()
