"""One to one: one input, one output, no past.

On sequences and running text it predicts the next symbol from the current one alone, by one step of the cell from the
zero state. Everything but memory is as in the other architectures; the best it can reach is the loss of a bigram model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.codec import Kind
from engine.data.examples import Examples
from engine.models.answer_types import distribution
from engine.models.decoding import Stepper
from engine.models.forward_pass import Carry, Pass
from engine.models.model_description import ExportForm, Pictogram, ReadOut, Stage, Verb
from engine.models.next_symbol import NextSymbol, NextSymbolPass
from engine.models.rows import known_source, next_symbol_rows
from engine.network.losses import softmax
from engine.network.packing import Packing
from engine.types import FloatArray


class OneToOne(NextSymbol):
    """Next symbol from the current symbol."""

    title = "one to one"
    kinds = (Kind.SEQUENCES, Kind.STREAM)
    verb = Verb.PREDICT
    task = "predicts the next symbol from one symbol"
    stages = (Stage("", ReadOut.EVERY),)
    pictogram = Pictogram(1, (0,), (0,))
    remembers = False
    weights_note = "weights, and no memory: it sees one symbol at a time."
    export_form = ExportForm.PREDICTOR

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Every symbol is a sequence of one step."""
        packing, inputs, targets = next_symbol_rows(examples.source, known_source(examples), self.starts(examples))
        alone = Packing(np.ones(len(inputs), np.int64))
        body = self.network.forward(self.work, alone, inputs, None, rng)
        logits, read_out = self.read_out(body.output, targets, rng)
        return NextSymbolPass(packing, logits, targets, read_out, body)

    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of each next symbol after the last symbol of `text`; after the start if it is empty."""
        self.work.reset()
        stepper = Stepper(self.network, self.parameters, 1)
        inputs = self.first_inputs(text, None)
        logits = self.output.forward(self.work, stepper.advance(np.array(inputs[-1:])))
        return distribution(logits[:, 0], self.choices)

    def after_each(self, symbols: Sequence[str]) -> FloatArray:
        """(n, V) probabilities of the next symbol after each of n symbols; "" stands for the start of a text."""
        self.work.reset()
        stepper = Stepper(self.network, self.parameters, len(symbols))
        inputs = np.array([self.first_inputs([symbol] if symbol else "", None)[-1] for symbol in symbols])
        logits = self.output.forward(self.work, stepper.advance(inputs))
        return np.asarray(softmax(logits).T)
