"""Principal components of states and embeddings, for plots in two dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data.vocabulary import FIRST_ID
from engine.errors import ConfigError
from engine.models import Model
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Projection:
    """points (M, 2) in the two directions of largest variance; explained (2,): their shares of the whole variance."""

    points: FloatArray
    explained: FloatArray


def principal_components(rows: FloatArray) -> Projection:
    """(M, D) → the first two principal components. Signs are fixed so that the largest part of each is positive."""
    centred = np.asarray(rows, np.float64) - rows.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    axes = np.zeros((2, centred.shape[1]))
    kept = min(2, len(directions))
    axes[:kept] = directions[:kept]
    largest = np.abs(axes).argmax(axis=1)
    signs = np.where(axes[np.arange(2), largest] < 0, -1.0, 1.0)
    variance = sizes**2
    total = variance.sum()
    explained = np.zeros(2)
    if total > 0:
        explained[:kept] = variance[:kept] / total
    return Projection(centred @ (axes * signs[:, None]).T, explained)


def embeddings(model: Model, limit: int = 200) -> tuple[tuple[str, ...], Projection]:
    """The most frequent symbols of the (first) network's embedding, in two dimensions; for one-hot symbols, the first
    layer's input weights take their place."""
    network = next(iter(model.networks().values()), None)
    if network is None:
        raise ConfigError(
            "A feed-forward network has separate weights for each position, so a symbol has no single place."
        )
    if model.codec.frames is not None:
        raise ConfigError("This network reads numbers, and only symbols have embeddings.")
    shown = slice(FIRST_ID, FIRST_ID + min(limit, len(model.codec.source) - FIRST_ID))
    if network.embedding is not None:
        rows = model.parameters[network.embedding.name][shown]
    else:
        weight = model.parameters[f"{network.recurrent.layers[0][0].prefix}.weight_ih"][:, shown]
        rows = weight.transpose(1, 0, 2).reshape(weight.shape[1], -1)
    return model.codec.source.symbols[shown], principal_components(rows)
