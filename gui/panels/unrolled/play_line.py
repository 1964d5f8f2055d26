"""The controls of an example that is played, and what happens at this moment in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QToolButton

from gui.unrolled_view.playing import Playing
from gui.widgets.segments import Segments
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import tabular, text_label

MOMENT_MS = {"slow": 2400, "normal": 1100, "fast": 350}
SPEEDS = {"slow": "½×", "normal": "1×", "fast": "3×"}
MARGIN_PX = 5  # above and below the caption
LINES, NARROW_LINES = 2, 4  # of it, beside and below the controls
BESIDE_FROM_PX = 680  # width


class PlayLine(QFrame):
    """Back, play or pause, forward, speed; a caption; and an end."""

    moved = Signal(object)  # the Playing at another moment
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.playing: Playing | None = None
        self.caption = text_label("", wrap=True, name="play-caption")
        self.caption.setFont(tabular(self.caption.font()))
        self.speed = Segments("play-speed", SPEEDS, "How fast the moments follow each other")
        self.speed.setAccessibleName("Speed")
        self.speed.set_value("normal")
        self.speed.setFixedWidth(104)
        self.speed.changed.connect(self._set_pace)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self.setProperty("role", "facts")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.back = self._button("play-back", "◀", "One moment back (←)")
        self.pause = self._button("play-pause", "Pause", "Pause, or go on (P)")
        self.forward = self._button("play-forward", "▶", "One moment forward (→)")
        self.close_button = self._button("play-close", "✕", "Back to the live picture (Esc)")
        controls = QHBoxLayout()
        for widget in (self.back, self.pause, self.forward, self.speed, self.close_button):
            controls.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(8, MARGIN_PX, 6, MARGIN_PX)
        self._line.addLayout(controls)
        self._line.setAlignment(controls, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._line.addWidget(self.caption, 1)
        self.pause.setFixedWidth(60)
        self.back.clicked.connect(lambda: self.step(-1))
        self.forward.clicked.connect(lambda: self.step(1))
        self.pause.clicked.connect(self.toggle)
        self.close_button.clicked.connect(self.closed)

    def _button(self, name: str, text: str, help: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(plain_tip(help))
        button.setAccessibleName(help)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Be high enough for the longest caption from the start, so that nothing moves from moment to moment."""
        super().showEvent(event)
        self._arrange()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing goes on where nobody sees it."""
        super().hideEvent(event)
        self._run(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The caption stands below the controls where there is no room beside them."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.caption.ensurePolished()
        beside = self.width() >= BESIDE_FROM_PX
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        text = (LINES if beside else NARROW_LINES) * self.caption.fontMetrics().lineSpacing()
        controls = self.pause.sizeHint().height()
        self.setFixedHeight((max(text, controls) if beside else text + controls + self._line.spacing()) + 2 * MARGIN_PX)
        self._line.activate()

    @property
    def running(self) -> bool:
        """Whether the moments follow each other by themselves."""
        return self._clock.isActive()

    def begin(self, playing: Playing) -> None:
        """Play an example from its first moment."""
        self._show(playing)
        self._run(True)

    def end(self) -> None:
        """Stop, and forget the example."""
        self._clock.stop()
        self.playing = None

    def toggle(self) -> None:
        """Pause, go on, or begin again after the end."""
        if self.playing is None:
            return
        if self.playing.ended and not self.running:
            self._show(self.playing.go(0))
        self._run(not self.running)

    def step(self, by: int) -> None:
        """One moment back or forward; the clock stops."""
        self._run(False)
        if self.playing is not None:
            self._show(self.playing.go(self.playing.at + by))

    def _tick(self) -> None:
        if self.playing is not None:
            self._show(self.playing.go(self.playing.at + 1))
            if self.playing.ended:
                self._run(False)

    def _run(self, on: bool) -> None:
        if on:
            self._clock.start(MOMENT_MS[self.speed.value()])
        else:
            self._clock.stop()
        again = self.playing is not None and self.playing.ended
        self.pause.setText("Pause" if on else "Again" if again else "Play")

    def _set_pace(self, speed: str) -> None:
        if self.running:
            self._clock.start(MOMENT_MS[speed])

    def _show(self, playing: Playing) -> None:
        self.playing = playing
        told = visible_text(playing.caption())
        self.caption.setText(told)
        self.caption.setToolTip(plain_tip(told))
        self.back.setEnabled(playing.at > 0)
        self.forward.setEnabled(not playing.ended)
        self.moved.emit(playing)
