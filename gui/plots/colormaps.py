"""Colours for quantities that have no sign: how much, how likely, how late.

Amounts go from the colour of zero over one blue to the darkest (on dark ground: the lightest) blue: one hue, so that
nothing is left to confuse. What comes in an order has viridis (Smith and van der Walt, 2015), made to be read with
protanopia and deuteranopia. In both the lightness only rises or only falls, so that an eye without any colours, and a
print in grey, orders them too. What has a sign is orange and blue (`theme.diverging_table`): the pair that keeps apart
in every common deficiency, where red and green, or green and orange, do not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gui.theme import Theme, rgb

Table = np.ndarray[Any, np.dtype[np.uint8]]

# viridis (public domain) at nine even places
_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")
_LATE = {"light": 0.86, "dark": 1.0}  # yellow cannot be read on white, nor violet on black
_EARLY = {"light": 0.0, "dark": 0.22}
_DEEPEST = {"light": "#06365a", "dark": "#d3ebfb"}


def _between(stops: list[str], places: list[float]) -> Table:
    colors = np.array([rgb(stop) for stop in stops], dtype=float)
    at = np.linspace(0.0, 1.0, 256)
    return np.stack([np.interp(at, places, colors[:, i]) for i in range(3)], axis=1).round().astype(np.uint8)


def amount_table(theme: Theme) -> Table:
    """(256, 3) colours from none (the colour of zero) over blue to all."""
    return _between([theme.neutral, theme.positive, _DEEPEST[theme.name]], [0.0, 0.72, 1.0])


def order_table(theme: Theme) -> Table:
    """(256, 3) colours from first to last, all of them visible on the surface of a card."""
    places = np.linspace(0.0, 1.0, len(_VIRIDIS))
    whole = _between(list(_VIRIDIS), places.tolist())
    part = np.linspace(_EARLY[theme.name], _LATE[theme.name], 256)
    return np.take(whole, (part * 255).round().astype(int), axis=0)


def indices(shares: np.ndarray[Any, Any]) -> Table:
    """Shares between 0 and 1 as places in a table of 256 colours; what is not a number counts as 0."""
    values = np.nan_to_num(np.asarray(shares, np.float64), nan=0.0, posinf=1.0, neginf=0.0)
    return (np.clip(values, 0.0, 1.0) * 255).round().astype(np.uint8)
