"""The current moment of a played example in words, and its controls."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolButton, QWidget

from gui.panels.unrolled.line_height import MARGIN_PX
from gui.unrolled_view.play_captions import BREVITIES, caption_of
from gui.unrolled_view.playing import Playing
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.fields import BOX_PX
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import height_of, tabular, text_label

MOMENT_MS = {"slow": 2400, "normal": 1100, "fast": 350}
SPEEDS = {"slow": "½×", "normal": "1×", "fast": "3×"}
USUAL = "normal"
SIDE_PX, PAUSE_PX = 30, 68  # width of the buttons
SPEED_PX, TURN_PX = 40, (56, 19)
PICTURE, WEIGHTS = "picture", "weights"
TURN_HELP = "There is no room for both the picture and the table of weights: show the other one"


class PlayLine(QFrame):
    """A caption and the speed; `controls`, which go into the panel's header, are back, play or pause, and forward."""

    moved = Signal(object)  # the Playing at another moment
    turned = Signal(bool)  # whether the picture is wanted in place of the table of weights

    def __init__(self) -> None:
        super().__init__()
        self.playing: Playing | None = None
        self._speed = USUAL
        self._goes_on = False  # when it is visible again
        self._weights = ""  # which ones are played, if the network has others by now
        self.caption = text_label("", wrap=True, name="play-caption")
        self.caption.setFont(tabular(self.caption.font()))
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self.setProperty("role", "facts")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.back = self._button("play-back", "◀", "One moment back (←)")
        self.pause = self._button("play-pause", "Pause", "Pause or resume (P or Space)")
        self.forward = self._button("play-forward", "▶", "One moment forward (→)")
        self.speed = self._button("play-speed", SPEEDS[USUAL], "Change the speed")
        self.turn = self._button("play-turn", PICTURE, TURN_HELP)
        for button in (self.speed, self.turn):
            button.setProperty("role", "flat")
        self.turn.hide()
        self.controls = QWidget()
        side_by_side(self.back, self.pause, self.forward, of=self.controls, gap=4)
        beside = stacked(self.turn, self.speed, gap=0)
        beside.setAlignment(self.speed, Qt.AlignmentFlag.AlignRight)
        self._line = side_by_side((self.caption, 1), beside, of=self, margins=(10, MARGIN_PX, 8, MARGIN_PX))
        self.turn.setFixedSize(*TURN_PX)
        widths = (self.back, SIDE_PX), (self.pause, PAUSE_PX), (self.forward, SIDE_PX), (self.speed, SPEED_PX)
        for button, width in widths:
            button.setFixedSize(width, BOX_PX)
        self.back.clicked.connect(lambda: self.step(-1))
        self.forward.clicked.connect(lambda: self.step(1))
        self.pause.clicked.connect(self.toggle)
        self.speed.clicked.connect(self._change_pace)
        self.turn.clicked.connect(self._turn)

    def _button(self, name: str, text: str, help: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(plain_tip(help))
        button.setAccessibleName(help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def hideEvent(self, event: QHideEvent) -> None:
        """Stand still while hidden."""
        super().hideEvent(event)
        self._goes_on = self.running
        self._run(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Go on when it is visible again: a view is also hidden for a moment when all are rearranged."""
        super().showEvent(event)
        if self._goes_on and self.playing is not None:
            self._run(True)
        self._goes_on = False

    @property
    def running(self) -> bool:
        """Whether it is playing."""
        return self._clock.isActive()

    def begin(self, playing: Playing) -> None:
        """Play an example from its first moment."""
        self._show(playing)
        self._run(True)

    def end(self) -> None:
        """Stop, and forget the example."""
        self._clock.stop()
        self.playing, self._weights = None, ""

    def toggle(self) -> None:
        """Pause, resume, or start over after the end."""
        if self.playing is None:
            return
        if self.playing.ended and not self.running:
            self._show(self.playing.go(0))
        self._run(not self.running)

    def step(self, by: int) -> None:
        """Pause, and go one moment back or forward."""
        self._run(False)
        if self.playing is not None:
            self._show(self.playing.go(self.playing.at + by))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the caption into another room."""
        super().resizeEvent(event)
        self._write()

    def _write(self) -> None:
        """Show the longest caption that has room; the tooltip has everything."""
        if self.playing is None:
            return
        self._line.activate()
        forms, room = [visible_text(caption_of(self.playing, brevity)) for brevity in BREVITIES], self.caption.size()
        if self._weights:
            forms = [f"{forms[0]} {self._weights}, not the newest.", *(f"{form} {self._weights}." for form in forms)]
        fitting = (form for form in forms if height_of(self.caption, form, room.width()) <= room.height())
        self.caption.setText(next(fitting, forms[-1]))
        self.caption.setToolTip(plain_tip(forms[0]))

    def _tick(self) -> None:
        if self.playing is not None:
            self._show(self.playing.go(self.playing.at + 1))
            if self.playing.ended:
                self._run(False)

    def _run(self, on: bool) -> None:
        if on:
            self._clock.start(MOMENT_MS[self._speed])
        else:
            self._clock.stop()
        self._name_pause()

    def _name_pause(self) -> None:
        """Say what the button in the middle does at this moment."""
        again = self.playing is not None and self.playing.ended
        self.pause.setText("Pause" if self.running else "Again" if again else "Play")

    def _change_pace(self) -> None:
        speeds = list(SPEEDS)
        self._speed = speeds[(speeds.index(self._speed) + 1) % len(speeds)]
        self.speed.setText(SPEEDS[self._speed])
        if self.running:
            self._clock.start(MOMENT_MS[self._speed])

    def tell_weights(self, weights: str) -> None:
        """Say after each caption that these weights are played, because the network has others by now; "" if not."""
        weights = weights[:1].upper() + weights[1:]
        if weights != self._weights:
            self._weights = weights
            self._write()

    def offer_turns(self, offer: bool) -> None:
        """Offer the picture in place of the table of weights."""
        self.turn.setText(PICTURE)
        self.turn.setVisible(offer)
        self._write()

    def _turn(self) -> None:
        to_picture = self.turn.text() == PICTURE
        self.turn.setText(WEIGHTS if to_picture else PICTURE)
        self.turned.emit(to_picture)

    def _show(self, playing: Playing) -> None:
        self.playing = playing
        self._write()
        self.back.setEnabled(playing.at > 0)
        self.forward.setEnabled(not playing.ended)
        self._name_pause()
        self.moved.emit(playing)
