"""The style sheet of all windows, and how they change their colours."""

from __future__ import annotations

from pathlib import Path
from string import Template

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gui.theme import BODY_PX, Theme

ICONS = Path(__file__).parent / "icons"
ICON_NAMES = "arrow", "ascending", "back", "forward", "up"

STYLE = Template("""
QMainWindow, QWidget#floating-window { background: $background; }
QToolTip { color: $text; background: $surface; border: 1px solid $border; padding: 4px 6px; }
QWidget[role="backdrop"] { background: $background; }
QFrame[role="bar"], QFrame[role="column"], QWidget[role="column"] { background: $surface; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 7px; }
QFrame[role="facts"] { background: $sunken; border: none; border-radius: 5px; }
QFrame[role="line"] { background: $divider; border: none; }
QLabel { background: transparent; border: none; }
QLabel[role="brand"] { font-size: 17px; font-weight: 700; }
QLabel[role="title"] { font-size: 13px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${small}px; }
QLabel[role="word"] { color: $text; background: $surface; border: 1px solid $accent; padding: 4px 6px; }
QLabel[role="warning"], QLabel[wrong="true"] { color: $warning; }
QLabel[role="good"], QLabel[role="neutral"] { border-radius: 7px; padding: 1px 7px; font-size: ${small}px; }
QLabel[role="good"] { color: $good; background: $good_soft; }
QLabel[role="neutral"] { color: $muted; background: $sunken; }
QLabel:disabled { color: $disabled; }
QLabel[large="true"] { font-size: 15px; }

QPushButton, QToolButton { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 3px 11px;
  min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $track; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: $sunken; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[idle="true"] { background: $surface; border-color: $border; color: $muted; }
QPushButton[idle="true"]:hover { background: $hover; border-color: $border; }
QPushButton[role="primary"]:disabled { background: $track; border-color: $track; color: $disabled; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent; border: none; color: $accent;
  padding: 0 4px; min-height: 16px; text-align: left; }
QToolButton::menu-indicator { image: none; }
QFileDialog QToolButton { padding: 2px; }
QFileDialog QToolButton#backButton { qproperty-icon: url("$back"); }
QFileDialog QToolButton#forwardButton { qproperty-icon: url("$forward"); }
QFileDialog QToolButton#toParentButton { qproperty-icon: url("$up"); }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { color: $text; }
QPushButton[role="flat"]:disabled, QToolButton[role="flat"]:disabled { color: $disabled; background: transparent; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { color: $text; text-decoration: underline; }

QPushButton[role="suggestion"] { padding: 3px 4px; }
QPushButton[role="setting"] { background: transparent; border: none; color: $secondary; padding: 0; min-height: 16px;
  text-align: left; }
QPushButton[role="setting"][sign="true"] { color: $text; }
QPushButton[role="setting"][sign="true"]:hover, QPushButton[role="setting"]:focus { color: $accent;
  text-decoration: underline; }
QPushButton[role="setting"][idle="true"] { color: $disabled; }
QPushButton[role="foot"] { background: $surface; border: none; border-top: 1px solid $border; border-radius: 0;
  color: $accent; text-align: left; padding: 5px 14px; }
QPushButton[role="foot"]:hover, QPushButton[role="foot"]:focus { background: $hover; color: $text; }
QToolButton[role="corner"] { background: transparent; border: none; border-radius: 4px; color: $muted; padding: 0 4px;
  min-height: 18px; min-width: 12px; }
QToolButton[role="corner"]:hover { background: $hover; color: $text; }
QToolButton[role="corner"]:focus { color: $text; text-decoration: underline; }
QFrame[role="popover"] { background: $surface; border: 1px solid $border; border-radius: 7px; }
QToolButton[role="over-picture"] { padding: 0 8px; min-height: 17px; max-height: 17px; }
QToolButton[role="brush"] { padding: 3px 2px; }
QToolButton[role="brush"]:checked { border: 2px solid $accent; padding: 2px 1px; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; border: none; color: $muted; padding: 3px 10px 4px 10px; }
QTabBar[tight="true"]::tab { padding: 3px 4px 4px 4px; }
QTabBar QToolButton { border: none; background: $background; padding: 0; }
QTabBar QToolButton::left-arrow { image: url("$back"); }
QTabBar QToolButton::right-arrow { image: url("$forward"); }
QTabBar::tear { image: none; width: 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QTreeView[role="table"] { background: transparent; border: none; outline: none; }
QTreeView[role="table"]::item { padding: 3px 4px; border-bottom: 1px solid $divider; }
QTreeView[role="table"]::item:hover { background: $hover; }
QTreeView[role="table"]::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; border: none; border-bottom: 1px solid $border; color: $muted;
  padding: 2px 6px; }
QHeaderView::up-arrow { image: url("$ascending"); width: 10px; }  /* the style's own points down in this order */
QHeaderView::down-arrow { image: url("$arrow"); width: 10px; }

QFrame[role="segments"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QPushButton[role="segment"] { border: none; border-radius: 4px; background: transparent; padding: 2px 8px;
  min-width: 24px; }
QPushButton[role="segment"][tight="true"] { padding: 2px 3px; }
QPushButton[role="segment"]:hover { background: $hover; }
QPushButton[role="segment"]:checked { background: $accent; color: $on_accent; }
QPushButton[role="segment"]:focus { text-decoration: underline; }
QPushButton[role="segment"]:disabled { color: $disabled; background: transparent; }
QPushButton[role="segment"]:checked:disabled { color: $surface; background: $disabled; }

QComboBox, QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit { background: $surface; border: 1px solid $border;
  border-radius: 6px; padding: 3px 7px; min-height: 18px; selection-background-color: $accent;
  selection-color: $on_accent; }
QComboBox:hover, QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $muted; }
QComboBox:focus, QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus { border-color: $accent; }
QComboBox:disabled, QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled { color: $disabled;
  background: $sunken; }
QLineEdit[role="number"] { background: transparent; border: 1px solid transparent; padding: 1px 0 1px 3px;
  font-weight: 600; min-height: 16px; }
QLineEdit[role="number"]:hover { border-color: $border; }
QLineEdit[role="number"]:focus { border-color: $accent; background: $surface; }
QLineEdit[role="number"]:disabled { background: transparent; }
QLineEdit[still="true"], QLineEdit[still="true"]:hover { background: transparent; border-color: transparent; }
QComboBox { padding-right: 3px; }
QComboBox[role="axis"] { min-height: 0; padding: 0; border: none; background: transparent; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url("$arrow"); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; outline: none; padding: 3px;
  selection-background-color: $accent; selection-color: $on_accent; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 1px 5px; }
QSpinBox, QDoubleSpinBox { padding: 3px 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:hover, QAbstractSpinBox QLineEdit:focus { border: none;
  padding: 0; background: transparent; min-height: 0; }
QCheckBox { spacing: 7px; }
QCheckBox:disabled { color: $disabled; }
QTreeView::indicator { width: 12px; height: 12px; border: 1px solid $muted; border-radius: 4px; background: $surface; }
QTreeView::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $surface; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $border; background: $sunken; }

QSlider::groove:horizontal { height: 3px; background: $track; border-radius: 1px; }
QSlider::sub-page:horizontal { background: $track; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -5px 0; border-radius: 6px; background: $accent;
  border: none; }
QSlider::handle:horizontal:hover { background: $accent_hover; }
QSlider:focus { background: transparent; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; margin: -6px 0;
  border-radius: 7px; }
QSlider::handle:horizontal:disabled { background: $disabled; }
QProgressBar { background: $track; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { width: 9px; background: transparent; margin: 0; }
QScrollBar:horizontal { height: 9px; background: transparent; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 1px 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 2px 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QSplitter::handle { background: transparent; }
QSplitter[role="columns"]::handle { background: $border; }
QSplitter::handle:horizontal:hover { background: $baseline; margin: 0 4px; border-radius: 1px; }
QSplitter::handle:vertical:hover { background: $baseline; margin: 4px 0; border-radius: 1px; }
QSplitter[role="columns"]::handle:hover { background: $baseline; margin: 0; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 4px 22px 4px 10px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $divider; margin: 4px 6px; }
""")


def stylesheet(theme: Theme) -> str:
    """The rules for all widgets; the application's font and palette hold what most of them share."""
    colors = {name: value for name, value in vars(theme).items() if isinstance(value, str)}
    icons = {name: (ICONS / f"{name}-{theme.name}.svg").as_posix() for name in ICON_NAMES}
    return STYLE.substitute(colors | icons, small=BODY_PX - 1, check=(ICONS / "check.svg").as_posix())


def palette(theme: Theme) -> QPalette:
    """The same colours for what style sheets do not reach: placeholder texts, links, selected text."""
    made, role = QPalette(), QPalette.ColorRole
    for which, color in (
        (role.Window, theme.background),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.sunken),
        (role.Text, theme.text),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.PlaceholderText, theme.muted),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Link, theme.accent),
    ):
        made.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.disabled))
    return made


def set_font() -> None:
    """Give all text the same size. Call it before there are widgets, each of which would be notified."""
    font = QFont(QApplication.font())
    font.setPixelSize(BODY_PX)
    QApplication.setFont(font)


def dress(theme: Theme) -> None:
    """Give every window these colours, including future ones.

    When a style sheet changes, Qt polishes each widget twice and lays all of them out again, though only colours
    differ. So Qt is first made to forget its rules, which leaves it nothing to polish; then every widget that had been
    polished is polished once, and hidden ones only when they are shown: a tenth of the work.
    """
    app, sheet = QApplication.instance(), stylesheet(theme)
    if not isinstance(app, QApplication) or app.styleSheet() == sheet:
        return
    app.setPalette(palette(theme))
    first = not app.styleSheet()
    if not first:
        app.style().unpolish(app)
    app.setStyleSheet(sheet)
    if first:
        return
    polisher = app.findChild(Polisher) or Polisher(app)
    for window in (one for one in app.topLevelWidgets() if one.parent() is None):
        polisher.polish(window)
        window.update()


class Polisher(QObject):
    """Polishes visible widgets, and others as soon as they are shown."""

    def polish(self, widget: QWidget) -> None:
        """Polish parents before their children, which inherit their colours."""
        if not widget.isVisible():
            widget.installEventFilter(self)
            return
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
            widget.style().polish(widget)
        for child in widget.children():
            if isinstance(child, QWidget):
                self.polish(child)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Polish a widget when it is shown, before it is painted."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self.polish(watched)
        return False
