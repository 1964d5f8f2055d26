"""Remember the first symbol through noise: a plain RNN forgets it, an LSTM keeps it."""

from __future__ import annotations

from random import Random

COUNT = 3_000  # sequences
KEYS = "abcd"
NOISE = "wxyz"
STEPS = 60  # of noise between the key and the question; with fewer, a plain RNN gets some of them right


def recall(seed: int = 0) -> list[tuple[str, str]]:
    """(key and noise, key); every key equally often, no sequence twice."""
    random = Random(seed)
    rows: dict[str, str] = {}
    while len(rows) < COUNT:
        key = KEYS[len(rows) % len(KEYS)]
        rows.setdefault(key + "".join(random.choices(NOISE, k=STEPS)), key)
    return list(rows.items())
