"""The animation between the unrolled picture and the loop: eased, and reversible at any moment."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QVariantAnimation, Signal
from PySide6.QtWidgets import QStyle, QWidget

FOLD_MS = 500  # from one end to the other


class FoldAnimation(QVariantAnimation):
    """`share` is 0 when unrolled, 1 when folded. If the desktop has animation switched off, it jumps."""

    moved = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.folded = False  # the end that it is moving to, or has reached
        self.share = 0.0
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self.set_share)

    @property
    def moving(self) -> bool:
        """Whether the animation is running."""
        return self.state() == QAbstractAnimation.State.Running

    def go(self, folded: bool) -> None:
        """Move to one end from the current position, in time proportional to the distance."""
        self.folded = folded
        self.stop()
        end = 1.0 if folded else 0.0
        if not self._owner.isVisible() or not _moves(self._owner):
            self.set_share(end)
            return
        begin = self.share
        self.blockSignals(True)  # an animation emits a value at each of these calls
        self.setStartValue(begin)
        self.setEndValue(end)
        self.setDuration(max(1, round(FOLD_MS * abs(end - begin))))
        self.blockSignals(False)
        self.start()

    def set_share(self, value: float) -> None:
        """Jump to a position: 0 is unrolled, 1 folded."""
        self.share = float(value)
        self.moved.emit()


def _moves(widget: QWidget) -> bool:
    """Whether the desktop wants animations: some people switch them all off."""
    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) > 0
