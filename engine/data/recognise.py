"""What is this file? Asked of every reader in turn, the most particular first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.data.config import AUTO, FORM_CHOICES, DataConfig
from engine.data.form import Recognition
from engine.data.readers import READERS
from engine.data.readers.json_array import refuse_other_json
from engine.data.textfile import Excerpt, TextFile
from engine.errors import ConfigError, DataError

SEVERAL_FILES: Final = ("parallel", "folder")
ONE_FILE: Final = tuple(name for name in FORM_CHOICES if name in READERS and name not in SEVERAL_FILES)


def recognise(excerpt: Excerpt, config: DataConfig, path: Path) -> Recognition:
    """The form of a text with the reason; what `config` fixes is kept.

    DataError if the text has no row, or cannot be read as `config` says.
    """
    if not any(line.strip() for line in excerpt.lines):
        raise DataError("The file holds only white space.", path=path)
    if config.form in (AUTO, "json", "jsonl"):
        refuse_other_json(excerpt, path)
    if config.form != AUTO:
        found = READERS[config.form].recognise(excerpt, config)
        if found is None:
            expected = READERS[config.form].expected()
            raise DataError(f"This cannot be read as {FORM_CHOICES[config.form]}; expected {expected}.", path=path)
        _check_kind(found, config)
        return replace(found, alternatives=ONE_FILE)
    # Columns that were chosen by hand are for the form that is taken, not for those that are only tried.
    loose = replace(config, source_column="", target_column="")
    asked = {name: r for name, r in READERS.items() if config.kind == AUTO or config.kind in r.kinds}
    for reader in asked.values():
        found = reader.recognise(excerpt, loose)
        if found is not None:
            best = reader.recognise(excerpt, config) if loose != config else found
            return replace(best or found, alternatives=ONE_FILE)
    expected = ", or ".join(reader.expected() for reader in asked.values())
    raise DataError(f"This cannot be read as {config.kind} data; expected {expected}.", path=path)


def recognise_files(files: Sequence[TextFile], config: DataConfig, path: Path) -> Recognition:
    """The same for several files that were opened together, or the files of a folder."""
    forms = SEVERAL_FILES
    asked = [name for name in forms if config.form in (AUTO, name) and config.kind in (AUTO, *READERS[name].kinds)]
    for file in files:
        if "folder" in asked and len(asked) == 2 and recognise(file.excerpt, DataConfig(), file.path).form not in (
            "lines", "prose"
        ):  # fmt: skip
            raise DataError("The file holds more than one text a line; open it by itself.", path=file.path)
    for name in asked:
        found = READERS[name].recognise_files(files, config)
        if found is not None:
            _check_kind(found, config)
            return replace(found, alternatives=forms)
    expected = " or ".join(READERS[name].expected() for name in forms)
    raise DataError(f"These {len(files)} files cannot be read together as {config.kind} data; expected {expected}.",
                    path=path)  # fmt: skip


def _check_kind(found: Recognition, config: DataConfig) -> None:
    if config.kind not in (AUTO, found.kind):
        raise ConfigError(f"{FORM_CHOICES[found.form].capitalize()} cannot be read as {config.kind} data here; found "
                          f"{found.kind} data.")  # fmt: skip
