"""Counted words: naive Bayes beside the network."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.text import END


class WordCounts(nn.Module):
    """Scores of the labels from the words of a text and its pairs of neighbouring words.

    How many training texts of each label hold a word or a pair was counted before training; only the factors on the
    evidence of words and of pairs are learned. Pairs are hashed into a fixed number of places.
    """

    texts: Tensor
    totals: Tensor

    def __init__(self, config: dict[str, int], labels: int) -> None:
        super().__init__()
        self.words, self.pairs, self.stride = config["words"], config["pair_places"], config["stride"]
        self.scale = nn.Parameter(torch.zeros(2))
        self.register_buffer("texts", torch.zeros(self.words + self.pairs, labels))
        self.register_buffer("totals", torch.zeros(2, labels))

    def forward(self, ids: Tensor, lengths: Tensor, own: Tensor | None = None) -> Tensor:
        """ids (B, T), padded with anything, and lengths (B,) → logits (B, K).

        own: (B,) the label under which each text was counted itself, to be left out; None if it was not counted.
        """
        inside = torch.arange(ids.shape[1], device=ids.device) < lengths.to(ids.device)[:, None]
        counted = inside & (ids > END) & (ids < self.words)
        places = self.words + (ids[:, :-1] * self.stride + ids[:, 1:]) % self.pairs
        words = self.evidence(ids, counted, self.totals[0] + self.words, own)
        pairs = self.evidence(places, counted[:, :-1] & counted[:, 1:], self.totals[1] + self.pairs, own)
        logits: Tensor = self.scale[0] * words + self.scale[1] * pairs
        return logits

    def evidence(self, rows: Tensor, counted: Tensor, totals: Tensor, own: Tensor | None) -> Tensor:
        """Sums of log P(word | label), less the mean over the labels: rows (B, T) and which of them count → (B, K)."""
        counts = self.texts[rows.masked_fill(~counted, 0)]
        if own is not None:
            counts = counts - nn.functional.one_hot(own, counts.shape[2])[:, None]
        logarithms = (counts.clamp(min=0) + 1).log() - totals.log()
        evidence = logarithms - logarithms.mean(dim=2, keepdim=True)
        summed: Tensor = (evidence * counted[:, :, None]).sum(dim=1)
        return summed
