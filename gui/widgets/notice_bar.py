"""The line at the foot of the window that reports events and offers remedies."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPointF, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gui.theme import LIGHT, Theme, mix
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced, pressable, tool_button
from gui.widgets.icons import icon
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import ElidedLabel, text_label, wrapped

HEIGHT_PX, AROUND_PX = 30, 4  # two lines of the small font; the space above and below them
SMALL_PX = 11  # font of a notice in several lines
USUAL_LINES, MOST_LINES = 2, 12  # of a notice, and of one that is opened
MORE, LESS = "more", "less"  # on the button that opens it
BUTTON_GAP_PX = 12
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z0-9“])")
SHOWN_MS = 8000  # how long a notice stays that only confirms something
AGAIN_MS = 700  # how long a notice that is told again stands out, so that what led to it has a visible answer
STANDS_OUT = 0.3  # share of the colour of its words behind it


class NoticeText(ElidedLabel):
    """A notice in one line, or in two smaller ones. Of one that needs more, what has happened and what to do about it
    are shown, and a button opens the rest."""

    room_wanted = Signal(int)  # the height of its lines

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._small = QFont(self.font())
        self._opened = False
        self._more = pressable(QPushButton(MORE, self), "notice-more", "Show all of the notice", "", "flat")
        self._more.clicked.connect(self._turn)
        self._more.hide()

    def setText(self, text: str, *briefer: str) -> None:
        """Show this text."""
        if text != self.text():
            super().setText(text, *briefer)
            self._opened = False
            self._wrap()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap it anew."""
        super().resizeEvent(event)
        self._wrap()

    def lines(self) -> list[str]:
        """The smaller lines that are drawn; none if it fits one line as it is."""
        return list(self._lines)

    def _turn(self) -> None:
        self._opened = not self._opened
        self._wrap()

    def _wrap(self) -> None:
        self.ensurePolished()
        text, width = visible_text(self.text()), self.width()
        self._small = QFont(self.font())
        self._small.setPixelSize(SMALL_PX)
        fits = self.fontMetrics().horizontalAdvance(text) <= width
        self._lines = [] if fits else wrapped(text, self._small, width, USUAL_LINES + 1)
        long = len(self._lines) > USUAL_LINES
        if long:  # the button has its place inside, so that the lines do not depend on whether it is there
            self._more.setText(LESS if self._opened else MORE)
            beside = width - self._more.sizeHint().width() - BUTTON_GAP_PX
            most = MOST_LINES if self._opened else USUAL_LINES
            self._lines = wrapped(text if self._opened else self._brief(text, beside), self._small, beside, most)
        self._more.setVisible(long)
        self.room_wanted.emit(len(self._lines) * QFontMetrics(self._small).height())
        self._place_button()
        self.update()

    def _brief(self, text: str, width: int) -> str:
        """The first sentences, as many as have room, or the first words, and the last sentence, which is what to do."""
        *before, last = _SENTENCE_END.split(text)
        if not before:
            return text
        words = before[0].split(" ")
        begins = [" ".join(before[:count]) for count in range(len(before) - 1, 0, -1)]
        begins += [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
        briefs = (f"{begin} … {last}" for begin in begins)
        fitting = (text for text in briefs if len(wrapped(text, self._small, width, USUAL_LINES + 1)) <= USUAL_LINES)
        return next(fitting, f"… {last}")

    def _place_button(self) -> None:
        size = self._more.sizeHint()
        self._more.setGeometry(
            self.width() - size.width(), (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw its lines in the middle; the tooltip has all of it."""
        if not self._lines:
            super().paintEvent(event)
            return
        self.setToolTip(plain_tip(visible_text(self.text())))
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self._small)
        metrics = painter.fontMetrics()
        baseline = self.rect().center().y() - len(self._lines) * metrics.height() / 2 + metrics.ascent()
        for at, line in enumerate(self._lines):
            painter.drawText(QPointF(0, round(baseline) + at * metrics.height()), line)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


class NoticeBar(QFrame):
    """Always visible, and always with the same place in the layout, so that nothing moves when a notice appears. One of
    more than two lines covers what is above it only when the user opens it."""

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setObjectName("notice-bar")
        self.setFixedHeight(HEIGHT_PX)
        self.place = QWidget()  # what the bar lies on: this is put into the layout
        self.place.setFixedHeight(HEIGHT_PX)
        self.place.installEventFilter(self)
        self._theme, self._level, self._details, self._standing = LIGHT, "", "", ""
        self._text = introduced(NoticeText(), "notice", "Notice", role="notice")
        self._buttons = [
            pressable(QPushButton(), name, "", role="flat") for name in ("notice-action", "notice-other-action")
        ]
        self._acts: list[Callable[[], None]] = []
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.setObjectName("notice-time")
        self._timer.timeout.connect(self.clear)
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._paint)
        help = "Copy the technical details to report the error"
        self._copy = pressable(QPushButton("Copy details"), "notice-details", "Copy details", help, "flat")
        self._close = tool_button("notice-close", "", "Dismiss", "Dismiss")
        self._hint = text_label(hint, "small")
        side_by_side(
            (self._text, 1), *self._buttons, self._copy, self._close, self._hint, of=self, gap=8, margins=(14, 0, 14, 0)
        )
        for number, offered in enumerate(self._buttons):
            offered.clicked.connect(partial(self._act, number))
        self._text.room_wanted.connect(self._take_room)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._details))
        self._close.clicked.connect(self.clear)
        self.clear()

    @property
    def level(self) -> str:
        """The level of the notice: "done", "info", "warning" or "error"; "" if there is none."""
        return self._level

    @property
    def stands_out(self) -> bool:
        """Whether the notice has just been told again."""
        return self._again.isActive()

    def text(self) -> str:
        """The notice shown."""
        return self._text.text()

    def say(
        self, level: str, text: str, offers: Sequence[tuple[str, Callable[[], None]]] = (), details: str = ""
    ) -> None:
        """Replace the notice; of the level "done" it goes away by itself. offers: up to two buttons, label → action."""
        if level and (level, _in_one_line(text)) == (self._level, self.text()):
            self._again.start()
        else:
            self._again.stop()
        self._level, self._details = level, details
        self._acts = [act for _, act in offers]
        self._text.setText(_in_one_line(text))
        labels = [label for label, _ in offers] + [""] * (len(self._buttons) - len(offers))
        for button, label in zip(self._buttons, labels, strict=True):
            button.setText(label)
            button.setAccessibleName(label)
            button.setVisible(bool(label))
        self._copy.setVisible(bool(details))
        self._close.setVisible(bool(level))
        self._hint.setVisible(not text)
        self._paint()
        self._set_timer(pointed_at=self.underMouse())

    def clear(self) -> None:
        """Remove the notice."""
        self.say("", self._standing)

    def withdraw_text(self, text: str) -> None:
        """Remove the notice if it says this, which no longer holds."""
        if self._level and self.text() == _in_one_line(text):
            self.clear()

    def withdraw(self, act: Callable[[], None]) -> None:
        """Remove the notice if it offers this, which is no longer possible."""
        if act in self._acts:
            self.clear()

    def stand(self, text: str) -> None:
        """Say this whenever there is no notice, in place of the hint; "" for the hint."""
        if text != self._standing:
            self._standing = text
            if not self._level:
                self.clear()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keep a notice while the pointer is over it."""
        super().enterEvent(event)
        self._set_timer(pointed_at=True)

    def leaveEvent(self, event: QEvent) -> None:
        """Give it its whole time again."""
        super().leaveEvent(event)
        self._set_timer(pointed_at=False)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self._theme = theme
        self._close.setIcon(icon("close", theme.muted))
        self._paint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the place of the bar."""
        if watched is self.place and event.type() == QEvent.Type.ParentChange:
            self.setParent(self.place.parentWidget())
            self.show()
        elif watched is self.place and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._lie()
        return super().eventFilter(watched, event)

    def _take_room(self, height: int) -> None:
        self.setFixedHeight(max(HEIGHT_PX, height + AROUND_PX))
        self._lie()

    def _lie(self) -> None:
        """Lie on the place of the bar, and on what is above it."""
        if self.parentWidget() is not None and self.parentWidget() is self.place.parentWidget():
            on = self.place.geometry()
            self.setGeometry(on.x(), on.bottom() + 1 - self.height(), on.width(), self.height())
            self.raise_()

    def _set_timer(self, pointed_at: bool) -> None:
        """Remove the notice after a while if it only confirms something."""
        if self._level == "done" and not pointed_at:
            self._timer.start()
        else:
            self._timer.stop()

    def _act(self, number: int) -> None:
        act = self._acts[number]
        self.clear()
        act()

    def _paint(self) -> None:
        theme = self._theme
        color, back = {
            "error": (theme.error, theme.error_soft),
            "warning": (theme.warning, theme.warning_soft),
            "": (theme.text, theme.accent_soft if self._standing else theme.surface),
        }.get(self._level, (theme.text, theme.accent_soft))
        back = mix(back, color, STANDS_OUT) if self.stands_out else back
        self.setStyleSheet(
            f"QFrame#notice-bar {{ background: {back}; border: none; border-top: 1px solid {theme.border}; }}"
            f"QLabel#notice {{ color: {color}; }}"
        )
