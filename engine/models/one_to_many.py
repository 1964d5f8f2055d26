"""One to many: one input, the label or the start token; each output becomes the next input until the end.

In training the inputs after the first are the true symbols, so all steps are known in advance:

    inputs    <label>  s  o  p  h  i  a
    targets      s     o  p  h  i  a  </s>

On a running text there is neither label nor end; windows of the text follow each other and hand the state on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.data.vocabulary import END_ID, UNKNOWN_ID
from engine.errors import ConfigError
from engine.models.answer_options import WritingOptions
from engine.models.answer_types import Generated, distribution
from engine.models.decoding import Stepper, mix_inputs, sample
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import ExportForm, Pictogram, ReadOut, Stage, Verb
from engine.models.next_symbol import NextSymbol, NextSymbolPass
from engine.models.rows import known_source, next_symbol_rows
from engine.network.losses import softmax
from engine.types import FloatArray, IntArray

_LENGTH_OF_RUNNING_TEXT = 200  # most symbols written if nothing else ends the text


class OneToMany(NextSymbol):
    """Language model of symbols, under a label where the data have labels."""

    title = "one to many"
    kinds = (Kind.SEQUENCES, Kind.STREAM, Kind.LABELLED)
    verb = Verb.GENERATE
    task = "generates text"
    stages = (Stage("", ReadOut.EVERY, fed_back=True),)
    pictogram = Pictogram(3, (0,), (0, 1, 2))
    label_is_input = True
    export_form = ExportForm.WRITER

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every next symbol."""
        packing, inputs, targets = next_symbol_rows(examples.source, known_source(examples), self.starts(examples))
        if teacher_forcing < 1 and rng is not None:
            stepper = Stepper(self.network, self.parameters, packing.batch, None if carry is None else carry.states)
            inputs = mix_inputs(packing, inputs, teacher_forcing, rng, lambda ids: self._best_next(stepper, ids))
        initial = None if carry is None else carry.states
        body = self.network.forward(self.work, packing, inputs, initial, rng)
        if carry is not None:
            carry.states = body.recurrent.final
        logits, read_out = self.read_out(body.output, targets, rng)
        return NextSymbolPass(packing, logits, targets, read_out, body)

    def _best_next(self, stepper: Stepper, ids: IntArray) -> IntArray:
        self.work.reset()
        return np.asarray(self.output.forward(self.work, stepper.advance(ids)).argmax(axis=0))

    def _logits_after(self, stepper: Stepper, inputs: Sequence[int], rows: int) -> FloatArray:
        for i in inputs:
            states = stepper.advance(np.full(rows, i))
        return self.output.forward(self.work, states)

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def next_symbols(self, prefix: str = "", label: str | None = None) -> dict[str, float]:
        """Probability of each next symbol after a beginning; `</s>` is the end."""
        self.work.reset()
        stepper = Stepper(self.network, self.parameters, 1)
        logits = self._logits_after(stepper, self.first_inputs(prefix, label), 1)
        return distribution(logits[:, 0], self.choices)

    def own_text(self, label: str | None = None) -> tuple[str, ...]:
        """The most probable text, symbol by symbol."""
        return self.generate(count=1, label=label, temperature=0.0)[0].tokens

    @np.errstate(over="ignore", invalid="ignore")
    def generate(
        self,
        count: int = 1,
        label: str | None = None,
        prefix: str = "",
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        length: int = 0,
    ) -> list[Generated]:
        """Write `count` texts at once.

        temperature 0 is greedy. length 0: until the end symbol, at most twice the longest text of the data (200 symbols
        of running text). Log-probabilities are the model's own, at temperature 1. ConfigError for a value out of range,
        see `WritingOptions`.
        """
        if count < 0:
            raise ConfigError(f"The number of texts is {count}; it must be 0 or more.")
        WritingOptions(temperature, top_k, top_p)  # ConfigError for impossible values
        self.work.reset()
        rng = np.random.default_rng(seed)
        inputs = self.first_inputs(prefix, label)
        limit = length or (_LENGTH_OF_RUNNING_TEXT if self._runs_on else 2 * self.longest + 1)
        never = [UNKNOWN_ID, END_ID] if self._runs_on else [UNKNOWN_ID]
        stepper = Stepper(self.network, self.parameters, 1)
        first = self._logits_after(stepper, inputs, 1)  # the beginning is read once for all
        stepper.select(np.zeros(count, np.int64))
        logits = np.repeat(first, count, axis=1)
        chosen = np.full((count, limit), END_ID)
        scores = np.zeros((count, limit))
        alive = np.ones(count, bool)
        columns = np.arange(count)
        for t in range(limit):
            probabilities = softmax(logits)
            ids = sample(logits, temperature, top_k, top_p, rng, never)
            chosen[alive, t] = ids[alive]
            scores[alive, t] = np.log(np.maximum(probabilities[ids, columns][alive], 1e-300))
            alive &= ids != END_ID
            if not alive.any() or t == limit - 1:
                break
            self.work.reset()
            logits = self.output.forward(self.work, stepper.advance(ids))
        return [self._generated(prefix, row, score) for row, score in zip(chosen, scores, strict=True)]

    def _generated(self, prefix: str, ids: IntArray, scores: FloatArray) -> Generated:
        ends = np.flatnonzero(ids == END_ID)
        stop = int(ends[0]) if len(ends) else len(ids)
        written = self.codec.source.decode(ids[:stop])
        tokens = self.codec.tokenize(prefix) + written if prefix else written
        kept = scores[: stop + 1]
        return Generated(self.codec.join(tokens), float(kept.sum()), tokens, tuple(float(s) for s in kept))
