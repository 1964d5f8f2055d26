"""Many to many on series: at each step the numbers of the next one, which can be fed back to continue the series.

In training and in validation the inputs are the true numbers, so all steps are known in advance:

    inputs    x₁  x₂  x₃  x₄
    targets   x₂  x₃  x₄  x₅

With a lag, the network reads the difference between each value and the one `lag` steps before it, and predicts that of
the next value: mean = x_{t + 1 − lag} + read-out. So it can follow a trend beyond the values it was trained on.

In a validation example only the last targets count; the values before them are its context. With a lag, the first
values of a series of its own never count when a network is measured: none is so many steps before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.config import ModelConfig
from engine.data.codec import Kind
from engine.data.examples import Example, Examples
from engine.errors import ConfigError, DataError
from engine.models.answer_types import Forecast
from engine.models.countable import with_a_value_before
from engine.models.decoding import Stepper
from engine.models.forward_pass import Carry, Pass
from engine.models.model import Batch
from engine.models.model_description import ExportForm, HeadStart, Part, Pictogram, Prediction, ReadOut, Stage, Verb
from engine.models.number_model import NumberModel
from engine.models.unused import NO_SYMBOLS_WRITTEN, NOT_OF_NUMBERS, NOT_OF_ONE_WAY, WRITES_NOTHING
from engine.network.number_scorers import BAND
from engine.network.packing import Packing
from engine.network.sequence_network import SymbolNetwork, SymbolTape
from engine.types import FloatArray, IntArray

_FUTURES = 200  # futures drawn, at least, to estimate mean and spread
_MOST_DRAWN = 50_000_000  # limit for the numbers of all futures together
_LOWER, _UPPER = 0.05, 0.95
_REPORTED = ("", " predicted", " deviation")  # of each column, at each step


@dataclass
class NextValuePass(Pass):
    """A forward pass, with what the backward pass needs."""

    body: SymbolTape
    counted: IntArray | None  # (N,) rows of the network that are predicted; None for all
    sequences: IntArray  # (N,) place of the example, in the caller's batch, of each prediction

    @property
    def owners(self) -> IntArray:
        """(N,) the example that each prediction belongs to."""
        return self.sequences


class NextValue(NumberModel):
    """Reads the numbers of a series and predicts those of the next step."""

    title = "many to many"
    kinds = (Kind.SERIES,)
    verb = Verb.FORECAST
    task = "predicts the next value of a series"
    predicts = Prediction.NEXT_VALUE
    stages = (Stage("", ReadOut.EVERY),)
    pictogram = Pictogram(3, (0, 1, 2), (0, 1, 2))
    unused = MappingProxyType(
        {
            **NOT_OF_ONE_WAY,
            "tied": WRITES_NOTHING,
            "sampled_words": NO_SYMBOLS_WRITTEN,
            **NOT_OF_NUMBERS,
        }
    )
    export_form = ExportForm.FORECASTER

    @classmethod
    def head_start(cls, config: ModelConfig) -> HeadStart | None:
        """With a lag, an untrained network predicts hardly any change."""
        if not config.lag:
            return None
        value = "the last value" if config.lag == 1 else f"the value {config.lag} steps before"
        return HeadStart(
            f"untrained, it repeats {value}",
            f"The network learns only the change from {value}. Before any training this change is close to zero, so it "
            "begins by repeating that value, which is often nearly right.",
        )

    def _build(self) -> None:
        assert self.codec.frames is not None
        self.network = SymbolNetwork("network", self.config, 0, self.dtype, numbers=self.codec.frames.size)
        self._build_read_out(self.network.output_size)

    def networks(self) -> dict[str, SymbolNetwork]:
        """The one network."""
        return {"": self.network}

    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Scores of the next numbers at every step that counts."""
        lengths, counts = np.asarray(examples.source.lengths) - 1, np.asarray(examples.target.lengths)
        packing = Packing.of(lengths)
        values = examples.source.values.astype(self.dtype, copy=False)
        begin = np.asarray(examples.source.offsets)[:-1][packing.order]
        inputs = packing.pick(values, begin)
        earlier = self._before(packing, values, begin, ahead=0)
        body = self.network.forward(self.work, packing, inputs if earlier is None else inputs - earlier, None, rng)
        targets, states = packing.pick(values, begin + 1), body.output
        sequences, counted = packing.order[packing.sequence_of_row], None
        before = self._before(packing, values, begin)
        if (counts < lengths).any():
            counted = np.flatnonzero(packing.step_of_row >= (lengths - counts)[sequences])
            states, targets, sequences = states[counted], targets[counted], sequences[counted]
            before = None if before is None else before[counted]
        logits, read_out = self.read_out(states, targets, rng)
        if before is not None:
            logits[: self.numbers.size] += before.T
        return NextValuePass(packing, logits, targets, read_out, body, counted, sequences)

    def _before(self, packing: Packing, values: FloatArray, begin: IntArray, ahead: int = 1) -> FloatArray | None:
        """(N, D) the value `lag` steps before each predicted one, or before the one being read (`ahead` 0); the first
        value if there is none that early; None without a lag. values: of all series, concatenated; begin (B,): where
        each begins, by sorted place."""
        if not self.config.lag:
            return None
        steps = np.maximum(packing.step_of_row + ahead - self.config.lag, 0)
        return np.asarray(values[begin[packing.sequence_of_row] + steps])

    def backward(self, done: Pass) -> None:
        """Through the read-out, then through time."""
        assert isinstance(done, NextValuePass)
        d_states = self.read_out_backward(done)
        if done.counted is not None:
            d_read, d_states = d_states, self.work.arena.zeros(*done.body.output.shape)
            d_states[done.counted] = d_read  # read = output[counted]
        self.network.backward(self.work, done.body, d_states)

    def countable(self, examples: Examples) -> Examples:
        """With a lag, those values that have one so many steps earlier. Where none is that early the network counts
        from the first value, which says nothing of how good it is."""
        return with_a_value_before(examples, self.config.lag)

    def symbols_read(self, examples: Examples) -> int:
        """Every step but the last of each example, which is only predicted."""
        return int(np.asarray(examples.source.lengths).sum()) - len(examples)

    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The one network, reading all steps but the last."""
        assert isinstance(done, NextValuePass)
        return (Part("", done.body, self.shown(example.source)[:-1]),)

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The next numbers, written out."""
        return self.codec.written(example.target)

    def example_of(self, tokens: Any, label: str | None = None) -> tuple[Example, bool]:
        """The series itself is the target."""
        return Example(tokens, tokens[1:]), True

    def legible(self, example: Example) -> Example:
        """A series needs a step to read and one to predict."""
        if len(example.source) > 1:
            return example
        twice = np.repeat(example.source, 2, axis=0)
        return Example(twice, twice[1:])

    @property
    def report_columns(self) -> tuple[str, ...]:
        """Which step of which example, and the true number of each column, the predicted one, and its deviation, which
        is predicted too."""
        return "example", "step", *(f"{name}{what}" for name in self.numbers.names for what in _REPORTED)

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """Each step that is predicted, from the true numbers before it."""
        for number, example in enumerate(examples, 1):
            self.work.reset()
            one = self.countable(self.one(example.source, example.target))
            done = self.forward(one, None, None)
            sides = (self.numbers.given(done.targets), *self.numbers_of(done))
            for step, row in enumerate(np.stack(sides, axis=-1), 1):
                yield number, step, *(float(one) if np.isfinite(one) else "" for one in row.flat)

    @np.errstate(over="ignore", invalid="ignore")  # a network that has diverged forecasts no numbers
    def forecast(self, values: Any, steps: int = 12, draws: int = 0, seed: int = 0) -> Forecast:
        """Continue a series after `values`: (T, D) in its own units, or a file.

        Futures are drawn step by step, each fed back into the network: their mean and spread are the forecast, and
        `draws` of them are returned. Without a learned uncertainty the means are fed back, and nothing can be drawn.
        ConfigError for fewer than one step; DataError if the values do not fit.
        """
        for name, value, least in (("steps", steps, 1), ("draws", draws, 0), ("seed", seed, 0)):
            _check_whole(name, value, least)
        if steps * max(_FUTURES, draws) * self.numbers.size > _MOST_DRAWN:
            raise ConfigError(
                f"{steps:,} steps of {max(_FUTURES, draws):,} futures are more than {_MOST_DRAWN:,} numbers; expected "
                f"fewer steps or draws."
            )
        known = self.tokens_of(values)
        if len(known) < 1:
            raise DataError("There are no values to continue from.")
        learned = self.config.number_loss == "gaussian"
        if draws and not learned:
            raise ConfigError("Futures cannot be drawn: this network has learned only the mean, no uncertainty.")
        self.work.reset()
        rng = np.random.default_rng(seed)
        mean, sigma, states = self._after(known)
        futures = max(_FUTURES, draws) if learned else 1
        stepper = Stepper(self.network, self.parameters, futures, states)
        drawn = np.zeros((futures, steps, self.numbers.size))
        first_mean, first_sigma = mean, sigma
        read, lag = self.numbers.standardise(known).astype(np.float64), self.config.lag
        for t in range(steps):
            noise = rng.standard_normal((futures, self.numbers.size)) if learned else 0.0
            drawn[:, t] = mean + np.nan_to_num(sigma) * noise
            if t < steps - 1:
                inputs = drawn[:, t] - self._lagged(read, drawn, t) if lag else drawn[:, t]
                hidden = stepper.advance(inputs.astype(self.dtype))
                mean, sigma = self.judge.spread(self.output.apply(self.parameters, hidden))
                if lag:
                    mean = mean + self._lagged(read, drawn, t + 1)
        own = self.numbers.restore(drawn)
        # The next step is known without drawing.
        one = self.numbers.restore(first_mean)[0]
        mean_of, deviation = own.mean(axis=0), own.std(axis=0) if learned else np.full(own.shape[1:], np.nan)
        lower, upper = (np.quantile(own, share, axis=0) for share in (_LOWER, _UPPER))
        mean_of[0], deviation[0] = one, self.numbers.restore_deviation(first_sigma)[0]
        if learned:
            lower[0], upper[0] = one - BAND * deviation[0], one + BAND * deviation[0]
        else:
            lower[:], upper[:] = np.nan, np.nan
        return Forecast(mean_of, deviation, lower, upper, own[:draws])

    def _lagged(self, read: FloatArray, drawn: FloatArray, step: int) -> FloatArray:
        """(D,) or (n, D) the value `lag` steps before a step of the future: one that was read, or drawn."""
        place = step - self.config.lag
        return np.asarray(drawn[:, place] if place >= 0 else read[max(len(read) + place, 0)])

    def _after(self, known: FloatArray) -> tuple[FloatArray, FloatArray, Any]:
        """Mean and deviation (1, D) of the next step, standardised, and the states repeated for many futures."""
        packing = Packing(np.array([len(known)]))
        values = self.numbers.standardise(known)
        earlier = self._before(packing, values, np.zeros(1, np.int64), ahead=0)
        body = self.network.forward(self.work, packing, values if earlier is None else values - earlier)
        mean, sigma = self.judge.spread(self.output.apply(self.parameters, body.output[-1:]))
        before = self._before(packing, values, np.zeros(1, np.int64))
        if before is not None:
            mean = mean + before[-1]
        return mean, sigma, body.recurrent.final


def _check_whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise ConfigError(f"{name} is {value!r}; expected a whole number from {least}.")
