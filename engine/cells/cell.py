"""The contract of a cell: what it says about itself, its equation, and its fast kernels.

A cell is pointwise mathematics only. `RecurrentLayer` owns the matrices, time, lengths and layers. It hands the kernels

    z      (G, n, H)  the input part of each gate, W x + b; on return, the activated gates
    r      (G, n, H)  the recurrent part, U h_{t−1}; contiguous scratch, contents undefined afterwards
    old    the states of the previous step, each (n, H);  new: the states to fill in, each (n, H)
    saved  (n, H) arrays that the backward pass will need again

A gate that is itself the new state is written to `new`; the layer makes its plane of `z` share that memory.

One tanh serves all bounded gates: σ(v) = (1 + tanh(v/2)) / 2. The inner ½ is folded into the weights, so `z` and `r` of
a σ gate arrive already halved. So that one call can handle all σ gates, the planes are ordered to make them adjacent:
`input_order` and `recurrent_order` say which entry of `gates` each plane holds.

Going backwards, `factors` computes whatever does not depend on the gradient, for a whole chunk of steps at once;
`backward` then multiplies by the gradient one step at a time, last step first. Afterwards `delta` holds
∂loss/∂(pre-activation). A gate whose recurrent part is multiplied by another gate has two planes in `delta`, the first
for its input part and the last for its recurrent part.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from engine.cells.cell_description import SIGMOID, Equation, Gate, OnnxOperator, Role, State, TorchLayer
from engine.types import FloatArray

Arrays = Sequence[FloatArray]
ByLetter = Mapping[str, FloatArray]


class Cell(ABC):
    """Everything about a cell. The module's docstring explains the arrays."""

    title: ClassVar[str]
    summary: ClassVar[str]  # one sentence of help
    merit: ClassVar[str]  # one sentence: why one would choose it; shown where it is proposed
    gates: ClassVar[tuple[Gate, ...]]  # in PyTorch's order, which is that of the parameters
    states: ClassVar[tuple[State, ...]] = (State("h", carries=True),)
    equations: ClassVar[tuple[Equation, ...]]
    torch: ClassVar[TorchLayer | None] = None  # None: PyTorch has no such layer
    onnx: ClassVar[OnnxOperator | None] = None  # None: ONNX has no such operator

    # What the kernels need.
    factor_state: ClassVar[int] = 0  # the previous state that `factors` reads
    saved_arrays: ClassVar[int] = 0

    def __init__(self, dtype: DTypeLike) -> None:
        # 0-d arrays of the right type: a Python float would be converted again in each of thousands of calls
        self.zero = np.asarray(0.0, dtype)
        self.half = np.asarray(0.5, dtype)
        self.one = np.asarray(1.0, dtype)
        self.scale = tuple(gate.activation.scale for gate in self.gates)
        apart, count = sum(bool(gate.past_through) for gate in self.gates), len(self.gates)
        self.input_order = tuple(sorted(range(count), key=self._place))
        self.recurrent_order = self.input_order[apart:] + self.input_order[:apart]
        self.planes = count + apart  # of delta
        self.input_planes = slice(0, count)  # those of delta that reach W, in input_order
        self.recurrent_planes = slice(apart, count + apart)  # those that reach U, in recurrent_order

    def _place(self, index: int) -> tuple[bool, bool, bool]:
        """Sort key for the planes of `z`: a gate that is the state, or has two parts, comes first; σ gates come
        last."""
        gate = self.gates[index]
        return gate.role is not Role.STATE, not gate.past_through, gate.activation is SIGMOID

    @classmethod
    def gate(cls, name: str) -> Gate:
        """The gate of that name."""
        return next(gate for gate in cls.gates if gate.name == name)

    @classmethod
    def inner_gates(cls) -> tuple[Gate, ...]:
        """All gates except those that are the new state itself."""
        return tuple(gate for gate in cls.gates if gate.role is not Role.STATE)

    @classmethod
    def is_gated(cls) -> bool:
        """Whether any of its gates multiplies something."""
        return any(gate.role.multiplies for gate in cls.gates)

    @classmethod
    def carrier(cls) -> int:
        """Index of the state through which the cell remembers."""
        return next(k for k, state in enumerate(cls.states) if state.carries)

    @classmethod
    def recurrent_bias(cls) -> str:
        """The name of the separate bias added to U h, such as "hn", or "" for cells without one."""
        return next((f"h{gate.letter}" for gate in cls.gates if gate.past_through), "")

    @staticmethod
    @abstractmethod
    def equation(x: FloatArray, old: Arrays, w: ByLetter, u: ByLetter, b: ByLetter) -> dict[str, FloatArray]:
        """The cell as one would write it on a blackboard: (…, D), states (…, H) → gates and states by name, (…, H).

        Slow and plain; the kernels are tested against it. w (D, H), u (H, H) and b (H,) by gate letter.
        """

    @abstractmethod
    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        """One step forward for n sequences: fill in `new` and `saved`, and turn W x + b in z (G, n, H) into the gates.

        r (G, n, H): U h, which may be overwritten; it is folded like z, that is, multiplied by `scale`. old, new:
        arrays (n, H) in the order of `states`. saved: `saved_arrays` arrays (n, H). bias (H,): the separate bias added
        to U h, for cells with a `recurrent_bias`.
        """

    @abstractmethod
    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        """Fill `delta` (planes, n, H) with everything the gradient will be multiplied by. May overwrite `saved`.

        The n rows may be those of several steps. z (G, n, H), new and saved, arrays (n, H): as `forward` left them.
        old (n, H): state number `factor_state` of the previous step.
        """

    @abstractmethod
    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        """One step backward: turn the factors in `delta` (planes, n, H) into the gradient of the pre-activations, and
        write what does not pass through U to `d_old`, arrays (n, H) in the order of `states`.

        Add to the first state's gradient, which already holds what came from the layer above. Overwrite those of the
        other states, which only the next step reads.

        z and saved: as `factors` left them. d_new: the complete gradients of this step's states, arrays (n, H), which
        may be overwritten. spare: (n, H) scratch.
        """

    @abstractmethod
    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        """The part of each state's gradient that reaches the same state of the previous step without passing through U.

        gates: `inner_gates` by name, (n, H); d_new: the complete gradients, (n, H). Returns arrays (n, H), in the order
        of `states`.
        """
