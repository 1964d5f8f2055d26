"""Fields for settings that are declared as data: each option of a Config becomes the widget that fits it."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from engine.number_text import NARROW, grouped
from engine.options import Config, Option
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced, leave_room_before_text, wheel_is_meant_for
from gui.widgets.escape import EscapeDiscards
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.symbols import visible_text
from gui.widgets.text import tabular, text_label
from gui.widgets.typed_numbers import WHOLE_ONLY, number_in, say_beside, state_of

NAME_GAP_PX = 2  # between the names of fields that share a row
LABEL_WIDTH_PX = 118  # holds "Batch ◆ · epochs ◆", with a gap before the fields
ANOTHER_FILE = "\0file"  # the entry that opens the file dialog
WIDE_LETTERS = 0.65  # letters of a list are on average so many of Qt's wide ones
ELISION_PX = 2  # beside the text of a list
DECIMALS = 6  # of a number with a fraction
BOX_PX = 26  # height, the same as for lists and text fields in the style sheet


class ElidingComboBox(QComboBox):
    """A list whose chosen text ends in "…" if there is too little room; Qt would cut it off in the middle of a
    letter. A click gives it the focus, so that Tab goes on from there; the wheel does not."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as Qt does, with the shortened text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = option.fontMetrics.elidedText(
            option.currentText,
            Qt.TextElideMode.ElideRight,
            room.width() - ELISION_PX,
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class Choice(ElidingComboBox):
    """A choice of one of several values, which are shown by their labels."""

    changed = Signal(object)

    def __init__(self, name: str, label: str, help: str, choices: typing.Mapping[typing.Any, str]) -> None:
        super().__init__()
        introduced(self, name, label, help)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        for value, text in choices.items():
            self.add(text, value)
        self.activated.connect(lambda index: self.changed.emit(self.itemData(index)))

    def add(self, text: str, value: object) -> None:
        """Add a choice, whose text may come from the data."""
        self.addItem(visible_text(text), value)

    def value(self) -> object:
        """The chosen value."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Show a value without a signal. A value outside the choices is added to them."""
        at = self.findData(value)
        if at < 0:
            self.add(str(value), value)
            at = self.count() - 1
        self.setCurrentIndex(at)

    def hold_chosen(self, least_letters: int) -> None:
        """Be as wide as what is chosen: the longest choice would need a second line in a narrow view."""
        letters = math.ceil(len(self.currentText()) * WIDE_LETTERS)
        self.setMinimumContentsLength(max(least_letters, letters))
        self.setMaximumWidth(self.whole_width())  # where a line has room, it is whole

    def whole_width(self) -> int:
        """The width at which the chosen text is not cut."""
        letters = self.fontMetrics().horizontalAdvance("X") * self.minimumContentsLength()
        text = self.fontMetrics().horizontalAdvance(self.currentText()) + ELISION_PX
        return self.sizeHint().width() + max(0, text - letters)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel, which scrolls the page, so that settings are not changed by accident."""
        event.ignore()


class FileChoice(Choice):
    """`changed` carries the path, "" for none. `asking` is emitted before the file dialog opens, so that a sheet can
    close."""

    asking = Signal()

    def __init__(self, name: str, declared: Option, none: str = "none") -> None:
        super().__init__(name, declared.label, declared.help, {})
        self._title, self._none = declared.label, none
        self._shown = ""
        self.folders = False  # whether to ask for a folder
        self.start: Callable[[], str] = lambda: ""  # the folder in which the dialog begins if no file is in use
        self.activated.disconnect()
        self.activated.connect(self._choose)
        self.set_value("")

    def value(self) -> object:
        """The path in use."""
        return self._shown

    def set_value(self, value: object) -> None:
        """Show a path without a signal."""
        path = self._shown = str(value)
        self.clear()
        self.add(self._none, "")
        if path:
            self.add(Path(path).name, path)
        self.add("Choose a folder…" if self.folders else "Choose a file…", ANOTHER_FILE)
        self.setCurrentIndex(1 if path else 0)

    def _choose(self, at: int) -> None:
        chosen = str(self.itemData(at))
        self.set_value(self._shown)  # until the owner accepts the new one
        if chosen == ANOTHER_FILE:
            parent = self.parentWidget()
            self.asking.emit()
            self.ask(self if parent is None else parent.window())
        elif chosen != self._shown:
            self.changed.emit(chosen)

    def ask(self, window: QWidget) -> None:
        """Ask the user for a file; the window keeps working meanwhile."""
        while window.windowType() is Qt.WindowType.Popup and (owner := window.parentWidget()) is not None:
            window = owner.window()  # a sheet closes as soon as a dialog opens
        title = self._title.replace("file", "folder") if self.folders else self._title
        name, start = f"{self.objectName()}-dialog", str(Path(self._shown).parent) if self._shown else self.start()
        ask_to_open(window, name, title, start, self._take, folder=self.folders)

    def _take(self, path: Path) -> None:
        self.changed.emit(str(path))


class Switch(QCheckBox):
    """A setting that is on or off."""

    changed = Signal(object)

    def __init__(self, name: str, label: str, help: str) -> None:
        super().__init__(label)
        introduced(self, name, label, help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda on: self.changed.emit(bool(on)))

    def value(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        """Show a value without a signal."""
        self.setChecked(value)


class Whole(QSpinBox):
    """A whole number, typed or stepped with the arrow keys. `changed` is emitted when editing is finished, not for
    every digit."""

    changed = Signal(object)

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__()
        _dress(self, name, declared)
        self.setRange(int(declared.minimum or 0), int(declared.maximum if declared.maximum is not None else 2**31 - 1))
        self.valueChanged.connect(lambda value: self.changed.emit(int(value)))
        EscapeDiscards(self, self.lineEdit(), lambda: self.set_value(self.value()))

    def textFromValue(self, value: int) -> str:
        """The number with its thousands grouped."""
        return grouped(value)

    def valueFromText(self, text: str) -> int:
        """The number, with or without separators."""
        return int(number_in(self._typed(text)) or 0)

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Let any number be typed or pasted, with or without separators."""
        return state_of(self._typed(text), self.minimum(), self.maximum(), whole=True), text, at

    def fixup(self, text: str) -> str:
        """The nearest number that can be taken."""
        return _nearest(self, text, number_in(self._typed(text)))

    def _typed(self, text: str) -> str:
        return text.removeprefix(self.prefix())

    def set_value(self, value: int) -> None:
        """Show a value without a signal."""
        with QSignalBlocker(self):
            self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only if the field has the focus."""
        if wheel_is_meant_for(self, event):
            super().wheelEvent(event)


class Real(QDoubleSpinBox):
    """A number with a fraction; a share is shown in percent."""

    changed = Signal(object)

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__()
        _dress(self, name, declared)
        self._one = 100.0 if declared.is_share else 1.0  # what a value of 1 is shown as
        self.setDecimals(DECIMALS)
        self.setSingleStep(0.05 * self._one)
        largest = declared.maximum if declared.maximum is not None else 1e9
        self.setRange((declared.minimum or 0.0) * self._one, largest * self._one)
        if declared.is_share:
            self.setSuffix(f"{NARROW}%")
        self.valueChanged.connect(lambda value: self.changed.emit(self.value()))
        EscapeDiscards(self, self.lineEdit(), lambda: self.set_value(self.value()))

    def value(self) -> float:
        """The number; a share is between 0 and 1."""
        return round(super().value() / self._one, DECIMALS)

    def textFromValue(self, value: float) -> str:
        """The number without trailing zeros."""
        return f"{round(value, DECIMALS):.12g}"

    def valueFromText(self, text: str) -> float:
        """The number, as shown: a share in percent."""
        return number_in(text) or 0.0

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Let any number be typed or pasted."""
        return state_of(text, self.minimum(), self.maximum()), text, at

    def fixup(self, text: str) -> str:
        """The nearest number that can be taken."""
        return _nearest(self, text, number_in(text))

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        with QSignalBlocker(self):
            self.setValue(value * self._one)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only if the field has the focus."""
        if wheel_is_meant_for(self, event):
            super().wheelEvent(event)


class TextField(QLineEdit):
    """A line of text. `changed` is emitted when editing is finished."""

    changed = Signal(object)

    def __init__(self, name: str, declared: Option) -> None:
        super().__init__()
        introduced(self, name, declared.label, declared.help)
        self._before = ""  # the text that stood here when typing began
        self.returnPressed.connect(self.clearFocus)
        self.editingFinished.connect(self._say)
        EscapeDiscards(self, self, lambda: self.setText(self._before))

    def _say(self) -> None:
        if self.isModified():
            self.setModified(False)
            self._before = self.text()
            self.changed.emit(self.text())

    def value(self) -> str:
        """The text."""
        return self.text()

    def set_value(self, value: str) -> None:
        """Show a value without a signal, unless the user is typing."""
        self._before = value
        if not (self.hasFocus() and self.isModified()):
            self.setText(value)


Field = Choice | FileChoice | Switch | Whole | Real | TextField


def _dress(box: QSpinBox | QDoubleSpinBox, name: str, declared: Option) -> None:
    introduced(box, name, declared.label, declared.help)
    box.setFont(tabular(box.font()))
    box.setKeyboardTracking(False)
    box.setSpecialValueText(declared.zero)  # shown at the smallest value; "" for none
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    box.lineEdit().returnPressed.connect(box.clearFocus)
    box.editingFinished.connect(lambda: box.lineEdit().setModified(False))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setMinimumWidth(48)
    box.setFixedHeight(BOX_PX)
    leave_room_before_text(box)


def _nearest(box: Whole | Real, text: str, number: float | None) -> str:
    """The limit in place of a number beyond it, which is said beside the field. The text as it is if nothing is near
    it, such as a limit that stands for something else: Qt then puts the value before back."""
    least, most = box.minimum(), box.maximum()
    if number is None:
        return text
    if least <= number <= most:
        say_beside(box, WHOLE_ONLY)
        return text
    limit, word = (most, "At most") if number > most else (least, "At least")
    written = (box.textFromValue(int(limit)) if isinstance(box, Whole) else box.textFromValue(limit)) + box.suffix()
    say_beside(box, f"{word} {written}")
    return text if number < least and box.specialValueText() else written


def field_for(config: type[Config], name: str) -> Field:
    """The field that fits an option: a list of choices, a file, a switch, a number, or a line of text."""
    declared = config.options()[name]
    default = config.default(name)
    if declared.is_file:
        return FileChoice(name, declared)
    if declared.choices is not None:
        return Choice(name, declared.label, declared.help, declared.choices)
    if isinstance(default, bool):
        return Switch(name, declared.label, declared.help)
    if isinstance(default, int):
        return Whole(name, declared)
    return Real(name, declared) if isinstance(default, float) else TextField(name, declared)


class Form(QGridLayout):
    """Rows of name and field, aligned with every other form of the column."""

    def __init__(self, label_px: int = LABEL_WIDTH_PX) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(0)
        self.setVerticalSpacing(5)
        self.setColumnMinimumWidth(0, label_px)
        self.setColumnStretch(1, 1)

    def add(self, label: str, *fields: QWidget) -> None:
        """Add a row: a name, and one or several fields that share the width. A field without a name takes the whole
        row."""
        if not label:
            self.add_line(_shared(fields))
            return
        name = text_label(label, "secondary", buddy=fields[0])
        name.setToolTip(fields[0].toolTip())
        self.add_named([name], fields)

    def add_line(self, line: QLayout) -> None:
        """Add a row that runs from edge to edge."""
        self.addLayout(line, self.rowCount(), 0, 1, 2)

    def add_named(self, names: Sequence[QWidget], fields: Sequence[QWidget]) -> None:
        """Add a row: the names side by side, then the fields."""
        row = self.rowCount()
        if len(names) == 1:
            self.addWidget(names[0], row, 0)
        else:
            self.addLayout(side_by_side(*((name, 1) for name in names), 100, gap=NAME_GAP_PX), row, 0)
        self.addLayout(_shared(fields), row, 1)


def _shared(fields: Sequence[QWidget]) -> QHBoxLayout:
    return side_by_side(*((field, 1) for field in fields), gap=8)
