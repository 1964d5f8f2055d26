"""Many to one in PyTorch: a network that classifies, trained in Unroll.

    from model import load

    network = load(".")
    network.classify("a text")

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train further, run train.py
if the folder has it; otherwise minimize the loss that `nats` returns. `network.train()` turns dropout on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.answers import best_first
from engine.export.pytorch.templates.batch import Batch, Nats, end, read, summed
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.spelling import spelling
from engine.export.pytorch.templates.symbol_reader import State, SymbolReader, parts_of
from engine.export.pytorch.templates.text import END, END_SYMBOL, Text, Vocabulary
from engine.export.pytorch.templates.word_counts import WordCounts


class Network(nn.Module):
    """Reads a text and predicts its label."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"], vocabulary.get("others", ()))
        self.labels: list[str] = vocabulary["target"]
        self.pooling: str = config["pooling"]
        spelled = spelling(config["reader"]["spelling"], vocabulary)
        self.reader = SymbolReader(config["reader"], spelled, vocabulary["source_counts"])
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(config["read_out_size"], len(self.labels))
        counts = config["word_counts"]
        self.counts = None if counts is None else WordCounts(counts, len(self.labels))

    def forward(
        self, ids: Tensor, lengths: Tensor, words: list[list[str]] | None = None, own: Tensor | None = None
    ) -> Tensor:
        """ids (B, T), padded with anything, and lengths (B,) → logits of the labels (B, K).

        words: the symbols themselves, needed where the network reads their spelling. own: (B,) labels of texts that
        are among the counted ones, whose own words are left out of the counts.
        """
        pooled = self.pool(ids, lengths, words)
        logits: Tensor = self.output(self.dropout(pooled))
        return logits if self.counts is None else logits + self.counts(ids, lengths, own)

    def pool(self, ids: Tensor, lengths: Tensor, words: list[list[str]] | None) -> Tensor:
        """What the read-out gets of each text (B, H · directions): its last state, or the maximum or mean of all
        states."""
        padding = -torch.inf if self.pooling == "max" else 0.0
        states, last = self.reader.read_ragged(ids, lengths, words, padding)
        if self.pooling == "max":
            return states.amax(dim=1)
        if self.pooling == "mean":
            return states.sum(dim=1) / lengths.to(states)[:, None]
        directions = 2 if self.reader.recurrent.bidirectional else 1
        return torch.cat(tuple(parts_of(last)[0][-directions:]), dim=1)

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: one prediction per text, its label."""
        rows = [row if len(row) else end() for row in batch.sources]  # an empty text is read as an end symbol
        spelled, device = self.reader.spelling is not None, self.output.weight.device
        labels = torch.cat(batch.targets).to(device)
        logits = self(*read(rows, self.vocabulary, spelled, device), labels if self.training else None)
        return summed(logits, labels)

    @torch.no_grad()
    def classify(self, text: str | Sequence[str]) -> dict[str, float]:
        """The probability of each label, the most probable first."""
        symbols = self.text.symbols_of(text)
        ids = self.vocabulary.ids(symbols) or [END]  # an empty text is read as an end symbol
        device = self.output.weight.device
        logits = self(torch.tensor([ids], device=device), torch.tensor([len(ids)]), [symbols or [END_SYMBOL]])
        return best_first(logits[0].softmax(dim=0), self.labels)


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
