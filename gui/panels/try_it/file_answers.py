"""The rows of a file that is answered as a whole, their true answers if it has them, and the share of right answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import engine
from engine.data.codec import Kind
from engine.data.examples_file import load_examples
from engine.data.files.recognition import Recognition
from engine.data.files.texts_to_answer import AskedFile, Input, read_inputs, tokens_of
from engine.export.csv_writer import csv_text
from engine.models.answer_scores import edit_distances
from engine.models.entity_f1 import entity_scores, is_entity_scheme
from engine.number_text import percent

AnswerSymbols = tuple[str, ...]  # one label, a tag for each word, or the symbols of a target text


@dataclass(frozen=True)
class QuestionRow:
    """A row of a file: all its cells, the text to answer ("" if it has none), and its true answer, None if the file
    does not give one."""

    cells: tuple[str, ...]
    text: Input
    truth: AnswerSymbols | None = None


@dataclass(frozen=True)
class QuestionFile:
    """The rows of a file, and the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[QuestionRow]


@dataclass(frozen=True)
class AnsweredRow:
    """What is written for a row, the answer itself, and how many of the row's symbols are unknown to the network."""

    written: str
    answer: AnswerSymbols = ()
    symbols: int = 0
    unknown: int = 0


@dataclass(frozen=True, eq=False)
class Score:
    """The share of right answers. figures: name → share. counts (K, K) of labels or tags, truth by answer."""

    rows: int
    figures: dict[str, float]
    labels: tuple[str, ...] = ()
    counts: NDArray[np.int64] | None = None

    @property
    def headline(self) -> str:
        """The first of the figures."""
        name, value = next(iter(self.figures.items()))
        return f"{name} {percent(value, 1)}"

    @property
    def summary(self) -> str:
        """The figures in words."""
        return ", ".join(f"{name} {percent(value, 1)}" for name, value in self.figures.items())


Answering = Callable[[engine.Model, QuestionRow], AnsweredRow]


def read_rows(
    path: Path, codec: engine.Codec, like: Recognition | None, config: engine.DataConfig | None
) -> QuestionFile:
    """All rows of a file, in order, with their true answers if the network could have given them.

    DataError if the file cannot be read or holds no text.
    """
    try:
        found = list(load_examples(path, codec, config, like).examples)
    except engine.DataError:  # no answers, or answers to another question
        found = []
    try:
        asked = read_inputs(path, codec, like)
    except engine.DataError:
        if not found:
            raise
        asked = AskedFile((), ())
    rows, left = [], deque(found)
    for row in asked.rows:  # some have no example, because their answer is missing or unknown
        source = tuple(left[0].source) if left and row.text else None
        known = source is not None and tokens_of(row.text, codec)[: len(source)] == source
        rows.append(QuestionRow(row.cells, row.text, tuple(left.popleft().target) if known else None))
    if not left:
        return QuestionFile(asked.columns, rows)
    rows = []
    for example in found:
        text, truth = _text_of(example, codec), tuple(example.target)
        written = text if isinstance(text, str) else codec.join(text)
        rows.append(QuestionRow((written, codec.join(truth, "target")), text, truth))
    return QuestionFile(("text", "true answer"), rows)


def _text_of(example: engine.Example, codec: engine.Codec) -> Input:
    return tuple(example.source) if codec.kind == Kind.TAGGED else codec.join(example.source)


def table_head(columns: Sequence[str], added: Sequence[str]) -> str:
    """The names of a file's own columns, and of those that are added to it, which differ from them."""
    return csv_text([(*columns, *(f"{name} (network)" if name in columns else name for name in added))])


def table_line(row: QuestionRow, values: Sequence[object]) -> str:
    """The cells of a row, and the values of the columns that are added to it."""
    return csv_text([(*row.cells, *values)])


def unknown_column(codec: engine.Codec) -> str:
    """The name of the column that counts symbols which the network does not know."""
    return f"unknown {codec.symbol_name}s"


def count_unknown(tokens: Sequence[str], codec: engine.Codec) -> int:
    """How many of these symbols the network does not know."""
    return int(np.count_nonzero(codec.encode(tokens) == 0)) if codec.source.has_specials else 0


def score_classes(codec: engine.Codec, truth: Sequence[AnswerSymbols], answers: Sequence[AnswerSymbols]) -> Score:
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
        figures["entity F1"] = entity_scores(list(map(list, truth)), list(map(list, answers)))["entity_f1"]
    else:
        figures["macro F1"] = float(f1[occurring > 0].mean())
    return Score(len(truth), figures, labels, counts)


def score_texts(_: engine.Codec, truth: Sequence[AnswerSymbols], answers: Sequence[AnswerSymbols]) -> Score:
    """Share of answers that are right from the first symbol to the last, and the rate of wrong symbols."""
    symbols = {symbol: at for at, symbol in enumerate(dict.fromkeys(s for row in (*truth, *answers) for s in row))}
    wanted, given = ([np.array([symbols[s] for s in row], np.int64) for row in rows] for rows in (truth, answers))
    wrong = edit_distances(given, wanted).sum() / max(sum(map(len, wanted)), 1)
    exact = sum(tuple(a) == tuple(b) for a, b in zip(truth, answers, strict=True)) / max(len(truth), 1)
    return Score(len(truth), {"exact match": float(exact), "error rate": float(wrong)})
