"""Vectors made from the spelling of words, joined to their embeddings so that unknown words are not all alike."""

from __future__ import annotations

from abc import abstractmethod
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

from engine.export.pytorch.templates.symbol_reader import parts_of, recurrent
from engine.export.pytorch.templates.text import END_SYMBOL


class Spelling(nn.Module):
    """Turns rows of words into vectors (B, T, S)."""

    embedding: nn.Embedding

    @abstractmethod
    def spell(self, words: list[str]) -> Tensor:
        """Words → (N, S)."""

    def forward(self, words: list[list[str]], width: int) -> Tensor:
        """Rows of words → (B, T, S), T being `width`; shorter rows are filled up with the end symbol. Each distinct
        word is spelled once."""
        flat = [word for row in words for word in (*row, *[END_SYMBOL] * (width - len(row)))]
        distinct = {word: k for k, word in enumerate(dict.fromkeys(flat))}
        places = torch.tensor([distinct[word] for word in flat], device=self.embedding.weight.device)
        return self.spell(list(distinct))[places].reshape(len(words), width, -1)


class Affixes(Spelling):
    """The sum of the embeddings of a word's endings, beginnings and outline."""

    def __init__(self, config: dict[str, Any], rows: list[dict[str, int]]) -> None:
        super().__init__()
        self.rows = rows  # for each kind of affix: affix → row of the embedding; "" stands for an unknown one
        self.embedding = nn.Embedding(config["rows"], config["size"])

    def spell(self, words: list[str]) -> Tensor:
        """Words → (N, S)."""
        ids = [
            [known.get(affix, known[""]) for known, affix in zip(self.rows, affixes_of(word), strict=True)]
            for word in words
        ]
        found: Tensor = self.embedding(torch.tensor(ids, device=self.embedding.weight.device)).sum(dim=1)
        return found


def affixes_of(word: str) -> list[str]:
    """Endings, beginnings and outline of a word: "Paris" has the outline "Xx", "1984" the outline "d"."""
    small = word.lower()
    kinds = ["d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word]
    outline = "".join(kind for kind, _ in groupby(kinds))
    return ["-" + small[-k:] for k in (1, 2, 3, 4)] + [small[:k] + "-" for k in (1, 2, 3)] + [outline]


class Letters(Spelling):
    """The last states of a small network that reads the letters of each word in both directions."""

    def __init__(self, config: dict[str, Any], rows: dict[str, int]) -> None:
        super().__init__()
        self.rows = rows  # letter → row of the embedding, which is 0 for an unknown letter
        self.longest: int = config["longest_word"]
        self.embedding = nn.Embedding(config["rows"], config["size"])
        self.recurrent = recurrent(config["recurrent"])

    def spell(self, words: list[str]) -> Tensor:
        """Words → (N, S)."""
        ids = [torch.tensor([self.rows.get(letter, 0) for letter in word[: self.longest]] or [0]) for word in words]
        lengths = torch.tensor([len(row) for row in ids])
        x = self.embedding(pad_sequence(ids, batch_first=True).to(self.embedding.weight.device))
        _, last = self.recurrent(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
        there, back = parts_of(last)[0]
        return torch.cat((there, back), dim=1)


class Patterns(Spelling):
    """How well each of many patterns of a few letters fits a word, at its best place, beginning and end included."""

    def __init__(self, config: dict[str, Any], rows: dict[str, int]) -> None:
        super().__init__()
        self.rows = rows  # letter → row of the embedding, which is 0 for an unknown letter and 1 for either end
        self.longest: int = config["longest_word"]
        self.widths: list[int] = config["widths"]
        self.embedding = nn.Embedding(config["rows"], config["size"])
        self.patterns = nn.ModuleList(nn.Conv1d(config["size"], config["patterns"], width) for width in self.widths)

    def ids_of(self, word: str) -> list[int]:
        """The ids of a word's letters between its two ends; a very long word keeps only its first and last letters."""
        half = self.longest // 2
        kept = word if len(word) <= self.longest else word[:half] + word[-half:]
        return [1, *(self.rows.get(letter, 0) for letter in kept), 1]

    def spell(self, words: list[str]) -> Tensor:
        """Words → (N, S)."""
        ids = [self.ids_of(word) for word in words]
        longest = max(*map(len, ids), *self.widths)
        table = torch.tensor([row + [1] * (longest - len(row)) for row in ids], device=self.embedding.weight.device)
        letters = self.embedding(table).transpose(1, 2)
        best = []
        for width, patterns in zip(self.widths, self.patterns, strict=True):
            fits = patterns(letters)  # (N, patterns, places)
            places = torch.tensor([max(1, len(row) - width + 1) for row in ids], device=fits.device)
            outside = torch.arange(fits.shape[2], device=fits.device) >= places[:, None]
            best.append(fits.masked_fill(outside[:, None], -torch.inf).max(dim=2).values)
        return torch.tanh(torch.cat(best, dim=1))


class Joined(Spelling):
    """The vectors of several ways to read the spelling, side by side."""

    def __init__(self, parts: list[Spelling]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, words: list[list[str]], width: int) -> Tensor:
        """Rows of words → (B, T, S)."""
        return torch.cat([part(words, width) for part in self.parts], dim=2)

    def spell(self, words: list[str]) -> Tensor:
        """Words → (N, S)."""
        return self.forward([[word] for word in words], 1)[:, 0]


def spelling(config: dict[str, Any] | None, vocabulary: dict[str, Any]) -> Spelling | None:
    """The spelling module that config.json describes; None for a network that only sees whole words."""
    if config is None:
        return None
    kinds: dict[str, Any] = {"affixes": Affixes, "letters": Letters, "patterns": Patterns}
    found: list[Spelling] = [kinds[part["kind"]](part, vocabulary[part["kind"]]) for part in config["parts"]]
    return found[0] if len(found) == 1 else Joined(found)
