"""The forms of files that can be read, one reader a file."""

from __future__ import annotations

from typing import Final

from engine.data.form import Reader
from engine.data.readers.conll import ConllReader
from engine.data.readers.conllu import ConlluReader
from engine.data.readers.folder import FolderReader
from engine.data.readers.json_array import JsonArrayReader
from engine.data.readers.jsonl import JsonLinesReader
from engine.data.readers.lines import LinesReader
from engine.data.readers.parallel import ParallelReader
from engine.data.readers.pronunciation import PronunciationReader
from engine.data.readers.prose import ProseReader
from engine.data.readers.table import TableReader

# In the order in which recognition asks them: the more particular form first.
READERS: Final[dict[str, Reader]] = {
    "jsonl": JsonLinesReader(),
    "json": JsonArrayReader(),
    "conllu": ConlluReader(),
    "conll": ConllReader(),
    "table": TableReader(),
    "pronunciation": PronunciationReader(),
    "prose": ProseReader(),
    "lines": LinesReader(),
    # Several files together.
    "parallel": ParallelReader(),
    "folder": FolderReader(),
}

__all__ = ["READERS"]
