"""One to many in PyTorch: a network that writes, trained in Unroll.

    from model import load

    network = load(".")
    network.generate(count=5)

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train further, run train.py
if the folder has it; otherwise minimize the loss that `nats` returns. `network.train()` turns dropout on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.batch import NOTHING, Batch, Nats, end, mixed, padded, summed
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.symbol_reader import State, SymbolReader
from engine.export.pytorch.templates.text import END, UNKNOWN, Text, Vocabulary


class Generated(NamedTuple):
    """A text that the network wrote, and the log-probability of all its choices, including the end."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]


def sample(logits: Tensor, temperature: float, top_k: int, top_p: float, generator: torch.Generator | None) -> Tensor:
    """logits (B, K) → one id for each row.

    temperature 0 picks the most probable id; top_k keeps the k most probable (0: all); top_p keeps the fewest whose
    probabilities add up to at least p.
    """
    if temperature <= 0:
        return logits.argmax(dim=1)
    probabilities = (logits.double() / temperature).softmax(dim=1)
    if 0 < top_k < probabilities.shape[1]:
        kth = probabilities.topk(top_k, dim=1).values[:, -1:]
        probabilities = probabilities.masked_fill(probabilities < kth, 0)
    if top_p < 1:
        ranked, order = probabilities.sort(dim=1, descending=True)
        before = ranked.cumsum(dim=1) - ranked
        before[:, 0] = -1  # the most probable id is always kept
        ranked = ranked.masked_fill(before >= top_p * ranked.sum(dim=1, keepdim=True), 0)
        probabilities = torch.zeros_like(probabilities).scatter(1, order, ranked)
    return torch.multinomial(probabilities.cpu(), 1, generator=generator)[:, 0].to(logits.device)


class Network(nn.Module):
    """Writes text, symbol by symbol: each symbol it chooses is its next input."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"])
        self.labels: list[str] = vocabulary["target"] or []
        self.first: int = config["first"]  # the first input when there is no prefix
        self.running: bool = config["running_text"]  # trained on one long text, which has no beginning and no end
        self.limit: int = config["limit"]
        self.reader = SymbolReader(config["reader"])
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(config["read_out_size"], len(self.vocabulary))

    def forward(self, ids: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """ids (B, T) → logits of each next symbol (B, T, V), and the state to continue from."""
        states, state = self.reader(ids, state)
        logits: Tensor = self.output(self.dropout(states))
        return logits, state

    def first_inputs(self, label: str | None, prefix: str) -> list[int]:
        """The ids that the network reads before it writes: the start or a label, then the prefix."""
        ids = self.vocabulary.ids(self.text.symbols_of(prefix))
        if self.running:
            return ids or [self.first]
        return [self.first + (self.labels.index(label) if label and self.labels else 0), *ids]

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: each symbol is predicted from the start (or the label) and the symbols before it, and so
        is the end. In running text the rows are windows, each continuing from the state after the previous window.

        forcing: the share of inputs taken from the truth.
        """
        device = self.output.weight.device
        if self.running:
            rows = padded(batch.sources, UNKNOWN, device)
            inputs, targets = rows[:, :-1], rows[:, 1:]
        else:
            labels = batch.targets if self.labels else [torch.tensor([0])] * len(batch.sources)
            starts = [self.first + label for label in labels]
            read = [torch.cat(both) for both in zip(starts, batch.sources, strict=True)]
            inputs = padded(read, UNKNOWN, device)
            targets = padded([torch.cat((row, end())) for row in batch.sources], NOTHING, device)
        if self.training and forcing < 1:
            inputs = self.own_inputs(inputs, state, forcing)
        logits, last = self(inputs, state)
        return summed(logits, targets, tuple(h.detach() for h in last) if isinstance(last, tuple) else last.detach())

    def own_inputs(self, inputs: Tensor, state: State | None, forcing: float) -> Tensor:
        """inputs (B, T) with about the share 1 - forcing replaced by the network's own predictions."""

        def best_after(ids: Tensor) -> Tensor:
            """The most probable ids after these."""
            nonlocal state
            logits, state = self.forward(ids[:, None], state)
            return logits[:, -1].argmax(dim=1)

        return mixed(self, inputs, forcing, best_after)

    @torch.no_grad()
    def generate(
        self,
        count: int = 10,
        label: str | None = None,
        prefix: str = "",
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        length: int = 0,
    ) -> list[Generated]:
        """Write `count` texts.

        label: one of `self.labels`, if the data had labels. prefix: the beginning of each text. length: the most
        symbols to write; 0 for `self.limit`. Log-probabilities are those at temperature 1.
        """
        device = self.output.weight.device
        generator = torch.Generator()
        if seed is None:
            generator.seed()
        else:
            generator.manual_seed(seed)
        logits, state = self(torch.tensor([self.first_inputs(label, prefix)] * count, device=device))
        logits, limit = logits[:, -1], length or self.limit
        never = [UNKNOWN, END] if self.running else [UNKNOWN]
        written: list[list[str]] = [[] for _ in range(count)]
        scores, alive = [0.0] * count, [True] * count
        for t in range(limit):
            known = logits.log_softmax(dim=1)
            allowed = logits.clone()
            allowed[:, never] = -torch.inf
            ids = sample(allowed, temperature, top_k, top_p, generator)
            for row, k in enumerate(ids.tolist()):
                if alive[row]:
                    scores[row] += known[row, k].item()
                    alive[row] = k != END
                    if alive[row]:
                        written[row].append(self.vocabulary.symbols[k])
            if not any(alive) or t == limit - 1:
                break
            logits, state = self(ids[:, None], state)
            logits = logits[:, -1]
        start = self.text.symbols_of(prefix)
        return [
            Generated(self.text.join(start + row), score, tuple(start + row))
            for row, score in zip(written, scores, strict=True)
        ]


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
