"""What inspection shows, held against values that were worked out another way."""

from __future__ import annotations

import numpy as np
import pytest

from engine.cells import CELLS
from engine.inspection.cell_step import cell_step
from engine.inspection.projection import principal_components
from engine.network.losses import cross_entropy, cross_entropy_gradient, log_softmax, softmax
from tests.engine.small import Case, data


@pytest.mark.parametrize("cell", CELLS)
def test_the_gradients_at_the_sums_of_all_steps_add_up_to_that_of_the_bias(cell: str) -> None:
    model = Case("many-to-one", "labelled", cell).model()
    example = next(example for example in data("labelled").train if len(example.source) >= 4)
    layer = model.networks()[""].recurrent.layers[0][0]
    steps = [cell_step(model, example, step) for step in range(len(example.source))]
    model.loss_and_gradient([example])
    bias = model.gradients[f"{layer.prefix}.bias"]
    for index, gate in enumerate(layer.cell.gates):
        added = sum(step.backward[f"∂ {gate.name} sum"] for step in steps)
        np.testing.assert_allclose(added, bias[index], rtol=1e-9, atol=1e-12)
        assert np.abs(bias[index]).max() > 1e-6


def test_principal_components_are_the_eigenvectors_of_the_covariance() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(60, 5)) * [5.0, 3.0, 1.0, 0.5, 0.1] @ np.linalg.qr(rng.normal(size=(5, 5)))[0] + 7.0
    found = principal_components(rows)
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    for k in range(2):
        expected = (rows - rows.mean(axis=0)) @ vectors[:, -1 - k]
        sign = np.sign(expected @ found.points[:, k])
        np.testing.assert_allclose(found.points[:, k], sign * expected, atol=1e-9)
        assert found.explained[k] == pytest.approx(values[-1 - k] / values.sum())
    assert np.std(found.points[:, 1]) > 1


@pytest.mark.parametrize("size", [45.0, 90.0, 1000.0, 1e30])
def test_large_finite_logits_of_single_precision_have_finite_probabilities(size: float) -> None:
    logits = np.array([[size, -size], [size - 1, size], [0.0, 0.0]], np.float32)
    wide = logits.astype(np.float64)
    shifted = np.exp(wide - wide.max(axis=0))
    expected = shifted / shifted.sum(axis=0)
    np.testing.assert_allclose(softmax(logits), expected, rtol=1e-5, atol=1e-30)
    assert np.isfinite(log_softmax(logits)).all()
    targets = np.array([0, 1])
    assert np.isfinite(cross_entropy(logits.copy(), targets))
    gradient = logits.copy()
    cross_entropy_gradient(gradient, targets, 1.0)
    expected[targets, [0, 1]] -= 1
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)
