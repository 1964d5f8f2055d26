"""The same words in and out of order, so that a bag of words cannot tell them apart."""

from __future__ import annotations

from random import Random

COUNT = 1_000  # sentences of each label
IN_ORDER, OUT_OF_ORDER = "in order", "out of order"
WHO = ("I", "you", "we", "they")
FEELING = ("love", "like", "want", "hope", "plan", "need", "prefer")
ACTION = (
    "go to the gym",
    "go to the park",
    "walk to the station",
    "run to the school",
    "swim in the lake",
    "read in the garden",
    "sit in the kitchen",
    "play in the street",
    "sleep on the train",
    "work at the office",
    "sing in the choir",
    "eat at the market",
    "dance at the club",
    "talk at the table",
)
WHEN = (
    "",
    "",
    "every day",
    "on Sunday",
    "in the morning",
    "after work",
    "at night",
    "with my friends",
    "with your brother",
    "before lunch",
)


def order(seed: int = 0) -> list[tuple[str, str]]:
    """("I love to go to the gym", "in order"), ("love I go to the gym to", "out of order"), …

    Every sentence occurs twice, once as it is and once with its words shuffled.
    """
    random = Random(seed)
    sentences = [
        f"{who} {feeling} to {action} {when}".strip()
        for who in WHO
        for feeling in FEELING
        for action in ACTION
        for when in dict.fromkeys(WHEN)
    ]
    rows = [("I love to go to the gym", IN_ORDER), ("love I go to the gym to", OUT_OF_ORDER)]
    for sentence in random.sample([s for s in sentences if s != rows[0][0]], COUNT - 1):
        rows += [(sentence, IN_ORDER), (_shuffled(sentence, random), OUT_OF_ORDER)]
    return rows


def _shuffled(sentence: str, random: Random) -> str:
    """The same words in another order."""
    words = sentence.split()
    while " ".join(words) == sentence:
        random.shuffle(words)
    return " ".join(words)
