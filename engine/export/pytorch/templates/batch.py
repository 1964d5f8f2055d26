"""Examples to learn from, and what a network is trained to make small: its loss in nats."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from engine.export.pytorch.templates.symbol_reader import State
from engine.export.pytorch.templates.text import END, UNKNOWN, Vocabulary

NOTHING = -100  # stands where nothing is to be predicted


class Batch(NamedTuple):
    """Some examples: ids of the symbols of each source, and of each target, which is a label, tags or another text."""

    sources: list[Tensor]
    targets: list[Tensor]


class Nats(NamedTuple):
    """The loss of a batch, minus the logarithm of the probability of all that is right: a sum over its predictions.

    state: of a running text, to go on from.
    """

    total: Tensor
    predictions: int
    state: State | None = None


class Sources(NamedTuple):
    """Texts as a network reads them: ids (B, T), lengths (B,), and the words where their spelling is read."""

    ids: Tensor
    lengths: Tensor
    words: list[list[str]] | None


def end() -> Tensor:
    """The end of a text, as a row of ids."""
    return torch.tensor([END])


def padded(rows: list[Tensor], value: int, device: torch.device) -> Tensor:
    """Rows of ids → (B, T)."""
    return pad_sequence(rows, batch_first=True, padding_value=value).to(device)


def read(rows: list[Tensor], vocabulary: Vocabulary, spelled: bool, device: torch.device) -> Sources:
    """Rows of ids, none of them empty; ids beyond those that the network knows are words that it can only spell."""
    words = [vocabulary.words(row.tolist()) for row in rows] if spelled else None
    known = [row.masked_fill(row >= len(vocabulary), UNKNOWN) for row in rows]
    return Sources(padded(known, UNKNOWN, device), torch.tensor([len(row) for row in rows]), words)


def summed(logits: Tensor, targets: Tensor, state: State | None = None) -> Nats:
    """logits (…, K), targets (…), NOTHING where there is none."""
    flat, wanted = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    total = nn.functional.cross_entropy(flat, wanted, ignore_index=NOTHING, reduction="sum")
    return Nats(total, int((wanted != NOTHING).sum()), state)


@torch.no_grad()
def mixed(network: nn.Module, inputs: Tensor, share: float, best_after: Callable[[Tensor], Tensor]) -> Tensor:
    """inputs (B, T) with about this share of the truth; the others are what the network itself would have written.

    best_after: the most probable next ids (B,) when these ids (B,) have been read too. Bengio et al., "Scheduled
    sampling" (2015). No dropout acts meanwhile.
    """
    found = inputs.clone()
    network.eval()
    for t in range(1, inputs.shape[1]):
        own = best_after(found[:, t - 1])
        truth = torch.rand(len(inputs), device=inputs.device) < share
        found[:, t] = torch.where(truth, inputs[:, t], own)
    network.train()
    return found
