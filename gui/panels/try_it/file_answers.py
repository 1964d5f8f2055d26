"""The rows of a file that is answered as a whole, what is written for each, and how right the answers are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import engine
from engine.data.codec import Kind
from engine.data.examples_file import load_examples
from engine.data.files.recognition import Recognition
from engine.data.files.texts_to_answer import AskedRow, Input, read_inputs, tokens_of
from engine.data.files.token_lines import lines_for_tokens
from engine.export.csv_writer import csv_text
from engine.models.answer_scores import edit_distances
from engine.models.entity_f1 import entity_scores, is_entity_scheme
from engine.models.metrics import metric_text, metric_title
from engine.models.number_metrics import measured

AnswerValues = tuple[Any, ...]  # one label, a tag for each word, the symbols of a target text, or a number


@dataclass(frozen=True)
class QuestionRow(AskedRow):
    """A row of a file with its true answer, None if the file does not give one."""

    truth: AnswerValues | None = None


@dataclass(frozen=True)
class QuestionFile:
    """The rows of a file, and the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[QuestionRow]


@dataclass(frozen=True)
class AnsweredRow:
    """What is written for a row, the answer itself, and how many of the row's symbols are unknown to the network."""

    written: str
    answer: AnswerValues = ()
    symbols: int = 0
    unknown: int = 0


@dataclass(frozen=True, eq=False)
class Score:
    """How right the answers are. figures: name → what it is, in words. counts (K, K) of labels or tags, truth by
    answer."""

    rows: int
    figures: dict[str, str]
    labels: tuple[str, ...] = ()
    counts: NDArray[np.int64] | None = None

    @property
    def headline(self) -> str:
        """The first of the figures."""
        name, value = next(iter(self.figures.items()))
        return f"{name} {value}"

    @property
    def summary(self) -> str:
        """The figures in words."""
        return ", ".join(f"{name} {value}" for name, value in self.figures.items())


@dataclass(frozen=True)
class FileVerb:
    """How a verb answers the texts of a file.

    columns: the names of what an answer adds to a row of a table. answer: to the symbols of a text; what stands in
    these columns, and the answer itself. score: of true answers and those of the network. writes_tags: whether the
    answers are tags, which are written into the lines of the texts instead.
    """

    columns: Callable[[engine.Model], tuple[str, ...]]
    answer: Callable[[engine.Model, tuple[str, ...]], tuple[tuple[object, ...], AnswerValues]]
    score: Callable[[engine.Codec, Sequence[AnswerValues], Sequence[AnswerValues]], Score]
    writes_tags: bool = False

    @property
    def ending(self) -> str:
        """Of the file of answers."""
        return ".conll" if self.writes_tags else ".csv"

    def head(self, model: engine.Model, columns: Sequence[str]) -> str:
        """The line above the answers: the names of a file's own columns, and of those that are added to it."""
        return "" if self.writes_tags else table_head(columns, (*self.columns(model), _unknown_column(model.codec)))

    def answer_row(self, model: engine.Model, row: QuestionRow) -> AnsweredRow:
        """The answer to a row, and the row with it as it is written; a row without a text has none."""
        codec = model.codec
        tokens = tokens_of(row.text, codec)
        unknown = _count_unknown(tokens, codec)
        values, answer = self.answer(model, tokens) if tokens else (("",) * len(self.columns(model)), ())
        if self.writes_tags:
            assert row.lines is not None
            return AnsweredRow(row.lines.tagged(answer), answer, len(tokens), unknown)
        written = csv_text([(*row.cells, *values, unknown if tokens else "")])
        return AnsweredRow(written, answer, len(tokens), unknown)


def read_rows(
    path: Path,
    codec: engine.Codec,
    like: Recognition | None,
    config: engine.DataConfig | None,
    own: Collection[str] = (),
) -> QuestionFile:
    """All rows of a file, in order, with their true answers if the network could have given them. own: names of columns
    that networks add to a file, which hold no true answers unless this one has learned from such a column.

    DataError if the file cannot be read or holds no text.
    """
    try:
        read = load_examples(path, codec, config, like)
        is_own = read.target in own and (like is None or read.target != like.target_column)
        found = [] if is_own else list(read.examples)
    except engine.DataError:  # no answers, or answers to another question
        found = []
    try:
        asked = read_inputs(path, codec, like)
    except engine.DataError:
        if not found:
            raise
        return _of_examples(found, codec)
    rows, left, longest = [], deque(found), (config or engine.DataConfig()).longest or None
    for row in asked.rows:  # some have no example, because their answer is missing or unknown
        known = bool(left and row.text) and tokens_of(row.text, codec)[:longest] == tuple(left[0].source)
        rows.append(QuestionRow(row.cells, row.text, row.lines, tuple(left.popleft().target) if known else None))
    if left:  # the answers were found in other texts than these
        rows = [replace(row, truth=None) for row in rows]
    return QuestionFile(asked.columns, rows)


def _of_examples(found: Sequence[engine.Example], codec: engine.Codec) -> QuestionFile:
    """The rows of a file that can only be read together with its answers."""
    rows = []
    for example in found:
        text, truth = _text_of(example, codec), tuple(example.target)
        written = text if isinstance(text, str) else codec.join(text)
        lines = lines_for_tokens(text, truth, ()) if codec.kind == Kind.TAGGED else None
        rows.append(QuestionRow((written, codec.join(truth, "target")), text, lines, truth))
    return QuestionFile(("text", "true answer"), rows)


def _text_of(example: engine.Example, codec: engine.Codec) -> Input:
    return tuple(example.source) if codec.kind == Kind.TAGGED else codec.join(example.source)


def table_head(columns: Sequence[str], added: Sequence[str]) -> str:
    """The names of a file's own columns, and of those that are added to it, which differ from them."""
    return csv_text([(*columns, *(f"{name} (network)" if name in columns else name for name in added))])


def _unknown_column(codec: engine.Codec) -> str:
    """The name of the column that counts symbols which the network does not know."""
    return f"unknown {codec.symbol_name}s"


def _count_unknown(tokens: Sequence[str], codec: engine.Codec) -> int:
    """How many of these symbols the network does not know."""
    return int(np.count_nonzero(codec.encode(tokens) == 0)) if codec.source.has_specials else 0


def score_classes(codec: engine.Codec, truth: Sequence[AnswerValues], answers: Sequence[AnswerValues]) -> Score:
    """Accuracy and F1 of labels or tags, and which was taken for which, in the order that all views use."""
    wanted = [label for row in truth for label in row]
    given = [label for row in answers for label in row]
    known = codec.target.symbols if codec.target is not None else ()
    found = {*wanted, *given}
    labels = (*(label for label in known if label in found), *sorted(found.difference(known)))
    place = {label: at for at, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(counts, ([place[label] for label in wanted], [place[label] for label in given]), 1)
    right, occurring = np.diag(counts), counts.sum(axis=1)
    f1 = 2 * right / np.maximum(occurring + counts.sum(axis=0), 1)
    figures = {"accuracy": float(right.sum() / max(len(wanted), 1))}
    if is_entity_scheme(labels):
        figures["entity_f1"] = entity_scores(list(map(list, truth)), list(map(list, answers)))["entity_f1"]
    else:
        figures["macro_f1"] = float(f1[occurring > 0].mean())
    return Score(len(truth), _in_words(figures), labels, counts)


def _in_words(figures: dict[str, float]) -> dict[str, str]:
    return {metric_title(name): metric_text(name, value) for name, value in figures.items()}


def score_texts(_: engine.Codec, truth: Sequence[AnswerValues], answers: Sequence[AnswerValues]) -> Score:
    """Share of answers that are right from the first symbol to the last, and the rate of wrong symbols."""
    symbols = {symbol: at for at, symbol in enumerate(dict.fromkeys(s for row in (*truth, *answers) for s in row))}
    wanted, given = ([np.array([symbols[s] for s in row], np.int64) for row in rows] for rows in (truth, answers))
    wrong = edit_distances(given, wanted).sum() / max(sum(map(len, wanted)), 1)
    exact = sum(tuple(a) == tuple(b) for a, b in zip(truth, answers, strict=True)) / max(len(truth), 1)
    return Score(len(truth), _in_words({"exact_match": float(exact), "error_rate": float(wrong)}))


def score_numbers(codec: engine.Codec, truth: Sequence[AnswerValues], answers: Sequence[AnswerValues]) -> Score:
    """How far off the numbers are, and how much of the variance they explain."""
    numbers = codec.values
    assert numbers is not None
    wanted, given = ((np.array(rows, np.float64) - numbers.mean) / numbers.deviation for rows in (truth, answers))
    return Score(len(truth), _in_words(measured(wanted, given, np.full_like(wanted, np.nan), numbers)))
