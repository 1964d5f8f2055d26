"""A folder with a folder of texts for each label, as one file of labelled texts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from os.path import isdir
from pathlib import Path
from typing import BinaryIO, Final

from engine.errors import DataError

_ENDINGS: Final = (".txt", ".txt.gz")


def class_folders(folder: Path) -> dict[str, list[Path]]:
    """Label → its texts, of a folder that has text files in two or more of its folders and none beside them; else
    empty. DataError if a folder cannot be read."""
    try:
        inside = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
        found = {one.name: _texts(one) for one in inside if isdir(one)}
    except OSError as error:
        raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
    found = {label: texts for label, texts in found.items() if texts}
    return found if len(found) > 1 and len(list(filter(_is_text, inside))) < 2 else {}


def _texts(folder: Path) -> list[Path]:
    return sorted(filter(_is_text, folder.iterdir()))


def _is_text(path: Path) -> bool:
    return path.name.lower().endswith(_ENDINGS) and not path.name.startswith(".") and path.is_file()


def folder_as_json_lines(
    folder: Path, text_of: Callable[[Path], str], progress: Callable[[float, str], None]
) -> BinaryIO:
    """An object with text and label on each line, in a temporary file. A text is what a file holds; if no folder has
    more than one file, each line of it. DataError if one cannot be read."""
    labels = class_folders(folder)
    if not labels:
        raise DataError("This is a folder; expected a file, or a folder of text files for each label.", path=folder)
    a_line_each = all(len(texts) == 1 for texts in labels.values())
    out = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the file that is read
    try:
        for label, texts in labels.items():
            for path in texts:
                whole = text_of(path) if path.stat().st_size else ""
                for text in whole.split("\n") if a_line_each else [whole]:
                    if text.strip():
                        row = json.dumps({"text": text.strip("\n"), "label": label})
                        out.write(f"{row}\n".encode())
                progress(0.0, f"Reading {label}/{path.name}")
    except BaseException as error:
        out.close()
        if isinstance(error, OSError):
            raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
        raise
    return out


def about_folders(folder: Path) -> str:
    """How the texts of a folder were found, as the reason of a recognition."""
    labels = list(class_folders(folder))
    shown = ", ".join(labels[:4]) + (", …" if len(labels) > 4 else "")
    return f"{len(labels)} folders, each named for the label of its texts: {shown}"
