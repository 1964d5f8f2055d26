"""Encoder–decoder in PyTorch: a network that translates, trained in Unroll.

    from model import load

    network = load(".")
    network.translate("a text")

Needs the packages torch and safetensors. To use a graphics card: load(".", "cuda"). To train further, run train.py
if the folder has it; otherwise minimize the loss that `nats` returns. `network.train()` turns dropout on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from engine.export.pytorch.templates.batch import NOTHING, Batch, Nats, end, mixed, padded, read, summed
from engine.export.pytorch.templates.folder import read_folder
from engine.export.pytorch.templates.spelling import spelling
from engine.export.pytorch.templates.symbol_reader import State, SymbolReader, parts_of, rows_of
from engine.export.pytorch.templates.text import END, END_SYMBOL, UNKNOWN, Text, Vocabulary


class Translation(NamedTuple):
    """A translation. attention: how much each of its steps looked at each step of the source."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]
    attention: list[list[float]] | None


class Beam(NamedTuple):
    """An unfinished answer: its ids, its log-probability, and where each step looked, (S,)."""

    ids: tuple[int, ...]
    score: float
    attention: tuple[Tensor, ...]


class Source(NamedTuple):
    """An encoded source: the state that the decoder starts from and, for attention, the encoder's states `keys`
    (B, S, E); `inside` (B, S) is false at the padding."""

    state: State
    keys: Tensor
    inside: Tensor


class Network(nn.Module):
    """Reads a text to its end, then writes another."""

    def __init__(self, config: dict[str, Any], vocabulary: dict[str, Any]) -> None:
        super().__init__()
        self.text = Text(config["text"], vocabulary["source"])
        self.vocabulary = Vocabulary(vocabulary["source"], vocabulary.get("others", ()))
        self.target_symbols: list[str] = vocabulary["target"]
        self.start: int = config["start"]  # what the decoder reads first
        self.longest: int = config["longest"]
        self.length_penalty: float = config["length_penalty"]
        spelled = spelling(config["encoder"]["spelling"], vocabulary)
        self.encoder = SymbolReader(config["encoder"], spelled, vocabulary["source_counts"])
        self.decoder = SymbolReader(config["decoder"])
        wide, size = config["encoder_size"], config["read_out_size"]
        # From both directions' last states to the decoder's first, for each part of the state (h, c) and each layer.
        self.bridges = nn.ModuleList(
            nn.ModuleList(nn.Linear(wide, size, bias=False) for _ in range(layers)) for layers in config["bridges"]
        )
        self.attends: bool = config["attention"]
        if self.attends:
            self.score = nn.Linear(size, wide, bias=False)
            self.combine = nn.Linear(wide + size, size, bias=False)
        self.dropout = nn.Dropout(config["dropout"])
        self.output = nn.Linear(size, len(self.target_symbols))

    def encode(self, ids: Tensor, lengths: Tensor, words: list[list[str]] | None = None) -> Source:
        """Encode ids (B, S), each row ending in END and padded with anything; lengths (B,) include that END."""
        keys, last = self.encoder.read_ragged(ids, lengths, words)
        inside = torch.arange(keys.shape[1], device=ids.device) < lengths.to(ids.device)[:, None]
        return Source(self.bridged(last) if self.bridges else last, keys, inside)

    def bridged(self, last: State) -> State:
        """Project the last states of both directions to the size of the decoder."""
        parts = []
        for bridges, part in zip(self.bridges, parts_of(last), strict=True):
            assert isinstance(bridges, nn.ModuleList)
            both = [torch.cat((part[2 * k], part[2 * k + 1]), dim=1) for k in range(len(bridges))]
            parts.append(torch.stack([bridge(states) for bridge, states in zip(bridges, both, strict=True)]))
        return tuple(parts) if isinstance(last, tuple) else parts[0]

    def decode(self, ids: Tensor, source: Source) -> tuple[Tensor, State, Tensor | None]:
        """ids (B, T) written so far → logits of the next symbols (B, T, K), the state to continue from and, if the
        network has attention, its weights (B, T, S): how much each step looked at each state of the encoder."""
        states, state = self.decoder(ids, source.state)
        weights = None
        if self.attends:
            scores = self.score(states) @ source.keys.transpose(1, 2)
            weights = scores.masked_fill(~source.inside[:, None], -torch.inf).softmax(dim=2)
            states = torch.tanh(self.combine(torch.cat((weights @ source.keys, states), dim=2)))
        return self.output(self.dropout(states)), state, weights

    def forward(self, ids: Tensor, lengths: Tensor, target: Tensor, words: list[list[str]] | None = None) -> Tensor:
        """Source ids (B, S) with END after each, lengths (B,) with that END, and target ids (B, T) that begin with
        `self.start` → logits of the next symbols of the target (B, T, K).

        words: the source's symbols and END_SYMBOL, needed where the network reads their spelling.
        """
        return self.decode(target, self.encode(ids, lengths, words))[0]

    def nats(self, batch: Batch, state: State | None = None, forcing: float = 1.0) -> Nats:
        """The loss of a batch: each symbol of the target is predicted from those before it, and so is the end.

        forcing: the share of the decoder's inputs taken from the truth.
        """
        spelled, device = self.encoder.spelling is not None, self.output.weight.device
        rows = [torch.cat((row, end())) for row in batch.sources]
        source = self.encode(*read(rows, self.vocabulary, spelled, device))
        begun = [torch.cat((torch.tensor([self.start]), row)) for row in batch.targets]
        inputs = padded(begun, UNKNOWN, device)
        targets = padded([torch.cat((row, end())) for row in batch.targets], NOTHING, device)
        if self.training and forcing < 1:
            inputs = self.own_inputs(inputs, source, forcing)
        return summed(self.decode(inputs, source)[0], targets)

    def own_inputs(self, inputs: Tensor, source: Source, forcing: float) -> Tensor:
        """inputs (B, T) with about the share 1 - forcing replaced by the network's own predictions."""

        def best_after(ids: Tensor) -> Tensor:
            """The most probable ids after these."""
            nonlocal source
            logits, state, _ = self.decode(ids[:, None], source)
            source = source._replace(state=state)
            return logits[:, -1].argmax(dim=1)

        return mixed(self, inputs, forcing, best_after)

    @torch.no_grad()
    def translate(self, text: str | Sequence[str], beam_size: int = 4) -> list[Translation]:
        """The best translations that a beam search finds, best first; beam_size 1 is greedy."""
        device = self.output.weight.device
        symbols = self.text.symbols_of(text)
        ids = torch.tensor([[*self.vocabulary.ids(symbols), END]], device=device)
        source = self.encode(ids, torch.tensor([len(symbols) + 1]), [[*symbols, END_SYMBOL]])
        limit = 2 * max(self.longest, len(symbols)) + 5
        begun, done = [Beam((), 0.0, ())], list[Beam]()
        newest = [self.start]
        greedy: int | None = (
            0  # the unfinished answer with the most probable symbol at every step; None once it has ended
        )
        for _ in range(limit):
            logits, state, weights = self.decode(torch.tensor(newest, device=device)[:, None], source)
            scores = logits[:, -1].double().log_softmax(dim=1)
            scores[:, UNKNOWN] = -torch.inf
            scores += torch.tensor([beam.score for beam in begun], device=device)[:, None]
            best = scores.flatten().topk(min(beam_size, scores.numel())).indices.tolist()
            first = None if greedy is None else greedy * scores.shape[1] + int(scores[greedy].argmax())
            if first is not None and first not in best:
                best[-1] = first  # the greedy answer keeps its place, so that the best is never worse
            greedy, parents, fresh = None, list[int](), list[Beam]()
            for place in best:
                parent, symbol = divmod(place, scores.shape[1])
                score = float(scores[parent, symbol])
                heat = () if weights is None else (*begun[parent].attention, weights[parent, 0])
                if symbol == END:
                    done.append(Beam(begun[parent].ids, score, heat))
                elif score > -torch.inf:
                    greedy = len(fresh) if place == first else greedy
                    fresh.append(Beam((*begun[parent].ids, symbol), score, heat))
                    parents.append(parent)
            done = sorted(done, key=self.rank, reverse=True)[:beam_size]
            # An unfinished answer can only lose probability; at best it keeps its score and grows to the limit.
            hope = max((beam.score for beam in fresh), default=-torch.inf) / self.penalty(limit + 1)
            if not fresh or (len(done) == beam_size and self.rank(done[-1]) >= hope):
                break
            begun, newest = fresh, [beam.ids[-1] for beam in fresh]
            source = Source(rows_of(state, parents), source.keys[:1].expand(len(fresh), -1, -1), source.inside[:1])
        else:
            done = sorted(done + begun, key=self.rank, reverse=True)[:beam_size]
        return [self.translation(beam) for beam in done]

    def penalty(self, length: int) -> float:
        """Divisor that keeps long answers from losing because of their length: Wu et al. (2016), equation 14. `length`
        includes the end."""
        return float(((5 + length) / 6) ** self.length_penalty)

    def rank(self, beam: Beam) -> float:
        """The score that answers are sorted by."""
        return beam.score / self.penalty(len(beam.ids) + 1)

    def translation(self, beam: Beam) -> Translation:
        """Turn a finished answer into text."""
        tokens = tuple(self.target_symbols[k] for k in beam.ids)
        attention = torch.stack(beam.attention).tolist() if beam.attention else None
        return Translation(self.text.join(tokens), beam.score, tokens, attention)


def load(folder: str | Path, device: str = "cpu") -> Network:
    """Load the network from a folder, ready to use."""
    config, vocabulary, weights = read_folder(Path(folder))
    network = Network(config, vocabulary)
    network.load_state_dict(weights)
    return network.to(device).eval()
