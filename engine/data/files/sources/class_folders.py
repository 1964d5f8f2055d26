"""A folder with a folder of texts for each label, as one file of labelled texts."""

from __future__ import annotations

import json
from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking
from engine.errors import DataError
from engine.name_list import some_of

_ENDINGS: Final = (".txt", ".txt.gz")


class ClassFolders(TextSource):
    """An object with text and label on each line. A text is what a file holds; if no folder has more than one file,
    each line of it."""

    encoding = "utf-8"

    def fits(self, path: Path, start: bytes) -> bool:
        return isdir(path)

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        labels = class_folders(path)
        if not labels:
            raise DataError("This is a folder; expected a file, or a folder of text files for each label.", path=path)
        a_line_each = all(len(texts) == 1 for texts in labels.values())
        try:
            with unpacking() as out:
                for label, texts in labels.items():
                    for one in texts:
                        whole = text_of(one) if one.stat().st_size else ""
                        for text in whole.split("\n") if a_line_each else [whole]:
                            if text.strip():
                                row = json.dumps({"text": text.strip("\n"), "label": label})
                                out.write(f"{row}\n".encode())
                        progress(0.0, f"Reading {label}/{one.name}")
        except OSError as error:
            raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=path) from None
        return OpenedText(out)

    def about(self, path: Path) -> str:
        labels = class_folders(path)
        return f"{len(labels)} folders, each named for the label of its texts: {some_of(labels, 4)}"


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
