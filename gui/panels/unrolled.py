"""The unrolled network on a real text, and what happens inside one of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QColor, QKeySequence, QPainter, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QToolButton

import engine
from engine.inspection import LayerTrace
from engine.inspection.text_search import Look, is_example, look, truth_of
from gui.panels.base.view import HEADING_PX, MARGIN_PX, View
from gui.plots.picture_export import Drawing, Table
from gui.session.jobs import Report
from gui.session.probe import Selection
from gui.session.questions import Question
from gui.session.session import Session
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram, from_trace, untrained
from gui.unrolled_view.equation import equation, strongest_unit
from gui.widgets.fields import Choice
from gui.widgets.segments import Segments
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import tabular, text_label

TYPING_PAUSE_MS = 25
PROBE_WIDTH_PX = 420
LINE_MARGIN_PX = 5  # above and below what is told of a cell
INVITATION = "Click a cell to look inside; arrow keys walk through time."
NOT_SHARED = "Every place has weights of its own, and nothing is carried on from one to the next."
FORMS = {"loop": "Loop", "unrolled": "Unrolled"}
FORM_HELP = "One cell that feeds its state back to itself, or its uses side by side (L)"
NOT_FOLDED = "Every place has weights of its own: there is no loop"
NOTHING = "Type a text to see the network read it."


@dataclass(frozen=True)
class Known:
    """What the data say of a text: the answer to it, () where it is unknown; whether it is an example, and so ends."""

    tokens: tuple[str, ...] = ()
    truth: tuple[str, ...] = ()
    ends: bool = False


class UnrolledPanel(View):
    """Inputs below, cells with their states, outputs above: the probe text as the network reads it now."""

    inside_requested = Signal()  # open the view of the cell's insides

    HELP = (
        "A recurrent network is one cell that is used again and again; here its uses stand side by side, one for each "
        "symbol of the text. Below each cell is what it reads, inside it the state it makes (orange negative, blue "
        "positive, one tile a unit), which goes on to the right; above it the most probable answer with its "
        "probability: blue when it is right or when nobody knows, orange when something else would be right, which "
        "then stands after the arrow. That is known where the text itself goes on, and where the text is one of the "
        "data's examples (of these alone it is known that they end); the button with the circle brings the next of "
        "them. Every cell has the same weights: Loop draws them together into the one cell that they are, which feeds "
        "its state back to itself.\n\n"
        "Type your own text at the right: all pictures follow. Orange lines of a decoder show where it looks. Click a "
        "cell to look inside; the arrow keys walk through time and layers, Ctrl and the wheel zoom."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Unrolled network", "→ right answer")
        self.probe = QLineEdit()
        self.label = Choice("probe-label", "Label of the text", "What the network starts from", {})
        self.form = Segments("unrolled-form", FORMS, FORM_HELP)
        self.canvas = UnrolledCanvas(session.theme)
        self.inside = QFrame()
        self.inside_title = text_label("Inside", "strong", name="inside-title")
        self.inside_text = text_label(INVITATION, "secondary", elide=True, name="inside-text")
        self.unit = QSpinBox()
        self.more, self.example = QToolButton(), QToolButton()
        self.looked: Look | None = None
        self._known = Known()
        self._truth_for: tuple[object, ...] = ()
        self._place, self._truth_place = object(), object()
        self._example = -1  # number of the validation example that was looked at last
        self._drawn_config: object = None
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE_MS)
        self._build()

    def _build(self) -> None:
        self.probe.setObjectName("probe")
        self.probe.setAccessibleName("Text to look at")
        self.probe.setToolTip("Every picture shows how the network reads this text")
        self.probe.setPlaceholderText("a text to look at")
        self.probe.setMinimumWidth(110)
        self.probe.setMaximumWidth(PROBE_WIDTH_PX)
        self.probe.textEdited.connect(self._typing.start)
        self._typing.timeout.connect(self._say)
        self.probe.editingFinished.connect(self._say_if_typed)
        self.label.changed.connect(self._say)
        self.label.hide()
        self.form.setAccessibleName("How the network is drawn")
        self.form.setFixedWidth(136)
        self.form.set_value("unrolled")
        self.form.changed.connect(self.show_form)
        QShortcut(QKeySequence("L"), self, self._other_form)
        self.header.addWidget(self.form)
        self.header.addWidget(self.label)
        self.header.addWidget(self.probe, 1)
        self.example.setObjectName("unrolled-example")
        self.example.setText("↻")
        self.example.setProperty("role", "flat")
        self.example.setAccessibleName("Another example of the data")
        self.example.setToolTip("Another example of the validation data, whose answer is known")
        self.example.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.example.clicked.connect(self._next_example)
        self.header.addWidget(self.example)
        self.canvas.selection_changed.connect(self._select)
        self.unit.setObjectName("inside-unit")
        self.unit.setAccessibleName("Unit")
        self.unit.setToolTip("The unit whose numbers are written out")
        self.unit.setPrefix("unit ")
        self.unit.hide()
        self.unit.valueChanged.connect(self.session.probe.choose_unit)
        self.more.setObjectName("inside-open")
        self.more.setText("All vectors")
        self.more.setProperty("role", "flat")
        self.more.setAccessibleName("Open the view Inside a cell")
        self.more.setToolTip("The whole step as coloured vectors, forwards and backwards")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self.inside_requested)
        self.inside.setProperty("role", "facts")
        self.inside_text.setFont(tabular(self.inside_text.font()))
        line = QHBoxLayout(self.inside)
        line.setContentsMargins(10, LINE_MARGIN_PX, 8, LINE_MARGIN_PX)
        line.addWidget(self.inside_title)
        line.addWidget(self.inside_text, 1)
        line.addWidget(self.unit)
        line.addWidget(self.more)
        self.inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body.addWidget(self.canvas, 1)
        self.body.addWidget(self.inside)
        self.body.addStretch()  # a place that is higher than the picture is empty below, not between

    def showEvent(self, event: QShowEvent) -> None:
        """The line below the network is high enough for the unit from the start: nothing moves when it comes."""
        self.unit.ensurePolished()
        self.inside.setMinimumHeight(self.unit.sizeHint().height() + 2 * LINE_MARGIN_PX)
        super().showEvent(event)

    def refresh(self) -> None:
        """Draw the shape at once when it is a new one, then ask for the states of the probe."""
        session = self.session
        self._show_probe()
        if self._drawn_config != (session.run.number, session.run.model_config):
            self._drawn_config = session.run.number, session.run.model_config
            self.looked = None
            self.canvas.show_diagram(untrained(session.run.model_config), session.theme)
        self._ask_truth()
        self._show_selection()
        self._tell()
        probe, theme = session.probe, session.theme
        work = partial(look, probe=probe.text, label=probe.label)
        session.ask(Question(self._place, work, self._show, self._refuse, (probe.text, probe.label, theme)))

    def show_form(self, form: str) -> None:
        """Draw the network as "loop" or "unrolled"."""
        if form in FORMS:
            self.form.set_value(form)
            self.canvas.fold(form == "loop")

    def _other_form(self) -> None:
        if self.form.isEnabled():
            self.show_form("unrolled" if self.form.value() == "loop" else "loop")

    def choices(self) -> dict[str, str]:
        """Loop or unrolled."""
        return {"form": self.form.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """As it was left."""
        self.show_form(choices.get("form", ""))

    def _show_probe(self) -> None:
        session = self.session
        if not self._typing.isActive() and self.probe.text() != session.probe.text:
            self.probe.setText(session.probe.text)
            self.probe.setCursorPosition(0)
        self.example.setVisible(session.data.dataset is not None and session.data.dataset.kind != "stream")
        labels = (
            session.data.dataset.labels if session.data.dataset is not None and session.probe.label is not None else ()
        )
        if [self.label.itemText(i) for i in range(self.label.count())] != list(labels):
            self.label.clear()
            for label in labels:
                self.label.addItem(label, label)
        self.label.setVisible(bool(labels))
        if session.probe.label is not None:
            self.label.set_value(session.probe.label)

    def _ask_truth(self) -> None:
        """What the data know of the probe, when it or they are others."""
        session = self.session
        dataset, probe, run = session.data.dataset, session.probe.text, session.run.number
        if self._truth_for == (dataset, probe, run):
            return
        self._truth_for, self._known = (dataset, probe, run), Known()
        if dataset is not None and dataset.kind != "stream":
            examples = dataset.validation, dataset.train

            def find(snapshot: engine.Snapshot) -> Known:
                tokens = snapshot.codec.tokenize(probe)
                return Known(tokens, truth_of(tokens, examples), is_example(tokens, examples))

            session.ask(Question(self._truth_place, find, self._take_truth))

    def _picture(self, looked: Look) -> Diagram:
        """The truth is for a network that answers; one that writes the text itself knows it from the text."""
        known = self._known if self._known.tokens == looked.tokens else Known()
        truth = known.truth if self.session.probe.label is None else ()
        return from_trace(looked.trace, looked.config, looked.tokens, truth, ends=known.ends)

    def _take_truth(self, known: Known) -> None:
        self._known = known
        if known.ends and self.looked is not None:
            self._show(self.looked)

    def _next_example(self) -> None:
        """Look at the example after this one."""
        dataset = self.session.data.dataset
        examples = None if dataset is None else dataset.validation if len(dataset.validation) else dataset.train
        if examples is None or not len(examples):
            return
        self._example = (self._example + 1) % len(examples)
        example = examples[self._example]
        label = example.target[0] if self.session.probe.label is not None else None
        self.session.probe.set(examples.codec.join(example.source), label)

    def _say_if_typed(self) -> None:
        if self._typing.isActive():
            self._say()

    def _say(self) -> None:
        self._typing.stop()
        label = self.label.value()
        self.session.probe.set(self.probe.text(), str(label) if label is not None else None)

    def _show(self, looked: Look | None) -> None:
        session = self.session
        self.looked = looked
        if looked is None:
            self.canvas.show_diagram(untrained(session.run.model_config), session.theme)
        else:
            self.canvas.show_diagram(self._picture(looked), session.theme)
        self._show_selection()
        self.form.setEnabled(self.canvas.foldable)
        self.form.setToolTip(FORM_HELP if self.canvas.foldable else NOT_FOLDED)
        self._tell()

    def _show_selection(self) -> None:
        """Choose the cell that the session looks into, when it is in the picture."""
        wanted = self.session.probe.selection
        if wanted is None:
            self.canvas.select(None)
            return
        for index, strip in enumerate(self.canvas.diagram.strips):
            layer = self._layer_of(index)
            if (
                layer is not None
                and (layer.part, layer.layer, layer.direction) == (wanted.part, wanted.layer, wanted.direction)
                and wanted.step < strip.steps
            ):
                self.canvas.select((index, strip.first + wanted.step))

    def _layer_of(self, strip: int) -> LayerTrace | None:
        """What was computed for a strip of the picture."""
        if self.looked is None or strip >= len(self.canvas.diagram.strips):
            return None
        layer = self.canvas.diagram.strips[strip].layer
        return self.looked.trace.layers[layer] if layer >= 0 else None

    def watches(self) -> tuple[SignalInstance, ...]:
        """Also which cell is looked into."""
        return *super().watches(), self.session.probe.selection_changed

    def zooms(self) -> bool:
        """The network does."""
        return True

    def zoom(self, factor: float) -> None:
        """Larger or smaller cells."""
        self.canvas.set_zoom(self.canvas.zoom * factor)

    def reset_zoom(self) -> None:
        """Natural size."""
        self.canvas.set_zoom(1.0)

    def drawing(self) -> Drawing:
        """The whole network, however little of it shows; a long one takes a while."""
        size = self.canvas.whole_size() + QSize(2 * MARGIN_PX, 2 * MARGIN_PX + HEADING_PX)
        surface, heading, whole = QColor(self.session.theme.surface), self.heading(), self.canvas.whole_painter()

        def paint(painter: QPainter, report: Report) -> None:
            painter.fillRect(QRect(QPoint(0, 0), size), surface)
            heading.paint(painter)
            painter.translate(MARGIN_PX, MARGIN_PX + HEADING_PX)
            whole(painter, lambda share: report(f"{share:.0%}"))

        return Drawing(size, paint, anywhere=True)

    def table(self) -> Table:
        """What goes in and comes out at each step."""
        columns = self.canvas.diagram.columns
        rows = ((c.part, c.step, c.below, c.above, c.probability if c.above else "") for c in columns)
        return Table(("part", "step", "input", "output", "probability"), rows)

    def _refuse(self, message: str) -> None:
        self._show(None)
        self.inside_text.setText(message)

    def _select(self, cell: tuple[int, int] | None) -> None:
        """A cell was chosen, here or elsewhere: tell the session, and begin with the unit whose numbers show most."""
        layer = self._layer_of(cell[0]) if cell is not None else None
        if layer is not None and cell is not None:
            step = cell[1] - self.canvas.diagram.strips[cell[0]].first
            self.session.probe.select(Selection(layer.part, layer.layer, layer.direction, step))
            if self.session.probe.unit is None:
                self.session.probe.choose_unit(strongest_unit(layer, step))
        elif cell is None:
            self.session.probe.select(None)
        self._tell()

    def _show_unit(self, layer: LayerTrace) -> None:
        """The one that the session has chosen."""
        self.unit.blockSignals(True)
        self.unit.setRange(0, layer.states.shape[1] - 1)
        self.unit.setValue(self.session.probe.unit or 0)
        self.unit.blockSignals(False)

    def _tell(self) -> None:
        """One line: the equation of the chosen cell and one unit's real numbers."""
        cell = self.canvas.selected
        layer = self._layer_of(cell[0]) if cell is not None else None
        self.unit.setVisible(layer is not None)
        self.more.setVisible(self.canvas.foldable)
        if layer is None or cell is None or self.looked is None:
            self.inside_title.setText("Inside")
            cells = bool(self.canvas.diagram.strips)
            self.inside_text.setText(NOTHING if self.looked is None else INVITATION if cells else NOT_SHARED)
            return
        self._show_unit(layer)
        step = cell[1] - self.canvas.diagram.strips[cell[0]].first
        symbol = visible_symbol(self.canvas.diagram.columns[cell[1]].below)
        name = f"{layer.name}, " if layer.name else ""
        self.inside_title.setText(f"Inside {name}step {step + 1} “{symbol}”")
        self.inside_text.setText(equation(layer, self.looked.config.cell, step, self.unit.value()))
