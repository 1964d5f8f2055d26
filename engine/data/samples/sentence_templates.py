"""Sentences from templates: words in angle brackets are replaced by a random choice from a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

TaggedSentence = tuple[list[str], list[str]]
# A slot's fillings, written like template text: "word/TAG word/TAG".
Slots = Mapping[str, Sequence[str]]

VOWELS = "aeiou"


def slot(words: str, tag: str) -> list[str]:
    """Fillings of one word each, all with the same tag."""
    return [f"{word}/{tag}" for word in words.split()]


def fill(template: str, slots: Slots, random: Random) -> str:
    """`template` with each <slot> replaced; fillings may contain slots themselves."""
    while "<" in template:
        start, end = template.index("<"), template.index(">")
        template = template[:start] + random.choice(slots[template[start + 1 : end]]) + template[end + 1 :]
    return template


def tagged(text: str) -> TaggedSentence:
    """ "word/TAG word/TAG" → (words, tags), with "a" changed to "an" before a vowel."""
    parts = [part.rsplit("/", 1) for part in text.split()]
    words = [word for word, _ in parts]
    for i, word in enumerate(words[:-1]):
        if word in ("a", "A") and words[i + 1][0].lower() in VOWELS:
            words[i] = word + "n"
    return words, [tag for _, tag in parts]


def capitalised(sentence: TaggedSentence) -> TaggedSentence:
    """The sentence with a capital first letter."""
    words, tags = sentence
    return [words[0][0].upper() + words[0][1:], *words[1:]], tags
