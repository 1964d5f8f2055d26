"""Fields for settings that are declared as data: each option of a Config becomes the widget that fits it."""

from __future__ import annotations

import typing

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from engine.config import Config, Option
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import tabular, text_label

LABEL_WIDTH_PX = 98
BOX_PX = 26  # height; the style sheet gives lists and text fields the same


class ElidingComboBox(QComboBox):
    """A list whose chosen text ends in "…" where there is too little room; Qt cuts it off in the middle of a letter."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """As Qt paints it, with the shortened text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = option.fontMetrics.elidedText(
            option.currentText,
            Qt.TextElideMode.ElideRight,
            room.width() - 2,
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Choice(ElidingComboBox):
    """One of several values, shown by their labels."""

    changed = Signal(object)

    def __init__(self, name: str, label: str, help: str, choices: typing.Mapping[typing.Any, str]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setToolTip(plain_tip(help))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for value, text in choices.items():
            self.add(text, value)
        self.activated.connect(lambda index: self.changed.emit(self.itemData(index)))

    def add(self, text: str, value: object) -> None:
        """One more choice, which may be a text from the data."""
        self.addItem(visible_text(text), value)

    def value(self) -> object:
        """The value that is chosen."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Show a value without a signal; one that is not among the choices joins them."""
        at = self.findData(value)
        if at < 0:
            self.add(str(value), value)
            at = self.count() - 1
        self.setCurrentIndex(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page; a setting is changed on purpose only."""
        event.ignore()


class Switch(QCheckBox):
    """On or off."""

    changed = Signal(object)

    def __init__(self, name: str, label: str, help: str) -> None:
        super().__init__(label)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self.setToolTip(plain_tip(help))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda on: self.changed.emit(bool(on)))

    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show a value without a signal."""
        self.setChecked(value)


class Whole(QSpinBox):
    """A whole number, typed or stepped with the arrow keys; said when finished, not at every digit."""

    changed = Signal(object)

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__()
        _dress(self, name, declared)
        self.setRange(int(declared.minimum or 0), int(declared.maximum if declared.maximum is not None else 2**31 - 1))
        self.valueChanged.connect(lambda value: self.changed.emit(int(value)))

    def set_value(self, value: int) -> None:
        """Show a value without a signal."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Real(QDoubleSpinBox):
    """A number with a fraction."""

    changed = Signal(object)

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__()
        _dress(self, name, declared)
        self.setDecimals(4)
        self.setSingleStep(0.05)
        self.setRange(declared.minimum or 0.0, declared.maximum if declared.maximum is not None else 1e9)
        self.valueChanged.connect(lambda value: self.changed.emit(float(value)))

    def textFromValue(self, value: float) -> str:
        """Without trailing zeros."""
        return f"{value:g}"

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


Field = Choice | Switch | Whole | Real


def _dress(box: QSpinBox | QDoubleSpinBox, name: str, declared: Option) -> None:
    box.setObjectName(name)
    box.setAccessibleName(declared.label)
    box.setToolTip(plain_tip(declared.help))
    box.setFont(tabular(box.font()))
    box.setKeyboardTracking(False)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.lineEdit().returnPressed.connect(box.clearFocus)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setMinimumWidth(48)
    box.setFixedHeight(BOX_PX)
    box.lineEdit().setTextMargins(5, 0, 0, 0)


def field_for(config: type[Config], name: str) -> Field:
    """The field that fits an option: a list of choices, a switch, or a number."""
    declared = config.options()[name]
    default = config.default(name)
    if declared.choices is not None:
        return Choice(name, declared.label, declared.help, declared.choices)
    if isinstance(default, bool):
        return Switch(name, declared.label, declared.help)
    if isinstance(default, int):
        return Whole(name, declared)
    return Real(name, declared)


class Form(QGridLayout):
    """Rows of name and field, aligned with every other form of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(0)
        self.setVerticalSpacing(5)
        self.setColumnMinimumWidth(0, LABEL_WIDTH_PX)
        self.setColumnStretch(1, 1)

    def add(self, label: str, *fields: QWidget) -> None:
        """One row: a name, and one field or several sharing the width. A field without a name takes the whole row."""
        row = self.rowCount()
        line = QHBoxLayout()
        line.setSpacing(8)
        for field in fields:
            line.addWidget(field, 1)
        if not label:
            self.addLayout(line, row, 0, 1, 2)
            return
        name = text_label(label, "secondary", buddy=fields[0])
        name.setToolTip(fields[0].toolTip())
        self.addWidget(name, row, 0)
        self.addLayout(line, row, 1)
