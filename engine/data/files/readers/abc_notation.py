"""Tune books in ABC notation: each tune with its metre and key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.music.tune_book import BookTune, read_book
from engine.data.report import Skipped
from engine.number_text import counted

_PREVIEW: Final = 8
_MOSTLY: Final = 0.5  # of the lines that are not empty
_TUNES_A_BATCH: Final = 1024


class AbcReader(Reader):
    """The music of each tune; with metre and key as its label where two or more of them recur."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED, Kind.SEQUENCES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        if not any(line.lstrip().startswith("X:") for line in excerpt.head):
            return None
        tunes = [tune for tune in read_book(excerpt.lines) if not tune.problem]
        if not tunes or (config.form == AUTO and not _are_most(tunes, excerpt.lines)):
            return None
        times = Counter(tune.label for tune in tunes)
        recurring = [label for label, count in times.items() if count > 1]
        labelled = len(recurring) > 1 if config.kind == AUTO else config.kind == Kind.LABELLED
        reason = f"ABC notation, {counted(len(tunes), 'tune')}" if excerpt.complete else "ABC notation"
        texts = tuple(tune.text(labelled) for tune in tunes[:_PREVIEW])
        if not labelled:
            return Recognition("abc", Kind.SEQUENCES, f"{reason}; each is an item", ("text",), (texts,), "text")
        return Recognition(
            "abc", Kind.LABELLED, f"{reason}, with {len(times):,} different labels: metre and key", ("text", "label"),
            (texts, tuple(tune.label for tune in tunes[:_PREVIEW])), "text", "label",
        )  # fmt: skip

    def expected(self) -> str:
        return "tunes in ABC notation, each with a line X: and a line K: above its notes"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        with_label = "label" in recognition.columns
        found = read_book(files[0].lines())
        while some := list(islice(found, _TUNES_A_BATCH)):
            tunes = [tune for tune in some if not tune.problem]
            yield RowBatch(
                [tune.text(with_label) for tune in tunes],
                [tune.label for tune in tunes] if recognition.target_column else [],
                None,
                np.array([tune.line for tune in tunes], np.int64),
                [Skipped(tune.line, tune.problem) for tune in some if tune.problem],
            )


def _are_most(tunes: Sequence[BookTune], lines: Sequence[str]) -> bool:
    """Whether most of a file are tunes with bars, rather than a text about one, or one with such lines by chance."""
    barred = sum(tune.length for tune in tunes if "|" in tune.music)
    return barred >= _MOSTLY * sum(bool(line.strip()) for line in lines)
