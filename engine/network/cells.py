"""The three cells: what happens at one step, side by side.

A cell is pointwise mathematics only. `Recurrent` owns the matrices, time, lengths and layers; it hands the cell

    z      (G, n, H)  the input's part of each gate, W_ih x + b; left holding the activated gates
    r      (G, n, H)  the past's part, W_hh h_{t−1}; contiguous and hot, so the work is done in it; left undefined
    old    the states of the step before, each (n, H);  new: the states to fill, each (n, H)
    saved  (n, H) arrays that the backward pass will need again

One tanh serves every gate: σ(v) = (1 + tanh(v/2)) / 2. The half inside is folded into the weights (`scale`), so `z` and
`r` of a σ gate arrive already halved. For that, gates are kept in an order that lets the σ gates, and those whose
gradient passes through the same state, lie next to each other; `input_order` and `recurrent_order` say which gate of
PyTorch's order stands in which plane.

Backwards, `factors` prepares for a whole chunk of steps whatever does not depend on the gradient, and `backward`
multiplies the gradient in, step by step, last step first. `delta` then holds ∂loss/∂(pre-activation), one plane a gate.

Sources: Elman, "Finding structure in time" (1990); Hochreiter and Schmidhuber, "Long short-term memory" (1997) with the
forget gate of Gers et al. (2000), no peepholes; Cho et al. (2014) in the reset-after form of cuDNN, PyTorch and Keras.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, final

import numpy as np
from numpy.typing import DTypeLike

from engine.types import FloatArray

Arrays = Sequence[FloatArray]


class Cell(ABC):
    """The contract of a cell; the module's docstring names the arrays."""

    title: ClassVar[str]
    gates: ClassVar[tuple[str, ...]]  # names, in PyTorch's order
    scale: ClassVar[tuple[float, ...]]  # what each gate's weights are multiplied by: ½ for σ
    states: ClassVar[tuple[str, ...]] = ("h",)
    input_order: ClassVar[tuple[int, ...]]
    recurrent_order: ClassVar[tuple[int, ...]]
    planes: ClassVar[int]  # of delta
    input_planes: ClassVar[slice]  # those of delta that reach W_ih, in input_order
    recurrent_planes: ClassVar[slice]  # those that reach W_hh, in recurrent_order
    factor_state: ClassVar[int] = 0  # the state of the step before that `factors` reads
    saved_arrays: ClassVar[int] = 0
    recurrent_bias: ClassVar[bool] = False  # whether the past's part of the candidate has a bias of its own
    equations: ClassVar[tuple[str, ...]]

    def __init__(self, dtype: DTypeLike) -> None:
        # 0-d arrays of the right type: a Python float would be converted anew at each of thousands of calls
        self.half = np.asarray(0.5, dtype)
        self.one = np.asarray(1.0, dtype)

    @abstractmethod
    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        """One step forwards: fill `new`, `saved` and the gates in `z`. `recurrent_bias` cells use `bias` (H,)."""

    @abstractmethod
    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        """Put into `delta` all that the gradient is to be multiplied with. May overwrite `saved`.

        old: `factor_state` of the step before.
        """

    @abstractmethod
    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        """One step backwards: turn factors into `delta`, and add to `d_old` what does not pass through W_hh.

        d_new: gradients of the states of this step, complete, may be overwritten. spare: (n, H) scratch.
        """

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        """What of each state's gradient goes to the same state of the step before without passing through W_hh.

        gates by name, d_new complete: all of one shape, and so are the results, in the order of `states`.
        """
        return [np.zeros_like(d_state) for d_state in d_new]


@final
class RNN(Cell):
    """Elman network."""

    title = "RNN"
    gates = ("hidden",)
    scale = (1.0,)
    input_order = recurrent_order = (0,)
    planes = 1
    input_planes = recurrent_planes = slice(0, 1)
    equations = ("h_t = tanh(W x_t + U h_{t-1} + b)",)

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        h = new[0]
        np.add(z[0], r[0], h)
        np.tanh(h, h)  # h = tanh(a)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        np.multiply(new[0], new[0], delta[0])
        np.subtract(self.one, delta[0], delta[0])  # h = tanh(a): 1 − h²

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        factor = delta[0]
        np.multiply(factor, d_new[0], factor)


@final
class LSTM(Cell):
    """Long short-term memory. Planes: candidate, input, forget, output."""

    title = "LSTM"
    gates = ("input", "forget", "candidate", "output")
    scale = (0.5, 0.5, 1.0, 0.5)
    states = ("h", "c")
    input_order = recurrent_order = (2, 0, 1, 3)
    planes = 4
    input_planes = recurrent_planes = slice(0, 4)
    factor_state = 1
    saved_arrays = 1  # tanh(c)
    equations = (
        "i = σ(W_i x_t + U_i h_{t-1} + b_i)",
        "f = σ(W_f x_t + U_f h_{t-1} + b_f)",
        "g = tanh(W_g x_t + U_g h_{t-1} + b_g)",
        "o = σ(W_o x_t + U_o h_{t-1} + b_o)",
        "c_t = f ⊙ c_{t-1} + i ⊙ g",
        "h_t = o ⊙ tanh(c_t)",
    )

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        np.add(z, r, r)
        np.tanh(r, r)  # g = tanh(a_g); the others tanh(a/2)
        sigmoids = r[1:]
        np.multiply(sigmoids, self.half, sigmoids)
        np.add(sigmoids, self.half, z[1:])  # i, f, o = (1 + tanh(a/2)) / 2
        g, i, f, o = z
        (h, c), tanh_c, scratch = new, saved[0], r[0]
        np.copyto(g, scratch)
        np.multiply(f, old[1], c)
        np.multiply(i, g, scratch)
        np.add(c, scratch, c)  # c = f c' + i g
        np.tanh(c, tanh_c)
        np.multiply(o, tanh_c, h)  # h = o tanh(c)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        g, i, o, tanh_c = z[0], z[1], z[3], saved[0]
        sigmoids, d_sigmoids, d_g = z[1:], delta[1:], delta[0]
        np.subtract(self.one, sigmoids, d_sigmoids)
        np.multiply(d_sigmoids, sigmoids, d_sigmoids)  # σ' = σ (1 − σ)
        np.multiply(delta[3], tanh_c, delta[3])  # h = o tanh(c), towards o
        np.multiply(tanh_c, tanh_c, tanh_c)
        np.subtract(self.one, tanh_c, tanh_c)
        np.multiply(tanh_c, o, tanh_c)  # h = o tanh(c), towards c: o (1 − tanh² c)
        np.multiply(delta[2], old, delta[2])  # c = f c' + i g, towards f
        np.multiply(delta[1], g, delta[1])  # … towards i
        np.multiply(g, g, d_g)
        np.subtract(self.one, d_g, d_g)
        np.multiply(d_g, i, d_g)  # … towards g, through tanh

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h, d_c = d_new
        d_o = delta[3]
        np.multiply(d_o, d_h, d_o)  # h = o tanh(c), towards o
        np.multiply(d_h, saved[0], spare)
        np.add(d_c, spare, d_c)  # … towards c
        through_c = delta[:3]
        np.multiply(through_c, d_c, through_c)  # c = f c' + i g, towards g, i and f
        np.multiply(d_c, z[2], d_old[1])  # … towards c'

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        d_h, d_c = d_new
        return [np.zeros_like(d_h), d_c * gates["forget"]]  # c = f c' + i g, towards c'


@final
class GRU(Cell):
    """Gated recurrent unit, reset after the matrix.

    Planes of z: candidate, reset, update; of r: reset, update, candidate.

    delta has four planes, [candidate from the input, reset, update, candidate from the past], because the reset gate
    stands between the past's part of the candidate and the candidate itself.
    """

    title = "GRU"
    gates = ("reset", "update", "candidate")
    scale = (0.5, 0.5, 1.0)
    input_order = (2, 0, 1)
    recurrent_order = (0, 1, 2)
    planes = 4
    input_planes = slice(0, 3)
    recurrent_planes = slice(1, 4)
    saved_arrays = 1  # U_n h_{t−1} + b_hn
    recurrent_bias = True
    equations = (
        "r = σ(W_r x_t + U_r h_{t-1} + b_r)",
        "z = σ(W_z x_t + U_z h_{t-1} + b_z)",
        "n = tanh(W_n x_t + b_n + r ⊙ (U_n h_{t-1} + b_hn))",
        "h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}",
    )

    def forward(self, z: FloatArray, r: FloatArray, old: Arrays, new: Arrays, saved: Arrays, bias: FloatArray) -> None:
        gates, sigmoids = z[1:], r[:2]
        np.add(gates, sigmoids, sigmoids)
        np.tanh(sigmoids, sigmoids)
        np.multiply(sigmoids, self.half, sigmoids)
        np.add(sigmoids, self.half, gates)  # r, z = (1 + tanh(a/2)) / 2
        candidate, reset, update = z
        past, h = saved[0], new[0]
        np.add(r[2], bias, past)
        np.multiply(reset, past, h)
        np.add(candidate, h, candidate)
        np.tanh(candidate, candidate)  # n = tanh(a_n + r past)
        np.subtract(old[0], candidate, h)
        np.multiply(h, update, h)
        np.add(h, candidate, h)  # h = n + z (h' − n)

    def factors(self, z: FloatArray, old: FloatArray, new: Arrays, saved: Arrays, delta: FloatArray) -> None:
        candidate, reset, past = z[0], z[1], saved[0]
        sigmoids, d_sigmoids = z[1:], delta[1:3]
        np.subtract(old, candidate, delta[3])
        np.multiply(candidate, candidate, delta[0])
        np.subtract(self.one, delta[0], delta[0])  # n = tanh(…): 1 − n²
        np.subtract(self.one, sigmoids, d_sigmoids)
        np.multiply(delta[0], delta[2], delta[0])  # h = n + z (h' − n), towards n: 1 − z
        np.multiply(d_sigmoids, sigmoids, d_sigmoids)  # σ' = σ (1 − σ)
        np.multiply(delta[2], delta[3], delta[2])  # h = n + z (h' − n), towards z: h' − n
        np.multiply(delta[1], past, delta[1])  # n = tanh(a_n + r past), towards r
        np.copyto(delta[3], reset)  # … towards past

    def backward(
        self, delta: FloatArray, z: FloatArray, saved: Arrays, d_new: Arrays, d_old: Arrays, spare: FloatArray
    ) -> None:
        d_h = d_new[0]
        straight, through_candidate = delta[0::2], delta[1::2]
        np.multiply(straight, d_h, straight)  # towards n and z
        np.multiply(through_candidate, delta[0], through_candidate)  # towards r and past
        d_past = d_old[0]
        np.multiply(d_h, z[2], spare)
        np.add(d_past, spare, d_past)  # h = n + z (h' − n), towards h'

    def straight(self, gates: Mapping[str, FloatArray], d_new: Arrays) -> list[FloatArray]:
        return [d_new[0] * gates["update"]]  # h = n + z (h' − n), towards h'


CELLS: dict[str, type[Cell]] = {"rnn": RNN, "lstm": LSTM, "gru": GRU}
