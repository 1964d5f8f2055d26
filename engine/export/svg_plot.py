"""Curves as SVG for a page, with readable axes."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np

from engine.types import FloatArray

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 260, 56, 34, 10, 40  # in pixels; the last four are margins
_POINTS = 600  # most points of a curve; more could not be seen on a page
_MOST_TICKS = 6

# Name, class of the style sheet, x, y.
SvgCurve = tuple[str, str, FloatArray, FloatArray]


def plot(
    series: Sequence[SvgCurve],
    x_title: str = "step",
    possible: tuple[float, float] = (-math.inf, math.inf),
    *,
    whole: bool = True,
) -> str:
    """Plot curves over steps. Non-finite values are left out; if nothing remains, a sentence says so.

    possible: the limits of what can be measured, beyond which the axis does not go. whole: whether the curves are over
    whole numbers.
    """
    known = [np.isfinite(x) & np.isfinite(y) for _, _, x, y in series]
    xs = np.concatenate([x[k] for (_, _, x, _), k in zip(series, known, strict=True)])
    ys = np.concatenate([y[k] for (_, _, _, y), k in zip(series, known, strict=True)])
    if not len(xs):
        return "<p>Nothing has been measured yet.</p>"
    left, right = float(xs.min()), float(xs.max())
    if whole or right - left < 1e-9 * max(1.0, abs(right)):
        right = max(right, left + 1)
    low, high = float(ys.min()), float(ys.max())
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = max(low - 0.5, min(low, possible[0])), min(high + 0.5, max(high, possible[1]))
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">']
    for value in ticks(low, high):
        y = _vertical(value, low, high)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(_number(_LEFT - 6, float(y) + 4, "end", f"{value:,.10g}"))
    for value in ticks(left, right, whole=whole):
        parts.append(_number(float(_across(value, left, right)), _HEIGHT - _BOTTOM + 16, "middle", f"{value:,.10g}"))
    parts.append(_number((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, "middle", x_title))
    for place, ((name, style, x, y_values), here) in enumerate(zip(series, known, strict=True)):
        places = np.column_stack((_across(x[here], left, right), _vertical(y_values[here], low, high)))
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in places[_few(len(places))].tolist())
        parts.append(f'<polyline class="curve {style}" points="{points}"/>')
        parts.append(
            f'<text class="name {style}" x="{_WIDTH - _RIGHT - 4}" y="{_TOP + 14 + 15 * place}" text-anchor="end">'
            f"{html.escape(name)}</text>"
        )
    return "".join(parts) + "</svg>"


def ticks(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Round numbers from `low` to `high`: at most six multiples of 1, 2 or 5 times a power of ten."""
    span = (high - low) / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(span))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= span * (1 - 1e-9))
    if whole:
        step = max(1.0, round(step))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def _number(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text class="number" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _across(values: FloatArray | float, low: float, high: float) -> FloatArray:
    return _place(values, low, high, _LEFT, _WIDTH - _RIGHT)


def _vertical(values: FloatArray | float, low: float, high: float) -> FloatArray:
    return _place(values, low, high, _HEIGHT - _BOTTOM, _TOP)


def _place(values: FloatArray | float, low: float, high: float, first: float, last: float) -> FloatArray:
    return np.asarray(first + (np.asarray(values) - low) / (high - low) * (last - first))


def _few(count: int) -> FloatArray:
    return np.unique(np.linspace(0, count - 1, min(count, _POINTS)).round().astype(np.int64))
