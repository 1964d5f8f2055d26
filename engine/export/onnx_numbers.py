"""Networks that read or answer numbers as ONNX. Numbers are float64 in their own units: the graph standardises them
as the training rows were.

    series         values (B, T, D), lengths → mean, deviation (B, T, D) of the value after each step
    series, label  values (B, T, D), lengths → logits, probabilities (B, K)
    text, number   ids (B, T), lengths → mean, deviation (B, 1)

A network without a learned spread has no output deviation.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from engine.data.numbers.number_scaling import NumberScaling
from engine.export.onnx_graph import DOUBLE, INT, Graph
from engine.models import Model, NextValue
from engine.models.number_model import NumberModel
from engine.network.number_scorers import LEAST_LOG_SIGMA
from engine.network.sequence_network import SymbolNetwork


def forecaster(graph: Graph, model: Model) -> None:
    """The number after each step of a series."""
    model = cast(NextValue, model)
    values, lengths, _ = read_values(graph, model.numbers)
    changes = values
    if model.config.lag:
        changes = graph.node("Sub", values, _before(graph, values, model.config.lag))
    states, _ = graph.recurrent(model, model.network, frames(graph, model, model.network, changes), lengths, None)
    scores = graph.dense(model, "output", graph.node("Transpose", states, perm=[1, 0, 2]))
    # The value `lag` steps before the next one.
    before = _before(graph, values, model.config.lag - 1) if model.config.lag else ""
    hand_out_numbers(graph, model, scores, before, "B", "T")


def read_values(graph: Graph, numbers: NumberScaling) -> tuple[str, str, str]:
    """Standardised values (B, T, D), their number (B,), and which of them count (B, T)."""
    given, lengths = graph.input("values", DOUBLE, "B", "T", numbers.size), graph.input("lengths", INT, "B")
    far = graph.node("Sub", given, graph.constant(np.array(numbers.mean), dtype=DOUBLE))
    standard = graph.node("Div", far, graph.constant(np.array(numbers.deviation), dtype=DOUBLE))
    values = graph.node("Cast", standard, to=graph.onnx.TensorProto.FLOAT)
    inside = graph.node("Less", graph.positions(values, 1), graph.column(lengths))
    return values, lengths, inside


def frames(graph: Graph, model: Model, network: SymbolNetwork, values: str) -> str:
    """(B, T, D) → (T, B, E): the input of the first layer."""
    x = graph.node("Transpose", values, perm=[1, 0, 2])
    if network.embedding is None:
        return x
    return graph.node("MatMul", x, graph.constant(model.parameters[network.embedding.name], network.embedding.name))


def _before(graph: Graph, values: str, steps: int) -> str:
    """(B, T, D) the value `steps` before each, or the first one."""
    places = graph.node("Sub", graph.positions(values, 1), graph.constant(steps))
    return graph.node("Gather", values, graph.node("Max", places, graph.constant(0)), axis=1)


def hand_out_numbers(graph: Graph, model: NumberModel, scores: str, before: str, *shape: str | int) -> None:
    """scores (…, K) → the outputs mean and deviation (…, D). before: what the means count from, or ""."""
    numbers = model.numbers
    size, wide = numbers.size, {"to": graph.onnx.TensorProto.DOUBLE}
    deviation = graph.constant(np.array(numbers.deviation), dtype=DOUBLE)

    def part(begin: int, end: int) -> str:
        return graph.node("Slice", scores, graph.constant([begin]), graph.constant([end]), graph.constant([-1]))

    mean = part(0, size) if not before else graph.node("Add", part(0, size), before)
    own = graph.node("Mul", graph.node("Cast", mean, **wide), deviation)
    own = graph.node("Add", own, graph.constant(np.array(numbers.mean), dtype=DOUBLE))
    graph.output("mean", own, DOUBLE, *shape, size)
    if model.judge.scores_needed > size:
        logs = graph.node("Max", part(size, 2 * size), graph.constant(np.float32(LEAST_LOG_SIGMA)))
        sigma = graph.node("Cast", graph.node("Exp", logs), **wide)
        graph.output("deviation", graph.node("Mul", sigma, deviation), DOUBLE, *shape, size)
