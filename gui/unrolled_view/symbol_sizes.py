"""How high the symbols in the picture of the network are written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from gui.unrolled_view.cell_names import CELL_NAME_SIZES
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.outputs import NUMBER_GAP
from gui.unrolled_view.row_names import sized
from gui.widgets.symbols import visible_symbol

SMALL_SYMBOL_PX = 12  # height of symbols in columns narrower than SMALL_BELOW; those that are lower are not bold
SMALL_BELOW = 64.0
SIZES = (15, SMALL_SYMBOL_PX, 11, 10)  # largest first
MOST_WIDTHS = 1 << 13  # that are cached: every frame asks for those of a whole text


class SymbolSizes:
    """The fonts of the picture by their height. usual: the height of symbols that have room."""

    def __init__(self, layout: DiagramLayout, font: QFont) -> None:
        sizes = dict.fromkeys(SIZES + CELL_NAME_SIZES)
        self.fonts = {size: sized(font, size, bold=size >= SMALL_SYMBOL_PX) for size in sizes}
        self.usual = 15 if layout.slot_width >= SMALL_BELOW else SMALL_SYMBOL_PX
        self._keys = {size: each.toString() for size, each in self.fonts.items()}
        self._smaller = [size for size in SIZES if size <= self.usual]
        self._diagram, self._number_room = layout.diagram, layout.slot_width - NUMBER_GAP

    def width(self, text: str, size: int) -> float:
        """The width of a symbol or a name in a font of this height."""
        return _width(text, self._keys[size])

    def single(self, text: str, room: float) -> int:
        """The height of a symbol: the usual one, or a smaller one with which it is whole. All numbers of a series have
        the height of the longest, so that no figure is missing where others have it."""
        if self._diagram.numbers is not None and not self._diagram.answers_once:
            text, room = self._diagram.longest_symbol, self._number_room
        return next((size for size in self._smaller if self.width(text, size) <= room), self._smaller[-1])

    def of_row(self, words: Iterable[tuple[str, float]]) -> int:
        """The one height of all symbols of a row, each with its room: the usual one, or a smaller one with which all
        are whole that can be. A single word in smaller letters would look as if it was marked."""
        smallest, found = self._smaller[-1], self.usual
        for text, room in words:
            if self.width(text, found) > room >= self.width(text, smallest):
                found = next(size for size in self._smaller if size < found and self.width(text, size) <= room)
        return found


@lru_cache(maxsize=MOST_WIDTHS)
def _width(text: str, font: str) -> float:
    described = QFont()
    described.fromString(font)
    return QFontMetricsF(described).horizontalAdvance(visible_symbol(text))
