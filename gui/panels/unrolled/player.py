"""Plays the text of all views in the picture: asks for the example, and shows its moments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QToolButton

from engine.number_text import grouped
from gui.panels.unrolled.play_line import PlayLine
from gui.panels.unrolled.weight_changes_position import WeightChangesPosition
from gui.session.probe import PlayedCell, Selection
from gui.session.questions import Question
from gui.session.session import Session
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.playing import Playing
from gui.widgets.fields import BOX_PX
from gui.widgets.symbols import plain_tip

if TYPE_CHECKING:
    from gui.panels.unrolled.playing_example import Played

PLAY_HELP = "Play this example: forwards step by step, the loss, then backwards in the reverse order (P)"
STOP_HELP = "Back to the live picture (Esc)"
PLAY_PX = 66


class Player(QObject):
    """The button that begins and ends it, and the line with its caption and controls."""

    began = Signal()  # the picture is about to be played
    ended = Signal()  # the picture can be live again
    refused = Signal(str)

    def __init__(self, session: Session, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas)
        self._session, self._canvas = session, canvas
        self.line = PlayLine()
        self.button = QToolButton()
        self.button.setObjectName("play")
        self.button.setFixedSize(PLAY_PX, BOX_PX)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._changes = WeightChangesPosition(canvas)
        self._owner = object()
        self._played: Played | None = None
        self._played_for: tuple[object, ...] = ()
        self._offer(True)
        self.button.clicked.connect(self._play_or_stop)
        self.line.moved.connect(self._show_moment)
        self.line.turned.connect(self._changes.hide_table)
        self._changes.take_turns.connect(self.line.offer_turns)
        canvas.stepped.connect(self.line.step)
        canvas.stopped.connect(self.stop)

    @property
    def on(self) -> bool:
        """Whether an example is being played, or paused."""
        return self.line.playing is not None

    @property
    def earlier_weights(self) -> str:
        """Which weights are played, if the network has others by now: "weights of step 1,234"; "" if it has these."""
        played, run = self._played, self._session.run
        if not self.on or played is None or run.snapshot is None or run.snapshot.step == played.snapshot.step:
            return ""
        step = run.weights_step(played.snapshot.step)
        return f"weights of step {grouped(step)}" if step else "untrained weights"

    def stop_if_outdated(self) -> None:
        """Stop if the text or the run has changed."""
        if self.on and self._played_for != self._about():
            self.stop()

    def play(self) -> None:
        """Play the text, or pause or resume it."""
        if self.on:
            self.line.toggle()
            return
        from gui.panels.unrolled.playing_example import example_to_play

        self._played_for, work = self._about(), example_to_play(self._session)
        self._session.ask(Question(self._owner, work, self._begin, self.refused.emit, urgent=True))

    def stop(self) -> None:
        """End the example."""
        if not self.on:
            return
        self.line.end()
        self._changes.show_moment(None, self._session.theme)
        self._offer(True)
        self._canvas.play(None)
        self._session.probe.play(None)
        self.ended.emit()

    def follow_theme(self) -> None:
        """Draw the changed weights in the new colours."""
        if self.line.playing is not None:
            self._changes.show_moment(self.line.playing, self._session.theme)

    def _play_or_stop(self) -> None:
        if self.on:
            self.stop()
        else:
            self.play()

    def _about(self) -> tuple[object, ...]:
        session = self._session
        return session.run.number, session.probe.given, session.probe.label

    def _offer(self, offered: bool) -> None:
        """Switch the button between Play and Stop."""
        self.button.setText("▶ Play" if offered else "■ Stop")
        self.button.setAccessibleName("Play this example" if offered else "Stop playing")
        self.button.setToolTip(plain_tip(PLAY_HELP if offered else STOP_HELP))

    def _begin(self, played: Played | None) -> None:
        if played is None or self._played_for != self._about():
            return
        self._played = played
        self.began.emit()
        with QSignalBlocker(self._canvas):
            self._canvas.select(None)  # only its frame: the views of this cell keep it
        trained = self._session.run.weights_step(played.snapshot.step)
        diagram = replace(played.diagram(), beginning=self._canvas.diagram.beginning, trained=trained)
        self._canvas.show_diagram(diagram, self._session.theme)
        self._offer(False)
        self._canvas.setFocus()
        self.line.begin(Playing.of(diagram, played.step, played.optimizer, played.forcing))

    def _show_moment(self, playing: Playing) -> None:
        self._canvas.play(playing)
        self._changes.show_moment(playing, self._session.theme)
        self._show_cell(playing)

    def _show_cell(self, playing: Playing) -> None:
        """Let other views follow to the last cell that was shown, in the layer that the user looks into if possible."""
        until_now = map(playing.go, range(playing.at, -1, -1))
        at_cell = next((earlier for earlier in until_now if earlier.cell is not None), None)
        if at_cell is None or at_cell.cell is None or self._played is None:
            return
        probe, layers = self._session.probe, playing.step.trace.layers
        places = []
        for index, column in (at_cell.cell, *at_cell.moment.cells):
            row = playing.diagram.rows[index]
            layer = layers[row.layer]
            places.append(Selection(layer.part, layer.layer, layer.direction, column - row.first))
        chosen = probe.selection or places[0]
        shown = next((place for place in places if replace(place, step=chosen.step) == chosen), places[0])
        probe.play(PlayedCell(self._played.snapshot, playing.step.example, shown))
