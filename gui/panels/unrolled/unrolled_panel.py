"""The unrolled network reading a real text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QPaintEvent, QResizeEvent, QShortcut

from engine.inspection.text_search import Look, look
from engine.inspection.trace import LayerTrace
from gui.panels.base.asking_view import NOT_YET_FOUND
from gui.panels.base.panel import CARD_MARGIN_PX
from gui.panels.base.view import Heading, View
from gui.panels.unrolled.cell_line import CellLine
from gui.panels.unrolled.focus_frame import FocusFrame
from gui.panels.unrolled.line_height import line_height
from gui.panels.unrolled.play_keys import PlayKeys
from gui.panels.unrolled.player import Player
from gui.panels.unrolled.probe_bar import ProbeBar
from gui.panels.unrolled.probed_picture import picture_of
from gui.panels.unrolled.saved_network import changes_table, network_drawing, network_table
from gui.plots.picture_export import Drawing, Table
from gui.session.probe import NOTHING_KNOWN, Selection
from gui.session.questions import Question
from gui.session.session import Session
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.diagram_builder import from_trace, untrained
from gui.unrolled_view.equation import strongest_unit
from gui.widgets.box_layouts import add
from gui.widgets.controls import restyle
from gui.widgets.segments import Segments
from gui.widgets.symbols import MEANINGS, plain_tip
from gui.widgets.text import has_large_text

if TYPE_CHECKING:
    from gui.panels.unrolled.distribution import DistributionPopover

SHORT_TITLE = "Network"
INVITATION = "Click a cell to look inside; arrow keys move through time."
NOT_SHARED = "Each position has its own weights, and nothing is passed from one to the next."
FORMS = {"loop": "Loop", "unrolled": "Unrolled"}
FORM_HELP = "One cell that feeds its state back to itself, or all its steps side by side (L)"
NOT_FOLDED = "Each position has its own weights, so there is no loop"
CHANGES = "Changed weights"
NOTHING = "Type a text to see how the network reads it."
CONTROL_PX = 136  # so that all controls fit on two lines in the narrowest window
NARROW_PX = 400  # a panel narrower than this needs the space of its title's first word
ANSWERS = (
    "Above a cell, softmax turns the state into probabilities; click them to see all. Over them stand the most "
    "probable answer, red if it is wrong, the right one (target), and the loss: minus the logarithm of the probability "
    "of the right answer. Where answers are also inputs, a dashed arrow leads from an answer to the next step; without "
    "one, the right symbol is read there instead (teacher forcing). Play does so wherever it knows the right answer, "
    "training as often as the setting Teacher forcing says. A decoder goes on from its most probable answer "
    "each time (greedy); Try it also searches, and may find a better text. "
    f"{'. '.join(MEANINGS.values())}."
)
COPYING = (
    " This network also copies: the box “copy” above the softmax says how much of the probability goes to the symbols "
    "that attention looks at, to each as much as it is looked at; the rest is as the softmax says. A new network "
    "copies about half, so that it favours the symbols of its source even before training. The error goes back to "
    "both, shared as the probability of the right answer is, and how much to copy is learned too."
)
PREDICTIONS = (
    "The output is a predicted number, drawn as a dot, and how far off it may be: the pale band holds the right number "
    "in 9 of 10 cases, if the network is right about itself. The dark line is the right number (target). The loss is "
    "minus the logarithm of the density that a Gaussian with this mean and spread has there, which is below 0 where "
    "the prediction is sharp and right; without a band, it is the squared distance. For either, numbers are counted in "
    "standard deviations of the training data."
)


class UnrolledPanel(View):
    """Inputs below, cells with their states, outputs above: how the network reads the probe text now."""

    inside_requested = Signal()  # to open or close the view Inside a cell

    HELP = (
        "A recurrent network is one cell used over and over. Its steps stand side by side, one for each symbol of the "
        "text. Each cell reads the symbol below it, and passes its state on to the right: a tile for each unit, blue "
        "if positive, orange if negative. All cells share the same weights; Loop folds them into one.\n\n"
        "{answers} A crossed ring marks where dropout acts. The round arrow shows another example.\n\n"
        "Play shows how one training step learns from this text: forwards, the loss, then backwards in exactly the "
        "reverse order, and what a plain step of gradient descent would do to the weights: minus the learning rate "
        "times the gradient. Here the errors of all steps flow back together, while the view Gradient follows the "
        "error of the last step alone. A gradient with a larger norm than Clip gradient allows is clipped first: "
        "scaled down to that norm. Adam and most other optimizers also use the gradients of earlier steps. The matrix "
        "that scores where attention looks takes smaller steps than the rest; the table says how much smaller. Play "
        "looks at the weights as they were when it began, and changes nothing. The left and right arrow keys go from "
        "moment to moment.\n\n"
        "Type your own text on the right, and every view follows. Lines show where a decoder’s attention goes; "
        "hover over a step to see only its own. Click a cell to look inside. The arrow keys move through time and "
        "layers, Home and End to the ends, Page Up and Page Down to the top and the bottom; Ctrl and the wheel zoom."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self._title = title
        self.probe_bar = ProbeBar(session, self)
        self.form = Segments("unrolled-form", FORMS, FORM_HELP)
        self.canvas = UnrolledCanvas(session.theme)
        self._frame = FocusFrame(self.canvas, self)
        self.cell_line = CellLine()
        self.player = Player(session, self.canvas)
        self.play_line = self.player.line
        self._play_keys = PlayKeys(self, self.play_line.step)
        self.distribution: DistributionPopover | None = None
        self._form_before = "unrolled"  # of the picture before it was played
        self.looked: Look | None = None
        self._owner = object()
        self._drawn_config: object = None
        self._drawn_theme = session.theme
        self.form.setAccessibleName("How the network is drawn")
        for control in (self.form, self.play_line.controls):
            control.setFixedWidth(CONTROL_PX)
        self.form.set_value("unrolled")
        self.header.addWidget(self.player.button)
        self.header.addWidget(self.play_line.controls)
        self.header.addWidget(self.form)
        self.probe_bar.add_to(self.header)
        self.header.fills_lines = True
        add(self.body, (self.canvas, 1), self.cell_line, self.play_line)
        self._show_line(live=True)
        self.body.addStretch()  # in a place higher than the picture, the space is below it
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # after a click on a button here, keys still go to the picture
        self.setFocusProxy(self.canvas)
        self.form.changed.connect(self.show_form)
        QShortcut(QKeySequence("L"), self, self._toggle_form)
        QShortcut(QKeySequence("P"), self, self.player.play)
        self.player.began.connect(self._give_way)
        self.player.ended.connect(self._show_live)
        self.player.refused.connect(self.cell_line.say)
        self.canvas.distribution_wanted.connect(self._open_distribution)
        self.canvas.selection_changed.connect(self._select)
        self.cell_line.unit_chosen.connect(session.probe.choose_unit)
        self.cell_line.inside_requested.connect(self.inside_requested)

    def help(self) -> str:
        """The explanation, with what this network's output is."""
        answers = PREDICTIONS if self.session.run.network.predicts.is_number else ANSWERS
        return self.HELP.format(answers=answers + COPYING * self.canvas.diagram.copies)

    def refresh(self) -> None:
        """Draw a new network at once, then ask for the states of the probe."""
        session = self.session
        self.probe_bar.refresh()
        if self._drawn_config != (session.run.number, session.run.model_config):
            self._drawn_config = session.run.number, session.run.model_config
            self.looked = None
            self.player.stop()
            self._show_untrained()
        if self._drawn_theme != session.theme:
            self._drawn_theme = session.theme
            self.canvas.set_theme(session.theme)
            self.player.follow_theme()
        looked_up = not session.known.ask()
        self.play_line.tell_weights(self.player.earlier_weights)
        self._show_selection()
        self._explain_selection()
        if self.looked is None and not looked_up:
            return  # the states of a new network are drawn once, with the right answer
        probe = session.probe
        work = partial(look, probe=probe.given, label=probe.label, truth=probe.known.truth)
        about = (probe.given, probe.label, probe.known)
        session.ask(Question(self._owner, work, self._show, self._refuse, about))

    def on_news(self) -> None:
        """End an outdated play even while the picture is hidden: other views follow it."""
        self.player.stop_if_outdated()
        super().on_news()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, and a frame around the network if it has the focus."""
        super().paintEvent(event)
        self._frame.paint(self.session.theme)

    def show_form(self, form: str) -> None:
        """Draw the network as "loop" or "unrolled". What is played ends: it goes from step to step, and the loop shows
        the last one."""
        if form in FORMS:
            self.player.stop()
            self.form.set_value(form)
            self.canvas.fold(form == "loop")

    def _toggle_form(self) -> None:
        if self.form.isEnabled():
            self.show_form("unrolled" if self.form.value() == "loop" else "loop")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fix the height of the line below the picture, whatever it says."""
        super().resizeEvent(event)
        self.title.setText(self._title if self.width() >= NARROW_PX else SHORT_TITLE)
        inside = self.size() - QSize(2 * CARD_MARGIN_PX, 0)
        for text in (self.cell_line.text, self.cell_line.title, self.play_line.caption):
            restyle(text, large=has_large_text(inside))
        height = line_height(self.cell_line.text, inside)
        self.cell_line.setFixedHeight(height)
        self.play_line.setFixedHeight(height)

    def choices(self) -> dict[str, str]:
        """Loop or unrolled."""
        return {"form": self._form_before if self.player.on else self.form.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved choices."""
        self.show_form(choices.get("form", ""))

    def _picture(self, looked: Look) -> Diagram:
        """The picture. A network that reads its own answers is compared with the right one here; one that writes has it
        in the text itself."""
        known = self.session.probe.known
        if not np.array_equal(known.tokens, looked.tokens):
            known = NOTHING_KNOWN
        truth = known.truth if self.session.probe.label is None else ()
        diagram = from_trace(looked.trace, looked.config, looked.tokens, truth, ends=known.ends, network=looked.model)
        trained = self.session.run.weights_step(looked.step)
        return replace(diagram, beginning=picture_of(self.session), trained=trained)

    def _show_untrained(self) -> None:
        run, dataset = self.session.run, self.session.data.dataset
        frames = None if dataset is None else dataset.codec.frames
        numbers = 0 if frames is None else frames.size
        self.canvas.show_diagram(untrained(run.model_config, network=run.network, numbers=numbers), self.session.theme)

    def _show(self, looked: Look | None) -> None:
        self.looked = looked
        if self.player.on:
            return  # Play looks at the weights as they were
        if looked is None:
            self._show_untrained()
        else:
            self.canvas.show_diagram(self._picture(looked), self.session.theme)
        self._show_selection()
        self.form.setEnabled(self.canvas.foldable)
        self.form.setToolTip(plain_tip(FORM_HELP if self.canvas.foldable else NOT_FOLDED))
        self._explain_selection()

    def _show_selection(self) -> None:
        """Select the cell that the session has selected, if it is in the picture. None is selected if the network has
        no such cell, since it was chosen in one with other parts."""
        if self.player.on:
            return  # only what was clicked since is framed
        wanted = self.session.probe.selection
        if wanted is None:
            self.canvas.select(None)
            return
        place = (wanted.part, wanted.layer, wanted.direction)
        layers = map(self._layer_of, range(len(self.canvas.diagram.rows)))
        found = [i for i, one in enumerate(layers) if one and (one.part, one.layer, one.direction) == place]
        for index in found:
            row = self.canvas.diagram.rows[index]
            if wanted.step < row.steps:
                self.canvas.select((index, row.first + wanted.step))
        if not found and self.looked is not None:
            self.canvas.select(None)

    def _layer_of(self, row: int) -> LayerTrace | None:
        """The trace of the layer in a row of the picture."""
        if self.looked is None or row >= len(self.canvas.diagram.rows):
            return None
        layer = self.canvas.diagram.rows[row].layer
        return self.looked.trace.layers[layer] if layer >= 0 else None

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including those of the selected cell and of what is known of the text."""
        return *super().watches(), self.session.probe.selection_changed, self.session.probe.known_changed

    def zooms(self) -> bool:
        """Whether the network can be zoomed, which is always."""
        return True

    def zoom(self, factor: float) -> None:
        """Make the cells larger or smaller."""
        self.canvas.zoom.set(self.canvas.zoom.value * factor)

    def reset_zoom(self) -> None:
        """Return to natural size."""
        self.canvas.zoom.set(1.0)

    def show_way_back(self, tip: str) -> None:
        """Show the button that restores the size, and leave Escape to it."""
        super().show_way_back(tip)
        self.canvas.enlarge(bool(tip))

    def view_all(self) -> None:
        """Show the whole network."""
        self.canvas.zoom.to_all()

    def heading(self) -> Heading:
        """The title, and which weights are played once the network has others."""
        return replace(super().heading(), subtitle=self.player.earlier_weights)

    def drawing(self) -> Drawing:
        """The whole network, however little of it is visible; a long one takes a while."""
        return network_drawing(self.canvas, self.heading(), self.session.theme)

    def table(self) -> Table:
        """What goes in and comes out at each step."""
        return network_table(self.canvas.diagram, self.canvas.playing)

    def more_tables(self) -> Mapping[str, Table]:
        """At the end of Play, how far the step moves the weights."""
        playing = self.canvas.playing
        return {} if playing is None or not playing.ended else {CHANGES: changes_table(playing)}

    # ---- playing

    def play_or_pause(self) -> bool:
        """Pause or resume the text that is played."""
        if self.player.on:
            self.play_line.toggle()
        return self.player.on

    def stop_playing(self) -> bool:
        """End the text that is played."""
        on = self.player.on
        self.player.stop()
        return on

    def _show_line(self, *, live: bool) -> None:
        """Switch the line below the picture, and the controls of Play with Loop and Unrolled."""
        pairs = ((self.form, self.play_line.controls), (self.cell_line, self.play_line))
        for usual, played in pairs:  # hide first and then show, because both do not fit
            gone, here = (played, usual) if live else (usual, played)
            gone.hide()
            here.show()

    def _give_way(self) -> None:
        """Unroll the picture, and make room for the controls of Play."""
        self._form_before = self.form.value()
        self.show_form("unrolled")
        self._show_line(live=False)
        self._play_keys.switch(True)

    def _show_live(self) -> None:
        """Show the live picture again."""
        self._play_keys.switch(False)
        self._show_line(live=True)
        self.show_form(self._form_before)
        self._show(self.looked)

    def _open_distribution(self, column: int, at: QPoint) -> None:
        if self.distribution is None:
            from gui.panels.unrolled.distribution import DistributionPopover

            self.distribution = DistributionPopover(self, self.session.theme)
        self.distribution.open_for(self.canvas.diagram, column, at, self.session.theme)

    def _refuse(self, message: str) -> None:
        self._show(None)
        self.cell_line.say(message)

    def _select(self, cell: tuple[int, int] | None) -> None:
        """Tell the session that a cell was selected, and begin with the unit whose numbers show most."""
        layer = self._layer_of(cell[0]) if cell is not None else None
        if layer is not None and cell is not None:
            step = cell[1] - self.canvas.diagram.rows[cell[0]].first
            self.session.probe.select(Selection(layer.part, layer.layer, layer.direction, step))
            if self.session.probe.unit is None:
                self.session.probe.choose_unit(strongest_unit(layer, step))
        elif cell is None:
            self.session.probe.select(None)
        self._explain_selection()

    def _explain_selection(self) -> None:
        """Show the equation of the selected cell, or what to do if none is selected."""
        cell = self.canvas.selected
        layer = self._layer_of(cell[0]) if cell is not None else None
        self.cell_line.more.setVisible(self.canvas.foldable)
        if layer is None or cell is None or self.looked is None:
            shown = INVITATION if self.canvas.diagram.rows else NOT_SHARED
            waits = NOT_YET_FOUND if self.session.probe.text.strip() else NOTHING
            layers = [] if self.looked is None else self.looked.trace.layers
            self.cell_line.say(waits if self.looked is None else shown, layers[0].cell if layers else None)
            return
        step = cell[1] - self.canvas.diagram.rows[cell[0]].first
        self.cell_line.explain(layer, step, self.canvas.diagram.symbol_at(cell[1]), self.session.probe.unit or 0)
