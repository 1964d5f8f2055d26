"""CoNLL-U, the format of Universal Dependencies.

The `conllu` library builds a dictionary with features and dependencies for each word, which costs many times what
two columns need; this reader takes those two and checks no more of the rest than it has to. The format is described at
universaldependencies.org/format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.readers.conll import Sentences, tags_counted
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import ConfigError, DataError

COLUMNS: Final = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
_ID: Final = re.compile(r"[0-9]+(?:[-.][0-9]+)?")
_REGULAR: Final = 0.95
_SAMPLE_LINES: Final = 5000
_TEXT: Final = re.compile(r"#\s*text\s*=")
_SENTENCES: Final = 50


class ConlluReader(Reader):
    """Tagged sentences. Multiword ranges (`3-4`) and empty nodes (`8.1`) have no tag of their own and are left out."""

    kinds: tuple[Kind, ...] = (Kind.TAGGED,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        full = [line for line in excerpt.lines[:_SAMPLE_LINES] if line.strip() and not line.startswith("#")]
        rows = [line.split("\t") for line in full]
        fitting = [row for row in rows if len(row) == len(COLUMNS) and _ID.fullmatch(row[0])]
        if config.form != "conllu" and (not fitting or len(fitting) < _REGULAR * len(rows)):
            return None
        words = [row for row in fitting if row[0].isdigit()]
        source = _column(config.source_column, "FORM")
        target = _column(config.target_column, _telling(words))
        place = COLUMNS.index(target)
        tags = {row[place] for row in words}
        what = tags_counted(len(tags), excerpt, _SAMPLE_LINES)
        return Recognition(
            "conllu", Kind.TAGGED, f"the ten columns of CoNLL-U; {target} has {what}", COLUMNS,
            tuple(tuple(row[i] for row in words[:8]) for i in range(len(COLUMNS))), source, target, "\t",
            sentences=_sentences(excerpt.head[:_SAMPLE_LINES]),
        )  # fmt: skip

    def expected(self) -> str:
        return "the ten tab-separated columns of CoNLL-U"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        source = recognition.place(recognition.source_column)
        target = recognition.place(recognition.target_column)
        sentences = Sentences()
        number = 0
        needed = max(source, target) + 1
        for block in files[0].blocks():
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if line[:1] == "#":
                    continue
                if not line or line.isspace():
                    sentences.close()
                    continue
                width = line.count("\t") + 1
                if width != len(COLUMNS):
                    raise DataError(f"Found {width} column{'s' * (width != 1)}; expected the ten of CoNLL-U, "
                                    "separated by tabs.", path=files[0].path, line=number)  # fmt: skip
                row = line.split("\t", needed)
                if row[0].isdigit():
                    sentences.add(row[source], row[target], number)
                elif not _ID.fullmatch(row[0]):
                    raise DataError(
                        f"Found {row[0][:20]!r} where a word number should be; expected 1, 2, 3, …, a range such as "
                        "3-4, or an empty node such as 8.1.",
                        path=files[0].path,
                        line=number,
                    )
            yield sentences.take()
        sentences.close()
        yield sentences.take()


def _sentences(lines: Sequence[str]) -> tuple[str, ...]:
    """The sentences given as "# text = …" in the first lines."""
    remarks = (line for line in lines if line.startswith("#") and _TEXT.match(line))
    return tuple(line.partition("=")[2].strip() for line in islice(remarks, _SENTENCES))


def _column(wanted: str, otherwise: str) -> str:
    if wanted and wanted not in COLUMNS:
        raise ConfigError(f"There is no column {wanted!r}; the columns are {', '.join(COLUMNS)}.")
    return wanted or otherwise


def _telling(words: Sequence[Sequence[str]]) -> str:
    """UPOS, or XPOS where no word has a universal tag."""
    return "XPOS" if words and all(row[3] == "_" for row in words) else "UPOS"
