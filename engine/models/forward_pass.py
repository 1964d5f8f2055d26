"""What a forward pass keeps for the backward pass, and for the next window of a running text."""

from __future__ import annotations

from dataclasses import dataclass

from engine.network.packing import Packing
from engine.network.sampled_softmax import DrawnSymbols
from engine.network.states import StackStates
from engine.types import FloatArray, IntArray


@dataclass(frozen=True)
class ReadOutTape:
    """What the read-out of N predictions keeps for the backward pass."""

    states: FloatArray  # (N, H) its input; dropped numbers are zero
    mask: FloatArray | None  # (N, H) of the dropout before it
    drawn: DrawnSymbols | None  # the symbols it scored, with logits (C, N); None: all of them


@dataclass
class Pass:
    """A forward pass: logits (K, N) and targets of its N predictions, in row order: ids (N,), or numbers (N, D).

    packing: of the predictions; a network with one prediction for each example has them by sorted place.
    """

    packing: Packing
    logits: FloatArray
    targets: IntArray
    read_out: ReadOutTape

    @property
    def target_rows(self) -> IntArray:
        """(N,) the row of the logits that belongs to each target."""
        drawn = self.read_out.drawn
        return self.targets if drawn is None else drawn.places

    @property
    def count(self) -> int:
        """The number of terms whose mean is the loss: N predictions, or N · D numbers."""
        return int(self.targets.size)

    @property
    def owners(self) -> IntArray:
        """(N,) the example that each prediction belongs to, as a place in the caller's batch."""
        order = self.packing.order
        return order if len(self.targets) == self.packing.batch else order[self.packing.sequence_of_row]

    @property
    def attention_weights(self) -> FloatArray | None:
        """(B, decoder steps, encoder steps) where a decoder looks back at its source."""
        return None

    @property
    def copied(self) -> FloatArray | None:
        """(K, N) the part of each probability that is copied from the source instead of scored; None where a decoder
        cannot copy."""
        return None

    @property
    def winning_steps(self) -> IntArray | None:
        """(H · directions,) of a single example: the step that each number of the pooled state comes from; None for a
        network without a maximum over time."""
        return None


@dataclass
class Carry:
    """The recurrent state handed from one window of a running text to the next; None at its beginning."""

    states: StackStates | None = None
