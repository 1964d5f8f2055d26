"""Pieces of words: common words whole, rare ones in parts, down to single characters, so that no word is unknown.

A text is cut into chunks (a word with the space before it, a run of marks, a line break), and each chunk into the
longest pieces that are known. Nothing is added or lost: the pieces of a text, side by side, are the text. Which pieces
there are is learned from the training texts by byte-pair encoding (Sennrich et al., "Neural machine translation of rare
words with subword units", 2016); reading by longest match after it does as well as repeating the merges (Uzan et al.,
"Greed is all you need", 2024) and needs nothing but the vocabulary.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.text_array import PADDING, WHITE, Texts
from engine.data.characters import split_characters
from engine.data.vocabulary import Vocabulary

_Pair = tuple[str, str]

SHORTEST_VOCABULARY: Final = 200
LARGEST_VOCABULARY: Final = 8000
_CHUNKS_A_PIECE: Final = 40  # in the training texts, for each piece that is learned unless their number is given
_FEWEST: Final = 2  # a pair that occurs less often is not worth a piece
_MOST_CHUNKS: Final = 100_000  # distinct ones that are looked at, the most frequent first
_LETTER, _MARK, _SPACE, _WHITE = range(4)


CHUNK: Final = (  # a pattern, compiled where it is first used
    r" ?[0-9A-Za-z_\x80-\U0010ffff]+| ?[^0-9A-Za-z_\x80-\U0010ffff\t-\r\x1c-\x20]+|[\t-\r\x1c-\x20]"
)


def _kinds() -> NDArray[np.uint8]:
    """(256,) what a byte is; all that are not ASCII count as letters, so that no character is cut apart."""
    table = np.full(256, _LETTER, np.uint8)
    table[[byte for byte in range(0x80) if not (chr(byte).isalnum() or byte == ord("_"))]] = _MARK
    table[WHITE] = _WHITE
    table[ord(" ")] = _SPACE
    table.flags.writeable = False
    return table


_KIND: Final = _kinds()


def chunks_of(texts: Texts) -> Texts:
    """The chunks of all texts, in order, as `CHUNK` finds them in each: a run of letters or of marks, with the one
    space before it; every other white-space character separately."""
    kinds = _KIND[texts.data[:-PADDING]]
    begins = kinds >= _SPACE
    begins[1:] |= (kinds[1:] != kinds[:-1]) & (kinds[:-1] != _SPACE)
    full = texts.take(np.flatnonzero(texts.sizes))
    begins[full.starts] = True
    starts = np.flatnonzero(begins & full.inside())
    rows = np.searchsorted(full.starts, starts, side="right") - 1
    ends = np.minimum(np.append(starts[1:], len(kinds))[: len(starts)], full.ends[rows])
    return Texts(texts.data, starts, ends)


def split_chunk(chunk: str, known: Container[str], longest: int) -> list[str]:
    """The longest known piece at the beginning, then that of the rest, and so on; a character that is not known stands
    alone. longest: characters of the longest piece."""
    symbols = split_characters(chunk)
    found, begin = [], 0
    while begin < len(symbols):
        end = min(begin + longest, len(symbols))
        while end > begin + 1 and "".join(symbols[begin:end]) not in known:
            end -= 1
        found.append("".join(symbols[begin:end]))
        begin = end
    return found


def split_pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """The pieces of a text; side by side they are the text."""
    pieces: list[str] = []
    for chunk in re.findall(CHUNK, text):
        pieces += split_chunk(chunk, vocabulary.known_symbols, vocabulary.longest)
    return pieces


def usual_number(chunks: int) -> int:
    """How many pieces to learn from this many chunks, unless the settings give a number."""
    return min(max(chunks // _CHUNKS_A_PIECE, SHORTEST_VOCABULARY), LARGEST_VOCABULARY)


def learn_pieces(chunks: Mapping[str, int], wanted: int) -> list[str]:
    """Every character of the chunks, and pieces of several characters until there are `wanted` in all: again and again,
    the two neighbours that stand side by side most often become one piece. chunks: chunk → how often it occurs."""
    often = sorted(chunks.items(), key=lambda one: (-one[1], one[0]))
    pieces = dict.fromkeys(symbol for chunk, _ in often for symbol in split_characters(chunk))
    words = [split_characters(chunk) for chunk, _ in often[:_MOST_CHUNKS]]
    counts = [count for _, count in often[:_MOST_CHUNKS]]
    pairs: Counter[_Pair] = Counter()
    holders: defaultdict[_Pair, set[int]] = defaultdict(set)  # pair → words that hold it, or once held it
    for i, word in enumerate(words):
        for pair in pairwise(word):
            pairs[pair] += counts[i]
            holders[pair].add(i)
    queue = [(-count, pair) for pair, count in pairs.items()]
    heapq.heapify(queue)
    while queue and len(pieces) < wanted:
        count, pair = heapq.heappop(queue)
        if pairs[pair] != -count:  # it has become rarer since
            if pairs[pair] >= _FEWEST:
                heapq.heappush(queue, (-pairs[pair], pair))
            continue
        if -count < _FEWEST:
            break
        piece = "".join(pair)
        pieces[piece] = None
        changed: set[_Pair] = set()
        for i in holders.pop(pair):
            for one in pairwise(words[i]):
                pairs[one] -= counts[i]
            words[i] = _merged(words[i], pair)
            for one in pairwise(words[i]):
                pairs[one] += counts[i]
                holders[one].add(i)
                if piece in one:
                    changed.add(one)
        for one in changed:
            heapq.heappush(queue, (-pairs[one], one))
    return list(pieces)


def in_use(pieces: Iterable[str], chunks: Mapping[str, int], fewest: int) -> frozenset[str]:
    """The single characters, and those of the longer pieces that occur at least `fewest` times when the chunks are cut:
    many are only steps on the way to a longer one. Each character stands alone somewhere, for a network to learn it:
    otherwise the rarest piece that contains it is dropped."""
    known = frozenset(pieces)
    uses: Counter[str] = Counter()
    cuts: dict[str, list[str]] = {}
    changed: Iterable[str] = chunks
    while True:
        longest = max(map(len, known), default=1)
        for chunk in changed:
            for piece in cuts.get(chunk, ()):
                uses[piece] -= chunks[chunk]
            cuts[chunk] = split_chunk(chunk, known, longest)
            for piece in cuts[chunk]:
                uses[piece] += chunks[chunk]
        longer = {piece for piece in known if len(split_characters(piece)) > 1}
        rare = {piece for piece in longer if uses[piece] < fewest}
        for character in known - longer:
            holders = [piece for piece in longer if character in piece] if not uses[character] else []
            rare.update(sorted(holders, key=lambda piece: (uses[piece], piece))[:1])
        if not rare:
            return known
        known -= rare
        changed = [chunk for chunk, cut in cuts.items() if not rare.isdisjoint(cut)]


def _merged(word: list[str], pair: _Pair) -> list[str]:
    """The word with both of the pair as one, wherever they stand side by side."""
    merged, k = [], 0
    while k < len(word):
        both = word[k] == pair[0] and k + 1 < len(word) and word[k + 1] == pair[1]
        merged.append(pair[0] + pair[1] if both else word[k])
        k += 1 + both
    return merged
