"""What the sample "recall" shows: over 37 steps a plain RNN's gradient vanishes, those of LSTM and GRU do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.inspection import GradientFlow

SAMPLE = engine.SAMPLES["recall"]


def after_training(cell: str, epochs: int) -> tuple[GradientFlow, float]:
    """The gradient along the sample's probe, and the share of validation examples that are answered right."""
    dataset = engine.load_sample("recall")
    settings = SAMPLE.settings | {"cell": cell, "epochs": epochs}
    fields = {name: settings[name] for name in settings if name in engine.ModelConfig.options()}
    config = engine.ModelConfig(architecture=SAMPLE.architecture, **fields)
    training = {name: settings[name] for name in settings if name in engine.TrainingConfig.options()}
    model = engine.build_model(config, dataset, seed=0)
    for _ in engine.Trainer(model, dataset, replace(engine.TrainingConfig(), **training)):
        pass
    flow = engine.gradient_flow(model, SAMPLE.probe)
    return flow, engine.evaluate(model, dataset.validation).values["accuracy"]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_after_three_epochs_only_the_gates_have_learned_and_let_the_gradient_through(cell: str) -> None:
    flow, accuracy = after_training(cell, 3)
    left = float(flow.carried[0] / flow.carried[-1])
    assert np.isfinite(flow.carried).all()
    if cell == "rnn":
        assert accuracy < 0.6
        assert left < 0.15
    else:
        assert accuracy == 1.0
        assert 0.2 < left < 5
        assert flow.verdict.startswith(("Reaches back", "Grows"))


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_with_the_epochs_of_the_sample_it_is_the_same(cell: str) -> None:
    flow, accuracy = after_training(cell, SAMPLE.settings["epochs"])
    left = float(flow.carried[0] / flow.carried[-1])
    if cell == "rnn":
        assert accuracy < 0.6
        assert flow.verdict.startswith(("Fades", "Vanishes"))
    else:
        assert accuracy == 1.0
        assert 0.2 < left < 5
