"""Marks of a missing number, such as n/a, – or #N/A."""

from __future__ import annotations

from typing import Final

# Say of numbers that they are missing, but may well be labels, names of series or of columns.
_WORDS: Final = frozenset(
    {"none", "missing", "nc", "err", "error", "fehler", "fehlt", "fehlend", "ausfall", "defekt", "unavailable",
     "unknown", "undefined", "ol", "keine daten"}
)  # fmt: skip
GAPS: Final = frozenset(
    {"", "na", "n/a", "n.a.", "<na>", "nan", "-nan", "null", "no data", "n.d.", "nd", "k.a.",
     "-", "--", "---", "–", "—", "?", ".", "..", "...", "…", "*", ":", "bdl", "<lod", "< lod", "<loq", "< loq", "<mdl",
     "<dl", "－", "―", "///", "#n/a", "#nv", "#value!", "#wert!", "#div/0!", "#ref!", "#bezug!", "#num!", "#zahl!",
     "n. a.", "n. d.", "n/d", "s/d", "n.c.", "n/c", "k. a.", "k.a", "keine angabe", "keine angaben", "n.v.", "n. v.",
     "nicht verfügbar", "not available", "sin datos", "sem dados", "brak danych", "欠測", "**", "***", "****", "*****",
     "/", "-/-", "(null)", "nodata", "no_data", *_WORDS}
)  # fmt: skip


def is_gap(text: str) -> bool:
    """Whether a cell says that its number is missing."""
    return text.strip().lower() in GAPS


def is_only_gap(text: str) -> bool:
    """Whether a cell can say nothing else, as a label or a name, than that something is missing."""
    return is_gap(text) and text.strip().lower() not in _WORDS
