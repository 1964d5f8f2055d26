"""Files and shipped samples become data sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from engine.data.build import Batch, Builder
from engine.data.config import DataConfig
from engine.data.dataset import Dataset, choose_units, make_dataset
from engine.data.form import Reader, Recognition
from engine.data.readers import READERS
from engine.data.recognise import recognise
from engine.data.textfile import Progress, TextFile
from engine.errors import ConfigError, DataError

PathName = str | PathLike[str]


def load_dataset(
    path: PathName,
    *,
    config: DataConfig | None = None,
    columns: Sequence[str | int] | Mapping[str, str | int] | None = None,
    validation: float | PathName | None = None,
    progress: Progress | None = None,
    **changes: Any,
) -> Dataset:
    """The data set in a file; form, columns, units and encoding are recognised unless given.

    columns: the names (or places from 0) of text and label, source and target, word and tag, as a pair or by name
    ("text", "label", …). validation: the share that is kept back, or a file of one's own. changes: fields of
    DataConfig. progress(share, doing) is called now and then and may raise, which ends the loading.

    DataError (file, line, found, expected) for what cannot be read; ConfigError for a setting that does not fit.
    """
    settings = _settings(config or DataConfig(), validation, changes)
    with ExitStack() as stack:
        file = stack.enter_context(TextFile(Path(fspath(path)), settings.encoding, progress))
        recognition, settings = _recognise(file, settings, columns)
        reader = READERS[recognition.form]
        own = None
        if settings.validation_file:
            own = stack.enter_context(TextFile(Path(settings.validation_file), settings.encoding, progress))
        return _read(reader, file, own, recognition, settings)


def load_sample(name: str, **changes: Any) -> Dataset:
    """A data set that ships with the program; `changes` as in make_dataset. ConfigError for an unknown name."""
    from engine.data.samples import SAMPLES

    if name not in SAMPLES:
        raise ConfigError(f"There is no sample {name!r}; the samples are {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    changes.setdefault("unit", sample.unit)
    changes.setdefault("name", name)
    return make_dataset(sample.rows(), sample.kind, reason=sample.description, **changes)  # type: ignore[arg-type]


def _settings(config: DataConfig, validation: float | PathName | None, changes: Mapping[str, Any]) -> DataConfig:
    values = {name: value for name, value in changes.items() if value is not None}
    known = DataConfig.options()
    unknown = [name for name in values if name not in known]
    if unknown:
        raise ConfigError(f"There is no setting {', '.join(map(repr, unknown))}; known are {', '.join(known)}.")
    if isinstance(validation, (int, float)):
        values["validation"] = float(validation)
    elif validation is not None:
        values["validation_file"] = fspath(validation)
    return replace(config, **values)


def _recognise(
    file: TextFile, config: DataConfig, columns: Sequence[str | int] | Mapping[str, str | int] | None
) -> tuple[Recognition, DataConfig]:
    excerpt = file.excerpt()
    if columns is not None:
        plain = recognise(excerpt, replace(config, source_column="", target_column=""), file.path)
        source, target = _column_names(columns, plain.columns)
        config = replace(config, source_column=source, target_column=target)
    found = recognise(excerpt, config, file.path)
    return replace(found, encoding=file.encoding_name, line_ends=file.line_ends), config


def _column_names(
    columns: Sequence[str | int] | Mapping[str, str | int], names: Sequence[str]
) -> tuple[str, str]:
    """Names of source and target column as DataConfig wants them."""
    if isinstance(columns, Mapping):
        roles = {"text": 0, "source": 0, "word": 0, "token": 0, "label": 1, "target": 1, "tag": 1}
        unknown = [role for role in columns if role not in roles]
        if unknown:
            raise ConfigError(f"columns names {unknown[0]!r}; expected {', '.join(roles)}.")
        chosen: list[str | int] = ["", ""]
        for role, column in columns.items():
            chosen[roles[role]] = column
    else:
        chosen = [columns] if isinstance(columns, str) else [*columns, ""][:2]
    result = []
    for column in [*chosen, ""][:2]:
        if isinstance(column, int):
            if not -len(names) <= column < len(names):
                raise ConfigError(f"There is no column {column}; the file has {len(names)}, counted from 0.")
            column = names[column]
        result.append(column)
    return result[0], result[1]


def _read(
    reader: Reader, file: TextFile, own: TextFile | None, recognition: Recognition, config: DataConfig
) -> Dataset:
    kind = recognition.kind
    try:
        batches = reader.read([file], recognition, config)
        first = next((batch for batch in batches if len(batch.source)), Batch([]))
        units = choose_units(first, kind, config)
        builder = Builder(kind, *units, config)
        for batch in chain([first], batches):
            builder.add(batch)
        replaced = file.replaced
        if own is not None:
            builder.validation_follows()
            for batch in reader.read([own], recognition, config):
                builder.add(batch)
            replaced += own.replaced
        codec, train, validation, report = builder.finish()
    except DataError as error:
        raise error if error.path is not None else DataError(str(error), path=file.path) from None
    report = replace(report, encoding=file.encoding_name, line_ends=file.line_ends, replaced=replaced)
    path = file.path
    return Dataset(path.stem, kind, codec, train, validation, report, config, recognition, str(path))
