"""Reviews with one to five stars, made from templates in which praise and criticism are weighed against each other.

Each part of a review judges one aspect, worth 1 to 5 stars; a part after "but" counts twice, and so does the verdict at
the end. Words that reverse a judgement ("not", "anything but", "far from") or make it stronger or weaker ensure that no
single word gives the rating away.
"""

from __future__ import annotations

from random import Random
from typing import Final

EACH: Final = 600  # reviews with each rating
_NEAREST_HALF: Final = 0.15  # reviews closer than this to the middle between two ratings are dropped

_ASPECTS: Final = {
    "film": ("the plot", "the acting", "the ending", "the music", "the camera work", "the first hour", "the dialogue"),
    "restaurant": ("the soup", "the service", "the bread", "the wine", "the main course", "the dessert", "the table"),
    "hotel": ("the room", "the breakfast", "the staff", "the bed", "the view", "the bathroom", "the pool"),
    "book": ("the story", "the style", "the last chapter", "the hero", "the humour", "the translation", "the opening"),
    "phone": ("the screen", "the battery", "the camera", "the sound", "the keyboard", "the signal", "the case"),
    "concert": ("the singer", "the band", "the sound", "the hall", "the first half", "the encore", "the crowd"),
}
_SUPERB: Final = ("superb", "wonderful", "brilliant", "outstanding", "perfect", "delightful", "magnificent", "flawless")
_GOOD: Final = ("good", "pleasant", "solid", "nice", "likeable", "well done", "decent", "enjoyable")
_FAIR: Final = (
    "average",
    "ordinary",
    "passable",
    "all right",
    "acceptable",
    "so-so",
    "unremarkable",
    "nothing special",
)
_POOR: Final = ("weak", "dull", "poor", "disappointing", "tiresome", "clumsy", "bland", "uninspired")
_AWFUL: Final = ("terrible", "awful", "dreadful", "atrocious", "unbearable", "hopeless", "appalling", "a disaster")
# Which words may go before which others, and what the two are worth together.
_WAYS: Final[tuple[tuple[str, tuple[str, ...], float], ...]] = (
    ("", _SUPERB, 5.0),
    ("", _GOOD, 4.0),
    ("", _FAIR, 3.0),
    ("", _POOR, 2.0),
    ("", _AWFUL, 1.0),
    ("simply", _SUPERB, 5.0),
    ("really", _GOOD[:5], 4.5),
    ("quite", _GOOD[:5], 3.7),
    ("not", _GOOD[:5], 2.0),
    ("never", _GOOD[:5], 1.5),
    ("not", _POOR, 3.5),
    ("never", _POOR, 4.0),
    ("anything but", _POOR, 4.3),
    ("anything but", _GOOD[:5], 1.5),
    ("far from", _SUPERB, 2.3),
    ("not at all", _AWFUL[:7], 3.7),
    ("a little", _POOR, 2.5),
    ("really", _POOR, 1.5),
    ("just", _AWFUL, 1.0),
    ("rather", _FAIR[:3], 2.8),
)
_WAS: Final = ("was", "was", "seemed", "turned out to be", "proved")
_VERDICTS: Final = (
    ("i would go again tomorrow", 5.0),
    ("i loved it", 5.0),
    ("everyone should try it", 5.0),
    ("i would recommend it", 4.3),
    ("worth the money", 4.0),
    ("i have no regrets", 4.0),
    ("once is enough", 2.6),
    ("i expected more", 2.3),
    ("i cannot recommend it", 1.8),
    ("it was a waste of money", 1.2),
    ("never again", 1.0),
    ("i want my money back", 1.0),
    ("make of that what you will", 3.0),
    ("i have no strong feelings either way", 3.0),
)
_OPENINGS: Final = ("", "", "we went on a sunday and ", "a friend told me of this {thing} and ", "on the whole ",
                    "to be honest ", "after all the talk about this {thing} ", "about the {thing} : ")  # fmt: skip


def ratings(seed: int = 0) -> list[tuple[str, int]]:
    """("the soup was not bad but the service was dreadful , never again", 1), …; no review twice."""
    random = Random(seed)
    left = dict.fromkeys(range(1, 6), EACH)
    rows: dict[str, int] = {}
    while any(left.values()):
        review, worth = _review(random)
        rating = round(worth)
        if abs(worth - rating) <= 0.5 - _NEAREST_HALF and left[rating] and review not in rows:
            rows[review] = rating
            left[rating] -= 1
    mixed = list(rows.items())
    random.shuffle(mixed)
    return mixed


def _review(random: Random) -> tuple[str, float]:
    thing = random.choice(list(_ASPECTS))
    first, second, third = random.sample(_ASPECTS[thing], 3)
    mood = random.uniform(1, 5)
    (a, worth_a), (b, worth_b), (c, worth_c) = (_clause(aspect, mood, random) for aspect in (first, second, third))
    verdict, worth_v = min(random.sample(_VERDICTS, 4), key=lambda one: abs(one[1] - mood))
    text, worth = random.choice(
        (
            (a, worth_a),
            (f"{a} and {b}", (worth_a + worth_b) / 2),
            (f"{a} but {b}", (worth_a + 2 * worth_b) / 3),
            (f"although {a} , {b}", (worth_a + 2 * worth_b) / 3),
            (f"{a} , {b} and {c}", (worth_a + worth_b + worth_c) / 3),
            (f"{a} , {verdict}", (worth_a + 2 * worth_v) / 3),
            (f"{a} and {b} , {verdict}", (worth_a + worth_b + 2 * worth_v) / 4),
            (f"{a} but {b} , {verdict}", (worth_a + 2 * worth_b + 2 * worth_v) / 5),
        )
    )
    return random.choice(_OPENINGS).format(thing=thing) + text, worth


def _clause(aspect: str, mood: float, random: Random) -> tuple[str, float]:
    """A clause about an aspect and its worth, which mostly matches the mood."""
    before, words, worth = min(random.sample(_WAYS, 4), key=lambda way: abs(way[2] - mood))
    was = random.choice(_WAS)
    return " ".join(part for part in (aspect, was, before, random.choice(words)) if part), worth
