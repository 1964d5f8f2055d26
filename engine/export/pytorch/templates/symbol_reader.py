"""The recurrent part of a network: it reads symbols and returns states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.export.pytorch.templates.text import END, UNKNOWN

LAYERS = {"RNN": nn.RNN, "LSTM": nn.LSTM, "GRU": nn.GRU}
State = Tensor | tuple[Tensor, ...]  # h, or the pair (h, c); each (layers · directions, B, H)


def recurrent(config: dict[str, Any]) -> nn.RNNBase:
    """The recurrent layers that config.json describes.

    PyTorch adds two biases to every gate. The second one makes a difference only where it is multiplied by a gate, in
    the candidate of a GRU; elsewhere it stays zero, as if it were not there.
    """
    layer: nn.RNNBase = LAYERS[config["layer"]](**config["arguments"], batch_first=True)
    learns = torch.tensor(config["second_bias"]).repeat_interleave(layer.hidden_size)
    weights: Iterable[tuple[str, Any]] = layer.named_parameters()
    for name, bias in weights:
        if name.startswith("bias_hh"):
            bias.register_hook(lambda gradient: gradient * learns.to(gradient))
    return layer


def parts_of(state: State) -> tuple[Tensor, ...]:
    """A state as a tuple: (h,) or (h, c)."""
    return state if isinstance(state, tuple) else (state,)


def rows_of(state: State, rows: list[int]) -> State:
    """The state of these rows of the batch."""
    return tuple(part[:, rows] for part in state) if isinstance(state, tuple) else state[:, rows]


class SymbolReader(nn.Module):
    """Recurrent layers over symbols, which are one-hot vectors, or embeddings joined by vectors of their spelling and
    of the symbols before and after them.

    counts: how often each symbol occurs in the training data. If config.json asks for it, rare symbols are sometimes
    hidden in training, so that the network learns to deal with words it does not know.
    """

    hidden: Tensor

    def __init__(
        self, config: dict[str, Any], spelling: nn.Module | None = None, counts: list[int] | None = None
    ) -> None:
        super().__init__()
        self.size: int = config["vocabulary_size"]
        width: int = config["embedding_size"]
        self.embedding = nn.Embedding(self.size, width) if width else None
        self.spelling = spelling
        beside: int = config["neighbour_size"]
        self.neighbours = nn.Embedding(self.size, beside) if beside else None
        self.dropout = nn.Dropout(config["dropout"])
        self.recurrent = recurrent(config["recurrent"])
        self.hides: float = config["word_dropout"] if counts else 0.0
        often = torch.tensor(counts or [1.0]).clamp(min=1)
        self.register_buffer("hidden", self.hides / (self.hides + often), persistent=False)  # how likely

    def numbers(self, ids: Tensor, words: list[list[str]] | None = None, lengths: Tensor | None = None) -> Tensor:
        """ids (B, T) → (B, T, D). words: the words to spell, a row for each text, with or without padding. lengths (B,)
        of the texts, beyond which neighbours are the end symbol; None: T."""
        if self.training and self.hides:
            ids = ids.masked_fill(torch.rand(ids.shape, device=ids.device) < self.hidden[ids], UNKNOWN)
        if self.embedding is None:
            one_hot = nn.functional.one_hot(ids, self.size)
            return one_hot.to(next(self.recurrent.parameters()).dtype)
        rows: Tensor = self.embedding(ids)
        if self.spelling is not None:
            rows = torch.cat((rows, self.spelling(words, ids.shape[1])), dim=2)
        if self.neighbours is not None:
            if lengths is not None:
                places = torch.arange(ids.shape[1], device=ids.device)
                ids = ids.masked_fill(places >= lengths.to(ids.device)[:, None], END)
            closed = nn.functional.pad(ids, (1, 1), value=END)
            rows = torch.cat((rows, self.neighbours(closed[:, :-2]), self.neighbours(closed[:, 2:])), dim=2)
        embedded: Tensor = self.dropout(rows)
        return embedded

    def forward(self, ids: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """ids (B, T) → states (B, T, H), and the state to continue from."""
        states, last = self.recurrent(self.numbers(ids), state)
        return states, last

    def read_ragged(
        self, ids: Tensor, lengths: Tensor, words: list[list[str]] | None = None, padding: float = 0.0
    ) -> tuple[Tensor, State]:
        """ids (B, T), padded with anything, and lengths (B,) → states (B, T, H · directions), filled with `padding`
        beyond each length, and the state at the end of each text."""
        numbers = self.numbers(ids, words, lengths)
        packed = pack_padded_sequence(numbers, lengths.cpu(), batch_first=True, enforce_sorted=False)
        states, last = self.recurrent(packed)
        padded, _ = pad_packed_sequence(states, batch_first=True, padding_value=padding)
        return padded, last
