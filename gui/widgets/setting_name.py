"""The name of a setting, which marks a value other than the default, explains it, and can restore it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from engine.options import Option
from gui.widgets.controls import restyle
from gui.widgets.symbols import plain_tip

PROPOSED, CHANGED = "◆", "↺"  # signs, so that changed settings can be seen without colour


@dataclass(frozen=True)
class Usual:
    """The value that a setting has unless the user changes it. why: one sentence about a proposed value, "" for the
    default."""

    default: Any
    proposed: Any
    why: str = ""

    def sign_of(self, value: object) -> str:
        """The sign of a value that is not the default, "" for the default."""
        return CHANGED if value != self.proposed else PROPOSED if value != self.default else ""


class SettingName(QPushButton):
    """Looks like a label until its setting is changed from the default; then it shows a sign, and a click or Enter
    emits `put_back` with the value to restore: the proposed one, or the default if the proposed one is in use."""

    put_back = Signal(object)

    def __init__(self, name: str, text: str, declared: Option, field: QWidget) -> None:
        super().__init__()
        self._declared, self._field, self._plain = declared, field, text
        self._back: Any = None
        self.setObjectName(f"{name}-name")
        self.setProperty("role", "setting")
        self.setFlat(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.sign, self._idle = "", False
        self.clicked.connect(self._click)
        self._show("", idle=False)

    def show_state(self, value: object, usual: Usual, reason: str = "") -> None:
        """Mark a value that is not the default. reason: why the setting currently has no effect."""
        declared, sign = self._declared, usual.sign_of(value)
        if sign == CHANGED:
            self._back = usual.proposed
            suggested = " is suggested for this data" if usual.proposed != usual.default else " is the default"
            tip = f"Changed: {declared.written(usual.proposed)}{suggested}. {usual.why}"
            action = f"Click to restore {declared.written(usual.proposed)}."
        elif sign == PROPOSED:
            self._back = usual.default
            tip = f"{declared.written(value)} is suggested for this data: {usual.why}"
            action = f"Click to use the default, {declared.written(usual.default)}."
        else:
            tip = action = ""
        self.setToolTip(plain_tip("\n".join(part.strip() for part in (declared.help, tip, action, reason) if part)))
        self.setAccessibleDescription(" ".join(part.strip() for part in (tip, action, reason) if part))
        self._show(sign, idle=bool(reason))

    def set_text(self, text: str) -> None:
        """Change the displayed name."""
        self._plain = text
        self._show(self.sign, self._idle)

    def _show(self, sign: str, idle: bool) -> None:
        self.sign, self._idle = sign, idle
        self.setText(" ".join(part for part in (self._plain, sign) if part).replace("&", "&&"))
        self.setAccessibleName(f"Restore {self._declared.label}" if sign else self._declared.label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if sign else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if sign else Qt.CursorShape.ArrowCursor)
        restyle(self, sign=bool(sign), idle=idle)
        self.updateGeometry()

    def _click(self) -> None:
        if self.sign:
            self.put_back.emit(self._back)
        elif self._field.isEnabled():
            self._field.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do the same as a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """The size of the text."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text().replace("&&", "&")) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """The size of the text, because a name is never cut off."""
        return self.sizeHint()
