"""PyTorch's side: the same networks from its own layers, with fused Adam. Whatever can be prepared before the step
(one-hot inputs, padding, packing) is prepared."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_sequence

from engine import Examples
from tests.benchmarks.cases import AnyCase, Case, Sampling, Softmax

Step = Callable[[], None]
_Batch = tuple[Tensor | PackedSequence | None, ...]
_START, _END = 1, 1  # what stands in for the start symbol costs the same as any other
_LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def steps(case: AnyCase) -> dict[str, Step]:
    """Forms of the batch → a step; threads are the caller's business."""
    torch.manual_seed(0)
    if isinstance(case, Softmax):
        return {"": _softmax(case)}
    if isinstance(case, Sampling):
        return {"": _sampling(case)}
    if case.kind == "pairs":
        return {"padded": _training(case, _Translator(case), _translation_batches(case))}
    forms = ("padded",) if case.shortest == case.longest else ("padded", "packed")
    return {form: _training(case, _Reader(case), _batches(case, form)) for form in forms}


def _training(case: Case, network: nn.Module, batches: list[_Batch]) -> Step:
    parameters = list(network.parameters())
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=True)
    turn = cycle(batches)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(network(*next(turn)))
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    return step


class _Reader(nn.Module):
    """Symbols → classes at each step: language model and tagger."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        config = case.config
        size = config.embedding_size
        self.embedding = nn.Embedding(case.vocabulary, size) if size else None
        self.body = _LAYERS[config.cell](
            size or case.vocabulary, config.hidden_size, config.num_layers, bidirectional=config.bidirectional
        )
        sides = 2 if config.bidirectional else 1
        self.output = nn.Linear(sides * config.hidden_size, case.labels or case.vocabulary)

    def forward(self, x: Tensor | PackedSequence, rows: Tensor | None, targets: Tensor) -> Tensor:
        """rows: the flat places of true symbols among the padded ones, None where there are no others."""
        if self.embedding is not None:
            x = x._replace(data=self.embedding(x.data)) if isinstance(x, PackedSequence) else self.embedding(x)
        states = self.body(x)[0]
        flat = states.data if isinstance(states, PackedSequence) else states.flatten(0, 1)
        return nn.functional.cross_entropy(self.output(flat if rows is None else flat[rows]), targets)


def _tensor(ids: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(ids, np.int64))


def _rows(examples: Examples, kind: str) -> tuple[list[Tensor], list[Tensor]]:
    """Inputs and targets of each sequence."""
    inputs, targets = [], []
    for source, target in zip(examples.source, examples.target, strict=True):
        if kind == "stream":
            inputs.append(source[:-1])
            targets.append(source[1:])
        elif kind == "sequences":
            inputs.append(np.concatenate(([_START], source)))
            targets.append(np.concatenate((source, [_END])))
        else:
            inputs.append(source)
            targets.append(target)
    return [_tensor(row) for row in inputs], [_tensor(row) for row in targets]


def _batches(case: Case, form: str) -> list[_Batch]:
    found: list[_Batch] = []
    for examples in case.batches():
        inputs, targets = _rows(examples, case.kind)
        lengths = torch.tensor([len(row) for row in inputs])
        x, wanted, rows = pad_sequence(inputs), pad_sequence(targets), None
        if not case.config.embedding_size:
            x = nn.functional.one_hot(x, case.vocabulary).float()
        if form == "packed":
            packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
            found.append((packed, None, pack_padded_sequence(wanted, lengths, enforce_sorted=False).data))
            continue
        inside = torch.arange(len(wanted))[:, None] < lengths
        if not bool(inside.all()):
            rows = inside.flatten().nonzero()[:, 0]
        found.append((x, rows, wanted[inside]))
    return found


class _Translator(nn.Module):
    """Encoder, decoder from its last state, attention (Luong, general)."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        size, hidden = case.config.embedding_size, case.config.hidden_size
        self.embeddings = nn.ModuleList(nn.Embedding(case.vocabulary, size) for _ in range(2))
        self.encoder, self.decoder = nn.LSTM(size, hidden), nn.LSTM(size, hidden)
        self.score = nn.Linear(hidden, hidden, bias=False)
        self.combine = nn.Linear(2 * hidden, hidden, bias=False)
        self.output = nn.Linear(hidden, case.vocabulary)

    def forward(self, source: Tensor, target: Tensor, outside: Tensor, rows: Tensor, wanted: Tensor) -> Tensor:
        """outside: (B, 1, S) true beyond each source's end."""
        keys, last = self.encoder(self.embeddings[0](source))
        states = self.decoder(self.embeddings[1](target), last)[0]
        keys, queries = keys.transpose(0, 1), states.transpose(0, 1)
        scores = self.score(queries) @ keys.transpose(1, 2)
        context = torch.softmax(scores.masked_fill(outside, float("-inf")), 2) @ keys
        joined = torch.tanh(self.combine(torch.cat((context, queries), 2)))
        return nn.functional.cross_entropy(self.output(joined.flatten(0, 1)[rows]), wanted)


def _translation_batches(case: Case) -> list[_Batch]:
    found: list[_Batch] = []
    for examples in case.batches():
        source = [_tensor(np.append(row, _END)) for row in examples.source]
        inputs, targets = [], []
        for row in examples.target:
            inputs.append(_tensor(np.concatenate(([_START], row))))
            targets.append(_tensor(np.append(row, _END)))
        lengths = torch.tensor([len(row) for row in source])
        x, y = pad_sequence(source), pad_sequence(inputs)
        outside = (torch.arange(len(x)) >= lengths[:, None])[:, None]
        wanted = pad_sequence(targets, batch_first=True)
        inside = torch.arange(wanted.shape[1]) < torch.tensor([len(row) for row in targets])[:, None]
        found.append((x, y, outside, inside.flatten().nonzero()[:, 0], wanted[inside]))
    return found


def _softmax(case: Softmax) -> Step:
    layer = nn.Linear(case.hidden, case.vocabulary)
    x = torch.randn(case.rows, case.hidden, requires_grad=True)
    targets = torch.randint(0, case.vocabulary, (case.rows,))
    parameters = list(layer.parameters())
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=True)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        x.grad = None
        torch.autograd.backward(nn.functional.cross_entropy(layer(x), targets))
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    return step


def _sampling(case: Sampling) -> Step:
    cell, output = nn.LSTMCell(case.vocabulary, case.hidden), nn.Linear(case.hidden, case.vocabulary)
    symbols = torch.eye(case.vocabulary)
    state = (torch.zeros(1, case.hidden), torch.zeros(1, case.hidden))
    chosen = torch.tensor([2])

    def step() -> None:
        nonlocal state, chosen
        with torch.inference_mode():
            state = cell(symbols[chosen], state)
            logits = output(state[0])
            if case.draw:
                chosen = torch.multinomial(torch.softmax(logits, 1), 1)[:, 0]

    return step
