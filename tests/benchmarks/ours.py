"""Unroll's side: a step from a batch of examples to moved weights, as the trainer takes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import cycle

import numpy as np

from engine import TrainingConfig
from engine.models import Model, model_class
from engine.models.decoding import Stepper, sample
from engine.network.initialization import initialize
from engine.network.layers import Dense
from engine.network.losses import cross_entropy_gradient
from engine.network.parameters import Parameters
from engine.network.sequence_network import SymbolNetwork
from engine.network.workspace import Workspace
from engine.processes.split_batch import Workers
from engine.training.optimizers import OPTIMIZERS, Optimizer
from tests.benchmarks.cases import AnyCase, Case, Sampling, Softmax, _config

Step = Callable[[], None]
_RATE = 1e-3


def steps(case: AnyCase) -> dict[str, Step]:
    """Ways of computing → a step. The first is one core."""
    if isinstance(case, Softmax):
        return {"one core": _softmax(case), "two BLAS threads": _softmax(case)}
    if isinstance(case, Sampling):
        return {"one core": _sampling(case)}
    return {"one core": _training(case, 1), "two halves": _training(case, 2), "two BLAS threads": _training(case, None)}


def _move(optimizer: Optimizer, weights: np.ndarray, gradient: np.ndarray) -> None:
    norm = math.sqrt(float(np.dot(gradient, gradient)))
    optimizer.step(weights, gradient, _RATE, 1 / (norm + 1e-6) if norm > 1 else 1.0)


def network(case: Case) -> Model:
    """The case's network with fresh weights."""
    model = model_class(case.config.architecture, case.kind)(case.config, case.codec, case.longest)
    initialize(model.parameters, "uniform", np.random.default_rng(0), case.config, 1)
    return model


def _training(case: Case, workers: int | None) -> Step:
    """workers: halves of the batch; None lets BLAS take all cores instead."""
    model = network(case)
    optimizer = OPTIMIZERS["adam"](TrainingConfig(), model.parameters.flat)
    compute = None if workers is None else Workers(model, workers)  # type: ignore[arg-type]
    batches = cycle(case.batches())

    def step() -> None:
        batch = next(batches)
        if compute is None:
            model.loss_and_gradient(batch)
        else:
            compute.loss_and_gradient(batch, None, None, 1.0)
        _move(optimizer, model.parameters.flat, model.gradients.flat)

    return step


def _softmax(case: Softmax) -> Step:
    layer = Dense("output", case.hidden, case.vocabulary)
    parameters = Parameters(layer.shapes())
    rng = np.random.default_rng(0)
    parameters.flat[:] = rng.normal(size=len(parameters.flat)) * 0.05
    x = rng.normal(size=(case.rows, case.hidden)).astype(np.float32)
    targets = rng.integers(0, case.vocabulary, case.rows)
    optimizer = OPTIMIZERS["adam"](TrainingConfig(), parameters.flat)
    work = Workspace(parameters)

    def step() -> None:
        work.reset()
        logits = layer.forward(work, x)
        cross_entropy_gradient(logits, targets, 1 / case.rows)
        layer.backward(work, x, logits)
        _move(optimizer, parameters.flat, work.gradients.flat)

    return step


def _sampling(case: Sampling) -> Step:
    config = _config("lstm", case.hidden)
    body = SymbolNetwork("network", config, case.vocabulary, np.float32)
    output = Dense("output", case.hidden, case.vocabulary)
    parameters = Parameters(body.shapes() | output.shapes())
    rng = np.random.default_rng(0)
    initialize(parameters, "uniform", rng, config, 1)
    stepper, work = Stepper(body, parameters, 1), Workspace(parameters)
    ids = np.array([2])

    def step() -> None:
        nonlocal ids
        work.reset()
        logits = output.forward(work, stepper.advance(ids))
        if case.draw:
            ids = sample(logits, 1.0, 0, 1.0, rng)

    return step
