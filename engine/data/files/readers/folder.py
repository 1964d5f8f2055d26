"""A folder of `label.txt` files, each named for the label of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import Texts
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.sources.class_folders import class_folders
from engine.data.files.sources.tune_folder import tune_files
from engine.data.files.textfile import Excerpt, TextFile
from engine.errors import DataError
from engine.name_list import some_of
from engine.number_text import counted

BRAT_ADVICE: Final = (
    "expected words and tags in one file. Convert them with brat's tools/anntoconll.py and open the .conll file."
)


class FolderReader(Reader):
    """Labelled texts, one per line."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        return None

    def recognise_files(self, files: Sequence[TextFile], config: DataConfig) -> Recognition | None:
        labels = label_names([file.path for file in files])
        shown = some_of(labels, 4)
        texts = tuple(next((line for line in file.excerpt.head if line.strip()), "") for file in files[:8])
        return Recognition(
            "folder", Kind.LABELLED, f"{len(files)} files, each named for the label of its lines: {shown}",
            ("text", "label"), (texts, tuple(labels[:8])), "text", "label",
        )  # fmt: skip

    def expected(self) -> str:
        return "a folder with one text file for each label"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        for file, label in zip(files, label_names([file.path for file in files]), strict=True):
            first = 1
            for block in file.blocks():
                lines = Texts.lines(block)
                yield RowBatch(lines, [label] * len(lines), lines=np.arange(first, first + len(lines)))
                first += len(lines)


def label_names(paths: Sequence[Path]) -> list[str]:
    """The part in which the names of the files differ: their stems, or their extensions (reviews.pos, reviews.neg)."""
    names = [path.name.removesuffix(".gz") for path in paths]
    stems = [name.rsplit(".", 1)[0] if "." in name[1:] else name for name in names]
    if len(set(stems)) == len(stems):
        return stems
    endings = [name.rsplit(".", 1)[-1] for name in names]
    return endings if len(set(endings)) == len(endings) else names


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that belong together; DataError if there are none.

    Text files, one for each label; the folder itself, if it has a folder of them for each label; or files with one
    stem and different extensions (x.en, x.de; seq.in, seq.out).
    """
    if tune_files(folder) or class_folders(folder):
        return [folder]  # read like one file
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except PermissionError:
        raise DataError("You have no permission to look into this folder.", path=folder) from None
    except OSError as error:
        raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
    remarks = ("readme", "license", "licence", "_about")
    files = [path for path in files if not path.name.lower().startswith(remarks)]
    if any(path.suffix == ".ann" for path in files):
        raise DataError(f"The folder contains annotations of brat (.ann); {BRAT_ADVICE}", path=folder)
    texts = [path for path in files if path.name.removesuffix(".gz").endswith(".txt")]
    if len(texts) >= 2:
        return texts
    families: dict[str, list[Path]] = {}
    for path in files:
        name = path.name.removesuffix(".gz")
        if "." in name[1:]:
            families.setdefault(name.rsplit(".", 1)[0], []).append(path)
    several = [family for family in families.values() if len(family) >= 2]
    if len(several) == 1:
        return several[0]
    if several:
        named = "; ".join(" and ".join(path.name for path in family[:3]) for family in several[:3])
        raise DataError(f"The folder holds {len(several)} sets of files that belong together: {named}. Open one set, "
                        "and choose another as validation or test file.", path=folder)  # fmt: skip
    held = f"{counted(len(files), 'file')}, {len(texts)} of them named .txt" if files else "no files"
    raise DataError(f"The folder holds {held}; expected a text file for each label, such as female.txt and male.txt, "
                    "or a folder of them for each. To open one file, choose the file itself.", path=folder)  # fmt: skip
