"""Recurrent layers that read symbols or numbers, with or without an input layer in front. All architectures share
this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ModelConfig
from engine.data.codec import Codec
from engine.data.vocabulary import FIRST_ID, UNKNOWN_ID, Vocabulary
from engine.network.input_layers import Embedding, InputLayer, LinearInput
from engine.network.layers import drop
from engine.network.letter_patterns import Joined, LetterPatterns
from engine.network.neighbours import Neighbours
from engine.network.packing import Packing
from engine.network.recurrent import LayerInput, TableRows
from engine.network.recurrent_stack import Recurrent, Tape
from engine.network.states import StackStates
from engine.network.word_features import Affixes, Letters, Spelling, sum_by_group
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

REPETITIONS = 2  # with at least this many rows per symbol, products are computed once for each symbol


@dataclass
class SymbolTape:
    """Kept by `SymbolNetwork.forward` for its backward pass."""

    ids: IntArray | FloatArray  # (N,) ids, or (N, D), as given; ids unknown to the model occur only if spelling is read
    known: IntArray | FloatArray  # the same as looked up: ids below V, numbers in the dtype of the weights
    vocabulary: Vocabulary | None  # provides the words for the spelling
    mask: FloatArray | None  # (N, E) dropout of the embedding
    # (N,) for each row the index of its distinct word; the number of those; the spelling's tape
    spelled: tuple[IntArray, int, Any] | None
    around: IntArray | None  # (N, 2) ids of the neighbours
    recurrent: Tape

    @property
    def output(self) -> FloatArray:
        """(N, H · directions) states of the top layer."""
        return self.recurrent.output


class SymbolNetwork:
    """ids (N,), or numbers (N, D), → states (N, H · directions). With `embedding_size` 0 the symbols enter one-hot, and
    numbers enter unchanged.

    vocabulary_size: how many symbols; 0 where numbers are read. numbers: D, 0 where symbols are read. vocabulary:
    provides the words for the spelling, and their counts in training; None for a network that writes, which cannot
    read neighbours either.
    """

    def __init__(
        self,
        prefix: str,
        config: ModelConfig,
        vocabulary_size: int,
        dtype: DTypeLike,
        *,
        bidirectional: bool = False,
        memory: bool = True,
        vocabulary: Vocabulary | None = None,
        numbers: int = 0,
    ) -> None:
        self.vocabulary_size = vocabulary_size
        self.numbers = numbers
        self.dtype = np.dtype(dtype)
        self.dropout = config.dropout
        size = config.embedding_size
        self.embedding: InputLayer | None = None
        if size:
            layer = LinearInput if numbers else Embedding
            self.embedding = layer(f"{prefix}.embedding", numbers or vocabulary_size, size)
        self.spelling: Spelling | None = None
        self.neighbours: Neighbours | None = None
        self._hide: FloatArray | None = None
        if vocabulary is not None:
            self.spelling = _spelling(prefix, config, vocabulary, dtype)
            self.neighbours = Neighbours(prefix, vocabulary_size) if config.neighbours else None
            if config.word_dropout > 0:
                self._hide = config.word_dropout / (config.word_dropout + np.maximum(vocabulary.counts, 1))
        beside = sum(part.size for part in (self.spelling, self.neighbours) if part is not None)
        inputs = size + beside or numbers or vocabulary_size
        self.recurrent = Recurrent(
            config.cell,
            prefix,
            inputs,
            config.hidden_size,
            config.num_layers,
            dtype,
            bidirectional,
            config.dropout,
            memory,
        )
        self.output_size = self.recurrent.output_size

    @classmethod
    def of_source(cls, config: ModelConfig, codec: Codec, dtype: DTypeLike, prefix: str = "network") -> Self:
        """A network over the whole source: in one direction or both, and reading the words' spelling and the neighbours
        of each symbol if configured."""
        if codec.frames is not None:
            return cls(prefix, config, 0, dtype, bidirectional=config.bidirectional, numbers=codec.frames.size)
        words = codec.source
        return cls(prefix, config, len(words), dtype, bidirectional=config.bidirectional, vocabulary=words)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        table = {} if self.embedding is None else self.embedding.shapes()
        spelling = {} if self.spelling is None else self.spelling.shapes()
        neighbours = {} if self.neighbours is None else self.neighbours.shapes()
        return table | spelling | neighbours | self.recurrent.shapes()

    def forward(
        self,
        work: Workspace,
        packing: Packing,
        ids: IntArray | FloatArray,
        initial: StackStates | None = None,
        rng: np.random.Generator | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> SymbolTape:
        """ids (N,), or frames (N, D) → tape with the states (N, H · directions). Dropout acts on the embedding and
        between layers, and only when `rng` is given.

        vocabulary: provides the words, including those unknown to the model; needed if spelling is read.
        """
        known = ids if not self.numbers else ids.astype(self.dtype, copy=False)
        mask, spelled, around = None, None, None
        if self.spelling is not None:
            known = np.where(ids < self.vocabulary_size, ids, UNKNOWN_ID)
        if self._hide is not None and rng is not None:
            known = np.where(rng.random(len(known)) < self._hide[known], UNKNOWN_ID, known)
        x: LayerInput = known
        dropped = rng is not None and self.dropout > 0
        if self.embedding is not None and self._is_repetitive(len(known)) and not dropped:
            x = TableRows(work.parameters[self.embedding.name], known)
        elif self.embedding is not None:
            x = self.embedding.forward(work, known)
            if self.spelling is not None:
                assert vocabulary is not None
                distinct, groups = np.unique(ids, return_inverse=True)
                rows, tape = self.spelling.forward(work, vocabulary.decode(distinct))
                spelled = (groups, len(distinct), tape)
                x = np.concatenate((x, rows[groups]), axis=1)
            if self.neighbours is not None:
                beside, around = self.neighbours.forward(work, packing, known)
                x = np.concatenate((x, beside), axis=1)
            if rng is not None and dropped:
                x, mask = drop(x, self.dropout, rng, work.arena)
        recurrent = self.recurrent.forward(work, packing, x, initial, rng)
        return SymbolTape(ids, known, vocabulary, mask, spelled, around, recurrent)

    def _is_repetitive(self, rows: int) -> bool:
        """Whether the products with each symbol's embedding are far fewer than those with each row's."""
        alone = not self.numbers and self.spelling is None and self.neighbours is None
        return alone and rows >= REPETITIONS * self.vocabulary_size

    def backward(
        self,
        work: Workspace,
        tape: SymbolTape,
        d_output: FloatArray | None,
        d_final: StackStates | None = None,
    ) -> StackStates:
        """The backward pass through everything; returns the gradient of the initial states.

        d_output (N, H · directions): gradient of the tape's output. d_final: gradient of the last states. None: zero.
        """
        want_input = self.embedding is not None
        d_x, d_initial = self.recurrent.backward(work, tape.recurrent, d_output, d_final, want_input)
        if self.embedding is not None and d_x is not None:
            if isinstance(tape.recurrent.layers[0][0].input, TableRows):
                np.copyto(work.gradients[self.embedding.name], d_x)
                return d_initial
            if tape.mask is not None:
                np.multiply(d_x, tape.mask, out=d_x)
            size = self.embedding.shape[1]
            if self.spelling is not None and tape.spelled is not None:
                groups, count, spelling_tape = tape.spelled
                d_rows = np.ascontiguousarray(d_x[:, size : size + self.spelling.size])
                self.spelling.backward(work, spelling_tape, sum_by_group(groups, count, d_rows))
            if self.neighbours is not None and tape.around is not None:
                self.neighbours.backward(work, tape.around, d_x[:, -self.neighbours.size :])
            self.embedding.backward(work, tape.known, d_x[:, :size])
        return d_initial


def _spelling(prefix: str, config: ModelConfig, vocabulary: Vocabulary, dtype: DTypeLike) -> Spelling | None:
    if config.spelling == "none":
        return None
    words = vocabulary.symbols[FIRST_ID:]
    if config.spelling == "characters":
        return Letters(prefix, words, config.cell, dtype)
    if config.spelling == "patterns":
        return LetterPatterns(prefix, words)
    affixes = Affixes(prefix, words, config.embedding_size)
    return affixes if config.spelling == "affixes" else Joined(affixes, LetterPatterns(prefix, words))
