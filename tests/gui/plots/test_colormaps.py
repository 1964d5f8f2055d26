"""The colours of tiles and points are told apart by every eye, and ordered in grey."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gui.plots.colormaps import amount_table, order_table
from gui.theme import THEMES, diverging_table

Colors = np.ndarray[Any, Any]

# Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# table 1, severity 1.0: matrices on linear RGB
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
PLAIN_DIFFERENCE = 20.0  # CIELAB: about ten times what can just be seen


def lab(colors: Colors, eye: str) -> Colors:
    """(n, 3) of 0 to 255 → (n, 3) CIELAB as an eye sees them."""
    share = colors.astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ EYES[eye].T, 0, 1) @ TO_XYZ.T / WHITE
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], axis=1)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_both_signs_differ_from_each_other_and_from_zero_for_every_eye(theme: Any, eye: str) -> None:
    seen = lab(diverging_table(theme), eye)
    for size in (64, 96, 127):  # halves, three quarters, ones
        below, zero, above = seen[127 - size], seen[127], seen[128 + size]
        assert np.linalg.norm(below - above) > PLAIN_DIFFERENCE
        assert np.linalg.norm(below - zero) > PLAIN_DIFFERENCE / 2
        assert np.linalg.norm(above - zero) > PLAIN_DIFFERENCE / 2


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("table", [amount_table, order_table], ids=["amount", "order"])
def test_lightness_goes_one_way_for_every_eye(table: Any, theme: Any, eye: str) -> None:
    lightness = lab(table(theme), eye)[::16, 0]
    steps = np.diff(lightness)
    assert (steps > 0).all() or (steps < 0).all()
    assert abs(lightness[-1] - lightness[0]) > 2 * PLAIN_DIFFERENCE
