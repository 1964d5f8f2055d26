"""Below the network: the equation of the selected cell, with the real numbers of one unit."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton

from engine.cells import Cell
from engine.inspection.trace import LayerTrace
from engine.options import Option
from gui.panels.unrolled.line_height import MARGIN_PX
from gui.unrolled_view.equation import (
    FORMS,
    broken_at_signs,
    equation,
    equations_tip,
    in_lines,
    with_subscripts,
    without_marks,
)
from gui.widgets.box_layouts import side_by_side
from gui.widgets.fields import Whole
from gui.widgets.symbols import plain_tip, visible_symbol
from gui.widgets.text import tabular, text_label

TITLED_PX = 340  # least width of a line with a title


class CellLine(QFrame):
    """Explains a cell, or says in words what can be done."""

    unit_chosen = Signal(int)
    inside_requested = Signal()  # to open or close the view Inside a cell

    def __init__(self) -> None:
        super().__init__()
        self.title = text_label("Inside", "strong", name="inside-title")
        self.text = text_label("", "secondary", wrap=True, name="inside-text")
        self.unit = Whole("inside-unit", Option("Unit", "The unit whose numbers are shown"))
        self.more = QToolButton()
        self._explained: tuple[LayerTrace, int] | None = None
        self._said: tuple[str, ...] = ("",)  # from long to short, while no cell is explained
        self.setProperty("role", "facts")
        self.text.setFont(tabular(self.text.font()))
        self.text.setMinimumWidth(1)  # a long equation gives way when the window gets narrower
        self.unit.setPrefix("unit ")
        self.unit.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # the equation gives way
        self.unit.hide()
        self.more.setObjectName("inside-open")
        self.more.setText("Details")
        self.more.setProperty("role", "flat")
        self.more.setAccessibleName("Open or close the view Inside a cell")
        self.more.setToolTip(plain_tip("Show the whole step as a diagram or as coloured vectors, or hide it again"))
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        side_by_side(self.title, (self.text, 1), self.unit, self.more, of=self, margins=(10, MARGIN_PX, 8, MARGIN_PX))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.unit.changed.connect(self.unit_chosen.emit)
        self.more.clicked.connect(self.inside_requested)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the equation as fits; in the narrowest view it needs the room of the title."""
        super().resizeEvent(event)
        self._show_title(True)
        self._write()

    def _show_title(self, wanted: bool) -> None:
        self.title.setVisible(wanted and self.width() >= TITLED_PX)
        self.layout().activate()  # type: ignore[union-attr]

    def say(self, text: str, cell: type[Cell] | None = None) -> None:
        """Show words while no cell is selected. cell: the one whose equations follow in large letters, where those with
        numbers would be."""
        lines = [] if cell is None else [with_subscripts(one.text).replace(" ", "\u00a0") for one in cell.equations]
        with_lines = (f"{text}\n{between.join(lines)}" for between in ("\n", "    ") if lines)
        self._said = (*with_lines, text)
        self.unit.hide()
        self._explained = None
        self.title.setText("Inside")
        self._show_title(True)
        self.text.setToolTip("")
        self._write()

    def explain(self, layer: LayerTrace, step: int, symbol: str, unit: int) -> None:
        """Show the equation of `layer` at `step` (from 0), where it reads `symbol` (or "" for numbers), with the
        numbers of `unit`."""
        with QSignalBlocker(self.unit):
            self.unit.setRange(0, layer.states.shape[1] - 1)
        if self.unit.value() != unit:  # otherwise it may hold what is being typed
            self.unit.set_value(unit)
        self.unit.show()
        name = f"{layer.name}, " if layer.name else ""
        self.title.setText(f"Inside {name}step {step + 1}" + f" “{visible_symbol(symbol)}”" * bool(symbol))
        self._explained = layer, step
        self._show_title(True)
        self._write()

    def _write(self) -> None:
        """Write the longest form of the equation that fits; even the shortest has its result. Where that does not fit
        beside the title, the title gives way."""
        if self._explained is None:
            found = self._longest(list(self._said)) if self.text.property("large") else None
            self._show(found or self._said[-1], typeset=found is not None and len(self._said) > 1)
            return
        forms = [equation(*self._explained, self.unit.value(), form) for form in FORMS]
        found = self._longest(forms)
        if found is None:
            self._show_title(False)
            found = self._longest(forms)
        self._show(found or forms[-1], typeset=True)
        self.text.setToolTip(equations_tip(forms[0]))

    def _show(self, text: str, typeset: bool) -> None:
        """Show a text. typeset: whether it has equations, whose indices are then subscripts where there are any."""
        rich = typeset and "_" in text
        self.text.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        self.text.setText(in_lines(text, self.text.fontMetrics().lineSpacing()) if rich else text)

    def _longest(self, forms: list[str]) -> str | None:
        """The first of these forms that fits, if one does; equations wider than the line go on below it."""
        room, height = self.text.width(), self.height() - 2 * MARGIN_PX
        metrics, wrap = self.text.fontMetrics(), int(Qt.TextFlag.TextWordWrap)

        def size(text: str) -> QSize:
            return metrics.boundingRect(0, 0, room, 10_000, wrap, without_marks(text)).size()

        broken = (broken_at_signs(form, lambda line: size(line).width() <= room) for form in forms)
        sizes = ((form, size(form)) for form in broken)
        return next((form for form, box in sizes if box.height() <= height + 1 and box.width() <= room), None)
