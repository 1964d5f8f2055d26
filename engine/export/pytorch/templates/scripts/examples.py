"""The examples in data.safetensors, in batches that several processes can share."""

from __future__ import annotations

import os
from typing import NamedTuple

import torch
import torch.distributed as dist
from model import Batch
from torch import Tensor

VALIDATED_AT_ONCE = 16384  # symbols


class Processes(NamedTuple):
    """How many processes train together, which one this is, and where it computes."""

    size: int
    own: int
    device: torch.device

    def share(self, numbers: list[int]) -> tuple[list[int], bool]:
        """This process's share of the numbers, and whether it counts. If there are too few numbers for all processes,
        the rest take the first one without counting it, because every process has to compute a gradient."""
        mine = numbers[self.own :: self.size]
        return mine or numbers[:1], bool(mine)

    def total(self, *numbers: float) -> list[float]:
        """Each number summed over all processes."""
        if self.size == 1:
            return list(numbers)
        sums = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        dist.all_reduce(sums)
        return [float(number) for number in sums]

    def from_first(self, content: bytes) -> bytes:
        """The first process's content, sent to all others."""
        (size,) = self.total(len(content) if self.own == 0 else 0)
        if self.size == 1 or not size:
            return content if self.own == 0 else b""
        table = torch.zeros(int(size), dtype=torch.uint8, device=self.device)
        if self.own == 0:
            table.copy_(torch.frombuffer(bytearray(content), dtype=torch.uint8))
        dist.broadcast(table, 0)
        return bytes(table.cpu().numpy())


def join(device: str) -> Processes:
    """Join the processes that torchrun has started; without torchrun, this is the only one."""
    kind = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if "RANK" not in os.environ:
        return Processes(1, 0, torch.device(kind))
    if kind == "cuda":
        kind = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(kind)
    dist.init_process_group("nccl" if kind.startswith("cuda") else "gloo")
    return Processes(dist.get_world_size(), dist.get_rank(), torch.device(kind))


class Rows:
    """Examples: the ids of all sources one after another, and those of all targets."""

    def __init__(self, tensors: dict[str, Tensor], part: str) -> None:
        self.sources, self.lengths = tensors[f"{part}.sources"], tensors[f"{part}.source_lengths"].long()
        self.targets = tensors.get(f"{part}.targets", torch.zeros(0))
        self.target_lengths = tensors.get(f"{part}.target_lengths", torch.zeros(len(self.lengths))).long()
        self.ends, self.target_ends = self.lengths.cumsum(0), self.target_lengths.cumsum(0)

    def batch(self, numbers: list[int]) -> Batch:
        """The examples with these numbers."""
        sources = [self.sources[self.ends[k] - self.lengths[k] : self.ends[k]].long() for k in numbers]
        targets = [self.targets[self.target_ends[k] - self.target_lengths[k] : self.target_ends[k]] for k in numbers]
        return Batch(sources, [target.long() for target in targets])


class Share(NamedTuple):
    """The part of a batch that this process reads."""

    batch: Batch
    counts: bool = True
    begins: bool = True  # with an empty memory; otherwise running text continues from its last state


class Shuffled:
    """Batches of separate examples, in a new order each epoch."""

    def __init__(self, rows: Rows, size: int, seed: int, processes: Processes) -> None:
        self.rows, self.size, self.seed, self.processes = rows, size, seed, processes
        self.steps = -(-len(rows.lengths) // size)  # in an epoch
        self.epoch, self.order = -1, torch.zeros(0)

    def share(self, step: int) -> Share:
        """This process's share of the batch at `step`, which counts from 0 over all epochs."""
        epoch, place = divmod(step, self.steps)
        if epoch != self.epoch:
            generator = torch.Generator().manual_seed(self.seed + epoch)
            self.epoch, self.order = epoch, torch.randperm(len(self.rows.lengths), generator=generator)
        numbers, counts = self.processes.share(self.order[place * self.size : (place + 1) * self.size].tolist())
        return Share(self.rows.batch(numbers), counts)


class Sorted:
    """All examples once, longest first, for validation."""

    def __init__(self, rows: Rows, processes: Processes) -> None:
        sizes = rows.lengths + rows.target_lengths + 1
        order = sizes.argsort(descending=True, stable=True)
        cuts = (sizes[order].cumsum(0) // VALIDATED_AT_ONCE).diff().nonzero()[:, 0] + 1
        self.rows, self.processes, self.parts = rows, processes, order.tensor_split(cuts)
        self.steps = len(self.parts)

    def share(self, step: int) -> Share:
        """This process's share of one of the parts."""
        numbers, counts = self.processes.share(self.parts[step].tolist())
        return Share(self.rows.batch(numbers), counts)


class Windows:
    """Running text in parallel tracks, each read window by window. A window of T steps has T + 1 symbols, from its
    first input to its last target."""

    def __init__(self, rows: Rows, tracks: int, window: int, processes: Processes) -> None:
        self.ids, size = rows.sources, len(rows.sources)
        self.window = min(window, max(1, size - 1))
        count = max(1, min(tracks, (size - 1) // self.window))
        self.length = (size - 1) // count
        self.steps = -(-self.length // self.window)
        self.tracks, self.counts = processes.share(list(range(count)))

    def share(self, step: int) -> Share:
        """This process's share of the windows at `step`, which counts from 0 over all epochs."""
        first = step % self.steps * self.window
        last = min(first + self.window, self.length)
        rows = [self.ids[k * self.length + first : k * self.length + last + 1].long() for k in self.tracks]
        return Share(Batch(rows, []), self.counts, first == 0)


Batches = Shuffled | Sorted | Windows
