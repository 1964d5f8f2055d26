"""Names of columns in two rows, as merged cells are saved: Nord above Umsatz and Kosten, and Süd above the same."""

from __future__ import annotations

from collections.abc import Sequence


def joined_names(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """What columns are called by two rows, one above the other: Nord Umsatz, Nord Kosten, Süd Umsatz, …; [] if the
    lower row tells the columns apart alone, or a cell of the upper one does not stand above several of them."""
    filled = [cell for cell in lower if cell]
    if len(upper) != len(lower) or len(set(filled)) == len(filled):
        return []
    names, over, spans = list[str](), "", False
    for above, below in zip(upper, lower, strict=True):
        spans = spans or bool(over and below and above in ("", over))
        over = above or over
        names.append(f"{over} {below}".strip() if below else above)
    return names if spans and all(names) and len(set(names)) == len(names) else []


def is_part_of_names(cells: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row is the lower one of two that name the columns."""
    pairs = list(zip(cells, names, strict=True))
    parts = [name.endswith(f" {cell}") for cell, name in pairs if cell and cell != name]
    return bool(parts) and all(parts)
