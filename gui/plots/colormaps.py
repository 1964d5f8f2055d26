"""Colours for quantities without a sign: amounts, probabilities, order in time.

Amounts go from the colour of zero over one blue to the darkest (on dark ground: the lightest) blue: one hue, so that
nothing is left to confuse. What comes in an order has viridis (Smith and van der Walt, 2015), made to be read with
protanopia and deuteranopia. In both the lightness only rises or only falls, so that an eye without any colours, and a
print in grey, orders them too. What has a sign is orange and blue (`theme.diverging_table`): the pair that every common
deficiency tells apart, where red and green, or green and orange, are confused.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyqtgraph as pg

from gui.theme import Theme

ColorTable = np.ndarray[Any, np.dtype[np.uint8]]

SIZE = 256
_ORDER = {"light": (0.0, 0.86), "dark": (0.22, 1.0)}  # yellow cannot be read on white, nor violet on black
_DEEPEST = {"light": "#06365a", "dark": "#d3ebfb"}


@lru_cache
def amount_table(theme: Theme) -> ColorTable:
    """(256, 3) colours from none (the colour of zero) over blue to all."""
    colors = [theme.neutral, theme.positive, _DEEPEST[theme.name]]
    table: ColorTable = pg.ColorMap([0.0, 0.72, 1.0], colors).getLookupTable(nPts=SIZE, alpha=False)
    return table


@lru_cache
def order_table(theme: Theme) -> ColorTable:
    """(256, 3) colours from first to last, all of them visible on the surface of a card."""
    start, stop = _ORDER[theme.name]
    table: ColorTable = pg.colormap.get("viridis").getLookupTable(start, stop, SIZE, alpha=False)
    return table


def indices(shares: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Shares between 0 and 1 as places in a table of 256 colours; what is not a number counts as 0."""
    values = np.nan_to_num(np.asarray(shares, np.float64), nan=0.0, posinf=1.0, neginf=0.0)
    return (np.clip(values, 0.0, 1.0) * 255).round().astype(np.uint8)
