"""Remember the first symbol through noise: what a plain RNN forgets and an LSTM keeps."""

from __future__ import annotations

from random import Random

COUNT = 3_000  # sequences
KEYS = "abcd"
NOISE = "wxyz"
STEPS = 60  # of noise between the key and the question; among shorter ones a plain RNN finds some that it can answer


def recall(seed: int = 0) -> list[tuple[str, str]]:
    """(key and noise, key); every key equally often, no sequence twice."""
    random = Random(seed)
    rows: dict[str, str] = {}
    while len(rows) < COUNT:
        key = KEYS[len(rows) % len(KEYS)]
        rows.setdefault(key + "".join(random.choices(NOISE, k=STEPS)), key)
    return list(rows.items())
