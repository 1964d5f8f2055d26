"""The alphabet, forwards and backwards: one letter alone does not say which way it goes."""

from __future__ import annotations

from string import ascii_lowercase

SHORTEST_RUN = 3  # letters; from the third on, the two before it show the direction


def alphabet() -> list[str]:
    """Every run that ends with z going forwards, and every run that ends with a going backwards.

    Without memory the letter after "m" is "n" or "l", a guess. With the letter before "m" it is known.
    """
    backwards = ascii_lowercase[::-1]
    starts = range(len(ascii_lowercase) - SHORTEST_RUN + 1)
    return [letters[start:] for start in starts for letters in (ascii_lowercase, backwards)]
