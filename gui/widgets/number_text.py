"""Numbers as text for people."""

from __future__ import annotations

import math

from engine.percent import NARROW

EXACT = 1_000_000  # smaller numbers are written in full


def grouped(number: int) -> str:
    """1204 → "1,204"."""
    return f"{number:,}"


def short(number: float) -> str:
    """Two or three figures: 1900000 → "1.9 M", 45678 → "45,700"."""
    for unit, letter in ((1e9, "G"), (1e6, "M")):
        if number >= unit * 0.9995:
            value = number / unit
            return f"{value:.1f}{NARROW}{letter}" if value < 9.95 else f"{value:.0f}{NARROW}{letter}"
    return grouped(int(float(f"{number:.3g}")))


def size(number: int) -> str:
    """Exact below a million, otherwise short: "125,435", "1.9 M"."""
    return grouped(number) if number < EXACT else short(number)


def counted(number: int, one: str, many: str) -> str:
    """ "1 label", "2 labels"."""
    return f"{grouped(number)} {one if number == 1 else many}"


def duration(seconds: float) -> str:
    """9.2 → "9 s", 75 → "1 min 15 s", 4000 → "1 h 7 min"."""
    whole = max(math.ceil(seconds), 1)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{grouped(whole // 3600)} h {whole % 3600 // 60} min"
