"""The skipped rows, exactly as they are in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from engine.data.data_config import KEEP
from engine.data.dataset import Dataset
from engine.data.files.text_source import OnProgress
from engine.data.files.textfile import TextFile

_LONGEST: Final = 1_000


def left_out_rows(dataset: Dataset, progress: OnProgress | None = None) -> list[tuple[int | None, str, str]]:
    """(line number, reason, the line itself) of each row that was left out, as far as they are known.

    The file is read again; the text is "" where the rows come from no file or from several. DataError if the file
    can no longer be read.
    """
    skipped = sorted(dataset.report.skipped_first, key=lambda row: row.line or 0)
    wanted = {row.line for row in skipped if row.line is not None}
    texts: dict[int, str] = {}
    path = None if dataset.path is None else Path(dataset.path)
    if path is not None and wanted and not path.is_dir():
        last = max(wanted)
        config = dataset.config
        with TextFile(path, config.encoding, progress, config.normal_form != KEEP, config.sheet) as file:
            number = 1
            for block in file.blocks():
                lines = block.removesuffix("\n").split("\n")
                for line in wanted.intersection(range(number, number + len(lines))):
                    texts[line] = lines[line - number][:_LONGEST]
                number += len(lines)
                if number > last:
                    break
    return [(row.line, row.reason, texts.get(row.line or 0, "")) for row in skipped]
