"""Labels: by role, elided, and with digits that do not jump."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QTextDocument, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.widgets.symbols import plain_tip, visible_text

NO_BREAK = "\u00a0"  # rich text breaks lines at every other blank, narrow ones too
MOST_LINES = 4
LARGE_PX = 650  # height of a view with room for larger letters
STEP_PX = 12  # by which the room for a changing text grows and shrinks


def tabular(font: QFont) -> QFont:
    """The same font with digits of equal width, so that changing numbers stand still."""
    fixed = QFont(font)
    fixed.setFeature(QFont.Tag("tnum"), 1)
    return fixed


class ElidedLabel(QLabel):
    """One line of text, with a briefer one in its place or … at its end when there is no room, and the whole text as
    tooltip.

    Of one that is to be drawn in `whole_parts` only, what has no room is left out without a sign. A new text does not
    ask for different room, unless the old or new one is so short (`unit_letters`) that it gets all it wants: otherwise
    numbers that change with each frame would make the whole window lay itself out again.
    """

    whole_parts = False
    unit_letters = 0
    between_parts: tuple[str, ...] = ()  # separators, of the largest parts first: whole parts are left out

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._shown = self._explained = ""
        self._briefer: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    @property
    def is_unit(self) -> bool:
        """Whether the text is short enough to get all the room it wants."""
        return 0 < len(self._shown) <= self.unit_letters

    def setText(self, text: str, *briefer: str) -> None:
        """Show this text, or the first of the briefer ones that fits."""
        if (text, briefer) == (self._shown, self._briefer):
            return
        was_unit = self.is_unit
        self._shown, self._briefer = text, briefer
        self.setAccessibleName(visible_text(text))
        self.update()
        if was_unit or self.is_unit:
            self.updateGeometry()

    def text(self) -> str:
        """The whole text."""
        return self._shown

    def explain(self, text: str) -> None:
        """Set the tooltip; if the text is cut off, the tooltip starts with the whole text."""
        self._explained = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        """The size of the whole text in one line."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(visible_text(self._shown)), metrics.height())

    def minimumSizeHint(self) -> QSize:
        """One line, and almost no width."""
        return QSize(8, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        text = visible_text(self._shown)
        shown = self._elided(text)
        parts = (text if shown != text else "", self._explained)
        self.setToolTip(plain_tip("\n".join(part for part in parts if part)))
        if self.whole_parts and shown == "…":
            return
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)

    def _elided(self, text: str) -> str:
        """As much of the text as fits."""
        metrics = QFontMetrics(self.font())
        texts = [text, *map(visible_text, self._briefer)]
        for said in texts:
            if metrics.horizontalAdvance(said) <= self.width():
                return said
        text = texts[-1]
        for between in self.between_parts:
            parts = text.split(between)
            for count in range(len(parts) - 1, 0, -1):
                whole = between.join(parts[:count])
                for shown in (whole,) if self.whole_parts else (f"{whole}{between}…", f"{whole} …"):
                    if metrics.horizontalAdvance(shown) <= self.width():
                        return shown
        if self.whole_parts or any(between in text for between in self.between_parts):
            return "…"
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())


class WrappedLabel(ElidedLabel):
    """The same in as many lines as the text needs, up to MOST_LINES. A word that is too long for a line is broken, so
    that no text asks for more width."""

    def setText(self, text: str, *briefer: str) -> None:
        """Show this text."""
        super().setText(text, *briefer)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the lines at a width."""
        self.ensurePolished()
        return max(1, len(self._lines(width))) * self.fontMetrics().height()

    def _lines(self, width: int) -> list[str]:
        lines = wrapped(visible_text(self.text()), self.font(), max(width, 1))
        return [line.removeprefix("· ").removesuffix(" ·") for line in lines]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines; the tooltip has what is cut off."""
        lines, metrics = self._lines(self.width()), self.fontMetrics()
        self.setToolTip(plain_tip(self.text() if lines and lines[-1].endswith("…") else ""))
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.setFont(self.font())
        top = (self.height() - len(lines) * metrics.height()) // 2
        for at, line in enumerate(lines):
            painter.drawText(0, top + at * metrics.height() + metrics.ascent(), line)


def wrapped(text: str, font: QFont, width: int, most: int = MOST_LINES) -> list[str]:
    """The lines of a text at this width; the last of too many ends in …."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    ends = [0]
    while len(ends) <= most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        ends.append(ends[-1] + line.textLength())
    layout.endLayout()
    lines = [text[start:end].strip() for start, end in pairwise(ends)]
    if ends[-1] < len(text):
        rest = text[ends[-2] :]
        lines[-1] = QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
    return lines


class PlainLabel(QLabel):
    """A label that shows exactly the text it is given, even if it looks like HTML."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this text."""
        super().setText(visible_text(text))


class SteadyLabel(PlainLabel):
    """One line whose text may change with every frame.

    Its width grows and shrinks in steps, and it asks for a new layout only when that changes, so nothing beside it
    jumps.
    """

    least_px = 0  # its minimum width
    _widest = ""  # the text that it has room for

    def changeEvent(self, event: QEvent) -> None:
        """Reserve the room anew in another font: the style sheet, which makes some labels bold, comes later."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._widest:
            self.reserve(self._widest)

    def setText(self, text: str) -> None:
        """Show this text."""
        if len(text) < len(self.text()) and self.minimumWidth() > self.least_px:
            self.setMinimumSize(0, 0)  # Qt measures no label as less than its minimum
        super().setText(text)
        wanted = self.sizeHint()
        room = QSize(self._stepped(wanted.width()), wanted.height())
        if room != self.minimumSize():
            self.setFixedSize(room)

    def _stepped(self, width: int) -> int:
        return -(-width // STEP_PX) * STEP_PX if width > self.least_px else self.least_px

    def width_of(self, text: str) -> int:
        """The width that it would have with this rich text."""
        self.ensurePolished()
        words = QTextDocument()
        words.setDocumentMargin(0)
        words.setDefaultFont(self.font())
        words.setHtml(text)
        return self._stepped(math.ceil(words.idealWidth()))

    def reserve(self, widest: str) -> None:
        """Be at least as wide as this text from now on."""
        self._widest = widest
        shown, self.least_px = self.text(), 0
        self.setMinimumSize(0, 0)  # what was reserved before does not count
        self.setText(widest)
        self.least_px = self.sizeHint().width()
        self.setText(shown)

    def sizeHint(self) -> QSize:
        """The size that the text needs."""
        self.ensurePolished()
        return super().sizeHint()


def has_large_text(view: QSize) -> bool:
    """Whether a view of this size has room for larger letters below its picture."""
    return view.height() >= LARGE_PX


def height_of(label: QLabel, text: str, width: int) -> int:
    """Height of a wrapped text in a label of this width."""
    around = label.fontMetrics().boundingRect(0, 0, max(width, 1), 0, int(Qt.TextFlag.TextWordWrap), text)
    return around.height()


def text_label(
    text: str = "",
    role: str = "",
    *,
    elide: bool = False,
    wrap: bool = False,
    name: str = "",
    buddy: QWidget | None = None,
) -> QLabel:
    """A label in one of the style sheet's roles (title, strong, secondary, muted, small, good, neutral, …)."""
    label = ElidedLabel(text) if elide else PlainLabel(text)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if name:
        label.setObjectName(name)
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def parted_label(name: str, role: str = "secondary", between: tuple[str, ...] = (" · ",)) -> ElidedLabel:
    """A line of which whole parts are left out where there is no room. between: see ElidedLabel.between_parts."""
    label = text_label("", role, elide=True, name=name)
    assert isinstance(label, ElidedLabel)
    label.between_parts = between
    return label


def explain(label: QLabel, text: str) -> None:
    """Set a label's tooltip."""
    if isinstance(label, ElidedLabel):
        label.explain(text)
    else:
        label.setToolTip(plain_tip(text))


def number_label(widest: str, role: str, *, name: str) -> SteadyLabel:
    """A label for a changing number, as wide as `widest` from the start, so that nothing beside it moves."""
    label = SteadyLabel()
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setFont(tabular(label.font()))
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    label.reserve(widest)
    return label
