"""How wide the columns of the network's picture are, in picture units."""

from __future__ import annotations

from functools import lru_cache
from heapq import nlargest

from PySide6.QtGui import QFont, QFontMetricsF

from gui.unrolled_view.diagram import Diagram, DiagramColumn
from gui.widgets.symbols import visible_symbol

WIDEST_COLUMN, NARROWEST_COLUMN = 104.0, 49.0
LETTER_COLUMN, MOST_LETTERS = 36.0, 5  # width when no symbol has more letters than this
LETTER, BESIDE_WORD = 9.5, 5.0  # widths of a bold letter, and of what is free beside a word
NUMBER_COLUMN = 44.0  # wide enough for the size of a gradient in each cell, without lines around it
SCROLLED_COLUMN = 74.0  # width when even the narrowest columns do not fit
MOST_MEASURED = 20  # symbols of a vocabulary
CELL_GAP = 10.0  # at least, for the arrow between two cells
CROSSED_GAP = 20.0  # when the lines around cells of two directions need room between them as well


def narrowest_column(diagram: Diagram) -> float:
    """The narrowest width for columns: letters need less room than words."""

    def letters(column: DiagramColumn) -> int:
        above = 0 if diagram.answers_once else len(visible_symbol(column.above))
        return max(len(visible_symbol(column.below)), above)

    longest = max((letters(column) for column in diagram.columns), default=0)
    return _crossed(diagram) + (LETTER_COLUMN if longest <= MOST_LETTERS else NARROWEST_COLUMN)


def number_column(diagram: Diagram) -> float:
    """The narrowest width with room for the size of a gradient in each cell."""
    return max(narrowest_column(diagram), _crossed(diagram) + NUMBER_COLUMN)


def gap_between_cells(diagram: Diagram) -> float:
    """The least width between two cells."""
    return CELL_GAP + _crossed(diagram)


def _crossed(diagram: Diagram) -> float:
    """What lines around the cells take of the width of a column."""
    return CROSSED_GAP - CELL_GAP if diagram.both_ways else 0.0


def column_of_whole_words(diagram: Diagram) -> float:
    """The width of columns in which neither a word that is read nor any possible answer is cut, unless it is very long;
    it does not change with the answers."""
    letters = max((len(visible_symbol(column.below)) for column in diagram.columns), default=0)
    if diagram.outcomes is not None and not diagram.answers_once:
        letters = max(letters, len(longest_symbol(diagram.outcomes.symbols)))
    return min(WIDEST_COLUMN, BESIDE_WORD + LETTER * letters)


@lru_cache(maxsize=8)
def longest_symbol(symbols: tuple[str, ...]) -> str:
    """The symbol that takes the most room: of those with the most letters, as far as letters differ in width."""
    wide = QFontMetricsF(QFont()).horizontalAdvance
    return max(nlargest(MOST_MEASURED, map(visible_symbol, symbols), key=len), key=wide, default="")
