"""Colours of the window, light and dark, and the style sheet made from them.

One colour code runs through every panel: negative orange, positive blue; training and validation are always the same
two; inputs red, cells green, outputs blue in the pictograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import Template
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

BODY_PX = 12  # text size; small text is one pixel smaller, titles one larger


@dataclass(frozen=True)
class Theme:
    """Colours as "#rrggbb", named by what they are for."""

    name: str  # "light" or "dark"
    background: str  # behind the cards
    surface: str  # cards, columns, bars
    sunken: str  # boxes of facts inside a column
    hover: str
    border: str
    divider: str  # hairlines between rows
    track: str  # the empty part of sliders and bars
    text: str
    secondary: str  # names of settings, facts
    muted: str  # subtitles, axes, units: at least 4.5 : 1 on `surface`
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str  # behind the chosen card
    second: str  # a second curve beside the accent; no meaning of its own
    selected: str  # the ring around what was clicked
    attended: str  # what a network looks at, and how strongly
    wrong: str  # an answer that is not the right one
    train: str
    validation: str
    baseline: str
    positive: str
    negative: str
    neutral: str  # the middle of the diverging colours
    grid: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    input: str
    cell: str
    output: str
    series: tuple[str, ...]  # distinct colours for parts of a whole and for tags


LIGHT = Theme(
    name="light",
    background="#f3f4f6",
    surface="#ffffff",
    sunken="#f6f7f9",
    hover="#eef1f4",
    border="#d9dde3",
    divider="#e9ecf0",
    track="#e3e6ea",
    text="#151b26",
    secondary="#4b5563",
    muted="#6b7482",
    disabled="#b3b9c2",
    accent="#0877bd",
    accent_hover="#0a6aa6",
    on_accent="#ffffff",
    accent_soft="#ebf5fb",
    second="#1f9e89",
    selected="#151b26",
    attended="#7b4fa6",
    wrong="#b3261e",
    train="#8cc3e4",
    validation="#0877bd",
    baseline="#9aa2ad",
    positive="#0877bd",
    negative="#f59322",
    neutral="#f3f1ee",
    grid="#e9ecf0",
    good="#1b7a3d",
    good_soft="#e3f4e8",
    warning="#8a5a00",
    warning_soft="#fdf1dc",
    error="#b3261e",
    error_soft="#fde8e6",
    input="#e79a9a",
    cell="#86ba8a",
    output="#92a8dc",
    series=("#f2c12e", "#a39b3c", "#c9406b", "#7b4fa6", "#3f6fb5", "#1f9e89", "#6fcf57", "#8c6d46"),
)
DARK = Theme(
    name="dark",
    background="#12161c",
    surface="#1a1f27",
    sunken="#20262f",
    hover="#262d38",
    border="#343c48",
    divider="#272e38",
    track="#343c48",
    text="#e8ecf1",
    secondary="#b4bcc8",
    muted="#8e97a5",
    disabled="#59626f",
    accent="#2b8fd3",
    accent_hover="#3d9cdd",
    on_accent="#ffffff",
    accent_soft="#16324a",
    second="#35bda6",
    selected="#e8ecf1",
    attended="#b996e0",
    wrong="#ff8f85",
    train="#3f79a3",
    validation="#55b1ee",
    baseline="#737c89",
    positive="#3f9fe0",
    negative="#f59a33",
    neutral="#2a2f37",
    grid="#272e38",
    good="#6fd08c",
    good_soft="#173523",
    warning="#f2c063",
    warning_soft="#3a2e14",
    error="#ff8f85",
    error_soft="#45201e",
    input="#cf7f7f",
    cell="#6fa673",
    output="#7d94cc",
    series=("#f2c94c", "#c0b95a", "#dd5f86", "#a17bd0", "#5f8fdc", "#35bda6", "#7fd96a", "#b39469"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

RUN_SERIES = (5, 2, 3, 7, 6, 0)  # of the series: the colours of runs, none of which means something else in a curve


def run_color(theme: Theme, place: int) -> str:
    """The colour of a run in the list, and of its curve beside the current one's."""
    return theme.series[RUN_SERIES[place % len(RUN_SERIES)]]


MIX_STEPS = 256  # between two colours; there are no more of them on a screen
MOST_MIXED = 1 << 14  # colours that are remembered: pictures ask for the same ones hundreds of times a frame


def rgb(color: str) -> tuple[int, int, int]:
    """ "#rrggbb" as three numbers of 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies `share` (0 to 1) of the way from `first` to `second`."""
    return _mixed(first, second, round(share * MIX_STEPS))


@lru_cache(MOST_MIXED)
def _mixed(first: str, second: str, steps: int) -> str:
    parts = (round(a + (b - a) * steps / MIX_STEPS) for a, b in zip(rgb(first), rgb(second), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def diverging_table(theme: Theme) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(256, 3) colours from −1 (orange) over 0 (neutral) to +1 (blue), for images of states and weights.

    Orange and blue differ along the one axis, yellow to blue, that protanopia and deuteranopia leave, and in lightness
    for an eye with tritanopia.
    """
    low, middle, high = (np.array(rgb(c), dtype=float) for c in (theme.negative, theme.neutral, theme.positive))
    down = np.linspace(1.0, 0.0, 128)[:, None]
    up = np.linspace(0.0, 1.0, 128)[:, None]
    table = np.concatenate([middle + (low - middle) * down, middle + (high - middle) * up])
    return table.round().astype(np.uint8)


STYLE = Template("""
* { font-size: ${body}px; }
QWidget { color: $text; }
QMainWindow, QWidget#window { background: $background; }
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
QLabel[role="warning"] { color: $warning; }
QLabel[role="good"], QLabel[role="neutral"] { border-radius: 7px; padding: 1px 7px; font-size: ${small}px; }
QLabel[role="good"] { color: $good; background: $good_soft; }
QLabel[role="neutral"] { color: $muted; background: $sunken; }
QLabel:disabled { color: $disabled; }

QPushButton, QToolButton { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 3px 11px;
  min-height: 18px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $track; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: $sunken; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $track; border-color: $track; color: $disabled; }
QPushButton[role="flat"], QToolButton[role="flat"] { background: transparent; border: none; color: $accent;
  padding: 0 4px; min-height: 16px; text-align: left; }
QToolButton::menu-indicator { image: none; }
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { color: $text; }
QPushButton[role="flat"]:disabled, QToolButton[role="flat"]:disabled { color: $disabled; background: transparent; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { color: $text; text-decoration: underline; }

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
QToolButton[role="over-picture"] { padding: 1px 8px; min-height: 16px; }
QToolButton[role="brush"] { padding: 3px 2px; }
QToolButton[role="brush"]:checked { border: 2px solid $accent; padding: 2px 1px; }
QWidget[role="over-plot"] { background: $surface; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; border: none; color: $muted; padding: 3px 10px 4px 10px; }
QTabBar[tight="true"]::tab { padding: 3px 4px 4px 4px; }
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

QFrame[role="segments"] { background: $surface; border: 1px solid $border; border-radius: 6px; }
QPushButton[role="segment"] { border: none; border-radius: 4px; background: transparent; padding: 2px 8px;
  min-width: 24px; }
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
  padding: 0 0 0 6px; background: transparent; min-height: 0; }
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


def stylesheet(theme: Theme, *, arrow: str = "", check: str = "") -> str:
    """The style sheet of the whole window; `arrow` and `check` are image files for combo boxes and check boxes."""
    colors = {name: value for name, value in vars(theme).items() if isinstance(value, str)}
    return STYLE.substitute(colors, body=BODY_PX, small=BODY_PX - 1, arrow=arrow, check=check)


def palette(theme: Theme) -> QPalette:
    """The same colours for what style sheets do not reach: places of hints, links, selected text."""
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


def saved_theme(settings: QSettings) -> Theme:
    """The theme the user chose, else the system's."""
    system = DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return THEMES.get(str(settings.value("theme", "")), system)
