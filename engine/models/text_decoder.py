"""The base of networks that read something and then write a text, symbol by symbol."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.examples import Example, Examples
from engine.data.vocabulary import END, END_ID, UNKNOWN, UNKNOWN_ID
from engine.models.answer_options import SearchOptions
from engine.models.answer_scores import (
    SACREBLEU_MISSING,
    closest,
    error_rates,
    has_sacrebleu,
    right_answers,
    translation_scores,
)
from engine.models.answer_types import OwnAnswer, Translation
from engine.models.beam import BeamResult, beam_search
from engine.models.decoding import Stepper
from engine.models.model import Batch, Model
from engine.models.model_description import Prediction
from engine.models.rows import chunks
from engine.network.losses import log_softmax
from engine.network.sequence_network import SymbolNetwork
from engine.network.states import StackStates
from engine.types import FloatArray, IntArray


@dataclass
class ReadSource:
    """The source as the decoder sees it: first states, for attention keys (B, S, E) with lengths (B,), and for copying
    symbols (B, S) of the target. attended (B, 2, S): where attention has been so far, see `Location`; every step
    changes it."""

    initial: StackStates
    keys: FloatArray
    lengths: IntArray
    symbols: IntArray
    attended: FloatArray

    def take(self, rows: IntArray) -> ReadSource:
        """The sources with these indices (m,)."""
        chosen = (part[rows] for part in (self.keys, self.lengths, self.symbols, self.attended))
        return ReadSource(self.initial.take(rows), *chosen)


class TextDecoder(Model):
    """A decoder that writes the target from its first states, and from the source if it can look back at it."""

    predicts = Prediction.TARGET_SYMBOL
    validation_cost = 1.6  # it is read for the loss and answered symbol by symbol: 1 with letters, 2 with many words
    report_columns = ("source", "target", "predicted", "log_probability", "error_rate", "right")
    decoder: SymbolNetwork

    def _build_decoder(self, prefix: str) -> None:
        assert self.codec.target is not None
        self.target_size = len(self.codec.target)
        self.start_id = self.target_size
        self.decoder = SymbolNetwork(prefix, self.config, self.target_size + 1, self.dtype)
        self.output = self._read_out_of(self.decoder, self.codec.target)

    @abstractmethod
    def read(self, examples: Examples) -> ReadSource:
        """Read all sources; everything in the caller's order."""

    @abstractmethod
    def _step_logits(
        self, stepper: Stepper, reading: ReadSource, ids: IntArray
    ) -> tuple[FloatArray, FloatArray | None]:
        """One step of the decoder: logits (V, n), and the attention (n, S) where there is one."""

    def greedy(self, examples: Examples) -> list[IntArray]:
        """The most probable symbol at each step, for all examples at once: ids (length,) without the end symbol."""
        reading = self.read(examples)
        count, limit = len(examples), self._limit(examples)
        stepper = Stepper(self.decoder, self.parameters, count, reading.initial)
        ids = np.full(count, self.start_id)
        written = np.full((count, limit), END_ID)
        alive = np.ones(count, bool)
        for t in range(limit):
            logits, _ = self._step_logits(stepper, reading, ids)
            logits[UNKNOWN_ID] = -np.inf
            ids = logits.argmax(axis=0)
            written[alive, t] = ids[alive]
            alive &= ids != END_ID
            if not alive.any():
                break
        ends = np.argmax(np.pad(written == END_ID, ((0, 0), (0, 1)), constant_values=True), axis=1)
        return [row[:end] for row, end in zip(written, ends, strict=True)]

    def _limit(self, examples: Examples) -> int:
        """Symbols after which an answer is cut off: twice the longest text of the data, or of the source if longer."""
        read = 0 if self.codec.frames is not None else int(np.max(examples.source.lengths, initial=0))
        return 2 * max(self.longest, read) + 5

    @property
    def choices(self) -> tuple[str, ...]:
        """All symbols of the target that the network knows."""
        assert self.codec.target is not None
        return self.codec.target.symbols

    def _shown_target(self, example: Example) -> tuple[str, ...]:
        """The target as the network sees it, with unknown symbols marked."""
        assert self.codec.target is not None
        return tuple(token if self.codec.target.index(token) is not None else UNKNOWN for token in example.target)

    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The target and its end."""
        return (*self._shown_target(example), END)

    def example_of(self, tokens: Any, label: str | None = None) -> tuple[Example, bool]:
        """The source with the network's own greedy answer."""
        return Example(tokens, self.answers_to(tokens, 1)[0].tokens), False

    def start_ids(self) -> dict[str, object]:
        """The decoder's start token."""
        return {"start_id": self.start_id}

    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """Each source and target, the greedy answer with its log-probability in nats, its error rate, and whether it is
        right, as `measure` has it. If several examples have the same source, the target of any of them counts."""
        same = right_answers(self.examples(examples))
        for example, others in zip(examples, same, strict=True):
            yield self._report_row(example, [examples[k].target for k in others] or [example.target])

    def _report_row(self, example: Example, right: Sequence[Sequence[str]]) -> tuple[object, ...]:
        answer = self.answers_to(example.source, 1)[0]
        rates, lengths = error_rates([answer.tokens] * len(right), right), [max(1, len(one)) for one in right]
        errors = min(zip((rates * lengths).round(), lengths, rates.tolist(), strict=True))[2]
        is_right = answer.text in [self.codec.join(one, "target") for one in right]
        wanted = self.codec.join(example.target, "target")
        return self.codec.join(example.source), wanted, answer.text, answer.log_probability, errors, is_right

    def answers_to_each(self, part: Examples) -> list[OwnAnswer]:
        """The greedy answer to each."""
        assert self.codec.target is not None
        written = map(self.codec.target.decode, self.greedy(part))
        return [OwnAnswer(self.codec.join(tokens, "target"), tokens) for tokens in written]

    def metrics(self) -> tuple[str, ...]:
        """Metrics of whole answers, of their symbols, and of next symbols."""
        return "exact_match", "accuracy", "error_rate"

    def _writes_sentences(self) -> bool:
        return self.codec.writes_words

    def not_measured(self) -> tuple[str, ...]:
        """BLEU and chrF of sentences, if the package that computes them is missing."""
        return (SACREBLEU_MISSING,) if self._writes_sentences() and not has_sacrebleu() else ()

    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """exact_match: share of greedy answers that are right; if several examples have the same source, the target of
        any of them counts. accuracy: of next symbols, given the truth. error_rate: symbols to insert, delete or replace
        in all answers to reach the closest right ones, as a share of the symbols of those.
        thorough: also bleu and chrf, for sentences.
        """
        right = total = 0
        answers: list[IntArray] = [np.zeros(0, np.int64)] * len(examples)
        for part, places in chunks(examples):
            for k, answer in zip(places.tolist(), self.greedy(part), strict=True):
                answers[k] = answer
            self.work.reset()
            done = self.forward(part, None, None)
            target_logits = done.logits[done.targets, np.arange(len(done.targets))]
            # finding the largest value is far faster than finding where it is
            right += int((target_logits == done.logits.max(axis=0)).sum())
            total += len(done.targets)
        targets = [np.asarray(row) for row in examples.target]
        distances, lengths = closest(answers, targets, right_answers(examples))
        values = {
            "exact_match": float((distances == 0).mean()),
            "accuracy": right / total,
            "error_rate": int(distances.sum()) / max(1, int(lengths.sum())),
        }
        if thorough and self._writes_sentences() and has_sacrebleu():
            values |= self._translation_scores(answers, examples)
        return values

    def _translation_scores(self, answers: Sequence[IntArray], examples: Examples) -> dict[str, float]:
        assert self.codec.target is not None
        written = [self.codec.join(self.codec.target.decode(answer), "target") for answer in answers]
        targets = [self.codec.join(example.target, "target") for example in examples]
        return translation_scores(written, [[targets[k] for k in same] for same in right_answers(examples)])

    @np.errstate(over="ignore", invalid="ignore")  # enormous weights have no figures
    def search(self, tokens: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> BeamResult:
        """Beam search over the answers to one source; `forced` are the first symbols of every answer."""
        assert self.codec.target is not None
        SearchOptions(beam_size)  # ConfigError for an impossible value
        one = self.one(tokens)
        reading = self.read(one)
        stepper = Stepper(self.decoder, self.parameters, 1, reading.initial)

        def advance(ids: IntArray, parents: IntArray) -> tuple[FloatArray, FloatArray | None]:
            nonlocal reading
            if not np.array_equal(parents, np.arange(len(reading.lengths))):
                stepper.select(parents)
                reading = reading.take(parents)
            logits, weights = self._step_logits(stepper, reading, ids)
            scores = log_softmax(logits.astype(np.float64))
            scores[UNKNOWN_ID] = -np.inf
            return scores, weights

        first = [int(i) for i in self.codec.target.encode(forced)]
        return beam_search(advance, self.start_id, END_ID, beam_size, self._limit(one), first)

    def answers_to(self, given: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The best answers of a beam search, most probable first; beam_size 1 is greedy."""
        assert self.codec.target is not None
        answers = []
        for answer in self.search(self.tokens_of(given), beam_size, forced).answers:
            words = self.codec.target.decode(answer.ids)
            text = self.codec.join(words, "target")
            answers.append(Translation(text, answer.log_probability, words, answer.attention))
        return answers
