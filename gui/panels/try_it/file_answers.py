"""What a verb writes for each row of a file that is answered as a whole, and how right the answers are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import engine
from engine.export.csv_writer import csv_text, delimiter_of
from engine.inspection.mistakes import listed
from engine.models.answer_scores import closest, numbered, right_answers
from engine.models.entity_f1 import entity_scores, is_entity_scheme
from engine.models.metrics import main_metric, metric_text, metric_title
from engine.models.number_metrics import measured
from engine.number_text import counted

if TYPE_CHECKING:
    from engine.data.files.table_style import TableStyle
    from gui.panels.try_it.question_file import QuestionRow

_NO_BREAK_SPACES: Final = re.compile("[\u00a0\u2007\u202f]")  # one before a French question mark
AnswerCells = tuple[str | float, ...]  # what an answer adds to a row of a table: words and numbers
AnswerValues = tuple[Any, ...]  # one label, a tag for each word, the symbols of a target text, or a number


@dataclass(frozen=True)
class AnsweredRow:
    """What is written for a row, its cells with those that the answer adds, the answer itself, the row's symbols, and
    how many the network does not know."""

    written: str
    cells: tuple[object, ...]
    answer: AnswerValues
    tokens: tuple[str, ...]
    unknown: int


@dataclass(frozen=True, eq=False)
class Score:
    """How right the answers are. figures: by the name of the metric. counts (K, K) of labels or tags, truth by
    answer. known: how many of the texts are in the training data too, "" if none are."""

    rows: int
    figures: dict[str, float]
    labels: tuple[str, ...] = ()
    counts: NDArray[np.int64] | None = None
    known: str = ""

    @property
    def headline(self) -> str:
        """The figure that tells most."""
        name = main_metric(self.figures, "") or next(iter(self.figures))
        return f"{metric_title(name)} {metric_text(name, self.figures[name])}"

    @property
    def summary(self) -> str:
        """The figures in words."""
        return ", ".join(f"{metric_title(name)} {metric_text(name, value)}" for name, value in self.figures.items())

    @property
    def remark(self) -> str:
        """Why the figures tell less than they seem to, as a sentence to be put behind them; "" if they do not."""
        return f" {self.known[0].upper()}{self.known[1:]}." if self.known else ""


def not_compared(compared: int, texts: int) -> str:
    """How many of the answered texts a score leaves out, to be put behind it; "" if there are none."""
    left_out = counted(texts - compared, "row")
    return f" (without {left_out} whose right answer is missing or was never learned)" if texts > compared else ""


@dataclass(frozen=True)
class FileVerb:
    """How a verb answers the texts of a file.

    columns: the names of what an answer adds to a row of a table. answer: to the symbols of a text; what stands in
    these columns, words and numbers, and the answer itself. score: of texts with their right answers, and those of the
    network. writes_tags: whether the answers are tags, which are written into the lines of the texts instead. how: said
    of the answers, "" if there is one way to find them. number: the format of the numbers.
    """

    columns: Callable[[engine.Model], tuple[str, ...]]
    answer: Callable[[engine.Model, tuple[str, ...]], tuple[AnswerCells, AnswerValues]]
    score: Callable[[engine.Codec, Sequence[engine.Example], Sequence[AnswerValues]], Score]
    writes_tags: bool = False
    how: str = ""
    number: str = ".6f"

    @property
    def ending(self) -> str:
        """Of the file of answers."""
        return ".conll" if self.writes_tags else ".csv"

    def ending_for(self, source: Path) -> str:
        """The same for the answers to a file, whose tabs are kept."""
        unpacked = Path(source.name.removesuffix(".gz"))
        own = not self.writes_tags and delimiter_of(unpacked) == "\t"
        return unpacked.suffix if own else self.ending

    def style_for(self, style: TableStyle, source: Path, goal: Path) -> TableStyle:
        """How the answers to a file of this style are written: as it is, but a table with tabs has the ending that
        promises them, or that of the file. They are in UTF-8: where the file is not, a mark tells the program that it
        came from."""
        ending, promised = goal.suffix.lower(), delimiter_of(goal)
        same = ending == Path(source.name.lower().removesuffix(".gz")).suffix
        kept = style.delimiter and promised != "\t" and (same or style.delimiter != "\t")
        delimiter = style.delimiter if kept else promised
        mark = style.has_mark or not (style.is_utf8 or self.writes_tags)
        return replace(style, delimiter=delimiter, decimal="." if delimiter == "," else style.decimal, has_mark=mark)

    def head(self, model: engine.Model, columns: Sequence[str], style: TableStyle) -> str:
        """The line above the answers: the names of a file's own columns, and of those that are added to it."""
        return "" if self.writes_tags else csv_text([self.names(model, columns)], delimiter=style.delimiter)

    def names(self, model: engine.Model, columns: Sequence[str]) -> tuple[str, ...]:
        """The names of a file's own columns, and of those that are added to it."""
        return table_head(columns, (*self.columns(model), f"unknown {model.codec.symbol_name}s"))

    def answer_row(self, model: engine.Model, row: QuestionRow, style: TableStyle) -> AnsweredRow:
        """The answer to a row, and the row with it as it is written; a row without a text has none."""
        codec = model.codec
        tokens = row.tokens(codec)
        unknown = _count_unknown(tokens, codec)
        values, answer = self.answer(model, tokens) if tokens else (("",) * len(self.columns(model)), ())
        if self.writes_tags:
            assert row.lines is not None
            return AnsweredRow(row.lines.tagged(answer), (), answer, tokens, unknown)
        shown = (v if isinstance(v, str) else f"{v:{self.number}}".replace(".", style.decimal) for v in values)
        counted_unknown = unknown if tokens else ""
        written = csv_text([(*row.cells, *shown, counted_unknown)], delimiter=style.delimiter)
        return AnsweredRow(written, (*row.cells, *values, counted_unknown), answer, tokens, unknown)


def table_head(columns: Sequence[str], added: Sequence[str]) -> tuple[str, ...]:
    """The names of a file's own columns, and of those that are added to it, which differ from them."""
    return (*columns, *(f"{name} (network)" if name in columns else name for name in added))


def _count_unknown(tokens: Sequence[str], codec: engine.Codec) -> int:
    """How many of these symbols the network does not know."""
    return int(np.count_nonzero(codec.encode(tokens) == 0)) if codec.source.has_specials else 0


def score_classes(codec: engine.Codec, texts: Sequence[engine.Example], answers: Sequence[AnswerValues]) -> Score:
    """Accuracy and F1 of labels or tags, and which was taken for which, in the order that all views use."""
    truth = [text.target for text in texts]
    wanted = [label for row in truth for label in row]
    given = [label for row in answers for label in row]
    known = codec.target.symbols if codec.target is not None else ()
    found = {*wanted, *given}
    labels = listed([*(label for label in known if label in found), *sorted(found.difference(known))])
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
    return Score(len(texts), figures, labels, counts)


def score_texts(codec: engine.Codec, texts: Sequence[engine.Example], answers: Sequence[AnswerValues]) -> Score:
    """Share of answers that are right from the first symbol to the last, and the rate of wrong symbols, as in a test:
    if a text occurs several times, each of its right answers counts. A no-break space counts as a space: it looks the
    same, and hardly anybody types one."""
    given, wanted = numbered(
        [_with_plain_spaces(codec, answer) for answer in answers],
        [_with_plain_spaces(codec, text.target) for text in texts],
    )
    distances, lengths = closest(given, wanted, right_answers(engine.Examples.of(codec, texts)))
    wrong = float(distances.sum() / max(1, lengths.sum()))
    return Score(len(texts), {"exact_match": float((distances == 0).mean()), "error_rate": wrong})


def _with_plain_spaces(codec: engine.Codec, symbols: Sequence[str]) -> Sequence[str]:
    text = codec.join(symbols, "target")
    plain = _NO_BREAK_SPACES.sub(" ", text)
    return symbols if plain == text else codec.tokenize(plain, "target")


def score_numbers(codec: engine.Codec, texts: Sequence[engine.Example], answers: Sequence[AnswerValues]) -> Score:
    """How far off the numbers are, and how much of the variance they explain."""
    numbers = codec.values
    assert numbers is not None
    truth = [text.target for text in texts]
    wanted, given = ((np.array(rows, np.float64) - numbers.mean) / numbers.deviation for rows in (truth, answers))
    return Score(len(texts), measured(wanted, given, np.full_like(wanted, np.nan), numbers))
