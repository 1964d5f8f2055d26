"""What the sample "recall" shows: over 60 steps the gradient of a plain RNN vanishes and it guesses; an LSTM and a GRU
answer every question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.inspection.gradient_flow import GradientFlow

SAMPLE = engine.SAMPLES["recall"]


def after_training(cell: str) -> tuple[GradientFlow, float]:
    """The gradient along the sample's probe, and the share of validation examples that are answered right."""
    dataset = engine.load_sample("recall")
    settings = SAMPLE.settings | {"cell": cell}
    fields = {name: settings[name] for name in settings if name in engine.ModelConfig.options()}
    config = engine.ModelConfig(architecture=SAMPLE.architecture, **fields)
    training = {name: settings[name] for name in settings if name in engine.TrainingConfig.options()}
    model = engine.build_model(config, dataset, seed=0)
    for _ in engine.Trainer(model, dataset, replace(engine.TrainingConfig(), **training)):
        pass
    flow = engine.gradient_flow(model, SAMPLE.probe)
    return flow, engine.evaluate(model, dataset.validation).values["accuracy"]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_with_the_settings_of_the_sample_only_gates_learn_and_let_the_gradient_through(cell: str) -> None:
    flow, accuracy = after_training(cell)
    left = float(flow.carried[0] / flow.carried[-1])
    assert np.isfinite(flow.carried).all()
    if cell == "rnn":
        assert accuracy < 0.3, "one of four letters is guessed"
        assert left < 1e-4
        assert flow.verdict.startswith("Vanishes")
    else:
        assert accuracy == 1.0
        assert 0.01 < left < 10
