"""The values a cell describes itself with: its gates, states and equations, and its names in exported formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from engine.types import FloatArray

_CLOSE_TO_ONE = 0.999999  # beyond it tanh has no inverse in float32


# The functions used in the equations. Each also accepts complex numbers and is analytic, so a complex step
# differentiates it exactly.


def sigmoid(a: FloatArray) -> FloatArray:
    """σ(a) = 1 / (1 + e^−a), for any shape."""
    return np.asarray(1 / (1 + np.exp(-a)))


def tanh(a: FloatArray) -> FloatArray:
    """tanh(a), for any shape."""
    return np.asarray(np.tanh(a))


def relu(a: FloatArray) -> FloatArray:
    """max(0, a), for any shape; a complex number is judged by its real part."""
    return np.where(a.real > 0, a, 0)


def _inverse_sigmoid(value: float) -> float:
    return 2 * _inverse_tanh(2 * value - 1)


def _inverse_tanh(value: float) -> float:
    return float(np.arctanh(np.clip(value, -_CLOSE_TO_ONE, _CLOSE_TO_ONE)))


def _inverse_relu(value: float) -> float | None:
    return None if value == 0 else value


@dataclass(frozen=True)
class Activation:
    """Turns the sum inside a gate into the gate's value.

    scale: what the kernels multiply the gate's weights by, so that one tanh serves both tanh and σ. inverse: the sum
    that gives a certain value, or None where several do.
    """

    name: str
    function: Callable[[FloatArray], FloatArray]
    inverse: Callable[[float], float | None]
    scale: float = 1.0


SIGMOID = Activation("σ", sigmoid, _inverse_sigmoid, scale=0.5)  # σ(a) = (1 + tanh(a/2)) / 2
TANH = Activation("tanh", tanh, _inverse_tanh)
RELU = Activation("relu", relu, _inverse_relu)


class Role(Enum):
    """What a gate is for. The value is the text shown in the window."""

    STATE = "the new state itself"
    CANDIDATE = "new content"
    WRITES = "what is let in"
    KEEPS = "what is kept"
    SHOWS = "what is shown"
    RESETS = "how much of the past is used"

    @property
    def multiplies(self) -> bool:
        """Whether the gate opens and closes: its numbers, between 0 and 1, multiply others."""
        return self not in (Role.STATE, Role.CANDIDATE)


@dataclass(frozen=True)
class Gate:
    """One sum W x + U h + b and the activation around it.

    letter: its name in the equations. past_through: the gate that multiplies U h before it enters the sum; U h then has
    a separate bias. bias: the initial value of its bias. identity: U starts as the identity matrix. meaning: what it is
    for, where its role does not say everything.
    """

    name: str
    letter: str
    activation: Activation
    role: Role
    past_through: str = ""
    bias: float = 0.0
    identity: bool = False
    meaning: str = ""

    @property
    def title(self) -> str:
        """ "forget gate", "candidate" """
        return f"{self.name} gate" if self.role.multiplies else self.name

    @property
    def caption(self) -> str:
        """ "forget gate: what is kept" """
        return f"{self.title}: {self.meaning or self.role.value}"


@dataclass(frozen=True)
class State:
    """What one step passes on to the next. The first state of a cell is also its output, which the layer above reads.

    carries: the cell remembers through this state.
    """

    name: str
    carries: bool


@dataclass(frozen=True)
class Equation:
    """A line on the blackboard, and the names of the gates and states that it defines."""

    text: str
    defines: tuple[str, ...]


@dataclass(frozen=True)
class TorchLayer:
    """The torch.nn class that computes the same, its gates in our order, and any extra arguments it needs."""

    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OnnxOperator:
    """The ONNX operator that computes the same, our gates in its order, and any extra attributes it needs.

    activations: for one direction; () for the operator's defaults.
    """

    name: str
    gates: tuple[str, ...]
    activations: tuple[str, ...] = ()
    attributes: Mapping[str, int] = field(default_factory=dict)
