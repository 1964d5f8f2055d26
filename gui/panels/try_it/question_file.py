"""The rows of a file that is answered as a whole, with the true answers that it gives."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import engine
from engine.data.codec import Kind
from engine.data.examples_file import load_examples
from engine.data.files.recognition import Recognition
from engine.data.files.table_style import NO_TABLE, TableStyle
from engine.data.files.texts_to_answer import AskedRow, Input, read_inputs, tokens_of
from engine.data.files.token_lines import lines_for_tokens
from engine.errors import UnknownAnswersError
from gui.panels.try_it.file_answers import AnswerValues

_TRUE = "true answer"  # the name of a column


@dataclass(frozen=True)
class QuestionRow(AskedRow):
    """A row of a file with its true answer, None if the file does not give one. longest: see `tokens_of`."""

    truth: AnswerValues | None = None
    longest: int = 0

    def tokens(self, codec: engine.Codec) -> tuple[str, ...]:
        """The symbols that the network reads."""
        return tokens_of(self.text, codec, self.longest)


@dataclass(frozen=True)
class QuestionFile:
    """The rows of a file, and the names of their columns. not_compared: why the answers that it holds are not those
    that the network could have given, "" if they are or if it holds none. remark: which sheet of a workbook was read,
    "" if there was no choice. style: how the file is written."""

    columns: tuple[str, ...]
    rows: Sequence[QuestionRow]
    not_compared: str = ""
    remark: str = ""
    style: TableStyle = NO_TABLE


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
    found, why = list[engine.Example](), ""
    try:
        read = load_examples(path, codec, config, like)
        is_own = read.target in own and (like is None or read.target != like.target_column)
        found = [] if is_own else list(read.examples)
    except UnknownAnswersError as error:
        why = error.message
    except engine.DataError:  # it holds no answers
        pass
    try:
        asked = read_inputs(path, codec, like, chosen=config)
    except engine.DataError:
        if not found:
            raise
        return _of_examples(found, codec)
    rows, left, longest = [], deque(found), (config or engine.DataConfig()).longest
    for row in asked.rows:  # some have no example, because their answer is missing or unknown
        known = bool(left and row.text) and tokens_of(row.text, codec, longest) == tuple(left[0].source)
        truth = tuple(left.popleft().target) if known else None
        rows.append(QuestionRow(row.cells, row.text, row.lines, truth=truth, longest=longest))
    if left:  # the answers were found in other texts than these
        rows = [replace(row, truth=None) for row in rows]
    elif len(asked.columns) == 1 and found:  # the file holds nothing but texts: the answers are in the one beside it
        columns, rows = (*asked.columns, _TRUE), [_with_truth(row, codec) for row in rows]
        return QuestionFile(columns, rows, remark=asked.remark, style=asked.style)
    return QuestionFile(asked.columns, rows, why, asked.remark, asked.style)


def _with_truth(row: QuestionRow, codec: engine.Codec) -> QuestionRow:
    """A row that is written with its true answer."""
    truth = row.truth or ()
    lines = lines_for_tokens(row.tokens(codec), truth, ()) if codec.kind == Kind.TAGGED and truth else row.lines
    return replace(row, cells=(*row.cells, codec.join(truth, "target")), lines=lines)


def _of_examples(found: Sequence[engine.Example], codec: engine.Codec) -> QuestionFile:
    """The rows of a file that can only be read together with its answers."""
    rows = []
    for example in found:
        text, truth = _text_of(example, codec), tuple(example.target)
        written = text if isinstance(text, str) else codec.join(text)
        lines = lines_for_tokens(text, truth, ()) if codec.kind == Kind.TAGGED else None
        rows.append(QuestionRow((written, codec.join(truth, "target")), text, lines, truth=truth))
    return QuestionFile(("text", _TRUE), rows)


def _text_of(example: engine.Example, codec: engine.Codec) -> Input:
    return tuple(example.source) if codec.kind == Kind.TAGGED else codec.join(example.source)
