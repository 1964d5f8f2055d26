"""Padded feed-forward network in PyTorch: a network that classifies, trained in Unroll.

    from model import load

    network = load(".")
    network.classify("a text")

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train further, run train.py
if the folder has it; otherwise minimize the loss that `nats` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.answers import best_first
from engine.export.pytorch.templates.batch import Batch, Nats, padded, summed
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.symbol_reader import State
from engine.export.pytorch.templates.text import UNKNOWN, Text, Vocabulary


class Network(nn.Module):
    """Predicts the label of a text, which is padded to a fixed length."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"])
        self.labels: list[str] = vocabulary["target"]
        self.longest: int = config["longest"]
        size: int = config["read_out_size"]
        self.table = nn.Parameter(torch.zeros(self.longest, len(self.vocabulary), size))  # position, symbol
        self.bias = nn.Parameter(torch.zeros(size))
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(size, len(self.labels))

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """ids (B, T), padded with anything, and lengths (B,) → logits of the labels (B, K).

        Every position has its own weights; anything after the last position is ignored.
        """
        ids = ids[:, : self.longest]
        places = torch.arange(ids.shape[1], device=ids.device)
        inside = places < lengths.to(ids.device)[:, None]
        hidden = (self.table[places, ids] * inside[:, :, None]).sum(dim=1)
        logits: Tensor = self.output(self.dropout(torch.tanh(hidden + self.bias)))
        return logits

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: one prediction per text, its label."""
        device, lengths = self.bias.device, torch.tensor([len(row) for row in batch.sources])
        logits = self(padded(batch.sources, UNKNOWN, device), lengths)
        return summed(logits, torch.cat(batch.targets).to(device))

    @torch.no_grad()
    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """The probability of each label, the most probable first."""
        ids = self.vocabulary.ids(self.text.symbols_of(text))
        logits = self(torch.tensor([ids or [UNKNOWN]], device=self.bias.device), torch.tensor([len(ids)]))
        return best_first(logits[0].softmax(dim=0), self.labels)

    classify = predict


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
