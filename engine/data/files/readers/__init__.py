"""The forms of files that can be read, one reader per file."""

from __future__ import annotations

from typing import Final

from engine.data.files.reader import Reader
from engine.data.files.readers.abc_notation import AbcReader
from engine.data.files.readers.conll import ConllReader
from engine.data.files.readers.conllu import ConlluReader
from engine.data.files.readers.fasttext import FasttextReader
from engine.data.files.readers.folder import FolderReader
from engine.data.files.readers.json_array import JsonArrayReader
from engine.data.files.readers.jsonl import JsonLinesReader
from engine.data.files.readers.lines import LinesReader
from engine.data.files.readers.number_table import NumberTableReader
from engine.data.files.readers.parallel import ParallelReader
from engine.data.files.readers.pronunciation import PronunciationReader
from engine.data.files.readers.prose import ProseReader
from engine.data.files.readers.series_rows import SeriesRowsReader
from engine.data.files.readers.steps_across import StepsAcrossReader
from engine.data.files.readers.table import TableReader
from engine.data.files.readers.year_months import YearMonthsReader

# In the order in which recognition tries them: the more specific form first.
READERS: Final[dict[str, Reader]] = {
    "json": JsonArrayReader(),
    "jsonl": JsonLinesReader(),
    "abc": AbcReader(),
    "fasttext": FasttextReader(),
    "conllu": ConlluReader(),
    "conll": ConllReader(),
    "year-months": YearMonthsReader(),
    "steps-across": StepsAcrossReader(),
    "numbers": NumberTableReader(),
    "series-rows": SeriesRowsReader(),
    "table": TableReader(),
    "pronunciation": PronunciationReader(),
    "prose": ProseReader(),
    "lines": LinesReader(),
    # Several files together.
    "parallel": ParallelReader(),
    "folder": FolderReader(),
}

__all__ = ["READERS"]
