"""Short reviews of restaurants and cricket players, where order and negation decide.

As in English, "not" reverses a judgement, the part after "but" counts, and a sentence that begins with
"although" is decided by its second half. Every contrast is written in both orders, with the same
words and opposite labels, so that counting words is not enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from engine.data.samples.sample import read_text_pairs

COUNT = 3_000  # reviews, hand-written ones included
LABELS = ("negative", "positive")  # indexed by True for positive


@dataclass(frozen=True)
class Topic:
    """The subject of one kind of review, and judgements that fit it; `good` and `bad` are pairs of opposites."""

    subjects: tuple[str, ...]  # subjects that go with "was"
    good: tuple[str, ...]
    bad: tuple[str, ...]
    good_deeds: tuple[str, ...]  # whole clauses
    bad_deeds: tuple[str, ...]


RESTAURANT = Topic(
    subjects=(
        "the food",
        "the service",
        "the soup",
        "the bread",
        "the fish",
        "the wine",
        "the pizza",
        "the curry",
        "the rice",
        "the dessert",
        "the coffee",
        "the waiter",
        "the cook",
        "the place",
    ),
    good=("good", "great", "excellent", "wonderful", "lovely", "perfect", "delightful", "nice"),
    bad=("bad", "awful", "terrible", "horrible", "poor", "disappointing", "dreadful", "nasty"),
    good_deeds=(
        "we enjoyed every bite",
        "they welcomed us with a smile",
        "i will come back",
        "everyone went home happy",
        "we loved the dinner",
        "they cooked with care",
        "i recommend it to all my friends",
    ),
    bad_deeds=(
        "we waited for an hour",
        "they forgot our order",
        "i will stay away",
        "everyone went home hungry",
        "we hated the dinner",
        "they burned the meat",
        "i warn all my friends",
    ),
)
CRICKET = Topic(
    subjects=(
        "his batting",
        "his bowling",
        "his fielding",
        "the captain",
        "the bowler",
        "the batsman",
        "the keeper",
        "his first innings",
        "his last over",
        "his timing",
        "his footwork",
        "the young spinner",
    ),
    good=("good", "great", "excellent", "wonderful", "brilliant", "perfect", "superb", "strong"),
    bad=("bad", "awful", "terrible", "horrible", "weak", "disappointing", "dreadful", "poor"),
    good_deeds=(
        "he kept his nerve",
        "he scored a fine century",
        "he took five wickets",
        "he held every catch",
        "he won the match",
        "he saved his team",
        "he hit the ball with ease",
    ),
    bad_deeds=(
        "he lost his nerve",
        "he was out for nothing",
        "he gave away many runs",
        "he dropped every catch",
        "he lost the match",
        "he let down his team",
        "he missed the ball again",
    ),
)
TOPICS = (RESTAURANT, CRICKET)
STRENGTHS = ("", "", "", "very ", "really ", "so ")
OPENINGS = ("", "", "", "", "i think that ", "to be honest, ", "in the end, ", "yes, ")
PLAIN = (
    "{s} was {v}{x}",
    "{s} was {v}{x}",
    "i found {s} {v}{x}",
    "{s} seemed {v}{x} to me",
    "everybody called {s} {x}",
    "{s} turned out {x}",
)
NEGATED = (
    "{s} was not {v}{x}",
    "{s} was not {x} at all",
    "i did not find {s} {v}{x}",
    "{s} was never {x}",
    "nobody could call {s} {x}",
    "{s} was far from {x}",
    "it is not true that {s} was {x}",
)
CONTRASTS = ("{a} but {b}", "{a}, but {b}", "although {a}, {b}", "{a}; however, {b}", "even if {a}, {b}")


def reviews(seed: int = 0) -> list[tuple[str, str]]:
    """(review, "positive" or "negative"), equally many of both, no review twice."""
    random = Random(seed)
    rows = dict(read_text_pairs("reviews.tsv"))
    counts = {label: list(rows.values()).count(label) for label in LABELS}
    for text, positive in _stream(random):
        label = LABELS[positive]
        if text not in rows and counts[label] < COUNT // 2:
            rows[text] = label
            counts[label] += 1
        if len(rows) == COUNT:
            break
    result = list(rows.items())
    random.shuffle(result)
    return result


def _stream(random: Random) -> Iterator[tuple[str, bool]]:
    """Endless reviews: one clause, two that agree, or two that disagree in both orders."""
    while True:
        topic = random.choice(TOPICS)
        opening = random.choice(OPENINGS)
        form = random.random()
        if form < 0.3:
            positive = random.random() < 0.5
            yield opening + _clause(topic, positive, random), positive
        elif form < 0.45:
            positive = random.random() < 0.5
            yield opening + " and ".join(_two_clauses(topic, positive, positive, random)), positive
        elif form < 0.55:
            yield from _comma_pair(topic, opening, random)
        else:
            praise, blame = _two_clauses(topic, True, False, random)
            contrast = random.choice(CONTRASTS)
            yield opening + contrast.format(a=praise, b=blame), False
            yield opening + contrast.format(a=blame, b=praise), True


def _clause(topic: Topic, positive: bool, random: Random) -> str:
    """A clause with the given meaning: an event, a judgement, or the opposite judgement negated."""
    form = random.random()
    if form < 0.3:
        return random.choice(topic.good_deeds if positive else topic.bad_deeds)
    negated = form > 0.6
    words = topic.good if positive != negated else topic.bad
    pattern = random.choice(NEGATED if negated else PLAIN)
    return pattern.format(s=random.choice(topic.subjects), v=random.choice(STRENGTHS), x=random.choice(words))


def _two_clauses(topic: Topic, first: bool, second: bool, random: Random) -> tuple[str, str]:
    """Two different clauses with the given meanings."""
    while True:
        one, other = _clause(topic, first, random), _clause(topic, second, random)
        if one != other:
            return one, other


def _comma_pair(topic: Topic, opening: str, random: Random) -> Iterator[tuple[str, bool]]:
    """Call a subject "good, not bad" and "bad, not good": the same words with opposite meanings."""
    good, bad = random.choice(topic.good), random.choice(topic.bad)
    subject = random.choice(topic.subjects)
    yield f"{opening}{subject} was {good}, not {bad}", True
    yield f"{opening}{subject} was {bad}, not {good}", False
