"""The names of cells: in the picture, where both that of the cell and that of its state fit between its edges, and in
words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from gui.unrolled_view.diagram import Diagram, LayerRow
from gui.widgets.symbols import subscript

CELL_NAME_SIZES = (11, 10, 9, 8)  # of their letters; the largest with which they fit
BESIDE_NAME = 2.0  # free between a name and each edge of its cell
FORWARD, BACKWARD = "→", "←"  # a cell that reads from the beginning, and one that reads from the end


def name_of_state(step: int) -> str:
    """The name of the state after a step, counted from 1."""
    return "h" + subscript(step)


def names_in_cells(diagram: Diagram) -> tuple[str, str]:
    """The name of the cell, and the longest of a state."""
    return diagram.cell, name_of_state(max((column.step for column in diagram.columns), default=1))


def states_below(step: int, depth: int, *, both: bool) -> str:
    """What a cell above the first layer reads: "h₄ of layer 1", of both its directions if there are two."""
    return f"{'both ' * both}{name_of_state(step)} of layer {depth}"


def has_layers(diagram: Diagram, part: str) -> bool:
    """Whether there are several layers in a part."""
    return any(row.depth for row in diagram.rows if row.part == part)


def is_read_both_ways(diagram: Diagram, part: str) -> bool:
    """Whether the layers of a part also read the text from its end."""
    return any(row.backward for row in diagram.rows if row.part == part)


def row_in_words(diagram: Diagram, row: LayerRow) -> str:
    """What tells a row from the others of its part: "layer 2 backward", "layer 2", "backward"; "" for the only one."""
    layer = f"layer {row.depth + 1}" * has_layers(diagram, row.part)
    direction = ("backward" if row.backward else "forward") * is_read_both_ways(diagram, row.part)
    return " ".join(filter(None, (layer, direction)))


def layer_and_arrow(diagram: Diagram, row: LayerRow) -> str:
    """The name of a row beside its cells: "layer 2 ←", "layer 2"; "" where there is only one layer, whose cells say
    which way they read."""
    if not has_layers(diagram, row.part):
        return ""
    arrow = (BACKWARD if row.backward else FORWARD) if is_read_both_ways(diagram, row.part) else ""
    return " ".join(filter(None, (f"layer {row.depth + 1}", arrow)))


class CellNames:
    """How the names are written in cells of one width: letters are as high in all of them.

    wide: text and height of its letters → its width."""

    def __init__(self, diagram: Diagram, cell_width: float, wide: Callable[[str, int], float]) -> None:
        self._wide, self.room = wide, cell_width - 2 * BESIDE_NAME
        self._diagram = diagram

    @cached_property
    def size(self) -> int:
        """The height of the letters."""
        names = names_in_cells(self._diagram)
        fitting = (size for size in CELL_NAME_SIZES if all(self._wide(name, size) <= self.room for name in names))
        return next(fitting, CELL_NAME_SIZES[-1])

    def title(self, row: LayerRow) -> str:
        """The name of a cell of this row; if there is little room, a cell that reads backwards has only its arrow."""
        name = self._diagram.cell
        full = f"{name} {BACKWARD}" if row.backward else name
        return BACKWARD if row.backward and self._wide(full, self.size) > self.room else full
