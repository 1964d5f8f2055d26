"""Loads sounds: a folder with a folder of WAV files for each label, or a table of files with labels or transcripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.recognition import Recognition
from engine.data.files.text_source import OnProgress
from engine.data.numbers.file_table import (
    SHOWN,
    Named,
    first_rows,
    labelled_files,
    mostly_holds,
    read_files,
    read_table,
    recognise_table,
    table_of,
)
from engine.data.numbers.frame_loader import FrameLoader
from engine.data.numbers.number_rows import NumberRows
from engine.data.sound.frames import RECIPE, band_names, read_frames, sound_recipe
from engine.data.sound.read_sound import OTHER_FORMATS
from engine.errors import DataError
from engine.name_list import some_of

FORM: Final = "sounds"
ENDINGS: Final = (".wav", ".wave", *OTHER_FORMATS)
_REPEATED: Final = 3  # times, on average, that a label occurs
_SPOKEN: Final = ("transcript", "transcription", "transcripts")  # columns that say what they hold


class SoundLoader(FrameLoader):
    """Sounds with a label or a transcript each."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED_SERIES, Kind.SPEECH)
    recipe = RECIPE
    endings = ENDINGS

    def recognise(self, paths: Sequence[Path], config: DataConfig) -> Recognition | None:
        if len(paths) != 1:
            return None
        (path,) = paths
        table = table_of(path, ENDINGS)
        if table is not None:
            found = recognise_table(table, config, ENDINGS)
            return None if found is None else self._of_table(found, read_table(table, found, config)[0], config)
        if not isdir(path):
            if path.suffix.lower() in ENDINGS:
                raise DataError(
                    "A single sound is not a data set; expected a folder with a folder of sounds for each label, or a "
                    "table with the columns file and label, or file and transcript.",
                    path=path,
                )
            return None
        return self._of_folder(path, config)

    def _of_table(self, found: Recognition, named: Sequence[Named], config: DataConfig) -> Recognition:
        texts = [one.text for one in named if one.text]
        spoken = found.target_column.casefold() in _SPOKEN
        few = not spoken and _REPEATED * len(set(texts)) <= len(texts)
        kind = Kind(config.kind) if config.kind != AUTO else Kind.LABELLED_SERIES if few else Kind.SPEECH
        answers = "label" if kind == Kind.LABELLED_SERIES else "transcript"
        how = "few texts, many times each" if few else "as its name says" if spoken else "many different texts"
        reason = (
            f"a table of {len(named):,} sounds ({found.source_column}) with {answers} ({found.target_column}): {how}"
        )
        return replace(found, form=FORM, kind=kind, how=reason)

    def _of_folder(self, folder: Path, config: DataConfig) -> Recognition | None:
        named = labelled_files(folder, ENDINGS)
        counts = Counter(one.text for one in named)
        if len(counts) < 2:
            if mostly_holds(folder, ENDINGS):
                raise DataError(
                    "The folder holds sounds and not what they are; expected a folder of sounds for each label, or a "
                    "table such as labels.csv, with the columns file and label, or file and transcript.",
                    path=folder,
                )
            return None
        kind = Kind(config.kind) if config.kind != AUTO else Kind.LABELLED_SERIES
        reason = f"{len(named):,} sounds by label: {some_of(counts, SHOWN)}"
        return Recognition(FORM, kind, reason, ("file", "label"), first_rows(named), "file", "label")

    def expected(self) -> str:
        return "sound files, or a table that names them"

    def read(
        self, paths: Sequence[Path], recognition: Recognition, config: DataConfig, progress: OnProgress | None
    ) -> NumberRows:
        (path,) = paths
        table = table_of(path, ENDINGS)
        as_pairs = replace(recognition, kind=Kind.PAIRS)
        named, left_out = (labelled_files(path, ENDINGS), []) if table is None else read_table(table, as_pairs, config)
        folder = path if table is None else table.parent
        rows = read_files(named, folder, lambda one: read_frames(one, config), progress)
        skipped = [*left_out, *rows.skipped]
        return replace(rows, names=band_names(config), recipe=sound_recipe(config), skipped=skipped)
