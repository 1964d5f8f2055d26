"""Running text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.readers.lines import prose_reason
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile


class ProseReader(Reader):
    """A single stream: the whole text, line ends included."""

    kinds: tuple[Kind, ...] = (Kind.STREAM,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        reason = prose_reason(excerpt.lines)
        if reason is None:
            if config.form != "prose" and config.kind != Kind.STREAM:
                return None
            reason = "the whole file is read as running text"
        preview = tuple(line for line in excerpt.head if line.strip())[:8]
        return Recognition("prose", Kind.STREAM, reason, ("text",), (preview,), "text")

    def expected(self) -> str:
        return "running text"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        for block in files[0].blocks():
            yield RowBatch([block])
