"""English phrases and their French: a hand-written phrase book, and sentences made by the rules of French grammar.

Each function below writes one kind of sentence in all its forms; `french` draws a share of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from engine.data.samples import french_words as w
from engine.data.samples.french_words import Noun, VerbForms
from engine.data.samples.sample import read_text_pairs

SentencePair = tuple[str, str]

# Letters before which "je", "le", "la", "de", "ne", "que" lose their vowel; every h in these words is silent.
MUTE_BEFORE = "aâàeéèêiîoôuûyh"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"  # before a French question mark


def elide(word: str, after: str) -> str:
    """Join two words: ("je", "ai") → "j'ai", ("le", "chien") → "le chien"."""
    return word[:-1] + "'" + after if after[0] in MUTE_BEFORE else f"{word} {after}"


def the(noun: Noun) -> str:
    """The noun with the definite article: la gare, le marché, l'école."""
    return elide("le" if noun.gender == "m" else "la", noun.french)


def a(noun: Noun) -> str:
    """The noun with the indefinite article: un chien, une voiture."""
    return ("un " if noun.gender == "m" else "une ") + noun.french


def to_the(noun: Noun) -> str:
    """The noun with "à" and the article: à la gare, au marché, à l'école."""
    return "à " + the(noun) if noun.gender == "f" or noun.french[0] in MUTE_BEFORE else "au " + noun.french


def an(english: str) -> str:
    """The noun with the English indefinite article."""
    return ("an " if english[0] in "aeiou" else "a ") + english


def statement(person: int, verb: VerbForms, rest: str) -> str:
    """A French statement: je vois …, j'ai …"""
    form = verb.form(person)
    subject = w.FRENCH[person]
    return (elide(subject, form) if subject == "je" else f"{subject} {form}") + f" {rest}"


def denies(person: int, verb: VerbForms, rest: str) -> str:
    """A French denial: je ne vois pas …, je n'ai pas …"""
    return f"{w.FRENCH[person]} {elide('ne', verb.form(person))} pas {rest}"


def asks(person: int, verb: VerbForms, rest: str) -> str:
    """A French question: est-ce que tu vois … ?, est-ce qu'elle a … ?"""
    return elide("est-ce que", statement(person, verb, rest)) + " ?"


def do_not(person: int) -> str:
    """ "do not" or "does not"."""
    return "does not" if w.THIRD[person] else "do not"


def _being(english: str, french: tuple[str, ...], verb: VerbForms) -> Iterator[SentencePair]:
    """i am …, i'm …, i am not …, am i …?; `french` holds the word for each person."""
    for person, subject in enumerate(w.ENGLISH):
        yield f"{subject} {w.AM[person]} {english}", statement(person, verb, french[person])
        yield f"{w.AM_SHORT[person]} {english}", statement(person, verb, french[person])
        yield f"{subject} {w.AM[person]} not {english}", denies(person, verb, french[person])
        if subject != "i":
            yield f"{w.AM[person]} {subject} {english}?", asks(person, verb, french[person])


def adjectives() -> Iterator[SentencePair]:
    """i am tired → je suis fatigué."""
    for english, masculine, feminine, plural in w.ADJECTIVES:
        yield from _being(english, (masculine, masculine, masculine, feminine, plural, plural), w.ETRE)


def having() -> Iterator[SentencePair]:
    """i am cold → j'ai froid."""
    for english, french in w.HAVING:
        yield from _being(english, (french,) * 6, w.AVOIR)


def going() -> Iterator[SentencePair]:
    """i am going to the station → je vais à la gare."""
    for place in w.PLACES:
        yield from _being(f"going to the {place.english}", (to_the(place),) * 6, w.ALLER)


def _doing(verb: VerbForms, english: str, french: str, denied: str) -> Iterator[SentencePair]:
    """i see …, i do not see …, do you see …?"""
    for person, subject in enumerate(w.ENGLISH):
        third = w.THIRD[person]
        yield f"{subject} {verb.third if third else verb.base} {english}", statement(person, verb, french)
        yield f"{subject} {do_not(person)} {verb.base} {english}", denies(person, verb, denied)
        if subject != "i":
            yield f"{'does' if third else 'do'} {subject} {verb.base} {english}?", asks(person, verb, french)


def objects() -> Iterator[SentencePair]:
    """i see the dog → je vois le chien."""
    for verbs, nouns in ((w.VERBS, w.SMALL + w.LARGE), (w.SMALL_VERBS, w.SMALL), (w.DOOR_VERBS, w.OPENING)):
        for verb in verbs:
            for noun in nouns:
                yield from _doing(verb, f"the {noun.english}", the(noun), the(noun))


def owning() -> Iterator[SentencePair]:
    """i have a car → j'ai une voiture; i do not have a car → je n'ai pas de voiture."""
    for noun in w.OWNED:
        yield from _doing(w.AVOIR, an(noun.english), a(noun), elide("de", noun.french))


def wishes() -> Iterator[SentencePair]:
    """i want to eat → je veux manger; i must eat; i can eat; i am going to eat."""
    for english, french in w.ACTIONS:
        yield from _doing(w.VOULOIR, english, french, french)
        yield from _being(f"going to {english}", (french,) * 6, w.ALLER)
        for person, subject in enumerate(w.ENGLISH):
            yield f"{subject} can {english}", statement(person, w.POUVOIR, french)
            yield f"{subject} cannot {english}", denies(person, w.POUVOIR, french)
            yield f"{subject} must {english}", statement(person, w.DEVOIR, french)
            yield f"{subject} must not {english}", denies(person, w.DEVOIR, french)


def family() -> Iterator[SentencePair]:
    """my sister is tired → ma sœur est fatiguée."""
    for english, masculine, feminine in w.POSSESSIVES:
        for noun in w.FAMILY:
            # Feminine nouns that start with a vowel would take "mon"; there are none here.
            whose = masculine if noun.gender == "m" else feminine
            for adjective in w.ADJECTIVES:
                agreeing = adjective[1 if noun.gender == "m" else 2]
                yield f"{english} {noun.english} is {adjective[0]}", f"{whose} {noun.french} est {agreeing}"


def positions() -> Iterator[SentencePair]:
    """the key is on the table → la clé est sur la table; there is a key on the table → il y a une clé sur la table."""
    animals = tuple(noun for noun in w.LARGE if noun.english in ("dog", "cat"))
    for preposition, french in w.PREPOSITIONS.items():
        for place in w.FURNITURE[preposition]:
            for noun in w.SMALL + animals:
                if noun == place or noun.french in ("argent", "pain"):  # money and bread are uncountable
                    continue
                where = f"{french} {the(place)}"
                yield f"the {noun.english} is {preposition} the {place.english}", f"{the(noun)} est {where}"
                yield f"there is {an(noun.english)} {preposition} the {place.english}", f"il y a {a(noun)} {where}"


def ordering() -> Iterator[SentencePair]:
    """a coffee, please; i would like a coffee, please; how much is the coffee?; where is the station?"""
    for noun in w.ORDERS:
        yield f"{an(noun.english)}, please", f"{a(noun)}, s'il vous plaît"
        yield f"i would like {an(noun.english)}, please", f"je voudrais {a(noun)}, s'il vous plaît"
        yield f"i would like {an(noun.english)}", f"je voudrais {a(noun)}"
        yield f"how much is the {noun.english}?", f"combien coûte {the(noun)} ?"
    for noun in {*w.PLACES, *w.SMALL, *w.LARGE}:
        yield f"where is the {noun.english}?", f"où est {the(noun)} ?"
    for noun in w.PLACES:
        yield f"is there {an(noun.english)} near here?", f"est-ce qu'il y a {a(noun)} près d'ici ?"


def numbers() -> Iterator[SentencePair]:
    """it is half past two → il est deux heures et demie; she is ten years old → elle a dix ans; see you on monday."""
    for i, (english, french) in enumerate(w.NUMBERS[:11]):
        hours = "une heure" if i == 0 else f"{french} heures"
        yield f"it is {english} o'clock", f"il est {hours}"
        yield f"it is half past {english}", f"il est {hours} et demie"
        yield f"it is a quarter past {english}", f"il est {hours} et quart"
        yield f"it is a quarter to {english}", f"il est {hours} moins le quart"
    for english, french in w.NUMBERS[1:]:
        yield from list(_being(f"{english} years old", (f"{french} ans",) * 6, w.AVOIR))
    for english, french in w.DAYS:
        yield f"today is {english}", f"aujourd'hui, c'est {french}"
        yield f"see you on {english}", f"à {french}"
        yield f"we are leaving on {english}", f"nous partons {french}"
        yield f"i work on {english}", f"je travaille {french}"


# How many sentences of each kind are drawn; all of them, if a kind has fewer.
SHARES = (
    (adjectives, 500),
    (having, 180),
    (going, 300),
    (objects, 1300),
    (owning, 250),
    (wishes, 700),
    (family, 600),
    (positions, 400),
    (ordering, 150),
    (numbers, 300),
)


def french(seed: int = 0) -> list[SentencePair]:
    """(English, French), no English phrase twice."""
    random = Random(seed)
    rows = dict(read_text_pairs("french.tsv"))
    for kind, share in SHARES:
        # Sorted, because the order of a set can differ between runs.
        sentences = sorted(set(kind()))
        for english, translation in random.sample(sentences, min(share, len(sentences))):
            rows.setdefault(english, translation)
    result = [(english, text.replace(" ?", NO_BREAK_SPACE + "?")) for english, text in rows.items()]
    random.shuffle(result)
    return result
