"""The alphabet, forwards and backwards, so that a single letter does not show the direction."""

from __future__ import annotations

from string import ascii_lowercase

SHORTEST_RUN = 3  # letters; from the third letter on, the two before it show the direction


def alphabet() -> list[str]:
    """Every run that ends with z going forwards, and every run that ends with a going backwards.

    Without memory, the letter after "m" is a guess between "n" and "l". The letter before "m" makes it certain.
    """
    backwards = ascii_lowercase[::-1]
    starts = range(len(ascii_lowercase) - SHORTEST_RUN + 1)
    return [letters[start:] for start in starts for letters in (ascii_lowercase, backwards)]
