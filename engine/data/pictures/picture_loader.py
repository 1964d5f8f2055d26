"""Loads pictures with captions: a table of files and captions, or a folder with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os.path import isfile
from pathlib import Path
from typing import Final

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.recognition import Recognition
from engine.data.files.text_source import OnProgress
from engine.data.numbers.file_table import mostly_holds, read_files, read_table, recognise_table, table_of
from engine.data.numbers.frame_loader import FrameLoader
from engine.data.numbers.number_rows import NumberRows
from engine.data.pictures.pixels import RECIPE, picture_recipe, read_pixels
from engine.data.pictures.read_picture import ENDINGS
from engine.errors import DataError

FORM: Final = "images"


class PictureLoader(FrameLoader):
    """Pictures with a caption each."""

    kinds: tuple[Kind, ...] = (Kind.PICTURES,)
    recipe = RECIPE
    endings = ENDINGS

    def recognise(self, paths: Sequence[Path], config: DataConfig) -> Recognition | None:
        if len(paths) != 1:
            return None
        table = table_of(paths[0], ENDINGS)
        found = None if table is None else recognise_table(table, config, ENDINGS)
        if found is not None:
            reason = f"a table of pictures ({found.source_column}) with captions ({found.target_column})"
            return replace(found, form=FORM, kind=Kind.PICTURES, how=reason)
        alone = paths[0].suffix.lower() in ENDINGS and isfile(paths[0])
        if alone or mostly_holds(paths[0], ENDINGS):
            what = (
                "A single picture is not a data set"
                if alone
                else "The folder holds pictures and no table of their captions"
            )
            raise DataError(
                f"{what}; expected a file such as captions.csv, with the columns file and caption.", path=paths[0]
            )
        return None

    def expected(self) -> str:
        return "picture files, or a table that names them"

    def read(
        self, paths: Sequence[Path], recognition: Recognition, config: DataConfig, progress: OnProgress | None
    ) -> NumberRows:
        table = table_of(paths[0], ENDINGS)
        assert table is not None, "recognised by its table"
        named, left_out = read_table(table, replace(recognition, kind=Kind.PAIRS), config)
        rows = read_files(named, table.parent, lambda one: read_pixels(one, config), progress)
        return replace(rows, recipe=picture_recipe(config), skipped=[*left_out, *rows.skipped])
