"""Recognises text that is already tokenised: sentences with spaces around punctuation and rare words replaced, and
sounds, chords or moves with a space between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from engine.data.files.typical_value import typical_value

_SAMPLE: Final = 400
_WORDS_A_SENTENCE: Final = 4.0
# Signs of a tokenizer as a share of the tokens, and how many marks it may have left at the end of words.
_SPLIT_SHARE: Final = 0.015
_LEFT_SHARE: Final = 0.15
# What tokenizers of treebanks and of translation write.
_SPLIT: Final = frozenset(
    (  # noqa: SIM905
        ", . ; : ? ! ( ) [ ] { } `` '' \" ' “ ” « » -- - … ... $ % & 's 're 've 'll 'd 'm n't 't -lrb- -rrb- -LRB- "
        "-RRB- <unk> <UNK> <num> <eos> @-@ @,@ @.@ &apos;s &apos; &quot; &amp; 。 、 ， ！ ？ ： ； （ ） 「 」 ؟ ، ।"
    ).split()
)
_MARK_LEFT: Final = re.compile(r"\w[\u00a0\u202f]?[,;:?!)\]»”]$|\w\.$|^[(\[«“][\u00a0\u202f]?\w")
_WHITE_SPACE: Final = re.compile(r"[^\S\u00a0\u202f]+")  # people write a no-break space before "?", tokenizers do not
# Sounds, chords, moves: few different signs, short, several of them in a text.
_SIGNS_A_TEXT: Final = 3.0
_LETTERS_A_SIGN: Final = 2.5
_DIFFERENT_SIGNS, _DIFFERENT_SHARE = 200, 0.1
_ABBREVIATION: Final = re.compile(r"(?:\w{1,4}\.)+|\d+\.")


def is_tokenised(lines: Sequence[str]) -> bool:
    """Whether the lines are sentences whose tokens are separated by white space, punctuation marks included."""
    full = [line for line in lines[:: 1 + len(lines) // _SAMPLE] if line.strip()]
    rows = [_WHITE_SPACE.split(line.strip()) for line in full]
    if len(rows) < 2 or typical_value(map(len, rows)) < _WORDS_A_SENTENCE:
        return False
    tokens = [token for row in rows for token in row]
    split = sum(token in _SPLIT for token in tokens)
    rest = (token for token in tokens if token not in _SPLIT and not _ABBREVIATION.fullmatch(token))
    left = sum(_MARK_LEFT.search(token) is not None for token in rest)
    return split >= _SPLIT_SHARE * len(tokens) and left <= _LEFT_SHARE * split


def are_spaced_signs(texts: Sequence[str]) -> bool:
    """Whether the texts are written in a few short signs with spaces between them: sounds ("l eI t2 E k s"), chords.
    Punctuation marks are part of such signs."""
    rows = [row for row in (text.split() for text in texts) if row]
    if not rows or typical_value(map(len, rows)) < _SIGNS_A_TEXT:
        return False
    signs = [sign for row in rows for sign in row]
    different = len(set(signs))
    are_short = sum(map(len, signs)) <= _LETTERS_A_SIGN * len(signs)
    return are_short and different <= min(_DIFFERENT_SIGNS, _DIFFERENT_SHARE * len(signs))
