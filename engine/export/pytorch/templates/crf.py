"""A linear-chain conditional random field, which chooses all tags of a text together."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class ConditionalRandomField(nn.Module):
    """score(tags) = start + sum of the network's scores + sum of the transitions between neighbours + end."""

    forbidden = -1e6  # added wherever a tag is not allowed

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__()
        count = len(config["first"])
        self.transitions = nn.Parameter(torch.zeros(count, count))  # (K, K): from, to
        self.start, self.end = nn.Parameter(torch.zeros(count)), nn.Parameter(torch.zeros(count))
        self.allowed = [torch.tensor(config[name]) for name in ("neighbours", "first", "last")]

    def loss(self, scores: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        """scores (B, T, K), tags (B, T) and lengths (B,) → minus the log-probability of the tags, summed over the
        texts."""
        rows, last = torch.arange(len(tags), device=tags.device), lengths.to(tags.device) - 1
        inside = torch.arange(tags.shape[1], device=tags.device) <= last[:, None]
        forward = self.start + scores[:, 0]
        for t in range(1, tags.shape[1]):
            longer = torch.logsumexp(forward[:, :, None] + self.transitions, dim=1) + scores[:, t]
            forward = torch.where(inside[:, t, None], longer, forward)
        tags = tags.masked_fill(~inside, 0)
        chosen = scores.gather(2, tags[:, :, None])[:, :, 0] * inside
        steps = self.transitions[tags[:, :-1], tags[:, 1:]] * inside[:, 1:]
        right = self.start[tags[:, 0]] + chosen.sum(dim=1) + steps.sum(dim=1) + self.end[tags[rows, last]]
        return (torch.logsumexp(forward + self.end, dim=1) - right).sum()

    def probabilities(self, scores: Tensor) -> Tensor:
        """scores (T, K) of one text → the probability of each tag at each token (T, K)."""
        rows = scores.double()
        transitions, start, end = self.transitions.double(), self.start.double(), self.end.double()
        forward, backward = [start + rows[0]], [end]
        for row in rows[1:]:
            forward.append(torch.logsumexp(forward[-1][:, None] + transitions, dim=0) + row)
        for row in rows[1:].flip(0):
            backward.append(torch.logsumexp(transitions + row + backward[-1], dim=1))
        return (torch.stack(forward) + torch.stack(backward[::-1])).softmax(dim=1)

    def best(self, scores: Tensor) -> list[int]:
        """scores (T, K) of one text → its most probable sequence of tags, with allowed transitions only (Viterbi)."""
        pairs, first, last = (torch.where(places.to(scores.device), 0.0, self.forbidden) for places in self.allowed)
        best, origins = self.start + first + scores[0], []
        for row in scores[1:]:
            reached = (best[:, None] + self.transitions + pairs).max(dim=0)
            best = reached.values + row
            origins.append(reached.indices)
        tags = [int((best + self.end + last).argmax())]
        for origin in reversed(origins):
            tags.append(int(origin[tags[-1]]))
        return tags[::-1]
