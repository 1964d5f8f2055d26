"""How wide columns are in which a picture may grow: it gets closer together, but no name is cut for that."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from engine.data.vocabulary import UNKNOWN
from gui.unrolled_view.cell_names import BESIDE_NAME, CELL_NAME_SIZES, names_in_cells
from gui.unrolled_view.column_width import BESIDE_WORD, gap_between_cells, longest_symbol, narrowest_column
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.layout import BESIDE_BAR
from gui.unrolled_view.outputs import BETWEEN, EDGE, NAME_ROOM, width_of_brief_share
from gui.unrolled_view.row_names import NAME_PX, sized
from gui.unrolled_view.side_answer import ANSWER_WIDTH
from gui.widgets.symbols import visible_symbol


def column_of_whole_names(diagram: Diagram) -> float:
    """The narrowest columns in which every possible answer is whole on its bar, beside a number in few figures, every
    word that is read is whole in small letters, and cells have their names in letters of the usual size."""
    wide = QFontMetricsF(sized(QFont(), NAME_PX)).horizontalAdvance
    words = (visible_symbol(column.below) for column in diagram.columns)
    return max(column_of_short_names(diagram), _bars(diagram), BESIDE_WORD + max(map(wide, words), default=0.0))


def column_of_short_names(diagram: Diagram) -> float:
    """The same of a text that is scrolled, whose words may be of any length: short names are whole."""
    return max(narrowest_column(diagram), _bars(diagram, NAME_ROOM), _cells(diagram))


def _cells(diagram: Diagram) -> float:
    """What the names in the cells need, that of the cell and those of its states."""
    if not diagram.rows:
        return 0.0
    wide = QFontMetricsF(sized(QFont(), CELL_NAME_SIZES[0])).horizontalAdvance
    return gap_between_cells(diagram) + 2 * BESIDE_NAME + max(map(wide, names_in_cells(diagram)))


def _bars(diagram: Diagram, most: float = ANSWER_WIDTH) -> float:
    """What the bars above a step need. most: of it for the names."""
    if diagram.outcomes is None or diagram.answers_once:
        return 0.0
    wide = QFontMetricsF(sized(QFont(), NAME_PX)).horizontalAdvance
    name = min(most, wide(_longest_answer(diagram.outcomes.symbols)))
    return BESIDE_BAR + 2 * EDGE + BETWEEN + width_of_brief_share(wide) + name


@lru_cache(maxsize=8)
def _longest_answer(symbols: tuple[str, ...]) -> str:
    """The longest symbol that a trained network answers with; that for all unknown ones hardly has a probability."""
    return longest_symbol(tuple(symbol for symbol in symbols if symbol != UNKNOWN))
