"""A moment of a training run: everything that may be looked at, and nothing that can change."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config import ModelConfig
from engine.data.codec import Codec
from engine.models import Model, count_parameters, model_class, restore_model
from engine.number_text import grouped
from engine.types import FloatArray


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The weights at a step, with all that is needed to use them without the data.

    weights (P,): the flat vector, read-only; numbers that are counted in the data come last. run: the id of the
    training run it is from.
    """

    run: str
    step: int
    epoch: int
    config: ModelConfig
    codec: Codec
    longest: int
    weights: FloatArray

    @classmethod
    def of(cls, model: Model, run: str = "", step: int = 0, epoch: int = 0) -> Snapshot:
        """A copy of the model as it is now."""
        weights = model.parameters.flat.copy()
        weights.flags.writeable = False
        return cls(run, step, epoch, model.config, model.codec, model.longest, weights)

    @property
    def model_class(self) -> type[Model]:
        """The class of the network, without building it."""
        return model_class(self.config.architecture, self.codec.kind)

    @property
    def learned(self) -> int:
        """How many of the weights are learned."""
        return count_parameters(self.config, self.codec, self.longest)

    @property
    def size_in_words(self) -> str:
        """ "31,620 weights", or "31,620 weights and a table of 131,492 counts from the data" """
        learned = self.learned
        counts = len(self.weights) - learned
        return f"{learned:,} weights" + (f" and a table of {counts:,} counts from the data" if counts else "")

    def model(self) -> Model:
        """A network around these weights; each thread takes its own."""
        return restore_model(self.config, self.codec, self.longest, self.weights)


def weights_in_words(step: int) -> str:
    """Which weights something was computed with: those of a training step."""
    return f"with the weights of training step {grouped(step)}" if step else "with untrained weights"
