"""What is this file? Asked of every reader in turn, the most particular first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from engine.data.config import AUTO, FORM_CHOICES, DataConfig
from engine.data.form import Reader, Recognition
from engine.data.readers import READERS
from engine.data.textfile import Excerpt
from engine.errors import ConfigError, DataError


def recognise(excerpt: Excerpt, config: DataConfig, path: Path, readers: Mapping[str, Reader] = READERS) -> Recognition:
    """The form of a text with the reason; what `config` fixes is kept.

    DataError if the text has no row, or cannot be read as `config` says.
    """
    if not any(line.strip() for line in excerpt.lines):
        raise DataError("The file holds only white space.", path=path)
    if config.form != AUTO:
        found = readers[config.form].recognise(excerpt, config) if config.form in readers else None
        if found is None:
            expected = f"; expected {readers[config.form].expected()}" if config.form in readers else ""
            raise DataError(f"This cannot be read as {FORM_CHOICES[config.form]}{expected}.", path=path)
        _check_kind(found, config)
        return found
    loose = replace(config, source_column="", target_column="")
    fitting: dict[str, Recognition] = {}
    for name, reader in readers.items():
        if config.kind != AUTO and config.kind not in reader.kinds:
            continue
        # Columns that were chosen by hand are for the form that is taken, not for those that are only tried.
        found = reader.recognise(excerpt, loose)
        if found is not None:
            fitting[name] = found
    if not fitting:
        raise DataError(f"This cannot be read as {config.kind} data; expected "
                        + ", or ".join(r.expected() for r in readers.values() if config.kind in r.kinds) + ".",
                        path=path)  # fmt: skip
    first = next(iter(fitting))
    found = readers[first].recognise(excerpt, config) or fitting[first]
    return replace(found, alternatives=tuple(name for name in FORM_CHOICES if name in (*fitting, "lines", "prose")))


def _check_kind(found: Recognition, config: DataConfig) -> None:
    if config.kind not in (AUTO, found.kind):
        raise ConfigError(f"{FORM_CHOICES[found.form].capitalize()} cannot be read as {config.kind} data here; it holds "
                          f"{found.kind} data.")  # fmt: skip
