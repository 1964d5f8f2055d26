"""Guesses the unit that suits the texts, from a sample of them."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.codec import FEATURE_ENDS, SEPARATOR, Kind, Unit
from engine.data.files.several_columns import MARKED, WORDS_OF_A_LONG_FORM
from engine.data.files.tokenised import are_spaced_signs, is_tokenised
from engine.data.files.typical_value import typical_value
from engine.data.music.abc import is_notation

_SAMPLE_ROWS = 1000
# Items of up to two words (a full name, a city) are spelled out; longer ones are read word by word.
_WORDS_AN_ITEM = 2.5
# Phrases in a phrase book are shorter than sentences, and pairs are seldom names.
_WORDS_A_PHRASE = 1.8
# Share of the texts that come from several columns, of which the first holds a word.
_JOINED_SHARE = 0.9
# "12 March 2021" is a code to be spelled out, not a sentence.
_NUMBER_SHARE = 0.25
_TUNES_SHARE = 0.9


def guess_unit(texts: Sequence[str], kind: Kind) -> Unit:
    """The unit that suits the texts of a side: words where items have several, else characters.

    Sentences that are already split and sounds with spaces between them stay as they are; a word beside its features is
    spelled out, and the features stay whole.
    """
    if kind == Kind.TAGGED:
        return "word"
    if kind == Kind.STREAM:
        return "character"
    step = max(1, len(texts) // _SAMPLE_ROWS)
    sample = texts[::step]
    if sum("|" in text and is_notation(text) for text in sample) > _TUNES_SHARE * len(sample):
        return "character"  # spaces stand between groups of notes, and only some of them
    parts = [row for row in (text.split() for text in sample) if row]
    if not parts:
        return "character"
    words = [word for row in parts for word in row]
    numbers = sum(word[0].isdigit() for word in words) / len(words)
    if kind == Kind.PAIRS and _are_words_with_features(sample):
        return "mixed"
    may_be_signs = numbers < _NUMBER_SHARE or max(map(len, words)) == 1  # "3 1 4" may, the date "12 3 2021" may not
    if kind in (Kind.SEQUENCES, Kind.PAIRS) and (is_tokenised(sample) or (may_be_signs and are_spaced_signs(sample))):
        return "token"
    enough = _WORDS_A_PHRASE if kind == Kind.PAIRS else _WORDS_AN_ITEM
    return "word" if typical_value(map(len, parts)) > enough and numbers < _NUMBER_SHARE else "character"


def _are_words_with_features(texts: Sequence[str]) -> bool:
    joined = [text.split(SEPARATOR) for text in texts if SEPARATOR in text]
    marked = sum(any(map(FEATURE_ENDS.search, features)) for _, *features in joined) >= MARKED * len(texts)
    most = WORDS_OF_A_LONG_FORM if marked else _WORDS_A_PHRASE
    lengths = [len(word.split()) for word, *_ in joined]
    return len(joined) >= _JOINED_SHARE * len(texts) and typical_value(lengths) <= most
