"""A text built by hand: bars of possible next symbols, undo, and the probability of the finished text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.number_text import fixed
from gui.panels.try_it.writing import Following, JudgedText
from gui.theme import Theme
from gui.widgets.bars import Bar, Bars
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.controls import tool_button
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

MOST_TITLED = 14  # letters at the end of the beginning that fit into the title


class ByHand(QWidget):
    """Bars of the next symbol. `chosen`: a bar was clicked. `undone`: the last change is to be undone."""

    chosen = Signal(str)
    undone = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title = text_label("", "strong", elide=True)
        self.bars = Bars(theme, "try-next", "Probabilities of the next symbol", clickable=True)
        self.bars.setToolTip("Click a symbol to add it; “end” finishes the text")
        help = "Undo the last change to the beginning (Ctrl+Z)"
        self.undo = tool_button("try-undo", "Undo", "Undo the last symbol", help)
        self.undo.hide()
        self.built = text_label("", "small", wrap=True, name="try-built")
        self._symbols: dict[str, str] = {}  # what the bars are called → the symbols they stand for
        stacked(side_by_side((self.title, 1), self.undo), self.bars, self.built, 1, of=self, gap=4)
        self.undo.clicked.connect(self.undone)
        self.bars.chosen.connect(lambda name: self.chosen.emit(self._symbols.get(name, name)))

    def show_next(self, found: Following, unit: str, theme: Theme) -> None:
        """Show what may follow; the longest bar fills the width."""
        self._symbols = {visible_symbol(symbol): symbol for symbol, _ in found.ranked}
        end = found.beginning[-MOST_TITLED:]
        more = "" if end == found.beginning else "…"
        shown = "".join(visible_symbol(letter) if letter.isspace() and letter != " " else letter for letter in end)
        self.title.setText(f"After “{more}{shown}” comes…" if end else f"The first {unit} is…")
        bars = [Bar(visible_symbol(symbol), share) for symbol, share in found.ranked]
        self.bars.show_bars(bars, theme, full=max((bar.share for bar in bars), default=1.0))

    def show_built(self, built: JudgedText) -> None:
        """Show the finished text and its probability."""
        origin = f", {built.origin}" if built.origin else ""
        number = fixed(built.log_probability)
        self.built.setText(f"“{built.text}” is finished: log-probability {number}{origin}.")

    def forget_built(self, *, can_undo: bool) -> None:
        """Clear the finished text, because another one is being built."""
        self.built.setText("")
        self.undo.setVisible(can_undo)

    def clear(self, theme: Theme) -> None:
        """Clear everything, because the network is a new one."""
        self.title.setText("")
        self.bars.show_bars((), theme)
