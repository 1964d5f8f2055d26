"""The background work behind the view: texts of a generator, the next symbols, and suggestions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import repeat

import engine
from engine.data.codec import Kind
from engine.data.vocabulary import END, UNKNOWN
from engine.inspection.membership import NEW, TRAIN, VALIDATION, Membership
from engine.number_text import counted, fixed, grouped
from gui.widgets.result_list import NO_TEXT, Result

RATED = 50  # at least this many texts are drawn to say how many are new: ten would say little, and take as long
NEXT_BARS = 8
MOST_READ = 2000  # symbols of a beginning; of a longer one, only the last are read
LONGEST_WORD = 14  # letters that are written for a suggestion
SUGGESTIONS = 3
MOST_CONTEXT = 300  # symbols before a suggestion
SHADES_HELP = "The stronger the line under a symbol, the more certain the network was of it."


@dataclass(frozen=True)
class WritingRequest:
    """The settings with which texts are to be written."""

    label: str | None
    prefix: str
    temperature: float
    top_k: int
    top_p: float
    count: int
    seed: int

    @property
    def settings(self) -> WritingRequest:
        """The same, whatever the number and seed."""
        return replace(self, count=0, seed=0)


@dataclass(frozen=True)
class Rates:
    """Rates among the texts drawn at a step: the share that is not in the training data, None where these are not at
    hand, and the share that is distinct. request: with which settings they were drawn, of whatever number and seed."""

    step: int
    new: float | None
    distinct: float
    request: WritingRequest | None = None


@dataclass(frozen=True)
class Written:
    """The texts that were asked for, and what of the beginning was not read or not known."""

    request: WritingRequest
    results: tuple[Result, ...]
    log_probabilities: tuple[float, ...]  # of each text
    unknown: tuple[str, ...]
    cut: int


@dataclass(frozen=True)
class JudgedText:
    """A text that was built by hand: how probable the network finds it, and where it occurs in the data."""

    text: str
    log_probability: float
    origin: str


@dataclass(frozen=True)
class Following:
    """What may follow a beginning: the most probable symbols with their probabilities, best first."""

    beginning: str
    ranked: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Suggestion:
    """A word, and the whole text if it is accepted."""

    word: str
    text: str


def write_texts(snapshot: engine.Snapshot, request: WritingRequest, membership: Membership | None) -> Written:
    """Write the texts that were asked for; runs in the background."""
    codec = snapshot.codec
    tokens, prefix = _beginning(codec, request)
    member = None if codec.kind == Kind.STREAM else membership
    texts = _draw(snapshot, request, prefix, request.count)
    known = codec.encode(tokens) != 0
    unknown = tuple(dict.fromkeys(token for token, is_known in zip(tokens, known, strict=True) if not is_known))
    given = len(codec.tokenize(prefix))
    results = tuple(_results(texts, given, member))
    nats = tuple(text.log_probability for text in texts)
    return Written(request, results, nats, unknown, max(0, len(tokens) - MOST_READ))


def write_greedy(snapshot: engine.Snapshot, request: WritingRequest, membership: Membership | None) -> Result:
    """The text of the most probable symbol at each step."""
    request = replace(request, temperature=0.0)
    prefix = _beginning(snapshot.codec, request)[1]
    given = len(snapshot.codec.tokenize(prefix))
    best = _draw(snapshot, request, prefix, 1)
    return next(_results(best, given, None if snapshot.codec.kind == Kind.STREAM else membership))


def rate(snapshot: engine.Snapshot, request: WritingRequest, membership: Membership) -> Rates:
    """How many of the texts drawn with these settings are new, and how many are distinct."""
    texts = _draw(snapshot, request, _beginning(snapshot.codec, request)[1], max(request.count, RATED))
    found = membership.of_each([text.tokens for text in texts])
    new = sum(where != TRAIN for where in found) / len(texts) if all(found) else None
    return Rates(snapshot.step, new, len({text.tokens for text in texts}) / len(texts), request.settings)


def _beginning(codec: engine.Codec, request: WritingRequest) -> tuple[tuple[str, ...], str]:
    """The symbols of the beginning, and the part of it that is read."""
    tokens = codec.tokenize(request.prefix)
    return tokens, codec.join(tokens[-MOST_READ:]) if len(tokens) > MOST_READ else request.prefix


def _draw(snapshot: engine.Snapshot, request: WritingRequest, prefix: str, count: int) -> list[engine.Generated]:
    return snapshot.model().generate(
        count=count,
        label=request.label,
        prefix=prefix,
        temperature=request.temperature,
        top_k=request.top_k,
        top_p=request.top_p,
        seed=request.seed,
    )


def _results(texts: Sequence[engine.Generated], given: int, membership: Membership | None) -> Iterator[Result]:
    """given: symbols of the beginning, which the network did not choose: they have no probability."""
    tokens = [text.tokens for text in texts]
    origins = [""] * len(texts) if membership is None else membership.of_each(tokens)
    return map(_result, texts, repeat(given), origins)


def _result(text: engine.Generated, given: int, origin: str) -> Result:
    shown = text.text.strip("\n")
    origin = origin if shown else ""  # nothing is neither new nor known
    badge = "in training" if origin == TRAIN else "in validation" if origin == VALIDATION else origin
    tone = "good" if origin == NEW else "warning" if origin == VALIDATION else "neutral"
    nats = text.log_probability
    number = fixed(nats)
    chance = f"1 in {grouped(round(math.exp(-nats)))}" if -50 < nats <= 0 else "less than 1 in 10²¹"
    lines = (text.text, origin, f"log-probability {number}: {chance}", SHADES_HELP if shown else "")
    hint = "\n".join(filter(None, lines))
    own = [math.exp(min(0.0, value)) for value in text.token_log_probabilities]
    shades = tuple([math.nan] * given + own)[: len(text.tokens)]  # the end symbol, if there is one, is not drawn
    return Result(shown or NO_TEXT, badge, tone, number, hint, text.tokens, shades)


def nearest_in_training(snapshot: engine.Snapshot, tokens: tuple[str, ...], membership: Membership) -> str:
    """In words, the training text that is most like this one; it does not depend on the weights."""
    origin = membership(tokens)
    if origin == TRAIN:
        return f"“{snapshot.codec.join(tokens)}” is in the training data."
    found = membership.nearest(tokens)
    if found is None:
        return "There are too many training texts to search for the nearest." if origin else ""
    return f"Nearest in training: “{found[0]}”, {counted(found[1], 'change')}."


def next_symbols(snapshot: engine.Snapshot, request: WritingRequest) -> Following:
    """What may follow the beginning, without what cannot be written: the unknown symbol, the end of running text."""
    prefix = _beginning(snapshot.codec, request)[1]
    probabilities = snapshot.model().next_symbols(prefix, label=request.label)
    never = (UNKNOWN, END) if snapshot.codec.kind == Kind.STREAM else (UNKNOWN,)
    ranked = sorted(probabilities.items(), key=lambda item: -item[1])
    return Following(request.prefix, tuple(item for item in ranked if item[0] not in never)[:NEXT_BARS])


def judge_built(snapshot: engine.Snapshot, request: WritingRequest, membership: Membership | None) -> JudgedText:
    """How probable a finished text is, its end included."""
    model = snapshot.model()
    tokens = snapshot.codec.tokenize(request.prefix)
    nats, _ = model.loss(model.one(tokens, (request.label,) if request.label is not None else ()))
    return JudgedText(request.prefix, -nats, membership(tokens) if membership is not None else "")


def suggest(snapshot: engine.Snapshot, text: str, label: str | None) -> tuple[Suggestion, ...]:
    """The words that probably come next, or complete the one that is being typed, as a phone keyboard does."""
    if snapshot.codec.reads_words:
        return _suggest_words(snapshot, text, label)
    return _suggest_letters(snapshot, text, label)


def _suggest_words(snapshot: engine.Snapshot, text: str, label: str | None) -> tuple[Suggestion, ...]:
    codec, model = snapshot.codec, snapshot.model()
    tokens = codec.tokenize(text)
    typing = bool(tokens) and not text[-1:].isspace() and tokens[-1][-1:].isalnum()
    partial, before = (tokens[-1], tokens[:-1]) if typing else ("", tokens)

    def ranked(context: tuple[str, ...]) -> list[str]:
        found = model.next_symbols(codec.join(context[-MOST_CONTEXT:]), label=label)
        return [word for word in found if word[:1].isalnum()]  # marks are not words, and quick to type

    found = [(word, (*before, word)) for word in ranked(before) if word.startswith(partial) and word != partial]
    found = found[:SUGGESTIONS]
    if typing and len(found) < SUGGESTIONS and codec.source.index(partial) is not None:
        found += [(word, (*tokens, word)) for word in ranked(tokens)[: SUGGESTIONS - len(found)]]
    return tuple(Suggestion(word, f"{codec.join(whole)} ") for word, whole in found)


def _suggest_letters(snapshot: engine.Snapshot, text: str, label: str | None) -> tuple[Suggestion, ...]:
    """Each of the most probable letters, and what the network would write after it up to the word's end."""
    codec, model = snapshot.codec, snapshot.model()
    symbols = codec.tokenize(text)[-MOST_CONTEXT:]
    context = codec.join(symbols)
    typed = 0
    while typed < len(symbols) and symbols[-1 - typed].isalpha():
        typed += 1
    letters = [symbol for symbol in model.next_symbols(context, label=label) if symbol.isalpha()][:SUGGESTIONS]
    found = []
    for letter in letters:
        begun = (*symbols, letter)
        tokens = model.generate(1, label, codec.join(begun), temperature=0.0, length=LONGEST_WORD)[0].tokens
        rest = tokens[len(begun) :]
        end = next((i for i, symbol in enumerate(rest) if not symbol.isalpha()), len(rest))
        added = codec.join((letter, *rest[:end]))
        found.append(Suggestion(codec.join(symbols[len(symbols) - typed :]) + added, f"{text}{added} "))
    return tuple(found)
