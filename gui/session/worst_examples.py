"""The validation examples that the network gets most wrong: found once, for all views that list them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

import engine
from engine.data.codec import Codec, Kind
from engine.data.examples import Example, Examples
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
    how often it occurs. mistaken: whether an answer is wrong; a number is never right, only nearer or farther. right:
    the share of its predictions that are. error_rate: of an answer that is a text, which the network wrote without
    seeing the right one; None of any other. words: of a tagged text those whose tags are wrong, each with its right tag
    and the network's."""

    text: str
    truth: str
    answer: str
    mistaken: bool
    loss: float
    right: float
    label: str | None
    times: int = 1
    words: tuple[tuple[str, str, str], ...] = ()
    error_rate: float | None = None

    @property
    def share(self) -> float:
        """The number that belongs to the answer: the error rate of a text, else the share that is right."""
        return self.right if self.error_rate is None else self.error_rate

    @property
    def counted_text(self) -> str:
        """The text, with the number of its occurrences if there are several."""
        return self.text if self.times == 1 else f"{self.times} × {self.text}"

    @property
    def differing_truth(self) -> str:
        """The truth; of a tagged text, the words whose tags are wrong with their right tags: "Jordan B-LOC"."""
        return ", ".join(f"{word} {tag}" for word, tag, _ in self.words) or self.truth

    @property
    def differing_answer(self) -> str:
        """The answer; of a tagged text, the network's tags of the same words."""
        return ", ".join(tag for _, _, tag in self.words) or self.answer


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
    from engine.inspection.mistakes import mistakes, own_answers  # no start of the window needs it
    from engine.models.answer_scores import error_rates

    if not len(examples):
        return ()
    if len(examples) > MOST_EXAMPLES:
        examples = examples.take(np.linspace(0, len(examples) - 1, MOST_EXAMPLES).astype(np.int64))
    model, numbers = snapshot.model(), list[int]()
    different: dict[tuple[str, str], Wrong] = {}
    for mistake in mistakes(model, examples, len(examples)):
        row = _row(mistake, examples.codec, snapshot.model_class.label_is_input)
        same = different.get((row.text, row.truth))
        different[row.text, row.truth] = row if same is None else replace(same, times=same.times + 1)
        numbers += [mistake.number] if same is None else []
    shown = examples.take(np.array(numbers[:MOST_SHOWN]))
    own = own_answers(model, shown)
    rows = [replace(row, answer=answer.text) for row, answer in zip(different.values(), own, strict=False)]
    if examples.codec.kind.writes_text:
        rates = error_rates([answer.tokens or () for answer in own], [example.target for example in shown])
        # another example with the same text may have this answer
        return tuple(
            replace(row, error_rate=float(rate), mistaken=(row.text, row.answer) not in different)
            for row, rate in zip(rows, rates, strict=True)
        )
    if examples.codec.kind != Kind.TAGGED:
        return tuple(rows)
    return tuple(replace(row, words=_wrong_tags(example, row.answer)) for row, example in zip(rows, shown, strict=True))


def _wrong_tags(example: Example, answer: str) -> tuple[tuple[str, str, str], ...]:
    """Each word whose tag is wrong, its right tag and the network's."""
    tags = zip(map(str, example.source), map(str, example.target), answer.split(" "), strict=True)
    return tuple((word, right, own) for word, right, own in tags if right != own)


def _row(mistake: Mistake, codec: Codec, label_is_input: bool) -> Wrong:
    source, target = mistake.example.source, mistake.example.target
    truth = codec.join(target, "target") if len(target) else ""
    label = target[0] if label_is_input and codec.kind == Kind.LABELLED and target else None
    mistaken = codec.kind.answers_numbers or mistake.accuracy < 1
    return Wrong(codec.join(source), truth, "", mistaken, mistake.loss, mistake.accuracy, label)
