"""The validation examples that the network gets most wrong: found once, for all views that list them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

import engine
from engine.data.codec import Codec, Kind
from engine.data.examples import Example, Examples
from engine.data.numbers.recording import NetworkInput
from engine.training.defaults import given_in, name_in
from gui.session.current_run import CurrentRun
from gui.session.data import Data
from gui.session.questions import VIEW_SHARE, Question, Questions

if TYPE_CHECKING:
    from engine.inspection.mistakes import Mistake

MOST_EXAMPLES = 1000  # evenly chosen
MOST_SHOWN = 100


@dataclass(frozen=True)
class Wrong:
    """One row: the text as it can be typed, the network's answer to it, its label if the network starts from one, and
    how often it occurs. Numbers that are read have a name instead, such as that of their file; given: what views look
    at. mistaken: whether an answer is wrong; a number is never right, only nearer or farther. right: the share of its
    predictions that are or, where they are numbers (is_number), of the true ones inside the 90 % band. error_rate: of
    an answer that is a text, which the network wrote without seeing the right one; None of any other. words: of a
    tagged text those whose tags are wrong, each with its right tag and the network's."""

    text: str
    given: NetworkInput
    truth: str
    answer: str
    mistaken: bool
    loss: float
    right: float
    label: str | None
    times: int = 1
    words: tuple[tuple[str, str, str], ...] = ()
    error_rate: float | None = None
    is_number: bool = False

    @property
    def share(self) -> float:
        """The number that belongs to the answer: the error rate of a text, else the share that is right."""
        return self.right if self.error_rate is None else self.error_rate

    @property
    def is_named(self) -> bool:
        """Whether the text is the name of something else."""
        return self.text != self.given

    @property
    def counted_text(self) -> str:
        """The text, with the number of its occurrences if there are several; a name, which is that of the first."""
        return self.text if self.times == 1 or self.is_named else f"{self.times} × {self.text}"

    @property
    def differing_truth(self) -> str:
        """The truth; of a tagged text, the words whose tags are wrong with their right tags: "Jordan B-LOC"."""
        return ", ".join(f"{word} {tag}" for word, tag, _ in self.words) or self.truth

    @property
    def differing_answer(self) -> str:
        """The answer; of a tagged text, the network's tags of the same words."""
        return ", ".join(tag for _, _, tag in self.words) or self.answer

    @property
    def brief_truths(self) -> list[str]:
        """Of a tagged text, briefer and briefer ways to write `differing_truth` in which no tag is cut: with the words
        as long as one has room, else without them."""
        return [*_first_of([f"{word} {tag}" for word, tag, _ in self.words]), *_first_of([t for _, t, _ in self.words])]

    @property
    def brief_answers(self) -> list[str]:
        """The same for `differing_answer`."""
        return _first_of([tag for _, _, tag in self.words])


class WorstExamples(QObject):
    """The worst examples for the newest weights at which a view has asked for them."""

    changed = Signal()

    def __init__(self, run: CurrentRun, data: Data, questions: Questions) -> None:
        super().__init__()
        self.found: tuple[Wrong, ...] | None = None  # None if they are not known
        self.refusal = ""  # why there are none, in words
        self._run, self._data, self._questions = run, data, questions
        self._number = -1  # of the run that they belong to
        self._owner = object()

    def ask(self) -> None:
        """Have them found for the newest weights; those of another run are forgotten."""
        if self._number != self._run.number:
            self._number, self.found, self.refusal = self._run.number, None, ""
        if self._data.dataset is not None:
            work = partial(worst_of, examples=self._data.dataset.validation)
            self._questions.ask(Question(self._owner, work, self._take, self._refuse, about=None, share=VIEW_SHARE))

    def _take(self, found: tuple[Wrong, ...] | None, refusal: str = "") -> None:
        self.found, self.refusal = found, refusal
        self.changed.emit()

    def _refuse(self, message: str) -> None:
        self._take(None, message)


def worst_of(snapshot: engine.Snapshot, examples: Examples) -> tuple[Wrong, ...]:
    """The worst examples of a part of them; runs in the background. ConfigError on running text."""
    from engine.inspection.mistakes import evenly_chosen, mistakes, own_answers  # no start of the window needs it
    from engine.models.answer_scores import error_rates

    if not len(examples):
        return ()
    places = evenly_chosen(len(examples), MOST_EXAMPLES)
    model, codec, chosen = snapshot.model(), examples.codec, examples.take(places)
    times = Counter[tuple[Example, str]]()
    first: list[Mistake] = []  # of those that read the same
    for mistake in mistakes(model, chosen, len(chosen)):
        same = _read_and_right(mistake.example, codec)
        if same not in times:
            first.append(mistake)
        times[same] += 1
    first = first[:MOST_SHOWN]
    shown = [mistake.example for mistake in first]
    starts_from_label = snapshot.model_class.label_is_input and codec.kind == Kind.LABELLED
    own = own_answers(model, chosen.take(np.array([mistake.number for mistake in first])))
    rows = [
        Wrong(
            text=name_in(examples, int(places[mistake.number])),
            given=given_in(examples, int(places[mistake.number])),
            truth=_truth_of(mistake.example, codec),
            answer=answer.text,
            mistaken=codec.kind.answers_numbers or mistake.accuracy < 1,
            loss=mistake.loss,
            right=mistake.accuracy,
            label=mistake.example.target[0] if starts_from_label and mistake.example.target else None,
            is_number=codec.kind.answers_numbers,
            times=times[_read_and_right(mistake.example, codec)],
        )
        for mistake, answer in zip(first, own, strict=True)
    ]
    if codec.kind.writes_text:
        rates = error_rates([answer.tokens or () for answer in own], [example.target for example in shown])
        # another example that reads the same may have this answer
        return tuple(
            replace(row, error_rate=float(rate), mistaken=(Example(example.source), row.answer) not in times)
            for row, example, rate in zip(rows, shown, rates, strict=True)
        )
    if codec.kind != Kind.TAGGED:
        return tuple(rows)
    return tuple(replace(row, words=_wrong_tags(example, row.answer)) for row, example in zip(rows, shown, strict=True))


def _read_and_right(example: Example, codec: Codec) -> tuple[Example, str]:
    """What is the same in examples that are listed once: what is read, and the truth."""
    return Example(example.source), _truth_of(example, codec)


def _truth_of(example: Example, codec: Codec) -> str:
    return codec.join(example.target, "target") if len(example.target) else ""


def _first_of(parts: list[str]) -> list[str]:
    """All of these, then fewer and fewer of the first of them."""
    fewer = [f"{', '.join(parts[:count])}, …" for count in range(len(parts) - 1, 0, -1)]
    return [", ".join(parts), *fewer, *(f"{part},…" for part in parts[:1] if fewer)] if parts else []


def _wrong_tags(example: Example, answer: str) -> tuple[tuple[str, str, str], ...]:
    """Each word whose tag is wrong, its right tag and the network's."""
    tags = zip(map(str, example.source), map(str, example.target), answer.split(" "), strict=True)
    return tuple((word, right, own) for word, right, own in tags if right != own)
