"""Given names from many cultures, with their gender."""

from __future__ import annotations

from engine.data.samples.sample import read_lines


def names() -> list[tuple[str, str]]:
    """(name, "female" or "male"), lower-case a–z; a name used for both is listed once for each."""
    rows = [line.split(",") for line in read_lines("names.csv")[1:]]
    return [(name, gender) for name, gender in rows]
