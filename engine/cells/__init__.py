"""The cells: what a network computes at one step. To add one, write a class in a file of its own and register it here.

Start reading at the method `equation` of a cell; `cell` is the contract, `cell_description` the values a cell describes
itself with.
"""

from __future__ import annotations

from engine.cells.cell import Cell
from engine.cells.gru import GRU
from engine.cells.irnn import IRNN
from engine.cells.lstm import LSTM
from engine.cells.mgu import MGU
from engine.cells.rnn import RNN

CELLS: dict[str, type[Cell]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU, "irnn": IRNN, "mgu": MGU}


def cell_titles() -> dict[str, str]:
    """Name in CELLS → title in the window."""
    return {name: cell.title for name, cell in CELLS.items()}


__all__ = ["CELLS", "Cell", "cell_titles"]
