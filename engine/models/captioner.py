"""One to many on pictures: the picture is the decoder's first state, and the decoder writes the caption.

    state 0   P x + b, for each state of each layer
    inputs    <s>  a  red  circle
    targets   a  red  circle  </s>

Vinyals et al., "Show and tell: a neural image caption generator" (2015), with the pixels themselves in place of the
features of a convolutional network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.data.vocabulary import START
from engine.models.answer_types import Translation
from engine.models.decoding import Stepper, mix_inputs
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import Part, Pictogram, ReadOut, Stage, Verb
from engine.models.rows import known_target, next_symbol_rows
from engine.models.text_decoder import ReadSource, TextDecoder
from engine.models.unused import NO_NUMBERS, NO_SERIES, NOT_OF_NUMBERS, NOT_OF_ONE_WAY
from engine.network.layers import Attention
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.network.states import StackStates
from engine.types import FloatArray, IntArray


@dataclass
class CaptionerPass(Pass):
    """A forward pass, with what the backward pass needs."""

    body: SymbolTape
    pictures: FloatArray  # (B, P) by sorted place


class Captioner(TextDecoder):
    """Writes captions of pictures."""

    title = "one to many"
    kinds = (Kind.PICTURES,)
    verb = Verb.CAPTION
    task = "writes captions of pictures"
    stages = (Stage("", ReadOut.EVERY, fed_back=True, begins_with="picture"),)
    pictogram = Pictogram(3, (0,), (0, 1, 2))
    weights_note = "weights: some make the first state from the picture, the others are the same at every step."
    unused = MappingProxyType(
        {
            **NOT_OF_ONE_WAY,
            "number_loss": NO_NUMBERS,
            "lag": NO_SERIES,
            **NOT_OF_NUMBERS,
        }
    )

    def _build(self) -> None:
        self._build_decoder("network")
        assert self.codec.frames is not None
        self.pixels = self.codec.frames.size

    def _matrix(self, layer: int, state: int) -> str:
        """The prefix of the parameters that turn a picture into a first state."""
        return f"picture.{layer}.{self.decoder.recurrent.layers[layer][0].cell.states[state].name}"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters; weights as in PyTorch's Linear, (to, from)."""
        size, first = self.config.hidden_size, dict[str, tuple[int, ...]]()
        for layer, parts in enumerate(self.decoder.recurrent.layers):
            for k in range(len(parts[0].cell.states)):
                name = self._matrix(layer, k)
                first |= {f"{name}.weight": (size, self.pixels), f"{name}.bias": (size,)}
        return first | self.decoder.shapes() | self.output.shapes()

    def networks(self) -> dict[str, SymbolNetwork]:
        """The network that writes."""
        return {"": self.decoder}

    def _first_states(self, pictures: FloatArray, *, bias: bool = True) -> StackStates:
        """pictures (B, P) → states P x + b, in the same order. bias: whether b is added."""

        def state(name: str) -> FloatArray:
            made = pictures @ self.parameters[f"{name}.weight"].T
            return np.asarray(made + self.parameters[f"{name}.bias"] if bias else made)

        return StackStates(
            [
                [[state(self._matrix(layer, k)) for k in range(len(parts[0].cell.states))]]
                for layer, parts in enumerate(self.decoder.recurrent.layers)
            ]
        )

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every symbol of the caption."""
        starts = np.full(len(examples), self.start_id)
        packing, inputs, targets = next_symbol_rows(examples.target, known_target(examples), starts)
        pictures = examples.source.values[packing.order].astype(self.dtype, copy=False)
        initial = self._first_states(pictures)
        if teacher_forcing < 1 and rng is not None:
            stepper = Stepper(self.decoder, self.parameters, packing.batch, initial)
            inputs = mix_inputs(
                packing,
                inputs,
                teacher_forcing,
                rng,
                lambda ids: self.output.apply(self.parameters, stepper.advance(ids)).argmax(axis=0),
            )
        body = self.decoder.forward(self.work, packing, inputs, initial, rng)
        logits, read_out = self.read_out(body.output, targets, rng)
        return CaptionerPass(packing, logits, targets, read_out, body, pictures)

    def backward(self, done: Pass) -> None:
        """Through the read-out and time, down to the matrices that made the first states from the picture."""
        assert isinstance(done, CaptionerPass)
        d_first = self.decoder.backward(self.work, done.body, self.read_out_backward(done))
        self.output.share(self.work)
        for layer, parts in enumerate(d_first):
            for k, d_state in enumerate(parts[0]):
                name = self._matrix(layer, k)
                np.matmul(d_state.T, done.pictures, out=self.gradients[f"{name}.weight"])  # state = x Pᵀ + b
                np.add.reduce(d_state, axis=0, out=self.gradients[f"{name}.bias"])

    def read(self, examples: Examples) -> ReadSource:
        """The pictures as first states."""
        self.work.reset()
        count = len(examples)
        nothing = np.zeros((count, 0, 0), self.dtype)
        one, no_symbols = np.ones(count, np.int64), np.zeros((count, 0), np.int64)
        states = self._first_states(examples.source.values.astype(self.dtype, copy=False))
        return ReadSource(states, nothing, one, no_symbols, Attention.nowhere(nothing))

    def _step_logits(
        self, stepper: Stepper, reading: ReadSource, ids: IntArray
    ) -> tuple[FloatArray, FloatArray | None]:
        return self.output.apply(self.parameters, stepper.advance(ids)), None

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The decoder, reading the start symbol and the right caption."""
        assert isinstance(done, CaptionerPass)
        made = self._first_states(done.pictures, bias=False)
        return (Part("", done.body, (START, *self._shown_target(example)), made),)

    def symbols_read(self, examples: Examples) -> int:
        """Every caption with its start symbol."""
        return int(np.asarray(examples.target.lengths).sum()) + len(examples)

    def caption(self, picture: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The best captions of a beam search, most probable first; beam_size 1 is greedy. picture: (height, width,
        channels) from 0 to 1 or whole numbers to 255, or a file."""
        return self.answers_to(picture, beam_size, forced)
