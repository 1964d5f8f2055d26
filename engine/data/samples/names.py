"""Given names of many cultures, by gender."""

from __future__ import annotations

from engine.data.samples.sample import read_lines


def names() -> list[tuple[str, str]]:
    """(name, "female" or "male"), lower-case a–z; a name that both bear stands once for each."""
    rows = [line.split(",") for line in read_lines("names.csv")[1:]]
    return [(name, gender) for name, gender in rows]
