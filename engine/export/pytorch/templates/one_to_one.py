"""One to one in PyTorch: a network that predicts the next symbol from one symbol alone, trained in Unroll.

    from model import load

    network = load(".")
    network.predict("a text")

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
from engine.export.pytorch.templates.batch import NOTHING, Batch, Nats, end, padded, summed
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.symbol_reader import State, SymbolReader
from engine.export.pytorch.templates.text import UNKNOWN, Text, Vocabulary


class Network(nn.Module):
    """Predicts the next symbol from one symbol alone."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"])
        self.first: int = config["first"]  # the id that comes before the first symbol
        self.running: bool = config["running_text"]  # trained on one long text, which has no beginning and no end
        self.reader = SymbolReader(config["reader"])
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(config["read_out_size"], len(self.vocabulary))

    def forward(self, ids: Tensor) -> Tensor:
        """ids (B, T) → logits of each next symbol (B, T, V), each predicted from one symbol alone."""
        states, _ = self.reader(ids.reshape(-1, 1))  # no past: every symbol is a sequence of one step
        logits: Tensor = self.output(self.dropout(states))
        return logits.reshape(*ids.shape, -1)

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: each symbol is predicted from the one before it and, except in running text, so is the
        end."""
        rows = batch.sources
        if not self.running:
            rows = [torch.cat((torch.tensor([self.first]), row, end())) for row in rows]
        inputs, targets = [row[:-1] for row in rows], [row[1:] for row in rows]
        device = self.output.weight.device
        return summed(self(padded(inputs, UNKNOWN, device)), padded(targets, NOTHING, device))

    @torch.no_grad()
    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """The probability of each next symbol, given only the last symbol of `text`."""
        ids = self.vocabulary.ids(self.text.symbols_of(text)[-1:]) or [self.first]
        logits = self(torch.tensor([ids], device=self.output.weight.device))
        return best_first(logits[0, -1].softmax(dim=0), self.vocabulary.symbols)


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
