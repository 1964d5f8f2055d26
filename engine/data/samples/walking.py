"""What an accelerometer measures in the pocket of somebody who walks forwards or backwards, limps or runs.

Walking backwards is walking forwards with time reversed, so no average tells the two apart; only the order does.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

EACH: Final = 300  # series of each label
RATE: Final = 25  # samples per second
COLUMNS: Final = ("forward", "sideways", "up")  # m/s²
LABELS: Final = ("forwards", "backwards", "limping", "running")
_SHORTEST, _LONGEST = 50, 90  # samples: 2 to 3.6 seconds
_GRAVITY: Final = 9.81
_NOISE: Final = 0.4


def walking(seed: int = 0) -> list[tuple[NDArray[np.float64], str]]:
    """((T, 3), "limping"), …"""
    generator = np.random.default_rng(seed)
    return [(_series(label, generator).round(2), label) for _ in range(EACH) for label in LABELS]


def _series(label: str, generator: np.random.Generator) -> NDArray[np.float64]:
    """(T, 3): the accelerations of one walk."""
    count = int(generator.integers(_SHORTEST, _LONGEST + 1))
    running, limping = label == "running", label == "limping"
    cadence = generator.uniform(2.2, 3.2) if running else generator.uniform(1.5, 2.4)  # steps per second
    strength = generator.uniform(4, 9) if running else generator.uniform(1.5, 4.5)
    uneven = generator.uniform(0.25, 0.5) if limping else generator.uniform(0, 0.08)
    pace = cadence * (1 + 0.05 * np.cumsum(generator.normal(0, 0.1, count)))
    steps = generator.uniform(0, 2) + np.cumsum(pace) / RATE
    stride, left = np.divmod(steps, 2)  # two steps
    left = np.where(left < 1 + uneven, left / (1 + uneven), 1 + (left - 1 - uneven) / (1 - uneven))
    phase = left % 1
    weight = np.where(left < 1, 1.0, 1 - uneven) * (1 + 0.1 * np.sin(stride * 2.4))
    impact = np.exp(-phase / 0.18) - np.exp(-phase / 0.04)  # the heel strikes, then the leg gives
    up = strength * weight * (2.2 * impact - 0.5)
    forward = 0.6 * strength * weight * (np.sin(2 * np.pi * phase) - 1.2 * impact + 0.3)
    sideways = 0.35 * strength * np.sin(np.pi * left)
    values = np.stack([forward, sideways, up + _GRAVITY], axis=1)
    if label == "backwards":
        values = values[::-1]
    values = values @ _rotation(generator.normal(0, 0.15, 3))
    return np.asarray(values + generator.normal(0, _NOISE, values.shape))


def _rotation(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3): the rotation of the phone in the pocket."""
    matrix = np.eye(3)
    for axis, angle in enumerate(angles):
        turn = np.eye(3)
        i, j = [k for k in range(3) if k != axis]
        turn[i, i] = turn[j, j] = np.cos(angle)
        turn[i, j], turn[j, i] = -np.sin(angle), np.sin(angle)
        matrix = matrix @ turn
    return matrix
