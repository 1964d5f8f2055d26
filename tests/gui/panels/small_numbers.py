"""Small data of every kind of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gui.panels.try_it.caption import CaptionView
from gui.panels.try_it.classify_frames import ClassifyFramesView
from gui.panels.try_it.forecast import ForecastView
from gui.panels.try_it.rate import RateView
from gui.panels.try_it.transcribe import TranscribeView
from gui.panels.try_it.try_view import TryView

WAVE = np.sin(np.arange(200) / 5)[:, None]


def bands() -> list[tuple[Any, str]]:
    """Eight bands over time, of which one is louder: a, b or c."""
    rng = np.random.default_rng(1)
    rows = []
    for row in range(40):
        frames = rng.normal(scale=0.2, size=(6, 8))
        frames[:, row % 3] += 2
        rows.append((frames, "abc"[row % 3]))
    return rows


def squares() -> list[tuple[Any, str]]:
    """A red, a green or a blue square of 6 × 6 pixels, with a little noise."""
    rng = np.random.default_rng(1)
    rows = []
    for row in range(40):
        pixels = rng.random((6, 6, 3)) * 0.1
        pixels[..., row % 3] = 0.9
        rows.append((pixels, ("red", "green", "blue")[row % 3]))
    return rows


KINDS: dict[str, tuple[str, Callable[[], Any], type[TryView]]] = {
    "series": ("many-to-many", lambda: [WAVE], ForecastView),
    "labelled-series": ("many-to-one", bands, ClassifyFramesView),
    "speech": ("encoder-decoder", bands, TranscribeView),
    "pictures": ("one-to-many", squares, CaptionView),
    "rated": ("many-to-one", lambda: [("ab" * (k % 5 + 1), float(k % 5)) for k in range(40)], RateView),
}
