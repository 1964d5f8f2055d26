"""Many to many in PyTorch: a network that tags, trained in Unroll.

    from model import load

    network = load(".")
    network.tag("a text")

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train further, run train.py
if the folder has it; otherwise minimize the loss that `nats` returns. `network.train()` turns dropout on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.batch import NOTHING, Batch, Nats, padded, read, summed
from engine.export.pytorch.templates.crf import ConditionalRandomField
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.spelling import spelling
from engine.export.pytorch.templates.symbol_reader import State, SymbolReader
from engine.export.pytorch.templates.text import UNKNOWN, Text, Vocabulary


class Tagged(NamedTuple):
    """A token with its most probable tag."""

    token: str
    tag: str
    probability: float


class Network(nn.Module):
    """Reads tokens and predicts the tag of each."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"], vocabulary.get("others", ()))
        self.tags: list[str] = vocabulary["target"]
        spelled = spelling(config["reader"]["spelling"], vocabulary)
        self.reader = SymbolReader(config["reader"], spelled, vocabulary["source_counts"])
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(config["read_out_size"], len(self.tags))
        self.crf = ConditionalRandomField(config["crf"]) if config["crf"] else None

    def forward(self, ids: Tensor, lengths: Tensor, words: list[list[str]] | None = None) -> Tensor:
        """ids (B, T), padded with anything, and lengths (B,) → logits of the tags (B, T, K). If the network has a
        CRF, these are its scores, and `crf.loss` computes the loss from them.

        words: the tokens themselves, needed where the network reads their spelling.
        """
        states, _ = self.reader.read_ragged(ids, lengths, words)
        logits: Tensor = self.output(self.dropout(states))
        return logits

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: one prediction per token, its tag."""
        spelled, device = self.reader.spelling is not None, self.output.weight.device
        sources = read(batch.sources, self.vocabulary, spelled, device)
        logits, tags = self(*sources), padded(batch.targets, NOTHING, device)
        if self.crf is None:
            return summed(logits, tags)
        return Nats(self.crf.loss(logits, tags, sources.lengths), int(sources.lengths.sum()))

    def tokens_of(self, text: str) -> list[str]:
        """Split a text into tokens. A piece between spaces that the network knows is not split further."""
        tokens: list[str] = []
        for piece in self.text.plain(text).split():
            tokens += [piece] if self.vocabulary.ids([piece]) != [UNKNOWN] else self.text.split(piece)
        return tokens

    @torch.no_grad()
    def tag(self, text: str | Sequence[str]) -> list[Tagged]:
        """The most probable tag of each token or, with a CRF, the most probable sequence of tags. A list of tokens is
        used as it is."""
        tokens = self.tokens_of(text) if isinstance(text, str) else list(text)
        if not tokens:
            return []
        ids = torch.tensor([self.vocabulary.ids(tokens)], device=self.output.weight.device)
        logits = self(ids, torch.tensor([len(tokens)]), [tokens])
        if self.crf is None:
            chances = logits[0].softmax(dim=1)
            best: list[int] = chances.argmax(dim=1).tolist()
        else:
            chances, best = self.crf.probabilities(logits[0]), self.crf.best(logits[0])
        rows = zip(tokens, best, chances.tolist(), strict=True)
        return [Tagged(token, self.tags[k], row[k]) for token, k, row in rows]


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
