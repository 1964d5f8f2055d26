"""A slider over well-chosen stops, beside a field for typing an exact number."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QSlider, QWidget

from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import wheel_is_meant_for
from gui.widgets.escape import EscapeDiscards
from gui.widgets.symbols import plain_tip
from gui.widgets.text import tabular
from gui.widgets.typed_numbers import say_beside

SETTLE_MS = 350  # with keyboard or wheel, the value counts as chosen this long after the last change


def doublings(low: int, high: int) -> tuple[float, ...]:
    """low, 1.5 low, 2 low, 3 low, … high: the sizes people choose for layers."""
    stops = {value for power in range(13) for value in (2**power, 3 * 2 ** max(power - 1, 0))}
    return tuple(float(value) for value in sorted(stops) if low <= value <= high)


def decades(low: float, high: float, steps: tuple[float, ...] = (1, 1.5, 2, 3, 5, 7)) -> tuple[float, ...]:
    """Round numbers, evenly spread on a log scale, from low to high."""
    stops = (float(f"{step * 10.0**power:.3g}") for power in range(-9, 9) for step in steps)
    return tuple(stop for stop in stops if low * 0.999 <= stop <= high * 1.001)


class _PlainSlider(QSlider):
    """A slider that lets the wheel scroll the page unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only if the slider has the focus."""
        if wheel_is_meant_for(self, event):
            super().wheelEvent(event)


class NumberSlider(QWidget):
    """One number. `moved` is emitted on every change, `chosen` when the user has settled on a value."""

    moved = Signal(float)
    chosen = Signal(float)

    def __init__(
        self,
        name: str,
        label: str,
        help: str,
        stops: tuple[float, ...],
        *,
        minimum: float,
        maximum: float,
        whole: bool = False,
        widest: str = "0.00015",
        zero: str = "",
    ) -> None:
        """zero: what is written for 0, if that stands for something else."""
        super().__init__()
        self._zero = zero
        self.setObjectName(name)
        self._stops, self._minimum, self._maximum, self._whole = stops, minimum, maximum, whole
        self._value = stops[0]
        self._slider = _PlainSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(f"{name}-slider")
        self._slider.setRange(0, len(stops) - 1)
        self._slider.setPageStep(max(len(stops) // 8, 1))
        self._slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._slider.setMinimumWidth(40)
        self._number = QLineEdit()
        self._number.setObjectName(f"{name}-number")
        self._number.setProperty("role", "number")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._number.setFont(tabular(self._number.font()))
        bold = self._number.font()
        bold.setBold(True)
        self._number.setFixedWidth(QFontMetrics(bold).horizontalAdvance(widest) + 14)
        self._number.setText(self._text(self._value))
        for part in (self, self._slider, self._number):
            part.setToolTip(plain_tip(help))
            part.setAccessibleName(label)
        side_by_side((self._slider, 1), self._number, of=self, gap=6)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(lambda: self.chosen.emit(self._value))
        self._slider.valueChanged.connect(self._on_slider)
        self._slider.sliderReleased.connect(self._on_released)
        self._number.returnPressed.connect(self._number.clearFocus)
        self._number.editingFinished.connect(self._on_typed)
        self._number.installEventFilter(self)
        EscapeDiscards(self._number, self._number, lambda: self._number.setText(self._text(self._value)))

    def value(self) -> float:
        """The number shown."""
        return self._value

    def set_most(self, most: float) -> None:
        """Allow no number above this one, without any signal."""
        self._maximum = most
        with QSignalBlocker(self._slider):
            self._slider.setMaximum(max(bisect_right(self._stops, most) - 1, 0))

    def set_value(self, value: float) -> None:
        """Show a number without any signal."""
        if self._slider.isSliderDown() or self._settle.isActive():
            return  # the user is moving it
        self._show(value)

    def _show(self, value: float) -> None:
        self._value = value
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._nearest(value))
        self._slider.update()
        if not (self._number.hasFocus() and self._number.isModified()):
            self._number.setText(self._text(value))

    def _nearest(self, value: float) -> int:
        at = min(bisect_left(self._stops, value), len(self._stops) - 1)
        if at and abs(self._stops[at - 1] - value) < abs(self._stops[at] - value):
            return at - 1
        return at

    def _text(self, value: float) -> str:
        if not value and self._zero:
            return self._zero
        return f"{round(value):,}" if self._whole else f"{value:.6g}"

    def _on_slider(self, position: int) -> None:
        self._value = self._stops[position]
        self._number.setText(self._text(self._value))
        self.moved.emit(self._value)
        if not self._slider.isSliderDown():
            self._settle.start()

    def _on_released(self) -> None:
        self._settle.stop()
        self.chosen.emit(self._value)

    def _on_typed(self) -> None:
        if not self._number.isModified():
            return
        self._number.setModified(False)
        try:
            value = float(self._number.text().replace(",", "." if not self._whole else ""))
        except ValueError:
            value = self._value
        if value > self._maximum:
            say_beside(self._number, f"At most {self._text(self._maximum)}")
        elif value < self._minimum:
            say_beside(self._number, f"At least {self._text(self._minimum)}")
        value = self._value if math.isnan(value) else min(max(value, self._minimum), self._maximum)
        self._settle.stop()
        before, self._value = self._value, float(round(value)) if self._whole else value
        self._show(self._value)
        if self._value != before:
            self.moved.emit(self._value)
            self.chosen.emit(self._value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the number field, Up and Down go to the next stop."""
        if watched is not self._number or not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._slider.setValue(self._slider.value() + (1 if event.key() == Qt.Key.Key_Up else -1))
            return True
        return False
