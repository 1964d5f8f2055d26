"""Pronounceable words made of syllables, to spell backwards."""

from __future__ import annotations

from random import Random

COUNT = 10_000  # words
SHORTEST, LONGEST = 3, 8  # letters
ONSETS = (
    *"bcdfghjklmnprstvwz",
    "bl",
    "br",
    "ch",
    "cl",
    "cr",
    "dr",
    "fl",
    "fr",
    "gr",
    "pl",
    "pr",
    "sh",
    "sl",
    "st",
    "th",
    "tr",
)
VOWELS = (*"aeiou" * 3, "ai", "ea", "ee", "ia", "io", "oa", "oo", "ou")
CODAS = (*[""] * 10, *"lmnrstdgpxyk", "nd", "nt", "st", "rd", "rt", "ll", "ss", "ng")


def reversal(seed: int = 0) -> list[tuple[str, str]]:
    """(word, the word backwards), no word twice."""
    random = Random(seed)
    words: dict[str, None] = {}
    while len(words) < COUNT:
        syllables = random.randint(1, 3)
        word = "".join(random.choice(ONSETS) + random.choice(VOWELS) + random.choice(CODAS) for _ in range(syllables))
        # Cut to a random length, so that all lengths are common and not only the middle ones.
        word = word[: random.randint(SHORTEST, LONGEST)]
        if len(word) >= SHORTEST:
            words[word] = None
    return [(word, word[::-1]) for word in words]
