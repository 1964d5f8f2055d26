"""The five shapes in PyTorch, with the weights of a model of the engine.

PyTorch's recurrent layers have two biases where the engine has one: the second, bias_hh, is zero and stays so, but for
the GRU's candidate, whose b_hn it holds. Matrices: (gate, from, to) here, (gate · to, from) there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, gaussian_nll_loss, linear, one_hot
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from engine.cells import CELLS
from engine.data.examples import Examples
from engine.models import Model, OneToOne
from engine.models.next_symbol import NextSymbol

Array = NDArray[Any]


def has_layer(cell: str) -> bool:
    """Whether PyTorch has a layer that computes the same."""
    return CELLS[cell].torch is not None


@dataclass
class Tie:
    """One named parameter of the engine and its place in PyTorch."""

    name: str
    there: Tensor  # a leaf
    take: Callable[[Tensor], Tensor]  # the part of it, shaped as in the engine: a view


class Network(nn.Module):
    """Embedding or one-hot, then recurrent layers: padded ids (B, T) → states (B, T, H · directions).

    Of a network that reads numbers (B, T, D), the table of the embedding is the matrix they are multiplied with.
    """

    def __init__(self, model: Model, name: str) -> None:
        super().__init__()
        self.reads_numbers = next(n for k, n in model.networks().items() if (k or "network") == name).numbers > 0
        weights = model.parameters
        self.size = weights.get(f"{name}.embedding.weight", weights[f"{name}.0.weight_ih"][0]).shape[0]
        self.embedding = None
        if f"{name}.embedding.weight" in weights:
            self.embedding = nn.Embedding(*weights[f"{name}.embedding.weight"].shape)
        self.cell = CELLS[model.config.cell]
        assert self.cell.torch is not None
        layer: type[nn.RNNBase] = getattr(nn, self.cell.torch.name)
        self.rnn = layer(
            weights[f"{name}.0.weight_ih"].shape[1],
            model.config.hidden_size,
            model.config.num_layers,
            batch_first=True,
            bidirectional=f"{name}.0.reverse.weight_ih" in weights,
            **self.cell.torch.arguments,
        )
        self.name, self.gates = name, len(self.cell.gates)

    def forward(self, rows: list[list[Any]], initial: Any = None) -> tuple[Tensor, Any]:
        ids = pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
        dtype = next(self.parameters()).dtype
        if self.reads_numbers:
            x = ids.to(dtype) if self.embedding is None else ids.to(dtype) @ self.embedding.weight
        else:
            x = one_hot(ids, self.size).to(dtype) if self.embedding is None else self.embedding(ids)
        packed = pack_padded_sequence(x, [len(row) for row in rows], batch_first=True, enforce_sorted=False)
        states, last = self.rnn(packed, initial)
        return pad_packed_sequence(states, batch_first=True)[0], last

    def ties(self) -> Iterator[Tie]:
        gates, size = self.gates, self.rnn.hidden_size

        def matrix(there: Tensor) -> Tensor:
            return there.view(gates, size, -1).transpose(1, 2)

        def vector(there: Tensor) -> Tensor:
            return there.view(gates, size)

        if self.embedding is not None:
            yield Tie(f"{self.name}.embedding.weight", self.embedding.weight, lambda there: there)
        for layer in range(self.rnn.num_layers):
            for ours, theirs in (("", ""), (".reverse", "_reverse"))[: 1 + self.rnn.bidirectional]:
                place = f"l{layer}{theirs}"
                prefix = f"{self.name}.{layer}{ours}"
                yield Tie(f"{prefix}.weight_ih", getattr(self.rnn, f"weight_ih_{place}"), matrix)
                yield Tie(f"{prefix}.weight_hh", getattr(self.rnn, f"weight_hh_{place}"), matrix)
                yield Tie(f"{prefix}.bias", getattr(self.rnn, f"bias_ih_{place}"), vector)
                yield Tie(f"{prefix}.bias_hn", getattr(self.rnn, f"bias_hh_{place}"), lambda there: there[-size:])

    def freeze(self) -> None:
        """Keep the second biases at zero, but the GRU's b_hn."""
        for name, weight in self.rnn.named_parameters():
            if name.startswith("bias_hh"):
                keep = torch.zeros_like(weight)
                for gate, rows in zip(self.cell.gates, keep.view(self.gates, -1), strict=True):
                    rows += bool(gate.past_through)
                weight.register_hook(partial(torch.mul, keep))  # type: ignore[no-untyped-call]


class Reference(nn.Module):
    """A model of the engine, rebuilt. `loss(batch)` is its mean nats per predicted symbol."""

    def __init__(self, model: Model, dtype: torch.dtype) -> None:
        super().__init__()
        self.model = model
        names = ["encoder", "decoder"] if "encoder.0.weight_ih" in model.parameters else ["network"]
        if "hidden.weight" in model.parameters:
            names = []
        self.networks = nn.ModuleDict({name: Network(model, name) for name in names})
        others = {n: w for n, w in model.parameters.items() if n.split(".")[0] not in names}
        self.others = nn.ParameterDict({n.replace(".", "/"): nn.Parameter(torch.tensor(w)) for n, w in others.items()})
        self.to(dtype)
        self.copy_weights()
        for network in self._networks():
            network.freeze()

    def _networks(self) -> Iterator[Network]:
        return (network for network in self.networks.values() if isinstance(network, Network))

    def read(self, name: str, rows: list[list[int]], initial: Any = None) -> tuple[Tensor, Any]:
        """States of a network and its last states."""
        states, last = self.networks[name](rows, initial)
        return states, last

    def ties(self) -> Iterator[Tie]:
        for network in self._networks():
            yield from (tie for tie in network.ties() if tie.name in self.model.parameters)
        for name, weight in self.others.items():
            yield Tie(name.replace("/", "."), weight, lambda there: there)

    def copy_weights(self) -> None:
        """Set all weights to the model's; whatever the engine does not have is zero."""
        with torch.no_grad():
            for weight in self.parameters():
                weight.zero_()
            for tie in self.ties():
                tie.take(tie.there).copy_(torch.tensor(self.model.parameters[tie.name]))

    def gradients(self) -> dict[str, Array]:
        """name → gradient, shaped as in the engine."""
        found = {}
        for tie in self.ties():
            assert tie.there.grad is not None
            found[tie.name] = tie.take(tie.there.grad).numpy()
        return found

    def weight(self, name: str) -> Tensor:
        found: Tensor = self.others[name.replace(".", "/")]
        return found

    def _read_out(self, x: Tensor) -> Tensor:
        return x @ self.weight("output.weight").T + self.weight("output.bias")

    def loss(self, batch: Examples) -> Tensor:
        model = self.model
        source: list[list[Any]] = [row.tolist() for row in batch.source]
        if model.codec.frames is None:
            source = [model.codec.source.known(row).tolist() for row in batch.source]
        target: list[list[int]] = [[]] * len(source)
        if model.codec.target is not None:
            target = [model.codec.target.known(row).tolist() for row in batch.target]
        if "hidden.weight" in model.parameters:
            return self._feed_forward(source, [row[0] for row in target])
        if isinstance(model, NextSymbol):
            return self._next_symbols(source, target)
        if model.codec.kind == "tagged":
            states, _ = self.read("network", source)
            return self._every_step(states, target)
        if model.codec.kind == "pictures":
            return self._caption(batch, target)
        if model.codec.kind == "series":
            states, _ = self.read("network", [row[:-1] for row in source])
            counts = [(len(row) - 1, len(answers)) for row, answers in zip(source, batch.target, strict=True)]
            counted = [row[steps - n : steps] for row, (steps, n) in zip(states, counts, strict=True)]
            wanted = [value for row, (_, n) in zip(source, counts, strict=True) for value in row[-n:]]
            return self._gaussian(torch.cat(counted), wanted)
        if model.codec.kind == "rated":
            return self._gaussian(self._pool(source), batch.target.values.tolist())
        if model.codec.kind in ("labelled", "labelled-series"):
            return cross_entropy(self._read_out(self._pool(source)), torch.tensor([row[0] for row in target]))
        return self._translate(source, target)

    def _gaussian(self, states: Tensor, targets: list[list[float]]) -> Tensor:
        mean, log_sigma = self._read_out(states).chunk(2, dim=1)
        return gaussian_nll_loss(mean, torch.tensor(targets).to(mean.dtype), torch.exp(2 * log_sigma), full=True)

    def _every_step(self, states: Tensor, targets: list[list[int]]) -> Tensor:
        padded = pad_sequence([torch.tensor(row) for row in targets], batch_first=True, padding_value=-100)
        return cross_entropy(self._read_out(states).flatten(0, 1), padded.flatten(), ignore_index=-100)

    def _next_symbols(self, source: list[list[int]], target: list[list[int]]) -> Tensor:
        size = len(self.model.codec.source)
        if self.model.codec.kind == "stream":
            inputs, targets = [row[:-1] for row in source], [row[1:] for row in source]
        else:
            inputs = [[size + (label[0] if label else 0), *row] for row, label in zip(source, target, strict=True)]
            targets = [[*row, 1] for row in source]
        if isinstance(self.model, OneToOne):  # every symbol begins anew
            inputs, targets = [[i] for row in inputs for i in row], [[i] for row in targets for i in row]
        return self._every_step(self.read("network", inputs)[0], targets)

    def _pool(self, source: list[list[int]]) -> Tensor:
        states, last = self.read("network", source)
        pooling, sizes = self.model.config.pooling, [len(row) for row in source]
        if pooling == "max":
            return torch.stack([row[:size].max(dim=0).values for row, size in zip(states, sizes, strict=True)])
        if pooling == "mean":
            return torch.stack([row[:size].mean(dim=0) for row, size in zip(states, sizes, strict=True)])
        directions = 2 if self.model.config.bidirectional else 1
        top = (last[0] if isinstance(last, tuple) else last)[-directions:]
        return torch.cat(list(top), dim=1)

    def _feed_forward(self, source: list[list[int]], labels: list[int]) -> Tensor:
        table, bias = self.weight("hidden.weight"), self.weight("hidden.bias")
        sums = [sum((table[t, i] for t, i in enumerate(row[: len(table)])), bias) for row in source]
        return cross_entropy(self._read_out(torch.tanh(torch.stack(sums))), torch.tensor(labels))

    def _caption(self, batch: Examples, target: list[list[int]]) -> Tensor:
        pictures = torch.tensor(batch.source.values).to(self.weight("output.weight").dtype)
        layers = range(self.model.config.num_layers)
        first = [
            torch.stack([linear(pictures, self.weight(f"picture.{k}.{state.name}.weight"),
                                self.weight(f"picture.{k}.{state.name}.bias")) for k in layers])
            for state in CELLS[self.model.config.cell].states
        ]  # fmt: skip
        start = len(self.model.codec.target or ())
        states, _ = self.read("network", [[start, *row] for row in target], tuple(first) if first[1:] else first[0])
        return self._every_step(states, [[*row, 1] for row in target])

    def _translate(self, source: list[list[int]], target: list[list[int]]) -> Tensor:
        assert self.model.codec.target is not None
        ends = [] if self.model.codec.kind.reads_numbers else [1]
        keys, last = self.read("encoder", [[*row, *ends] for row in source])
        first = last
        if self.model.config.bidirectional:
            parts = last if isinstance(last, tuple) else (last,)
            names = [state.name for state in CELLS[self.model.config.cell].states]
            joined = [
                torch.stack([
                    torch.cat((part[2 * k], part[2 * k + 1]), dim=1) @ self.weight(f"bridge.{k}.{name}")
                    for k in range(len(part) // 2)
                ])
                for name, part in zip(names, parts, strict=True)
            ]  # fmt: skip
            first = tuple(joined) if len(joined) == 2 else joined[0]
        start = len(self.model.codec.target)
        states, _ = self.read("decoder", [[start, *row] for row in target], first)
        if self.model.config.attention:
            states = self._attend(states, keys, [len(row) + len(ends) for row in source])
        return self._every_step(states, [[*row, 1] for row in target])

    def _attend(self, states: Tensor, keys: Tensor, sizes: list[int]) -> Tensor:
        scores = states @ self.weight("attention.score") @ keys.transpose(1, 2)
        outside = torch.arange(keys.shape[1]) >= torch.tensor(sizes)[:, None]
        scores = scores.masked_fill(outside[:, None, :], -torch.inf)
        weights = scores.softmax(dim=2)
        if "attention.location" in self.model.parameters:
            filters, looks = self.weight("attention.location"), [weights[:, 0]]
            for t in range(1, scores.shape[1]):
                seen = torch.stack((looks[-1], torch.stack(looks).sum(dim=0)), dim=1)
                added = torch.nn.functional.conv1d(seen, filters[None], padding=filters.shape[1] // 2)
                looks.append((scores[:, t] + added[:, 0]).softmax(dim=1))
            weights = torch.stack(looks, dim=1)
        return torch.tanh(torch.cat((weights @ keys, states), dim=2) @ self.weight("attention.combine"))


def relative_error(ours: Array, theirs: Array) -> float:
    """Largest difference, by the largest number."""
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-12))
