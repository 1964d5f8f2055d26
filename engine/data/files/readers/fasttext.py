"""Labelled texts as fastText reads them: __label__good the soup was warm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.report import Skipped

_REGULAR: Final = 0.9
_SAMPLE_LINES: Final = 5000
_PREFIX: Final = "__label__"
# A label ends at white space, a comma or a bar, which separates it from the text. With the option -label, fastText
# accepts any prefix.
_LABEL: Final = re.compile(r"\"?__[^\W_]+__([^\s,|\"]+)\"?")


class FasttextReader(Reader):
    """Labels come before or after the text. A line with several labels is left out."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        lines = [line for line in excerpt.lines[:_SAMPLE_LINES] if line.strip()]
        if sum("__" in line for line in lines) < _REGULAR * len(lines) and config.form != "fasttext":
            return None
        rows = [row for row in map(split_line, lines) if row[0]]
        if not rows or (config.form != "fasttext" and len(rows) < _REGULAR * len(lines)):
            return None
        several = [labels for labels, _ in rows if len(labels) > 1]
        problem = ""
        if len(several) > (1 - _REGULAR) * len(rows):
            problem = (
                f"{len(several):,} of {len(rows):,} lines have several labels, such as “{several[0][0]}” and "
                f"“{several[0][1]}”; expected one label for each text."
            )
        labels = {labels[0] for labels, _ in rows}
        texts, first = tuple(text for _, text in rows[:8]), tuple(labels[0] for labels, _ in rows[:8])
        return Recognition(
            "fasttext", Kind.LABELLED, f"labels marked {_PREFIX}, {len(labels):,} distinct", ("text", "label"),
            (texts, first), "text", "label", problem=problem,
        )  # fmt: skip

    def expected(self) -> str:
        return f"{_PREFIX} and a label before each text"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        number = 0
        for block in files[0].blocks():
            texts: list[str] = []
            labels: list[str] = []
            lines: list[int] = []
            skipped: list[Skipped] = []
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                found, text = split_line(line)
                if len(found) == 1:
                    texts.append(text)
                    labels.append(found[0])
                    lines.append(number)
                elif line.strip():
                    reason = f"several labels: {', '.join(found)}" if found else f"no label marked {_PREFIX}"
                    skipped.append(Skipped(number, reason))
            yield RowBatch(texts, labels, None, np.array(lines, np.int64), skipped)


def split_line(line: str) -> tuple[list[str], str]:
    """The labels of a line and its text."""
    labels: list[str] = []
    line = line.strip()
    while (found := _LABEL.match(line)) is not None:
        labels.append(found[1])
        line = line[found.end() :].lstrip(" \t,|")
    if not labels:
        while "__" in line and (last := re.search(r"[\s,|]+" + _LABEL.pattern + r"$", line)) is not None:
            labels.insert(0, last[1])
            line = line[: last.start()]
    if len(line) > 1 and line[0] == line[-1] == '"':
        line = line[1:-1].replace('""', '"')
    return labels, line
