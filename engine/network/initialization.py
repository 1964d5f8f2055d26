"""First weights, by named scheme. What a parameter is, its name says."""

from __future__ import annotations

import math

import numpy as np

from engine.config import ModelConfig
from engine.network.parameters import Parameters
from engine.network.word_features import AFFIXES
from engine.types import FloatArray

# In PyTorch's order: input, forget, candidate, output; reset, update, candidate.
_LETS_IN = {"lstm": 0}
_KEEPS = {"lstm": 1, "gru": 1}


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

    Recurrent and read-out matrices by `scheme`, embeddings from N(0, 1), biases zero. The sum of a word's affixes has
    that spread too, or it would drown the word's own embedding. The LSTM's forget gate starts at bias 1, so that it
    remembers from the first step (Jozefowicz, Zaremba and Sutskever, 2015). "chrono" gives the gates that keep, and
    that let in, biases with which the units remember for 1 to `longest` steps (Tallec and Ollivier, "Can recurrent
    neural networks warp time?", 2018).
    """
    for name, array in parameters.items():
        last = name.rsplit(".", 1)[-1]
        if name.endswith("embedding.weight"):
            array[:] = rng.normal(size=array.shape)
            if name.endswith("affix_embedding.weight"):
                array /= math.sqrt(AFFIXES)
        elif last in ("weight_ih", "weight_hh") or name == "hidden.weight":
            for gate in array:
                gate[:] = _matrix(scheme, rng, gate.shape[0], gate.shape[1], config.hidden_size)
        elif array.ndim == 2 and last != "bias":
            matrix = array.T if last == "weight" else array  # PyTorch's Linear stores (outputs, inputs)
            matrix[:] = _matrix(scheme, rng, matrix.shape[0], matrix.shape[1], config.hidden_size)
        else:
            array[:] = 0
            if last == "bias" and array.ndim == 2 and config.cell in _KEEPS:
                _set_gates(array, scheme, rng, config.cell, longest)


def _set_gates(bias: FloatArray, scheme: str, rng: np.random.Generator, cell: str, longest: int) -> None:
    """bias (gates, H), zeros until now."""
    if scheme == "chrono":
        steps = rng.uniform(1, max(longest - 1, 2), bias.shape[1])
        bias[_KEEPS[cell]] = np.log(steps)
        if cell in _LETS_IN:
            bias[_LETS_IN[cell]] = -np.log(steps)
    elif cell == "lstm":
        bias[_KEEPS[cell]] = 1
