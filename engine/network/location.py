"""Where attention looked before, as a hint of where to look next: a word spoken twice sounds the same both times, and
only its place tells the two apart."""

from __future__ import annotations

from typing import Final, final

import numpy as np

from engine.network.parameters import Parameters
from engine.network.workspace import Workspace
from engine.types import FloatArray

REACH: Final = 20  # steps of the source to either side that an earlier weight influences


@final
class Location:
    """Adds to each score of attention what two filters compute from the weights so far.

    attended (B, 2, S): the weights of the last step, and the sum of those of all steps so far;
    added (B, S) = attended * F, a convolution along the source. Chorowski et al., "Attention-based models for speech
    recognition" (2015), with a score that is linear in it; the sum is the coverage of Tu et al., "Modeling coverage for
    neural machine translation" (2016).
    """

    def __init__(self, prefix: str) -> None:
        self.filters = f"{prefix}.location"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of the filters (2, 2 · REACH + 1)."""
        return {self.filters: (2, 2 * REACH + 1)}

    def added(self, parameters: Parameters, attended: FloatArray) -> FloatArray:
        """(B, 2, S) → (B, S), to be added to the scores."""
        return np.asarray(np.tensordot(_windows(attended), parameters[self.filters], axes=((1, 3), (0, 1))))

    def backward(self, work: Workspace, attended: FloatArray, d_added: FloatArray) -> FloatArray:
        """Gradient of `attended` (B, 2, S); that of the filters is added to what is there."""
        filters, d_filters = work.parameters[self.filters], work.gradients[self.filters]
        # added[b, s] = Σ attended[b, k, s + j − REACH] F[k, j]
        d_filters += np.tensordot(d_added, _windows(attended), axes=((0, 1), (0, 2)))
        turned = _windows(d_added[:, None])[:, 0] @ filters[:, ::-1].T  # (B, S, 2)
        return np.ascontiguousarray(turned.transpose(0, 2, 1))


def note_weights(attended: FloatArray, weights: FloatArray) -> None:
    """Record the weights (B, S) of a step in `attended` (B, 2, S)."""
    attended[:, 0] = weights
    attended[:, 1] += weights


def _windows(rows: FloatArray) -> FloatArray:
    """(B, K, S) → (B, K, S, 2 · REACH + 1): what lies around each step, zero beyond the ends."""
    padded = np.pad(rows, ((0, 0), (0, 0), (REACH, REACH)))
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1, axis=2)
