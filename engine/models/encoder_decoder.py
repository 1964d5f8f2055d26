"""Encoder–decoder: the whole source is read, then the decoder writes the target from the encoder's last state.

    encoder   i  am  cold  </s>
    decoder                     <s>    j'ai  froid
    targets                     j'ai   froid  </s>

With attention each step of the decoder looks back at every state of the encoder; over a sound, and where it may copy,
it also knows where it looked before. A bidirectional encoder has twice the states; a learned matrix, the bridge, brings
them to the size of the decoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.data.vocabulary import END, START, UNKNOWN_ID
from engine.models.answer_types import Translation
from engine.models.decoding import Stepper, mix_inputs
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import ExportForm, Part, Pictogram, ReadOut, Stage, Verb
from engine.models.rows import known_target, next_symbol_rows, source_rows
from engine.models.text_decoder import ReadSource, TextDecoder
from engine.models.unused import NO_LABELS, NO_NUMBERS, NO_POOLING, NO_SERIES, NO_SYMBOLS, NO_TAGS, NOT_OF_NUMBERS
from engine.network.copying import Copying, CopyTape
from engine.network.layers import Attention, AttentionTape
from engine.network.location import Location
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.network.states import StackStates, States
from engine.types import FloatArray, IntArray


@dataclass
class EncoderDecoderPass(Pass):
    """A forward pass, with what the backward pass needs."""

    encoder: SymbolTape
    decoder: SymbolTape
    place_in_decoder: IntArray  # (B,) sorted place in the encoder → sorted place in the decoder
    place_in_encoder: IntArray  # (B,) and the other way round
    attention: AttentionTape | None
    copying: CopyTape | None

    @property
    def attention_weights(self) -> FloatArray | None:
        """(B, decoder steps, encoder steps), zero beyond each source's end."""
        return None if self.attention is None else self.attention.weights

    @property
    def copied(self) -> FloatArray | None:
        """(K, N) the part of each probability that is copied, until `backward`."""
        return None if self.copying is None else self.copying.part


_UNUSED = MappingProxyType(
    {
        "pooling": NO_POOLING,
        "word_counts": NO_LABELS,
        "read_out": NO_TAGS,
        "number_loss": NO_NUMBERS,
        "lag": NO_SERIES,
    }
)


class SourceReader(TextDecoder):
    """An encoder that reads the whole source, and a decoder that writes the target from its last state."""

    title = "encoder–decoder"
    stages = (
        Stage("encoder", ReadOut.NEVER, whole_input=True),
        Stage("decoder", ReadOut.EVERY, fed_back=True),
    )
    pictogram = Pictogram(4, (0, 1), (2, 3))
    weights_note = "weights: the encoder’s and the decoder’s own, each the same at every step."

    def _build(self) -> None:
        config = self.config
        self._build_decoder("decoder")
        self._in_target: IntArray | None = None  # (V,) source id → target id
        self.encoder = SymbolNetwork.of_source(config, self.codec, self.dtype, "encoder")
        location = Location("attention") if self.codec.kind.reads_numbers or config.copying else None
        self.attention = (
            Attention("attention", self.encoder.output_size, config.hidden_size, location) if config.attention else None
        )
        copies = config.attention and config.copying and "copying" not in self.unused
        self.copying = Copying("copying", config.hidden_size) if copies else None

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""
        bridge: dict[str, tuple[int, ...]] = {}
        if self.config.bidirectional:
            size = self.config.hidden_size
            for layer, parts in enumerate(self.encoder.recurrent.layers):
                bridge |= {self._bridge(layer, k): (2 * size, size) for k in range(len(parts[0].cell.states))}
        attention = {} if self.attention is None else self.attention.shapes()
        attention |= {} if self.copying is None else self.copying.shapes()
        return self.encoder.shapes() | bridge | self.decoder.shapes() | attention | self.output.shapes()

    def rate_shares(self) -> dict[str, float]:
        """Attention's scores move more slowly."""
        return {} if self.attention is None else self.attention.rate_shares()

    def _bridge(self, layer: int, state: int) -> str:
        return f"bridge.{layer}.{self.encoder.recurrent.layers[layer][0].cell.states[state].name}"

    def _first_states(self, final: StackStates, places: IntArray) -> StackStates:
        """The encoder's last states as the decoder's first ones, reordered from encoder to decoder order."""
        if not self.config.bidirectional:
            return final.take(places)
        return StackStates(
            [
                [
                    [
                        np.concatenate((there[places], back[places]), axis=1) @ self.parameters[self._bridge(layer, k)]
                        for k, (there, back) in enumerate(zip(parts[0], parts[1], strict=True))
                    ]
                ]
                for layer, parts in enumerate(final)
            ]
        )

    def _first_states_backward(
        self, final: StackStates, d_first: StackStates, in_decoder: IntArray, in_encoder: IntArray
    ) -> StackStates:
        if not self.config.bidirectional:
            return d_first.take(in_decoder)
        d_final: list[list[States]] = []
        size = self.config.hidden_size
        for layer, parts in enumerate(d_first):
            there: States = []
            back: States = []
            for k, d_state in enumerate(parts[0]):
                name = self._bridge(layer, k)
                both = np.concatenate((final[layer][0][k][in_encoder], final[layer][1][k][in_encoder]), axis=1)
                np.matmul(both.T, d_state, out=self.gradients[name])  # first = [there; back] W
                d_both = (d_state @ self.parameters[name].T)[in_decoder]
                there.append(d_both[:, :size])
                back.append(d_both[:, size:])
            d_final.append([there, back])
        return StackStates(d_final)

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every symbol of the target."""
        source, ids = source_rows(examples, self.encoder, end=True)
        vocabulary = examples.codec.source
        encoder = self.encoder.forward(self.work, source, ids, None, rng, vocabulary)
        starts = np.full(len(examples), self.start_id)
        packing, inputs, targets = next_symbol_rows(examples.target, known_target(examples), starts)
        in_encoder = np.argsort(source.order)[packing.order]
        in_decoder = np.argsort(packing.order)[source.order]
        initial = self._first_states(encoder.recurrent.final, in_encoder)
        if teacher_forcing < 1 and rng is not None:
            keys, symbols = (
                table[packing.order] for table in (self._keys(source, encoder), self._symbols(source, ids))
            )
            reading = ReadSource(initial, keys, source.lengths[in_encoder], symbols, Attention.nowhere(keys))
            stepper = Stepper(self.decoder, self.parameters, packing.batch, initial)
            inputs = mix_inputs(
                packing,
                inputs,
                teacher_forcing,
                rng,
                lambda ids: self._step_logits(stepper, reading, ids)[0].argmax(axis=0),
            )
        decoder = self.decoder.forward(self.work, packing, inputs, initial, rng)
        states, attention = decoder.output, None
        if self.attention is not None:
            places = (in_decoder[source.sequence_of_row], source.step_of_row)
            rows = (packing.sequence_of_row, packing.step_of_row)
            attention = self.attention.forward(
                self.parameters, states, encoder.output, source.lengths[in_encoder], places, rows
            )
            states = attention.output
        logits, read_out = self.read_out(states, targets, rng)
        copying = None
        if self.copying is not None and attention is not None:
            symbols = self._symbols(source, ids)[packing.order][packing.sequence_of_row]
            heat = attention.weights[attention.target_rows]
            logits, copying = self.copying.forward(self.parameters, logits, states, heat, symbols)
        return EncoderDecoderPass(
            packing,
            logits,
            targets,
            read_out,
            encoder,
            decoder,
            in_decoder,
            in_encoder,
            attention,
            copying,
        )

    def backward(self, done: Pass) -> None:
        """Through read-out, attention and decoder, and from its first state through the encoder."""
        assert isinstance(done, EncoderDecoderPass)
        d_heat: FloatArray | None = None
        d_gate: FloatArray | None = None
        if self.copying is not None and done.copying is not None:
            done.logits, d_gate, d_heat = self.copying.backward(self.work, done.copying, done.logits)
        d_states = self.read_out_backward(done)
        if d_gate is not None:
            d_states = d_states + d_gate
        d_encoder: FloatArray | None = None
        if self.attention is not None and done.attention is not None:
            d_states, d_encoder = self.attention.backward(self.work, done.attention, d_states, d_heat)
        d_first = self.decoder.backward(self.work, done.decoder, d_states)
        self.output.share(self.work)
        d_final = self._first_states_backward(
            done.encoder.recurrent.final, d_first, done.place_in_decoder, done.place_in_encoder
        )
        self.encoder.backward(self.work, done.encoder, d_encoder, d_final)

    def _keys(self, packing: Packing, encoder: SymbolTape) -> FloatArray:
        """(B, S, E) states of the encoder in the caller's order, zero beyond each source's end."""
        keys = np.zeros((packing.batch, packing.steps, self.encoder.output_size), self.dtype)
        keys[packing.order[packing.sequence_of_row], packing.step_of_row] = encoder.output
        return keys

    def read(self, examples: Examples) -> ReadSource:
        """Read all sources; everything in the caller's order."""
        self.work.reset()
        packing, ids = source_rows(examples, self.encoder, end=True)
        vocabulary = examples.codec.source
        encoder = self.encoder.forward(self.work, packing, ids, vocabulary=vocabulary)
        initial = self._first_states(encoder.recurrent.final, np.argsort(packing.order))
        nothing = np.zeros((packing.batch, 0, 0), self.dtype)
        keys = nothing if self.attention is None else self._keys(packing, encoder)
        symbols = self._symbols(packing, ids)
        return ReadSource(initial, keys, packing.unsort(packing.lengths), symbols, Attention.nowhere(keys))

    def _symbols(self, packing: Packing, ids: IntArray) -> IntArray:
        """(B, S) in the caller's order: the target id of each source symbol. The end stays the end; symbols that the
        target lacks become unknown."""
        source, target = self.codec.source, self.codec.target
        assert target is not None
        if self.copying is None:
            return np.zeros((packing.batch, 0), np.int64)
        if self._in_target is None:
            same = [target.index(symbol) or UNKNOWN_ID for symbol in source.symbols]
            self._in_target = np.array(same, np.int64)
        table = np.full((packing.batch, packing.steps), UNKNOWN_ID)
        known = np.where(ids < len(source), ids, UNKNOWN_ID)
        table[packing.order[packing.sequence_of_row], packing.step_of_row] = self._in_target[known]
        return table

    def _step_logits(
        self, stepper: Stepper, reading: ReadSource, ids: IntArray
    ) -> tuple[FloatArray, FloatArray | None]:
        """One step of the decoder: logits (V, n), and the attention (n, S) where there is one."""
        states = stepper.advance(ids)
        weights: FloatArray | None = None
        if self.attention is not None:
            source_so_far = (reading.keys, reading.lengths, reading.attended)
            _, heat = self.attention.weigh(self.parameters, states[:, None, :], *source_so_far)
            context = (heat @ reading.keys)[:, 0]
            states = self.attention.combined(self.parameters, np.concatenate((context, states), axis=1))
            weights = heat[:, 0]
        logits = self.output.apply(self.parameters, states)
        if self.copying is not None and weights is not None:
            logits, _ = self.copying.forward(self.parameters, logits, states, weights, reading.symbols)
        return logits, weights

    def networks(self) -> dict[str, SymbolNetwork]:
        """The reader and the writer."""
        return {"encoder": self.encoder, "decoder": self.decoder}

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The encoder, reading the source and its end (numbers have none), and the decoder, reading the start and the
        right answer."""
        assert isinstance(done, EncoderDecoderPass)
        ends = () if self.codec.kind.reads_numbers else (END,)
        return (
            Part("encoder", done.encoder, (*self.shown(example.source), *ends)),
            Part("decoder", done.decoder, (START, *self._shown_target(example))),
        )

    def symbols_read(self, examples: Examples) -> int:
        """Every source with its end (numbers have none), and every target with its start."""
        read = int(np.asarray(examples.source.lengths).sum() + np.asarray(examples.target.lengths).sum())
        return read + (1 if self.codec.kind.reads_numbers else 2) * len(examples)


class EncoderDecoder(SourceReader):
    """Translates one text into another, of another length."""

    kinds = (Kind.PAIRS,)
    verb = Verb.TRANSLATE
    task = "translates text"
    unused = _UNUSED
    export_form = ExportForm.TRANSLATOR

    def translate(self, text: str | Sequence[str], beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The best answers of a beam search, most probable first; beam_size 1 is greedy."""
        return self.answers_to(text, beam_size, forced)


class Transcriber(SourceReader):
    """Writes down the words spoken in a sound, whose frames it reads."""

    kinds = (Kind.SPEECH,)
    verb = Verb.TRANSCRIBE
    task = "writes down what is said"
    unused = MappingProxyType({**_UNUSED, **NOT_OF_NUMBERS, "copying": NO_SYMBOLS})

    def transcribe(self, frames: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The best answers of a beam search, most probable first; beam_size 1 is greedy. frames: (T, D) in own units,
        or a file of sound."""
        return self.answers_to(frames, beam_size, forced)
