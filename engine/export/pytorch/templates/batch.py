"""Training examples, and the loss in nats that training minimizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from engine.export.pytorch.templates.symbol_reader import State
from engine.export.pytorch.templates.text import END, UNKNOWN, Vocabulary

NOTHING = -100  # a target where there is nothing to predict


class Batch(NamedTuple):
    """Some examples: the ids (length,) of each source, and of each target, which is a label, tags or another text."""

    sources: list[Tensor]
    targets: list[Tensor]


class Nats(NamedTuple):
    """The loss of a batch: minus the log-probability of the right answers, summed over all predictions.

    state: in running text, the state that the next window continues from.
    """

    total: Tensor
    predictions: int
    state: State | None = None


class Sources(NamedTuple):
    """Texts as a network reads them: ids (B, T), lengths (B,), and the words if the network reads their spelling."""

    ids: Tensor
    lengths: Tensor
    words: list[list[str]] | None


def end() -> Tensor:
    """A row of ids (1,) that holds only the end symbol."""
    return torch.tensor([END])


def padded(rows: list[Tensor], value: int, device: torch.device) -> Tensor:
    """B rows of ids (length,) → (B, T), padded with `value`."""
    return pad_sequence(rows, batch_first=True, padding_value=value).to(device)


def read(rows: list[Tensor], vocabulary: Vocabulary, spelled: bool, device: torch.device) -> Sources:
    """B rows of ids (length,), none of them empty → the padded sources. Ids beyond the vocabulary are unknown words,
    which can only be spelled."""
    words = [vocabulary.words(row.tolist()) for row in rows] if spelled else None
    known = [row.masked_fill(row >= len(vocabulary), UNKNOWN) for row in rows]
    return Sources(padded(known, UNKNOWN, device), torch.tensor([len(row) for row in rows]), words)


def summed(logits: Tensor, targets: Tensor, state: State | None = None) -> Nats:
    """The summed loss of logits (…, K) for targets (…), which are NOTHING where there is nothing to predict."""
    flat, wanted = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    total = nn.functional.cross_entropy(flat, wanted, ignore_index=NOTHING, reduction="sum")
    return Nats(total, int((wanted != NOTHING).sum()), state)


@torch.no_grad()
def mixed(network: nn.Module, inputs: Tensor, share: float, best_after: Callable[[Tensor], Tensor]) -> Tensor:
    """inputs (B, T) → (B, T): about this share of them is kept; the rest are replaced by the network's own predictions.

    best_after: reads the next ids (B,) and returns the most probable ids (B,) after them. Dropout is off while it
    does. Source: Bengio et al., "Scheduled sampling" (2015).
    """
    found = inputs.clone()
    network.eval()
    for t in range(1, inputs.shape[1]):
        own = best_after(found[:, t - 1])
        truth = torch.rand(len(inputs), device=inputs.device) < share
        found[:, t] = torch.where(truth, inputs[:, t], own)
    network.train()
    return found
