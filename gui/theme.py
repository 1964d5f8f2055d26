"""Colours of the window, light and dark.

One colour code runs through every panel: negative orange, positive blue; training and validation are always the same
two; inputs red, cells green, outputs blue in the pictograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication

BODY_PX = 12  # text size; small text is one pixel smaller, titles one larger


@dataclass(frozen=True)
class Theme:
    """Colours as "#rrggbb", named by their purpose."""

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
    second: str  # a second curve beside the accent, without a meaning of its own
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
    runs: tuple[str, ...]  # distinct colours for the curves of runs, none of which means something else in a curve


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
    attended="#a8327f",
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
    runs=(
        *("#00897a", "#e0115f", "#6f2be0", "#5c3a10", "#2fa81f", "#a48200"),
        *("#f03ce6", "#1b4276", "#7c0d2e", "#1a5220", "#d9541a"),
    ),
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
    attended="#ef86c4",
    wrong="#ff8f85",
    train="#37719b",
    validation="#86cdff",
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
    runs=(
        *("#2cc8bb", "#ff4a80", "#c9bdff", "#9c7a48", "#4ade5e", "#f7dc3a"),
        *("#f060f0", "#6650ff", "#ffbfa8", "#3d8f4a", "#e04a20"),
    ),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

RUN_COLORS = len(LIGHT.runs)  # as many runs can be told apart
SHADE = 0.5  # share of the text's colour in the next shade


def run_color(theme: Theme, place: int) -> str:
    """The colour of a run in the list, and of its curve beside the current one's."""
    return theme.runs[place % RUN_COLORS]


def series_color(theme: Theme, place: int) -> str:
    """The colour of one of many parts: those after the last of the series have another shade each time round.

    place: as in a list, −1 is the last colour of the series.
    """
    times, at = divmod(place, len(theme.series))
    return mix(theme.text, theme.series[at], (1 - SHADE) ** (times if place >= 0 else -1 - times))


MIX_STEPS = 256  # between two colours; screens show no more
MOST_MIXED = 1 << 14  # colours that are remembered: pictures ask for the same ones hundreds of times a frame


def rgb(color: str) -> tuple[int, int, int]:
    """ "#rrggbb" as three numbers of 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """The colour that is `share` (0 to 1) of the way from `first` to `second`."""
    return _mixed(first, second, round(share * MIX_STEPS))


@lru_cache(MOST_MIXED)
def _mixed(first: str, second: str, steps: int) -> str:
    parts = (round(a + (b - a) * steps / MIX_STEPS) for a, b in zip(rgb(first), rgb(second), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def diverging_table(theme: Theme) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """(256, 3) colours from −1 (orange) over 0 (neutral) to +1 (blue), for images of states and weights.

    Orange and blue differ along yellow to blue, the one axis that protanopia and deuteranopia leave, and in lightness
    for people with tritanopia.
    """
    low, middle, high = (np.array(rgb(c), dtype=float) for c in (theme.negative, theme.neutral, theme.positive))
    down = np.linspace(1.0, 0.0, 128)[:, None]
    up = np.linspace(0.0, 1.0, 128)[:, None]
    table = np.concatenate([middle + (low - middle) * down, middle + (high - middle) * up])
    return table.round().astype(np.uint8)


def saved_theme(settings: QSettings) -> Theme:
    """The theme the user chose, else the system's."""
    system = DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return THEMES.get(str(settings.value("theme", "")), system)
