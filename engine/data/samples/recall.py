"""Remember the first symbol through noise: what a plain RNN forgets and an LSTM keeps."""

from __future__ import annotations

from random import Random

COUNT = 3_000  # sequences
KEYS = "abcd"
NOISE = "wxyz"
SHORTEST_NOISE, LONGEST_NOISE = 5, 60  # symbols between the key and the question


def recall(seed: int = 0) -> list[tuple[str, str]]:
    """(key and noise, key); every key equally often, no sequence twice."""
    random = Random(seed)
    rows: dict[str, str] = {}
    while len(rows) < COUNT:
        key = KEYS[len(rows) % len(KEYS)]
        noise = "".join(random.choices(NOISE, k=random.randint(SHORTEST_NOISE, LONGEST_NOISE)))
        rows.setdefault(key + noise, key)
    return list(rows.items())
