"""Patterns of letters anywhere in a word (a small convolutional network), and two spellings joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from engine.network.input_layers import Embedding
from engine.network.layers import Dense
from engine.network.word_features import LONGEST_WORD, Spelling, letters_in
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

PATTERN_WIDTHS, PATTERNS = (2, 3, 4, 5), 32  # letters in a pattern, and patterns of each width
_LETTER_EMBEDDING = 24
_UNKNOWN, _EDGE = 0, 1  # ids of an unknown letter, and of the marks before and after a word


@dataclass
class _WidthTape:
    windows: IntArray  # (P, w) ids of the letters in each window
    rows: FloatArray  # (P, w · E) their embeddings
    winners: IntArray  # (M, F) the window in which each word shows each pattern best


@dataclass
class _PatternsTape:
    widths: list[_WidthTape]
    output: FloatArray  # (M, size)


@final
class LetterPatterns(Spelling):
    """For each pattern, how well the best window of letters fits it: tanh(max over windows of W x + b).

    The word's beginning and end count as letters, so that a pattern can be an ending. Kim et al.,
    "Character-aware neural language models" (2016); Ma and Hovy, "End-to-end sequence labeling via bi-directional
    LSTM-CNNs-CRF" (2016).
    """

    def __init__(self, prefix: str, words: tuple[str, ...]) -> None:
        self.known: dict[str, int] = {letter: _EDGE + 1 + k for k, letter in enumerate(letters_in(words))}
        self.embedding = Embedding(f"{prefix}.pattern_embedding", len(self.known) + 2, _LETTER_EMBEDDING)
        self.patterns = [Dense(f"{prefix}.patterns.{w}", w * _LETTER_EMBEDDING, PATTERNS) for w in PATTERN_WIDTHS]
        self.size = PATTERNS * len(PATTERN_WIDTHS)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The letters' embedding, and the patterns of each width (F, w · E)."""
        shapes = self.embedding.shapes()
        for patterns in self.patterns:
            shapes |= patterns.shapes()
        return shapes

    def _ids(self, word: str) -> list[int]:
        """The letter ids of a word with its edges; a very long word keeps only its first and last letters."""
        half = LONGEST_WORD // 2
        kept = word if len(word) <= LONGEST_WORD else word[:half] + word[-half:]
        return [_EDGE, *(self.known.get(letter, _UNKNOWN) for letter in kept), _EDGE]

    def forward(self, work: Workspace, words: Sequence[str]) -> tuple[FloatArray, Any]:
        """M words → (M, size), and the tape. Every window of every word is computed, one width after the other."""
        spelled = [self._ids(word) for word in words]
        tapes, best = [], []
        for width, patterns in zip(PATTERN_WIDTHS, self.patterns, strict=True):
            filled = [ids + [_EDGE] * (width - len(ids)) for ids in spelled]
            counts = np.array([len(ids) - width + 1 for ids in filled])
            firsts = np.cumsum(counts) - counts
            flat = np.array([i for ids in filled for i in ids])
            # a window begins at each letter of its word but the last w − 1
            begins = np.arange(int(counts.sum())) + np.repeat(np.arange(len(words)) * (width - 1), counts)
            windows = flat[begins[:, None] + np.arange(width)]
            rows = self.embedding.forward(work, windows.ravel()).reshape(len(windows), -1)
            fits = patterns.forward(work, rows).T  # (P, F)
            highest = np.maximum.reduceat(fits, firsts, axis=0)
            places = np.where(fits == np.repeat(highest, counts, axis=0), np.arange(len(fits))[:, None], len(fits))
            tapes.append(_WidthTape(windows, rows, np.minimum.reduceat(places, firsts, axis=0)))
            best.append(highest)
        output = np.tanh(np.concatenate(best, axis=1))
        return output, _PatternsTape(tapes, output)

    def backward(self, work: Workspace, tape: Any, d_rows: FloatArray) -> None:
        """d_rows (M, size): each pattern's gradient goes to the window that fits it best."""
        assert isinstance(tape, _PatternsTape)
        d_best = d_rows * (1 - tape.output * tape.output)  # output = tanh(best)
        windows, d_letters = [], []
        for k, (one, patterns) in enumerate(zip(tape.widths, self.patterns, strict=True)):
            d_fits = np.zeros((len(one.windows), PATTERNS), d_rows.dtype)
            d_fits[one.winners, np.arange(PATTERNS)] = d_best[:, k * PATTERNS : (k + 1) * PATTERNS]  # best = max(fits)
            d_windows = patterns.backward(work, one.rows, np.ascontiguousarray(d_fits.T))
            windows.append(one.windows.ravel())
            d_letters.append(d_windows.reshape(-1, _LETTER_EMBEDDING))
        self.embedding.backward(work, np.concatenate(windows), np.concatenate(d_letters))


@final
class Joined(Spelling):
    """Two spellings side by side."""

    def __init__(self, first: Spelling, second: Spelling) -> None:
        self._parts = (first, second)
        self.size = first.size + second.size
        self.known = {}

    @property
    def parts(self) -> tuple[Spelling, ...]:
        """Both parts."""
        return self._parts

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of both parts."""
        return self.parts[0].shapes() | self.parts[1].shapes()

    def forward(self, work: Workspace, words: Sequence[str]) -> tuple[FloatArray, Any]:
        """M words → (M, size): the numbers of the first part, then those of the second; and both tapes."""
        (first, tape), (second, other) = (part.forward(work, words) for part in self.parts)
        return np.concatenate((first, second), axis=1), (tape, other)

    def backward(self, work: Workspace, tape: Any, d_rows: FloatArray) -> None:
        """Give each part its own columns of the gradient d_rows (M, size)."""
        cut = self.parts[0].size
        for part, own, d_own in zip(self.parts, tape, (d_rows[:, :cut], d_rows[:, cut:]), strict=True):
            part.backward(work, own, d_own)
