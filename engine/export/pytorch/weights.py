"""The parameters with the names and shapes of the exported network.

Recurrent matrices are (gate, from, to) here and (gate · to, from) there, gates in the same order. There every layer
has a second bias; it is zero but for the candidate of a GRU.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.models import EncoderDecoder, Model
from engine.models.description import ExportForm
from engine.network.letter_patterns import PATTERN_WIDTHS, LetterPatterns
from engine.network.recurrent import RecurrentLayer
from engine.network.recurrent_stack import Recurrent
from engine.network.sequence_network import SymbolNetwork
from engine.network.word_features import Letters, Spelling

Weights = dict[str, NDArray[Any]]


def weights_of(model: Model) -> Weights:
    """The `state_dict` of the exported network, float32."""
    found = _named(model)
    return {name: np.ascontiguousarray(array, np.float32) for name, array in found.items()}


def _named(model: Model) -> Weights:
    found: Weights = {f"output.{name}": model.parameters[f"output.{name}"] for name in ("weight", "bias")}
    found |= {name: model.parameters[name] for name in model.scorer.shapes()}
    for part, network in model.networks().items():
        found |= _reader(model, network, part or "reader")
    if model.export_form in _MORE:
        found |= _MORE[model.export_form](model)
    return found


def _table(model: Model) -> Weights:
    return {"table": model.parameters["hidden.weight"], "bias": model.parameters["hidden.bias"]}


def _between_parts(model: Model) -> Weights:
    """Attention, and `bridges.<state>.<layer>`; ours are named by layer and state."""
    attention = cast(EncoderDecoder, model).attention
    found: Weights = {}
    if attention is not None:
        found["score.weight"] = model.parameters[attention.score].T
        found["combine.weight"] = model.parameters[attention.combine].T
    states: dict[str, int] = {}
    for name, array in model.parameters.items():
        if name.startswith("bridge."):
            _, layer, state = name.split(".")
            found[f"bridges.{states.setdefault(state, len(states))}.{layer}.weight"] = array.T
    return found


def _reader(model: Model, network: SymbolNetwork, name: str) -> Weights:
    """Embedding, spelling and recurrent layers."""
    found = _recurrent(model, network.recurrent, f"{name}.recurrent")
    if network.embedding is not None:
        found[f"{name}.embedding.weight"] = model.parameters[network.embedding.name]
    if network.spelling is not None:
        parts = network.spelling.parts
        for k, spelling in enumerate(parts):
            found |= _spelling(model, spelling, f"{name}.spelling" + (f".parts.{k}" if len(parts) > 1 else ""))
    return found


def _spelling(model: Model, spelling: Spelling, name: str) -> Weights:
    if isinstance(spelling, Letters):
        table = {f"{name}.embedding.weight": model.parameters[spelling.embedding.name]}
        return table | _recurrent(model, spelling.recurrent, f"{name}.recurrent")
    if isinstance(spelling, LetterPatterns):
        found = {f"{name}.embedding.weight": model.parameters[spelling.embedding.name]}
        for k, (width, patterns) in enumerate(zip(PATTERN_WIDTHS, spelling.patterns, strict=True)):
            kernel = model.parameters[patterns.weight].reshape(patterns.output_size, width, -1)  # Conv1d's: (F, E, w)
            found[f"{name}.patterns.{k}.weight"] = kernel.transpose(0, 2, 1)
            found[f"{name}.patterns.{k}.bias"] = model.parameters[patterns.bias]
        return found
    (table_name,) = spelling.shapes()
    return {f"{name}.embedding.weight": model.parameters[table_name]}


def _recurrent(model: Model, recurrent: Recurrent, name: str) -> Weights:
    found: Weights = {}
    for k, parts in enumerate(recurrent.layers):
        for part, suffix in zip(parts, ("", "_reverse"), strict=False):
            found |= {f"{name}.{which}_l{k}{suffix}": array for which, array in _layer(model, part).items()}
    return found


def _layer(model: Model, part: RecurrentLayer) -> Weights:
    parameters, size = model.parameters, part.hidden_size
    bias = parameters[f"{part.prefix}.bias"]
    past = np.zeros_like(bias)
    for gate, row in zip(part.cell.gates, past, strict=True):
        if gate.past_through:
            row[:] = part.recurrent_bias(parameters)
    gates = len(bias)
    recurrent = np.zeros((gates * size, size))  # a network without memory never reads them
    if part.memory:
        recurrent = _matrix(parameters[f"{part.prefix}.weight_hh"])
    return {
        "weight_ih": _matrix(parameters[f"{part.prefix}.weight_ih"]),
        "weight_hh": recurrent,
        "bias_ih": bias.ravel(),
        "bias_hh": past.ravel(),
    }


def _matrix(weight: NDArray[Any]) -> NDArray[Any]:
    """(G, D, H) → (G · H, D)."""
    return weight.transpose(0, 2, 1).reshape(-1, weight.shape[1])


# What a form of network has besides its recurrent parts and the read-out.
_MORE: dict[ExportForm, Callable[[Model], Weights]] = {
    ExportForm.FEED_FORWARD: _table,
    ExportForm.TRANSLATOR: _between_parts,
}
