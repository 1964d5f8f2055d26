"""A table of numbers between −1 and 1 (or 0 and 1) as coloured tiles, with names along both sides."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from gui.plots.tile_map import TileMap
from gui.theme import Theme, diverging_table, rgb


@dataclass(frozen=True)
class Heat:
    """Values (rows, columns), made into colours when they are computed, which may be in a background thread.

    anchor: the row that has its name even where there is no room for all.
    """

    values: NDArray[np.float32]
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    anchor: int = 0
    index: NDArray[np.uint8] = field(init=False, repr=False)  # into the 256 colours
    broken: NDArray[np.bool_] = field(init=False, repr=False)  # NaN and infinity have no colour

    def __post_init__(self) -> None:
        with np.errstate(over="ignore"):  # numbers beyond float32 get the colour at the end of the scale
            values = np.asarray(self.values, np.float32)
        scaled = np.clip(np.nan_to_num(values, posinf=1.0, neginf=-1.0), -1.0, 1.0) * 127.5 + 127.5
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "index", scaled.round().astype(np.uint8))
        object.__setattr__(self, "broken", ~np.isfinite(values))


EMPTY = Heat(np.zeros((0, 0), np.float32))


class HeatMap(TileMap):
    """Tiles with names; the wheel zooms into the columns. `columns_chosen`: which columns the user looks at."""

    columns_chosen = Signal(float, float, int)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(theme, name, title)
        self.heat = EMPTY
        self.box.sigRangeChangedManually.connect(self._announce)

    def show_heat(self, heat: Heat, theme: Theme) -> None:
        """Draw these values; those that are not finite get the colour of errors."""
        self.take_theme(theme)
        self.heat = heat
        colors = diverging_table(theme)[heat.index]
        colors[heat.broken] = rgb(theme.error)
        self.show_tiles(colors, heat.rows, heat.columns, anchor=heat.anchor)

    def show_columns(self, left: float, right: float, total: int) -> None:
        """Show the same columns as another picture with as many."""
        if total == self.shape[1]:
            self.box.setRange(xRange=(left, right), padding=0)

    def reset_zoom(self) -> None:
        """Show all columns and rows."""
        super().reset_zoom()
        self._announce()

    def _announce(self) -> None:
        left, right = self.box.viewRange()[0]
        self.columns_chosen.emit(left, right, self.shape[1])
