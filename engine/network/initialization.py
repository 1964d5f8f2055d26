"""Initial weights, by named scheme. The name of a parameter gives its role."""

from __future__ import annotations

import math

import numpy as np

from engine.cells import CELLS
from engine.cells.cell_description import Gate, Role
from engine.config import ModelConfig
from engine.network.parameters import COUNTED, Parameters
from engine.network.word_features import AFFIXES
from engine.types import FloatArray


def _matrix(scheme: str, rng: np.random.Generator, inputs: int, outputs: int, hidden_size: int) -> FloatArray:
    if scheme == "xavier":  # Glorot and Bengio (2010)
        bound = math.sqrt(6 / (inputs + outputs))
        return rng.uniform(-bound, bound, (inputs, outputs))
    if scheme == "he":  # He et al. (2015)
        return rng.normal(0, math.sqrt(2 / inputs), (inputs, outputs))
    if scheme == "orthogonal":  # Saxe et al. (2014)
        large, small = max(inputs, outputs), min(inputs, outputs)
        q, r = np.linalg.qr(rng.normal(size=(large, small)))
        q = q * np.sign(np.diag(r))
        return q if inputs >= outputs else q.T
    bound = 1 / math.sqrt(hidden_size)  # PyTorch's recurrent layers
    return rng.uniform(-bound, bound, (inputs, outputs))


def initialize(
    parameters: Parameters, scheme: str, rng: np.random.Generator, config: ModelConfig, longest: int
) -> None:
    """Draw all weights in float64 and in order of their names, so that every dtype starts from the same ones.

    Recurrent and read-out matrices by `scheme`, embeddings from N(0, 1), biases zero, unless a gate of the cell says
    otherwise. A tied embedding is also a read-out, so it is scaled to give scores of about the size of a state. The sum
    of a word's affixes gets the spread of an embedding, or it would drown out the word's own. "chrono" sets the biases
    of the gates that keep and of those that write so that units remember for 1 to `longest` steps (Tallec and Ollivier,
    "Can recurrent neural networks warp time?", 2018).
    """
    gates, size = CELLS[config.cell].gates, config.hidden_size
    tied = "output.weight" not in parameters  # a tied read-out has no matrix of its own
    for name, array in parameters.items():
        last = name.rsplit(".", 1)[-1]
        if name.startswith(COUNTED):
            array[:] = 0
            continue
        if name.endswith("embedding.weight"):
            array[:] = rng.normal(size=array.shape)
            if name.endswith("affix_embedding.weight"):
                array /= math.sqrt(AFFIXES)
            elif tied and not name.startswith("encoder."):
                array /= math.sqrt(array.shape[1])
        elif last == "weight_hh":
            for gate, matrix in zip(gates, array, strict=True):
                inputs, outputs = matrix.shape
                matrix[:] = np.eye(inputs) if gate.identity else _matrix(scheme, rng, inputs, outputs, size)
        elif last == "weight_ih" or name == "hidden.weight":
            for matrix in array:
                matrix[:] = _matrix(scheme, rng, matrix.shape[0], matrix.shape[1], size)
        elif array.ndim == 2 and last != "bias":
            matrix = array.T if last == "weight" else array  # PyTorch's Linear stores (outputs, inputs)
            matrix[:] = _matrix(scheme, rng, matrix.shape[0], matrix.shape[1], size)
        else:
            array[:] = 0
            if last == "bias" and array.ndim == 2:
                _set_gates(array, gates, scheme, rng, longest)


def _set_gates(bias: FloatArray, gates: tuple[Gate, ...], scheme: str, rng: np.random.Generator, longest: int) -> None:
    """bias (gates, H): each gate's initial bias. To keep all but 1/t of a unit is to remember it for about t steps."""
    if scheme == "chrono" and any(gate.role in (Role.KEEPS, Role.WRITES) for gate in gates):
        log_steps = np.log(rng.uniform(1, max(longest - 1, 2), bias.shape[1]))
        signs = {Role.KEEPS: 1.0, Role.WRITES: -1.0}
        for gate, row in zip(gates, bias, strict=True):
            row[:] = signs.get(gate.role, 0.0) * log_steps
    else:
        for gate, row in zip(gates, bias, strict=True):
            row[:] = gate.bias
