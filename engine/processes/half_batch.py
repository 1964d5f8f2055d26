"""A second process that computes half of every batch.

Two threads that make many small NumPy calls spend most of their time waiting for Python's lock. Two processes share
only a block of memory with the weights and the gradient. The second process receives its halves through a pipe, writes
its gradient to the block, and answers with the loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.config import ModelConfig
from engine.data.bulk.ragged import Ragged
from engine.data.codec import Codec
from engine.data.examples import Examples
from engine.models import Carry, Model, restore_model
from engine.network.parameters import Parameters
from engine.processes.child_process import Child, parent
from engine.processes.shared_memory import shared_zeros
from engine.types import FloatArray

_GONE = "The process that computes the other half of every batch has ended. Train with one worker instead."
_WEIGHTS, _GRADIENT = 0, 1  # rows of the shared block


@dataclass(frozen=True)
class _ChildStart:
    """The network, and the block (2, size) shared with the other process."""

    config: ModelConfig
    codec: Codec
    longest: int
    block: FloatArray


@dataclass(frozen=True)
class _Task:
    """Arguments of `Model.loss_and_gradient`. codec: of the examples; None if unchanged since the last task."""

    codec: Codec | None
    source: Ragged
    target: Ragged
    rng: np.random.Generator | None
    carry: Carry | None
    teacher_forcing: float


@dataclass(frozen=True)
class HalfResult:
    """Mean nats, number of predicted symbols and last state of the other half; its gradient is in the block."""

    loss: float
    predicted: int
    carry: Carry | None


class Half:
    """The second process as seen by the first: `begin` its half, compute your own, then `finish`.

    The model's weights move into the shared block, so that the second process always sees them as they are.
    environment: additional environment variables for it. `gradient` (size,) is that of the last finished half.
    """

    def __init__(self, model: Model, environment: dict[str, str]) -> None:
        self._codec: Codec | None = None
        flat = model.parameters.flat
        try:
            block = shared_zeros((2, len(flat)), flat.dtype)
        except OSError as error:
            raise RuntimeError(f"{error} Train with one worker instead.") from None
        model.work.move_weights(block[_WEIGHTS])
        self.gradient = block[_GRADIENT]
        self._child = Child("engine.processes.half_batch", environment)
        self._channel, self.process_id = self._child.channel, self._child.process_id
        self._channel.send(_ChildStart(model.config, model.codec, model.longest, block))

    def begin(
        self,
        examples: Examples,
        rng: np.random.Generator | None,
        carry: Carry | None,
        teacher_forcing: float,
    ) -> None:
        """Hand over the examples, and return at once. The weights must not change before `finish`. RuntimeError if the
        process has ended, as in `finish`."""
        codec = None if examples.codec is self._codec else examples.codec
        self._codec = examples.codec
        try:
            self._channel.send(_Task(codec, examples.source, examples.target, rng, carry, teacher_forcing))
        except BrokenPipeError:
            raise RuntimeError(_GONE) from None

    def finish(self) -> HalfResult:
        """Wait for the result of the last `begin`. An error in the other process is raised here."""
        try:
            answer = self._channel.receive()
        except EOFError:
            raise RuntimeError(_GONE) from None
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, HalfResult)
        return answer

    def close(self) -> None:
        """End the process. This also happens when this object is garbage-collected."""
        self._child.close()


def serve() -> None:
    """Run the second process: compute halves until the first one closes the pipe."""
    channel = parent()
    try:
        start = channel.receive()
        model = restore_model(start.config, start.codec, start.longest, start.block[_WEIGHTS])
        model.work.gradients = Parameters(model.parameters.shapes, flat=start.block[_GRADIENT])
        codec = start.codec
        while True:
            task = channel.receive()
            codec = task.codec or codec
            channel.send(_result(model, codec, task))
    except (EOFError, BrokenPipeError):
        return


def _result(model: Model, codec: Codec, task: _Task) -> HalfResult | Exception:
    try:
        examples = Examples(codec, task.source, task.target)
        loss, count = model.mean_loss_and_count(examples, task.rng, task.carry, task.teacher_forcing)
    except Exception as error:  # whatever it is, the first process must hear of it
        return error
    return HalfResult(loss, count, task.carry)
