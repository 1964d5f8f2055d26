"""Colours for quantities without a sign: amounts, probabilities, order in time.

Amounts go from the colour of zero to the darkest blue (on a dark background, the lightest): a single hue cannot be
confused with another. Things in order have viridis (Smith and van der Walt, 2015), which was made to be readable with
protanopia and deuteranopia. In both, lightness only rises or only falls, so that the order also shows without colour
vision, and in grey print. Signed numbers are orange and blue (`theme.diverging_table`): people with any common
deficiency can tell these apart, unlike red and green, or green and orange.
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
    """(256, 3): colours from the colour of zero to blue."""
    colors = [theme.neutral, theme.positive, _DEEPEST[theme.name]]
    table: ColorTable = pg.ColorMap([0.0, 0.72, 1.0], colors).getLookupTable(nPts=SIZE, alpha=False)
    return table


@lru_cache
def order_table(theme: Theme) -> ColorTable:
    """(256, 3): colours from first to last, all of them visible on the surface of a card."""
    start, stop = _ORDER[theme.name]
    table: ColorTable = pg.colormap.get("viridis").getLookupTable(start, stop, SIZE, alpha=False)
    return table


def indices(shares: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Shares between 0 and 1, of any shape → indices into a table of 256 colours; NaN counts as 0."""
    values = np.nan_to_num(np.asarray(shares, np.float64), nan=0.0, posinf=1.0, neginf=0.0)
    return (np.clip(values, 0.0, 1.0) * 255).round().astype(np.uint8)
