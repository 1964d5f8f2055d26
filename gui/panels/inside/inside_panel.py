"""Inside one cell at one step: its equations with real vectors, forwards, and then backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QToolButton

import engine
from engine.cells import CELLS
from gui.panels.base.asking_view import NOT_YET_FOUND, AskingView
from gui.panels.inside.cell_inside import CellInside, inside_cell
from gui.panels.inside.shown_numbers import groups_of, numbers_of, place_in_words, sum_of
from gui.plots.cell_diagram import CellDiagram
from gui.plots.picture_export import Table
from gui.plots.strips import Strips
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import restyle
from gui.widgets.segments import Segments
from gui.widgets.symbols import plain_tip
from gui.widgets.text import has_large_text, tabular, text_label

SUBTITLE = "its equations with the numbers of this step"
NOTHING = "Type a text above to look inside a cell."
STATELESS = "A feed-forward network has no cells to look into."
MOST_TERMS, FEW_TERMS, WIDE_PX = 5, 2, 600  # terms of a sum to write out, in wide and narrow views
SUM_LINES, NARROW_SUM_LINES = 2, 3  # of most sums; one more is said where a gate multiplies the past
FORMS = {"diagram": "Diagram", "vectors": "Vectors"}
FORM_HELP = "The cell as a diagram with the numbers of one unit, or all vectors of the step, forwards and backwards"
LEAST_EMPTY_PX = 110  # shows why there is no picture
MOST_VECTORS_PX = 420  # vectors that need more height scroll


class InsidePanel(AskingView[CellInside]):
    """The cell's diagram with one unit's numbers on its wires, or all vectors as strips, forwards and backwards."""

    HELP = (
        "This is one cell at one step: the one selected in the unrolled network or, while an example is played, the "
        "one where Play stands. The diagram draws its equations. The input and the previous step’s state enter at the "
        "bottom and go to every gate; they enter separately where a gate multiplies only what U makes of the state. A "
        "box adds up what reaches it and applies σ or tanh: the sum is written below it, the result above it. × and + "
        "work unit by unit. The thick line is the state that is passed on. All numbers belong to one unit: the one "
        "you select or, until then, the one that was farthest from zero at first. Blue is positive, orange negative. "
        "The line below the diagram writes out the sum of the marked gate, term by term; ≈ means that rounding "
        "changes the last figure.\n\n"
        "Vectors shows all units as strips of tiles, in the order of the equations, and below them the way back: the "
        "gradient at the states, at each gate’s sum, and what goes on to the previous step, where that step’s own "
        "error is added. The strips of the gradient have their own scale, given beside the heading.\n\n"
        "Click a box or a row to select its gate, or a tile to select its unit. Left and right move through time, up "
        "and down through the units."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, SUBTITLE)
        self.setMinimumHeight(LEAST_EMPTY_PX)
        self._key = ""  # the chosen gate
        self.form = Segments("inside-form", FORMS, FORM_HELP)
        self.form.setAccessibleName("How the cell is shown")
        self.form.setFixedWidth(140)
        self.form.set_value("diagram")
        self.form.changed.connect(self._show_form)
        self.diagram = CellDiagram(session.theme, "inside-diagram", "Diagram of this step")
        self.diagram.chosen.connect(lambda gate: self._choose(self._unit_now(), gate))
        self.diagram.walked.connect(self.walk)
        self.diagram.unit_walked.connect(self._walk_units)
        self.strips = Strips(session.theme, "inside-strips", "Vectors of this step")
        self.strips.chosen.connect(self._choose)
        self.strips.walked.connect(self.walk)
        self.strips.unit_walked.connect(self._walk_units)
        self.sum = text_label("", "secondary", wrap=True, name="inside-sum")
        self.sum.setFont(tabular(self.sum.font()))
        self.sum.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._places = QStackedWidget()
        self._places.setMinimumHeight(self.diagram.least_height)
        for picture in (self.diagram, self.strips):
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if picture is self.strips:
                scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(picture)
            picture.setAutoFillBackground(False)  # as the scroll area would have it
            self._places.addWidget(scroll)
        facts = QFrame()
        facts.setProperty("role", "facts")
        side_by_side(self.sum, of=facts, margins=(10, 5, 10, 5))
        self.content.addWidget(self._places, 1)
        self.content.addWidget(facts)
        earlier = self._walker("◀", -1, "One step back in time (←)")
        later = self._walker("▶", 1, "One step forward in time (→)")
        self._controls = self.form, earlier, later
        for control in self._controls:
            self.header.addWidget(control)

    def _walker(self, text: str, by: int, help: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("inside-earlier" if by < 0 else "inside-later")
        button.setText(text)
        button.setProperty("role", "corner")
        button.setToolTip(plain_tip(help))
        button.setAccessibleName(help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.walk(by))
        return button

    # ---- what is kept with the layout

    def choices(self) -> dict[str, str]:
        """Diagram or vectors."""
        return {"form": self.form.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved choices."""
        if choices.get("form", "") in FORMS:
            self.form.set_value(choices["form"])
            self._show_form(choices["form"])

    def _show_form(self, form: str) -> None:
        self._places.setCurrentIndex(list(FORMS).index(form))
        self.draw()

    # ---- asking

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including that of the selected cell."""
        return *super().watches(), self.session.probe.selection_changed

    def about(self) -> tuple[object, ...]:
        """What the picture depends on, including the step, the unit and the gate."""
        probe = self.session.probe
        return (*super().about(), probe.selection, probe.played, probe.unit, self._key, self._most_terms)

    def nothing(self) -> str:
        """Say why there is no picture."""
        return STATELESS if self.session.probe.text else NOTHING

    def say(self, message: str) -> None:
        """Words that a picture will follow have its height at once: the view is scrolled into sight when it opens."""
        follows = message == NOT_YET_FOUND and bool(self.session.run.network.stages)
        if follows:  # that of another network, whose cell may have longer sums
            self._keep_usual_lines()
        self.hint.setMinimumHeight(self.box.minimumSizeHint().height() if follows else 0)
        super().say(message)

    def work(self) -> Callable[[engine.Snapshot], CellInside | None]:
        """Compute the selected step, and the sum of the selected unit and gate."""
        session = self.session
        return partial(
            inside_cell,
            probe=session.probe.given,
            label=session.probe.label,
            selection=session.probe.selection,
            unit=session.probe.unit,
            key=self._key,
            largest=self._most_terms,
            played=session.probe.played,
        )

    @property
    def _most_terms(self) -> int:
        return MOST_TERMS if self.width() >= WIDE_PX else FEW_TERMS

    def walk(self, by: int) -> None:
        """Go to another step of the same part of the network."""
        found = self.found
        if found is not None and 0 <= found.selection.step + by < found.steps:
            self.session.probe.select(replace(found.selection, step=found.selection.step + by))

    def _choose(self, unit: int, key: str) -> None:
        found = self.found
        if found is None:
            return
        self._key = key or self._key
        self.session.probe.choose_unit(unit % len(found.step.forward["h"]))
        self.draw()
        self.ask()

    def _walk_units(self, by: int) -> None:
        if self.found is not None:
            self._choose(self._unit(self.found) + by, self._key)

    def _unit_now(self) -> int:
        return 0 if self.found is None else self._unit(self.found)

    def _unit(self, found: CellInside) -> int:
        """The selected unit or, before one is selected, the one that was found to be farthest from zero."""
        chosen = self.session.probe.unit
        return found.unit if chosen is None else min(chosen, len(found.step.forward["h"]) - 1)

    def show_found(self, found: CellInside | None) -> None:
        """Show an answer, unless it is about another unit that was asked for earlier; then the right one follows."""
        if found is not None and self.session.probe.unit is None:
            self.session.probe.choose_unit(found.unit)  # one that changed with the weights could not be followed
        super().show_found(found)
        self._offer_controls(found is not None or not self.session.probe.text)
        if found is not None and found.unit != self._unit(found):
            self.ask()

    def _offer_controls(self, cells: bool) -> None:
        """A network without cells needs neither controls nor the height of a picture."""
        for control in self._controls:
            control.setVisible(cells)
        if not cells:
            self.subtitle.setText("")

    # ---- drawing

    def draw(self) -> None:
        """Draw the picture that is visible, and the sum."""
        found, theme = self.found, self.session.theme
        if found is None:
            self.subtitle.setText(SUBTITLE)
            self.strips.show_groups((), 0, "", theme)
            self.diagram.show_step(None, "", theme)
            return
        unit = self._unit(found)
        chosen = self._key or found.gate.name
        if self.form.value() == "diagram":
            try:
                self.diagram.show_step(numbers_of(found, unit), chosen, theme)
            except ValueError:  # the cell's equations are not written in a form that a diagram can be made from
                self.form.set_value("vectors")
                self._show_form("vectors")
                return
        else:
            self.strips.show_groups(groups_of(found), unit, chosen, theme)
        self._reserve()
        self.subtitle.setText(*place_in_words(found))
        if found.unit == unit:
            self.sum.setText(sum_of(found))
            self._keep_lines()

    def _reserve(self) -> None:
        """Have the height that shows the whole diagram, or all vectors."""
        wanted = self.diagram.least_height
        if self.form.value() == "vectors":
            wanted = max(wanted, min(self.strips.minimumHeight(), MOST_VECTORS_PX))
        self._places.setMinimumHeight(wanted)

    def _keep_usual_lines(self) -> None:
        """Keep the room of the longest sum of this network's cell, also before it is written."""
        lines = SUM_LINES if self.width() >= WIDE_PX else NARROW_SUM_LINES
        lines += any(gate.past_through for gate in CELLS[self.session.run.model_config.cell].gates)
        self.sum.setMinimumHeight(lines * self.sum.fontMetrics().lineSpacing())

    def _keep_lines(self) -> None:
        """A sum of more lines keeps their room, so that shorter ones do not move what is below."""
        needed = self.sum.heightForWidth(self.sum.width())
        self.sum.setMinimumHeight(max(self.sum.minimumHeight(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write out as many terms as the new width has room for; lines break elsewhere."""
        super().resizeEvent(event)
        grown = restyle(self.sum, large=has_large_text(event.size()))
        if grown or event.oldSize().width() != event.size().width():
            self._keep_usual_lines()
            self.ask()

    def table(self) -> Table:
        """Every vector as a row, one column for each unit."""
        if self.found is None:
            return Table(("vector",))
        vectors = self.found.step.forward | self.found.step.backward
        rows = [(name, *values.tolist()) for name, values in vectors.items()]
        return Table(("vector", *(f"unit {i}" for i in range(max(map(len, vectors.values()))))), rows)
