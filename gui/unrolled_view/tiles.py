"""Numbers as small images of coloured tiles: made once for a diagram and a theme, then copied cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.theme import Theme, diverging_table, rgb
from gui.unrolled_view.diagram import FULL_COLOR, NUMBERS, Diagram, Entrance, Floats, pooled, tile_grid

STRIP_TILES = 64  # of an embedding, side by side
TILE_GAP_FROM = 3.5  # tiles narrower than this touch each other


def draw_tiles(painter: QPainter, box: QRectF, image: QImage, step: int, grid: tuple[int, int], theme: Theme) -> None:
    """Draw the tiles of one step from the image of a row's states, with gaps between them if they are large enough."""
    rows, columns = grid
    painter.drawImage(box, image, QRectF(step * columns, 0, columns, rows))
    if box.width() / columns < TILE_GAP_FROM or box.height() / rows < TILE_GAP_FROM:
        return
    painter.setPen(QPen(QColor(theme.surface), 1.0))
    for i in range(1, columns):
        x = box.left() + box.width() * i / columns
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    for i in range(1, rows):
        y = box.top() + box.height() * i / rows
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


class StatePictures:
    """The states of every row, the vectors of every part, and what a network that answers once is read from.

    An image holds the tiles of all steps side by side; those of step t start at x = t · columns of the grid.
    """

    def __init__(self, diagram: Diagram, theme: Theme) -> None:
        self._table, self._theme = diverging_table(theme), theme
        self.grid = (1, 1)
        self.images: list[QImage | None] = []
        for row in diagram.rows:
            known = row.states is not None and row.states.size > 0
            self.images.append(self._states(row.states) if known and row.states is not None else None)
        self.strips = {part: self._strips(e) for part, e in diagram.entrances.items()}
        self.winners: list[QImage] = []
        if diagram.winners is not None:
            top = [r.states for r in diagram.rows if r.depth == diagram.rows[-1].depth and r.states is not None]
            begin = 0
            for states in top:
                won = diagram.winners[begin : begin + states.shape[1]]
                begin += states.shape[1]
                self.winners.append(self._states(states, won[None] == np.arange(len(states))[:, None]))
        self.hidden = None if diagram.hidden is None else self._states(diagram.hidden[None])
        self.hidden_grid = tile_grid(0 if diagram.hidden is None else len(diagram.hidden))

    def _states(self, states: Floats, shown: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> QImage:
        kept = states if shown is None else np.where(shown, states, np.nan)
        values = pooled(states)
        self.grid = tile_grid(values.shape[1])
        if shown is None:
            return self._image(values, self.grid)
        return self._image(pooled(np.nan_to_num(kept)), self.grid, pooled(shown.astype(np.float32)) > 0)

    def _strips(self, entrance: Entrance) -> list[tuple[QImage, int]]:
        """One image for each stretch of the vectors, with its tiles for one symbol."""
        vectors = entrance.vectors
        if vectors is None or not vectors.size:
            return []
        made, begin = [], 0
        for name, size in zip(entrance.names, entrance.sizes, strict=True):
            values = pooled(vectors[:, begin : begin + size], STRIP_TILES)
            begin += size
            finite = np.abs(values[np.isfinite(values)])
            largest = float(finite.max(initial=0.0)) or 1.0
            scale = FULL_COLOR if entrance.standard and name == NUMBERS else largest
            made.append((self._image(values / scale, (1, values.shape[1])), values.shape[1]))
        return made

    def _image(
        self, states: Floats, grid: tuple[int, int], shown: np.ndarray[Any, np.dtype[np.bool_]] | None = None
    ) -> QImage:
        steps, units = states.shape
        rows, columns = grid
        values = np.zeros((steps, rows * columns), np.float32)
        with np.errstate(over="ignore"):
            values[:, :units] = states
        broken = ~np.isfinite(values)
        index = (np.clip(np.nan_to_num(values), -1.0, 1.0) * 127.5 + 127.5).round().astype(np.uint8)
        pixels = np.empty((steps, rows * columns, 4), np.uint8)
        pixels[..., :3] = self._table[index][..., ::-1]
        pixels[..., 3] = 255
        pixels[broken] = (*rgb(self._theme.error)[::-1], 255)
        pixels[:, units:] = 0
        if shown is not None:
            pixels[:, :units][~shown] = 0
        # (steps, rows, columns) → side by side
        wide = np.ascontiguousarray(pixels.reshape(steps, rows, columns, 4).transpose(1, 0, 2, 3))
        image = QImage(wide.data, steps * columns, rows, steps * columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
        return image.copy()
