"""Train the network in this folder further, on its examples (data.safetensors), with its settings (config.json).

python train.py --epochs 5 --output trained
torchrun --nproc-per-node 4 train.py --epochs 5 --output trained

The output is a folder like this one, with the weights that had the best validation loss; Unroll opens it as a run. A
checkpoint in it holds the last weights, and the same command continues from there, even after it was killed.
Several processes, on one machine or many, can share each batch; the gradient is that of the whole batch.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
import torch.distributed as dist
from examples import Batches, Processes, Rows, Shuffled, Sorted, Windows, join
from model import Batch, Nats, load
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

HERE = Path(__file__).parent
VALIDATION_TRACKS, VALIDATION_WINDOW = 32, 128  # running text is validated in parts, each with an empty memory first


def falling(progress: float) -> float:
    """Falls from 1 to 0 along a cosine."""
    return (1 + math.cos(math.pi * progress)) / 2


def one_cycle(progress: float) -> float:
    """Rises for 30 % of the run, then falls."""
    if progress < 0.3:
        return 1 - (1 - 1 / 25) * falling(progress / 0.3)
    return 1 / 25e4 + (1 - 1 / 25e4) * falling((progress - 0.3) / 0.7)


def adaptive(progress: float) -> float:
    """Stays at the full rate after a short warm-up, then falls in the last quarter."""
    return (1 + progress / 0.02) / 2 if progress < 0.02 else falling(max(0.0, (progress - 0.75) / 0.25))


# Share of the run → factor on the rate; whether the run is meant to end at a low rate.
SCHEDULES: dict[str, tuple[Callable[[float], float], bool]] = {
    "constant": (lambda progress: 1.0, False),
    "step": (lambda progress: 0.3 ** min(int(progress * 3), 2), False),
    "cosine": (falling, True),
    "one-cycle": (one_cycle, True),
    "plateau": (lambda progress: 1.0, False),
    "adaptive": (adaptive, True),
}


class Progress:
    """How far training has got, in numbers that a checkpoint stores."""

    def __init__(self, training: dict[str, Any], steps: int) -> None:
        self.training = training
        self.numbers = {"step": 0.0, "steps": float(steps), "best": math.inf, "best_step": 0.0, "waited": 0.0}
        self.numbers |= {"plateau": 1.0, "cooling_from": 0.0, "cooling": 1.0}

    def __getitem__(self, name: str) -> float:
        """One of the numbers."""
        return self.numbers[name]

    def rate(self) -> float:
        """The learning rate of the next step."""
        last, begun = max(1.0, self["steps"] - 1), self["cooling_from"]
        if begun:
            factor = self["cooling"] * falling(min(1.0, (self["step"] - begun) / max(1.0, last - begun)))
        else:
            factor = SCHEDULES[self.training["schedule"]][0](min(1.0, self["step"] / last))
        return float(self.training["learning_rate"]) * factor * self["plateau"]

    def validated(self, loss: float, epoch_steps: int) -> bool:
        """Take note of a validation loss; returns whether it is the best so far. When patience runs out, the rate
        starts to fall if it is still high and the schedule ends low; otherwise the run ends."""
        numbers = self.numbers
        if loss < self["best"]:
            numbers |= {"best": loss, "best_step": self["step"], "waited": 0.0}
            return True
        numbers["waited"] += 1
        if self.training["schedule"] == "plateau" and self["waited"] % 3 == 0:
            numbers["plateau"] /= 2
        patience = self.training["patience"] * epoch_steps
        if patience and self["step"] - self["best_step"] >= patience and not self["cooling_from"]:
            full = self.rate() / (self.training["learning_rate"] * self["plateau"])
            rest = max(2, round(self["step"] / 3)) if SCHEDULES[self.training["schedule"]][1] and full > 0.1 else 0
            numbers |= {"cooling_from": self["step"], "cooling": full}
            numbers["steps"] = min(self["steps"], self["step"] + rest)
        return False


def optimizer_of(network: nn.Module, training: dict[str, Any], slower: dict[str, float]) -> torch.optim.Optimizer:
    """The optimizer that the settings name. slower: weight → the share of the learning rate that it moves by."""
    rate, momentum, weights = training["learning_rate"], training["momentum"], list[dict[str, Any]]()
    for share in (1.0, *sorted(set(slower.values()))):
        those = [weight for name, weight in network.named_parameters() if slower.get(name, 1.0) == share]
        weights.append({"params": those, "share": share})
    found: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "sgd": lambda: torch.optim.SGD(weights, rate),
        "momentum": lambda: torch.optim.SGD(weights, rate, momentum),
        "nesterov": lambda: torch.optim.SGD(weights, rate, momentum, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(weights, rate),
        "adam": lambda: torch.optim.Adam(weights, rate),
        "adamw": lambda: torch.optim.AdamW(weights, rate, weight_decay=training["weight_decay"]),
    }
    return found[training["optimizer"]]()


# ---- training


class Loss(nn.Module):
    """The loss of a network as a module, which is what DistributedDataParallel takes."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, batch: Batch, state: Any, forcing: float) -> Nats:
        """The loss, summed over the batch."""
        nats: Nats = self.network.nats(batch, state, forcing)
        return nats


class Training:
    """A network, its examples, and its progress."""

    def __init__(self, processes: Processes, epochs: int | None) -> None:
        self.processes = processes
        self.config: dict[str, Any] = json.loads((HERE / "config.json").read_text(encoding="utf-8"))
        self.training: dict[str, Any] = self.config["training"]
        self.network: Any = load(HERE, str(processes.device))
        self.optimizer = optimizer_of(self.network, self.training, self.config["slower"])
        tables: list[str] = self.config["sparse"]
        self.sparse = [weight for name, weight in self.network.named_parameters() if name in tables]
        tensors = self.data()
        self.train_batches = self.batches(Rows(tensors, "train"))
        self.validation_batches = self.batches(Rows(tensors, "validation"), validation=True)
        self.progress = Progress(self.training, self.train_batches.steps * (epochs or self.training["epochs"]))
        self.state: Any = None  # of running text
        self.loss: nn.Module = Loss(self.network)
        if processes.size > 1:
            self.loss = DistributedDataParallel(self.loss)

    def data(self) -> dict[str, Tensor]:
        """All examples; SystemExit if the network was not trained on them."""
        with safe_open(HERE / "data.safetensors", framework="pt") as opened:
            if (opened.metadata() or {}).get("fingerprint") != self.config["unroll"]["data"]["fingerprint"]:
                raise SystemExit("data.safetensors holds other examples than config.json names; export again.")
            return {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a dictionary

    def batches(self, rows: Rows, validation: bool = False) -> Batches:
        """The batches of training or validation rows."""
        size, window = self.training["batch_size"], self.training["window"]
        if self.config.get("running_text", False):
            both = (VALIDATION_TRACKS, VALIDATION_WINDOW) if validation else (size, window)
            return Windows(rows, *both, self.processes)
        if validation:
            return Sorted(rows, self.processes)
        return Shuffled(rows, size, self.training["seed"], self.processes)

    @torch.no_grad()
    def validate(self) -> float:
        """Mean nats per prediction over all validation examples."""
        self.network.eval()
        total, predictions, state = 0.0, 0.0, None
        for step in range(self.validation_batches.steps):
            share = self.validation_batches.share(step)
            nats: Nats = self.network.nats(share.batch, state)
            state = nats.state
            total += share.counts * float(nats.total)
            predictions += share.counts * nats.predictions
        total, predictions = self.processes.total(total, predictions)
        mean: float = total / predictions
        return mean

    def step(self) -> float:
        """Take one step on one batch; returns the mean loss."""
        number, processes = int(self.progress["step"]), self.processes
        share = self.train_batches.share(number)
        self.network.train()
        torch.manual_seed((self.training["seed"] * 1_000_003 + number) * processes.size + processes.own)
        state = None if share.begins else self.state
        nats: Nats = self.loss(share.batch, state, self.training["teacher_forcing"])
        self.state = nats.state
        own, total = share.counts * nats.total, float(nats.total.detach())
        total, predictions = processes.total(share.counts * total, share.counts * nats.predictions)
        self.optimizer.zero_grad()
        # The processes' gradients are averaged; scaled like this, the average is the gradient of the batch's mean loss.
        (own * (processes.size / predictions)).backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.training["clip_norm"] or math.inf)
        for group in self.optimizer.param_groups:
            group["lr"] = group["share"] * self.progress.rate()
        if math.isfinite(total) and math.isfinite(float(norm)):
            self.move()
            self.progress.numbers["step"] += 1
        else:
            total = math.nan
        mean: float = total / predictions
        return mean

    @torch.no_grad()
    def move(self) -> None:
        """Let the optimizer take its step. In sparse tables, rows without a gradient keep their weights and moments, as
        with torch.optim.SparseAdam."""
        kept: list[tuple[Tensor, Tensor, Tensor]] = []
        for table in self.sparse:
            still = ~table.grad.bool().any(dim=1)
            moments = [value for value in self.optimizer.state[table].values() if value.shape == table.shape]
            kept += [(values, still, values[still]) for values in (table, *moments)]
        self.optimizer.step()
        for values, still, before in kept:
            values[still] = before

    def steps(self) -> Iterator[float]:
        """Take all remaining steps; yields the mean loss of each."""
        while self.progress["step"] < self.progress["steps"]:
            yield self.step()

    # ---- files

    def steps_in_all(self) -> int:
        """How many steps the network has been trained for, in Unroll and here."""
        with safe_open(HERE / "weights.safetensors", framework="pt") as opened:
            before = int((opened.metadata() or {}).get("step", 0))
        return before + int(self.progress["step"])

    def checkpoint(self, path: Path) -> None:
        """Save the latest weights, the optimizer's state and the progress."""
        tensors = {f"weights.{name}": tensor for name, tensor in self.network.state_dict().items()}
        for number, values in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": value for name, value in values.items() if value is not None}
        tensors["progress"] = torch.tensor(list(self.progress.numbers.values()), dtype=torch.float64)
        write(path, tensors, self.steps_in_all())

    def resume(self, path: Path, epochs: int | None) -> bool:
        """Continue from the first process's checkpoint, if there is one."""
        content = self.processes.from_first(path.read_bytes() if path.exists() else b"")
        if not content:
            return False
        tensors = safetensors.torch.load(content)
        planned, weights, memory = self.progress["steps"], dict[str, Tensor](), dict[int, dict[str, Tensor]]()
        self.progress.numbers = dict(zip(self.progress.numbers, tensors.pop("progress").tolist(), strict=True))
        if epochs is not None and not self.progress["cooling_from"]:
            self.progress.numbers["steps"] = planned
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "weights":
                weights[rest] = tensor
            else:
                number, _, key = rest.partition(".")
                memory.setdefault(int(number), {})[key] = tensor
        self.network.load_state_dict(weights)
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": memory})
        return True

    def write_network(self, output: Path) -> None:
        """Write the network as it is now to a folder like this one."""
        for path in (*HERE.glob("*.py"), *HERE.glob("*.json")):
            if path.name not in ("train.py", "examples.py"):
                shutil.copy(path, output)
        write(output / "weights.safetensors", self.network.state_dict(), self.steps_in_all())


def write(path: Path, tensors: dict[str, Tensor], step: int) -> None:
    """Write tensors to a file; if the process is killed meanwhile, the old file stays."""
    copies = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    content = safetensors.torch.save(copies, {"step": str(step)})
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(temporary, path)


def run(training: Training, options: argparse.Namespace) -> None:
    """Train to the end; only the first process writes files and prints."""
    first, output, progress = training.processes.own == 0, options.output, training.progress
    if first:
        output.mkdir(parents=True, exist_ok=True)
    saved = output / "checkpoint.safetensors"
    say = print if first else lambda *words, **settings: None
    if training.resume(saved, options.epochs):
        say(f"goes on from {saved} at step {progress['step']:.0f} of {progress['steps']:.0f}")
    else:
        validation = validate(training, output)
        say(f"step 0 of {progress['steps']:.0f}: validation loss {validation:.6f}")
    losses, since, length = [], time.monotonic(), training.train_batches.steps
    for loss in training.steps():
        if not math.isfinite(loss):
            raise SystemExit(f"step {progress['step']:.0f}: training diverged. The best weights are in {output}.")
        losses.append(loss)
        ended = progress["step"] % length == 0 or progress["step"] >= progress["steps"]
        if ended:
            mean, losses, validation = sum(losses) / len(losses), [], validate(training, output)
            text = f"step {progress['step']:.0f}, epoch {math.ceil(progress['step'] / length)}: loss {mean:.6f}"
            say(f"{text}, validation loss {validation:.6f}", flush=True)
        if first and (ended or time.monotonic() - since > options.save_every):
            training.checkpoint(saved)
            since = time.monotonic()
    say(f"best validation loss {progress['best']:.6f} at step {progress['best_step']:.0f}: {output}")


def validate(training: Training, output: Path) -> float:
    """The validation loss. The best weights so far are saved; they are restored before the rate starts to fall, if the
    latest ones are clearly worse."""
    loss, progress, processes = training.validate(), training.progress, training.processes
    if progress.validated(loss, training.train_batches.steps) and processes.own == 0:
        training.write_network(output)
    if progress["cooling_from"] and progress["cooling_from"] == progress["step"] and loss > 1.02 * progress["best"]:
        best = output / "weights.safetensors"
        content = processes.from_first(best.read_bytes() if processes.own == 0 else b"")
        training.network.load_state_dict(safetensors.torch.load(content))
    return loss


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train the network in this folder further.")
    parser.add_argument("--epochs", type=int, help="passes over the examples; by default as many as Unroll was set to")
    parser.add_argument("--output", type=Path, default=HERE / "trained", help="the folder for the trained network")
    parser.add_argument("--device", default="", help='where to compute: "cpu" or "cuda"; by default cuda if available')
    parser.add_argument("--save-every", type=float, default=60, metavar="SECONDS", help="checkpoints within an epoch")
    options = parser.parse_args()
    if options.output.resolve() == HERE.resolve():
        parser.error("--output is this folder itself; training begins with its weights")
    try:
        run(Training(join(options.device), options.epochs), options)
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
