"""Models as ONNX files.

Inputs are ids (B, T), padded with anything, and the lengths of the sequences (B,), both int64:

    one to many      ids, lengths, and the states to start from → logits, probabilities, and the last states
    one to one       ids → logits, probabilities (of each symbol alone); a feed-forward network: as many to one
    many to one      ids, lengths → logits, probabilities (B, K)
    many to many     ids, lengths → logits, probabilities (B, T, K)
    encoder–decoder  source (B, S), source_lengths, target (B, T): the start symbol and what has been written →
                     logits, probabilities (B, T, K), and attention (B, T, S + 1) where the network has it

Networks that read or predict numbers: see `onnx_numbers`. The file's metadata has the vocabularies and special ids as
JSON. A word outside the vocabulary has id 0. For a network that reads spelling, the file holds only the spelling of
known words.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import cast

import numpy as np

from engine.data.vocabulary import END_ID, UNKNOWN_ID
from engine.errors import StorageError
from engine.export.obstacles import onnx_obstacle
from engine.export.onnx_graph import FLOAT, INT, Graph
from engine.export.onnx_numbers import forecaster, frames, hand_out_numbers, read_values
from engine.export.untied import untied
from engine.models import (
    EncoderDecoder,
    FeedForward,
    ManyToMany,
    ManyToOne,
    Model,
    OneToMany,
    OneToOne,
    SeriesToOne,
    TextToNumber,
)
from engine.models.model_description import ExportForm
from engine.network.word_counts import WordCounts
from engine.runs.atomic_write import replacing

_LIMIT_BYTES = 2_000_000_000  # largest protocol buffer


def export_onnx(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model as an ONNX file that computes in float32.

    StorageError if the package onnx is missing, the model is too large for the format, or the file cannot be written.
    """
    if obstacle := onnx_obstacle(model):
        raise StorageError(f"{path}: not written, because {obstacle}.")
    model, graph = untied(model), Graph()
    assert model.export_form is not None
    if 4 * model.parameters.flat.size > _LIMIT_BYTES:
        raise StorageError(f"{path}: an ONNX file holds at most two gigabytes, and this network is larger.")
    _WRITERS[model.export_form](graph, model)
    made = graph.build(model.verb, {name: json.dumps(value) for name, value in _metadata(model).items()})
    with replacing(path) as temporary:
        temporary.write_bytes(made.SerializeToString())


def _metadata(model: Model) -> dict[str, object]:
    codec = model.codec
    values: dict[str, object] = {
        "verb": model.verb,
        "architecture": model.config.architecture,
        "kind": codec.kind,
        "unit": codec.unit,
        "lowercase": codec.lowercase,
        "composed": codec.composed,
        "source_symbols": list(codec.source.symbols),
        "target_symbols": None if codec.target is None else list(codec.target.symbols),
        "unknown_id": UNKNOWN_ID,
        "end_id": END_ID,
        "columns": None if codec.frames is None else list(codec.frames.names),
    }
    return values | model.start_ids()


def _hand_out(graph: Graph, logits: str, *shape: str | int) -> None:
    graph.output("logits", logits, FLOAT, *shape)
    graph.output("probabilities", graph.node("Softmax", logits, axis=-1), FLOAT, *shape)


def _time_first(graph: Graph, ids: str) -> str:
    return graph.node("Transpose", ids, perm=[1, 0])


def _batch_first(graph: Graph, states: str) -> str:
    return graph.node("Transpose", states, perm=[1, 0, 2])


def _one_to_many(graph: Graph, model: Model) -> None:
    model = cast(OneToMany, model)
    config, names = model.config, [state.name for state in model.network.recurrent.layers[0][0].cell.states]
    ids, lengths = graph.input("ids", INT, "B", "T"), graph.input("lengths", INT, "B")
    shape = (config.num_layers, "B", config.hidden_size)
    given = [graph.input(f"state_{name}", FLOAT, *shape) for name in names]
    layers = [graph.constant([k]) for k in range(config.num_layers)]
    initial = [[graph.node("Gather", state, layer, axis=0) for state in given] for layer in layers]
    x = graph.symbols(model, model.network, _time_first(graph, ids))
    states, final = graph.recurrent(model, model.network, x, lengths, initial)
    _hand_out(graph, graph.dense(model, "output", _batch_first(graph, states)), "B", "T", model.vocabulary_size)
    for k, name in enumerate(names):
        last = graph.node("Concat", *(layer[k] for layer in final), axis=0)
        graph.output(f"last_state_{name}", last, FLOAT, *shape)


def _one_to_one(graph: Graph, model: Model) -> None:
    """Every symbol is a sequence of one step in a batch of B · T."""
    model = cast(OneToOne, model)
    ids = graph.input("ids", INT, "B", "T")
    x = graph.symbols(model, model.network, graph.node("Reshape", ids, graph.constant([1, -1])))
    states, _ = graph.recurrent(model, model.network, x, "", None)
    logits = graph.dense(model, "output", states)
    shape = graph.node("Concat", graph.node("Shape", ids), graph.constant([-1]), axis=0)
    _hand_out(graph, graph.node("Reshape", logits, shape), "B", "T", model.vocabulary_size)


def _read_text(graph: Graph, end_each: bool) -> tuple[str, str, str, str]:
    """Ids (T, B), their number (B,), ids (B, T), and which of them count (B, T). The end symbol fills the rest.

    end_each: that belongs to every text; otherwise only to an empty one.
    """
    name = "source" if end_each else "ids"
    ids = graph.input(name, INT, "B", "S" if end_each else "T")
    lengths = graph.input("source_lengths" if end_each else "lengths", INT, "B")
    given, one = lengths, graph.constant(1)
    if end_each:
        ids = graph.node("Pad", ids, graph.constant([0, 0, 0, 1]), graph.constant(END_ID))
    lengths = graph.node("Add" if end_each else "Max", lengths, one)
    own = graph.node("Less", graph.positions(ids, 1), graph.column(given))
    ids = graph.node("Where", own, ids, graph.constant(END_ID))
    inside = graph.node("Less", graph.positions(ids, 1), graph.column(lengths))
    return _time_first(graph, ids), lengths, ids, inside


def _many_to_one(graph: Graph, model: Model) -> None:
    model = cast(ManyToOne, model)
    ids, lengths, rows, inside = _read_text(graph, end_each=False)
    pooled = _pooled(graph, model, graph.symbols(model, model.reader.network, ids), lengths, inside)
    logits = graph.dense(model, "output", pooled)
    if model.word_counts is not None:
        logits = graph.node("Add", logits, _counted(graph, model, model.word_counts, rows, inside))
    _hand_out(graph, logits, "B", len(model.labels))


def _counted(graph: Graph, model: ManyToOne, counts: WordCounts, ids: str, inside: str) -> str:
    """ids (B, T) and which of them belong to the texts → logits (B, K) of the counted words and pairs."""
    known = graph.node("Greater", ids, graph.constant(END_ID))
    counted = graph.node("And", inside, known)
    counted = graph.node("And", counted, graph.node("Less", ids, graph.constant(counts.words)))
    start, second, last, axis = (graph.constant([k]) for k in (0, 1, -1, 1))
    end = graph.constant([np.iinfo(np.int64).max])
    left, right = (graph.node("Slice", ids, *ends, axis) for ends in ((start, last), (second, end)))
    both = (graph.node("Slice", counted, *ends, axis) for ends in ((start, last), (second, end)))
    keys = graph.node("Add", graph.node("Mul", left, graph.constant(counts.stride)), right)
    places = graph.node("Mod", keys, graph.constant(counts.pairs))
    total = ""
    for table, rows, mask in zip(
        counts.tables(model.parameters), (ids, places), (counted, graph.node("And", *both)), strict=True
    ):
        found = graph.node("Gather", graph.constant(table), graph.node("Where", mask, rows, graph.constant(0)))
        kept = graph.node(
            "Where", graph.node("Unsqueeze", mask, graph.constant([2])), found, graph.constant(np.float32(0))
        )
        summed = graph.node("ReduceSum", kept, graph.constant([1]), keepdims=0)
        total = graph.node("Add", total, summed) if total else summed
    return total


def _series_to_one(graph: Graph, model: Model) -> None:
    model = cast(SeriesToOne, model)
    assert model.codec.frames is not None
    values, lengths, inside = read_values(graph, model.codec.frames)
    x = frames(graph, model, model.reader.network, values)
    _hand_out(graph, graph.dense(model, "output", _pooled(graph, model, x, lengths, inside)), "B", len(model.labels))


def _text_to_number(graph: Graph, model: Model) -> None:
    model = cast(TextToNumber, model)
    hand_out_numbers(graph, model, graph.dense(model, "output", _pooled_text(graph, model)), "", "B")


def _pooled_text(graph: Graph, model: ManyToOne | TextToNumber) -> str:
    """(B, H · directions) of texts."""
    ids, lengths, _, inside = _read_text(graph, end_each=False)
    return _pooled(graph, model, graph.symbols(model, model.reader.network, ids), lengths, inside)


def _pooled(
    graph: Graph, model: ManyToOne | SeriesToOne | TextToNumber, x: str, lengths: str, inside: str
) -> str:  # fmt: skip
    """x (T, B, D) → (B, H · directions), as `pooling` says."""
    states, final = graph.recurrent(model, model.reader.network, x, lengths, None)
    if model.config.pooling == "last":
        return graph.node("Reshape", _batch_first(graph, final[-1][0]), graph.constant([0, -1]))
    mask = graph.node("Unsqueeze", inside, graph.constant([2]))
    filler = graph.constant(np.float32(-np.inf if model.config.pooling == "max" else 0))
    kept = graph.node("Where", mask, _batch_first(graph, states), filler)
    if model.config.pooling == "max":
        return graph.node("ReduceMax", kept, axes=[1], keepdims=0)
    total = graph.node("ReduceSum", kept, graph.constant([1]), keepdims=0)
    number = graph.node("Cast", graph.column(lengths), to=graph.onnx.TensorProto.FLOAT)
    return graph.node("Div", total, number)


def _feed_forward(graph: Graph, model: Model) -> None:
    model = cast(FeedForward, model)
    ids, lengths = graph.input("ids", INT, "B", "T"), graph.input("lengths", INT, "B")
    zero, longest = graph.constant([0]), graph.constant([model.longest])
    ids = graph.node("Slice", ids, zero, longest, graph.constant([1]))
    places = graph.positions(ids, 1)
    rows = graph.node("Add", graph.node("Mul", places, graph.constant(model.vocabulary_size)), ids)
    table = model.parameters["hidden.weight"].reshape(-1, model.config.hidden_size)
    looked_up = graph.node("Gather", graph.constant(table, "hidden.weight"), rows)
    mask = graph.node("Unsqueeze", graph.node("Less", places, graph.column(lengths)), graph.constant([2]))
    kept = graph.node("Where", mask, looked_up, graph.constant(np.float32(0)))
    total = graph.node("ReduceSum", kept, graph.constant([1]), keepdims=0)
    bias = graph.constant(model.parameters["hidden.bias"], "hidden.bias")
    hidden = graph.node("Tanh", graph.node("Add", total, bias))
    _hand_out(graph, graph.dense(model, "output", hidden), "B", len(model.labels))


def _many_to_many(graph: Graph, model: Model) -> None:
    model = cast(ManyToMany, model)
    ids, lengths, _, _ = _read_text(graph, end_each=False)
    states, _ = graph.recurrent(model, model.network, graph.symbols(model, model.network, ids), lengths, None)
    _hand_out(graph, graph.dense(model, "output", _batch_first(graph, states)), "B", "T", len(model.tags))


def _encoder_decoder(graph: Graph, model: Model) -> None:
    model = cast(EncoderDecoder, model)
    ids, lengths, _, inside = _read_text(graph, end_each=True)
    x = graph.symbols(model, model.encoder, ids)
    read, final = graph.recurrent(model, model.encoder, x, lengths, None)
    initial = [[_bridge(graph, model, layer, k, s) for k, s in enumerate(parts)] for layer, parts in enumerate(final)]
    target = graph.input("target", INT, "B", "T")
    x = graph.symbols(model, model.decoder, _time_first(graph, target))
    written, _ = graph.recurrent(model, model.decoder, x, "", initial)
    states = _batch_first(graph, written)
    if model.attention is not None:
        keys = _batch_first(graph, read)
        projected = graph.node("MatMul", states, graph.constant(model.parameters["attention.score"]))
        scores = graph.node("MatMul", projected, graph.node("Transpose", keys, perm=[0, 2, 1]))
        mask = graph.node("Unsqueeze", inside, graph.constant([1]))
        weights = graph.node("Softmax", graph.node("Where", mask, scores, graph.constant(np.float32(-np.inf))), axis=-1)
        joined = graph.node("Concat", graph.node("MatMul", weights, keys), states, axis=2)
        states = graph.node("Tanh", graph.node("MatMul", joined, graph.constant(model.parameters["attention.combine"])))
        graph.output("attention", weights, FLOAT, "B", "T", "S + 1")
    _hand_out(graph, graph.dense(model, "output", states), "B", "T", model.target_size)


def _bridge(graph: Graph, model: EncoderDecoder, layer: int, state: int, last: str) -> str:
    """The encoder's last state (directions, B, H) as the decoder's first one (1, B, H)."""
    if not model.config.bidirectional:
        return last
    name = f"bridge.{layer}.{model.encoder.recurrent.layers[layer][0].cell.states[state].name}"
    both = graph.node("Reshape", _batch_first(graph, last), graph.constant([0, -1]))
    product = graph.node("MatMul", both, graph.constant(model.parameters[name], name))
    return graph.node("Unsqueeze", product, graph.constant([0]))


_WRITERS: dict[ExportForm, Callable[[Graph, Model], None]] = {
    ExportForm.PREDICTOR: _one_to_one,
    ExportForm.WRITER: _one_to_many,
    ExportForm.CLASSIFIER: _many_to_one,
    ExportForm.TAGGER: _many_to_many,
    ExportForm.FEED_FORWARD: _feed_forward,
    ExportForm.TRANSLATOR: _encoder_decoder,
    ExportForm.FORECASTER: forecaster,
    ExportForm.SERIES_CLASSIFIER: _series_to_one,
    ExportForm.RATER: _text_to_number,
}
