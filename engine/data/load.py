"""Turns files and the samples that ship with the program into data sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import chain
from os import PathLike, fspath
from os.path import abspath, isdir, lexists
from pathlib import Path
from typing import Any

from engine.data.bulk.dataset_builder import DatasetBuilder
from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import SEPARATOR, Kind, Unit
from engine.data.data_config import AUTO, FORM_CHOICES, KEEP, DataConfig
from engine.data.dataset import Dataset, choose_units, make_dataset, number_dataset
from engine.data.files.column_names import role_of
from engine.data.files.file_stamps import stamps_of
from engine.data.files.readers import READERS
from engine.data.files.readers.folder import files_of
from engine.data.files.recognise import of_another_kind, recognise, recognise_files, recognise_like
from engine.data.files.recognition import SEVERAL_FILES, Recognition
from engine.data.files.sources import source_of
from engine.data.files.sources.tune_folder import TuneFolder, are_tunes
from engine.data.files.tag_schemes import SchemeKeeper
from engine.data.files.text_source import OnProgress, TextSource
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.music.tune_loader import melodies, midi_files
from engine.data.numbers.known_mark import KnownMark
from engine.data.numbers.loaders import LOADERS
from engine.data.numbers.recipes import DECIMAL, SHEET, TIME
from engine.data.report import Report, Skipped
from engine.errors import ConfigError, DataError, MeasurementsError
from engine.name_list import some_of

_NAMED = 8  # sheets in a message
PathName = str | PathLike[str]
ColumnKey = str | int
Columns = Sequence[ColumnKey | Sequence[ColumnKey]] | Mapping[str, ColumnKey | Sequence[ColumnKey]]


def load_dataset(
    path: PathName | Sequence[PathName],
    *,
    config: DataConfig | None = None,
    columns: Columns | None = None,
    validation: float | PathName | None = None,
    test: PathName | None = None,
    progress: OnProgress | None = None,
    **changes: Any,
) -> Dataset:
    """The data set in a file, a folder, or several files that belong together; anything not given is recognised.

    columns: the names (or places from 0) of text and label, source and target, word and tag, as a pair or by name
    ("text", "label", …); a list of columns is read as one text. validation: the share held back, or a separate file or
    folder. test: a file that is not read until `Dataset.test` is called. changes: fields of DataConfig. progress(share,
    doing) is called now and then and may raise to stop loading.

    DataError (file, line, found, expected) if something cannot be read; ConfigError for a setting that does not fit.
    """
    if test is not None:
        changes["test_file"] = fspath(test)
    settings = _settings(config or DataConfig(), validation, changes)
    given = [Path(one) for one in ([path] if isinstance(path, (str, PathLike)) else path)]
    if not given:
        raise DataError("No file was given.")
    if twice := [one for i, one in enumerate(given) if abspath(one) in map(abspath, given[:i])]:
        raise DataError("The file was given twice; expected files that belong together.", path=twice[0])
    together, is_folder = tuple(map(str, given)) if len(given) > 1 else (), len(given) == 1 and isdir(given[0])
    stamps = stamps_of([*given, *([settings.validation_file] if settings.validation_file else [])])
    other = _load_melodies(given, settings) or _load_frames(given, settings, progress)
    if other is not None:
        return replace(other, together=together, is_folder=is_folder, stamps=stamps)
    files, own = list[TextFile](), list[TextFile]()
    recognition: Recognition | None = None
    with ExitStack() as stack:
        try:
            composed = settings.normal_form != KEEP

            def opened(paths: Sequence[Path], usual: str = "") -> list[TextFile]:
                tunes = len(paths) > 1 and settings.form in (AUTO, "abc") and are_tunes(paths)

                def source(path: Path) -> TextSource:
                    return TuneFolder(paths) if tunes else source_of(path, settings.form, settings.kind)

                return [
                    stack.enter_context(
                        TextFile(one, settings.encoding, progress, composed, settings.sheet, source, usual)
                    )
                    for one in (paths[:1] if tunes else paths)
                ]

            files = opened(_members(given))
            if settings.form in files[0].source.instead_of:  # the form of the file, not that of the text made of it
                settings = replace(settings, form=AUTO)
            _check_sheet(files[0], settings.sheet)
            recognition, settings = _recognise(files, settings, columns, given[0])
            if recognition.problem:
                raise DataError(recognition.problem, path=given[0])
            if settings.validation_file:
                held_out = READERS[recognition.form].members(_members([Path(settings.validation_file)]), recognition)
                own = opened(held_out, recognition.encoding)
                # Parallel files are matched by position, files that stand for labels by name.
                if len(own) != len(files) if recognition.form == "parallel" else (len(own) > 1) != (len(files) > 1):
                    raise DataError(
                        f"Validation data must have the form of the training data, {recognition.form}; "
                        f"found {len(own)} file{'s' * (len(own) != 1)}.",
                        path=settings.validation_file,
                    )
            same = recognition
            if own and recognition.form not in SEVERAL_FILES:
                any_header = replace(settings, header=AUTO)
                same = recognise_like(own, any_header, recognition, Path(settings.validation_file))
                if same.problem:
                    raise DataError(same.problem, path=settings.validation_file)
            dataset = _read(files, (own, same), recognition, settings, given[0])
            one_place = None if together else dataset.path
            return replace(dataset, together=together, path=one_place, is_folder=is_folder, stamps=stamps)
        except DataError as error:
            of_training = error.path in (None, str(given[0]))
            one_file = len(given) == 1 and not isdir(given[0]) and bool(files)
            if settings.form == AUTO and one_file and of_training and not isinstance(error, MeasurementsError):
                forms = ("lines", "prose")
                error.other_forms = tuple(form for form in forms if _can_be(files, settings, given, form=form))
                if (
                    recognition is not None
                    and recognition.problem
                    and _can_be(files, settings, given, kind=Kind.LABELLED)
                ):
                    error.other_kinds = (Kind.LABELLED,)
            own_row = error.line is not None and error.path == settings.validation_file
            if len(own) == 1 and recognition is not None and own_row:
                # It could be taken for such a file at first, but not be read as one.
                place = Path(settings.validation_file)
                raise of_another_kind(own[0].excerpt, recognition, place, same_form=False) or error from None
            raise
        except MemoryError:
            raise DataError("The file is too large for this machine's memory.", path=given[0]) from None


def _can_be(files: Sequence[TextFile], config: DataConfig, given: Sequence[Path], **changes: Any) -> bool:
    """Whether a file that was refused can be read in a form that almost any text has, or as another kind."""
    with suppress(DataError, ConfigError):
        asking = replace(config, source_column="", target_column="", **changes)
        return not _recognise(files, asking, None, given[0])[0].problem
    return False


def _load_melodies(given: Sequence[Path], config: DataConfig) -> Dataset | None:
    """The data set in MIDI files; None if the files are something else."""
    files = midi_files(given)
    if not files:
        return None
    held_out, unread = None, list[Skipped]()
    if config.validation_file:
        _check_validation(config)
        own = midi_files([Path(config.validation_file)])
        if not own:
            raise DataError("Validation data must be MIDI files like the training data.", path=config.validation_file)
        held_out, unread = melodies(own)
    reason = f"{len(files):,} MIDI file{'s' * (len(files) != 1)}; the melody of each is an item"
    unit: Unit = "token"
    tunes, skipped = melodies(files)
    dataset = make_dataset(
        tunes,
        Kind.SEQUENCES,
        unit=unit,
        validation=held_out,
        name=given[0].stem,
        config=config,
        reason=reason,
    )
    return replace(
        dataset,
        report=dataset.report.with_skipped([*skipped, *unread]),
        path=str(given[0]) if len(given) == 1 else None,
    )


def _load_frames(given: Sequence[Path], config: DataConfig, progress: OnProgress | None) -> Dataset | None:
    """The data set in sounds or pictures; None if the files are something else."""
    for name, loader in LOADERS.items():
        if config.form not in (AUTO, name) or (config.kind not in (AUTO, *loader.kinds)):
            continue
        found = loader.recognise(given, config)
        if found is None:
            continue
        rows = loader.read(given, found, config, progress)
        held_out = None
        if config.validation_file:
            _check_validation(config)
            own = [Path(config.validation_file)]
            same = loader.recognise(own, config)
            if same is None:
                raise DataError(f"Validation data must have the form of the training data, {found.form}.", path=own[0])
            held_out = loader.read(own, same, config, progress)
        place = str(given[0]) if len(given) == 1 else None
        try:
            dataset = number_dataset(
                rows, found.kind, config, given[0].stem, recognition=found, validation=held_out, path=place
            )
            return replace(dataset, report=_with_encoding(dataset.report, found))
        except DataError as error:
            raise error.in_file(given[0]) from None
    if lexists(given[0]):
        _refuse_text(given[0], config)
    return None


def _check_validation(config: DataConfig) -> None:
    """DataError if the validation data are gone, before they are refused as data of another form."""
    if not lexists(config.validation_file):
        raise DataError("There is no such file or folder.", path=config.validation_file)


def _refuse_text(path: Path, config: DataConfig) -> None:
    """DataError if such data were asked for, which no text is."""
    if config.form in LOADERS:
        what, loaders = FORM_CHOICES[config.form], [LOADERS[config.form]]
    elif config.kind == AUTO:
        return
    else:
        what, loaders = Kind(config.kind).in_words, [one for one in LOADERS.values() if config.kind in one.kinds]
        loaders = [] if any(config.kind in reader.kinds for reader in READERS.values()) else loaders
    if loaders:
        expected = ", or ".join(loader.expected() for loader in loaders)
        raise DataError(f"This cannot be read as {what}; expected {expected}.", path=path)


def _check_sheet(file: TextFile, wanted: str) -> None:
    if wanted and file.sheet != wanted:
        there = f"the workbook has {some_of(map(repr, file.sheets), _NAMED)}" if file.sheets else "this is no workbook"
        raise ConfigError(f"There is no sheet {wanted!r}; {there}.")


def _members(given: Sequence[Path]) -> Sequence[Path]:
    """The files to open: those given, or those of a folder."""
    if len(given) == 1 and isdir(given[0]):  # unlike `Path.is_dir`, never raises for a name too long for a file
        return files_of(given[0])
    return given


def _settings(config: DataConfig, validation: float | PathName | None, changes: Mapping[str, Any]) -> DataConfig:
    values = {name: value for name, value in changes.items() if value is not None}
    known = DataConfig.options()
    if unknown := [name for name in values if name not in known]:
        raise ConfigError(f"There is no setting {', '.join(map(repr, unknown))}; known are {', '.join(known)}.")
    if isinstance(validation, (int, float)):
        values["validation"] = float(validation)
    elif validation is not None:
        values["validation_file"] = fspath(validation)
    return replace(config, **values)


def _recognise(
    files: Sequence[TextFile], config: DataConfig, columns: Columns | None, path: Path
) -> tuple[Recognition, DataConfig]:
    def ask(asking: DataConfig) -> Recognition:
        if len(files) > 1:
            return recognise_files(files, asking, path)
        found = recognise(files[0].excerpt, asking, path)
        reason = files[0].source.about(files[0].path)
        return found if reason is None else replace(found, how=reason)

    if columns is not None:
        names = ask(replace(config, source_column="", target_column="")).columns
        source, target = _column_names(columns, names)
        config = replace(config, source_column=source, target_column=target)
    encodings = dict.fromkeys(file.encoding_name for file in files if file.encoding_name)
    line_ends = dict.fromkeys(file.line_ends for file in files if file.line_ends)
    found = ask(config)
    if len(files) == 1:
        _check_rows_below(files[0].excerpt, found, config, path)
    found = replace(
        found,
        encoding=", ".join(encodings),
        encoding_is_guess=any(file.encoding_is_guess for file in files),
        line_ends=", ".join(line_ends),
        decimal=KnownMark.of(config),
    )
    return replace(found, sheet=files[0].sheet, sheets=files[0].sheets), config


def _check_rows_below(excerpt: Excerpt, found: Recognition, config: DataConfig, path: Path) -> None:
    """DataError for a table with nothing but a header, which would be taken for its only row, or for a text."""
    full = [line.strip() for line in excerpt.lines if line.strip()]
    if len(full) > 1 or not excerpt.complete or config.header == "no":
        return
    cells = [values[0] for values in found.previews if values] if found.form == "table" else full
    is_table = found.form == "table" or path.suffix.lower() in (".csv", ".tsv")
    given = config.header == "yes" and found.form in ("table", "lines", "prose")
    if given or found.has_header or (is_table and any(map(role_of, cells))):
        raise DataError(f"The file holds the names of its columns, {full[0]!r}, and no rows below them.", path=path)


def _column_names(columns: Columns, names: Sequence[str]) -> tuple[str, str]:
    """Names of the source and target columns as DataConfig expects them."""
    if isinstance(columns, Mapping):
        roles = {"text": 0, "source": 0, "word": 0, "token": 0, "label": 1, "target": 1, "tag": 1}
        unknown = [role for role in columns if role not in roles]
        if unknown:
            raise ConfigError(f"columns names {unknown[0]!r}; expected {', '.join(roles)}.")
        chosen: list[ColumnKey | Sequence[ColumnKey]] = ["", ""]
        for role, column in columns.items():
            chosen[roles[role]] = column
    else:
        chosen = [columns] if isinstance(columns, str) else [*columns, ""][:2]
    source, target = ([one] if isinstance(one, (str, int)) else one for one in [*chosen, ""][:2])
    return SEPARATOR.join(_name(column, names) for column in source), SEPARATOR.join(_name(c, names) for c in target)


def _name(column: ColumnKey, names: Sequence[str]) -> str:
    if isinstance(column, str):
        return column
    if not -len(names) <= column < len(names):
        raise ConfigError(f"There is no column {column}; the file has {len(names)}, counted from 0.")
    return names[column]


def _read(
    files: Sequence[TextFile], own: tuple[Sequence[TextFile], Recognition], recognition: Recognition,
    config: DataConfig, path: Path,
) -> Dataset:  # fmt: skip
    kind = recognition.kind
    if kind.reads_numbers:
        return _read_numbers(files, own, recognition, config, path)
    try:
        schemes = SchemeKeeper()

        def rows_of(some: Sequence[TextFile], found: Recognition) -> Iterator[RowBatch]:
            schemes.next_file()
            for batch in READERS[found.form].read(some, found, config):
                yield schemes.keep(batch) if kind == Kind.TAGGED else batch

        batches = rows_of(files, recognition)
        begin: list[RowBatch] = []  # up to the first rows, which show the units
        for batch in batches:
            begin.append(batch)
            if len(batch.source):
                break
        units = choose_units(begin[-1] if begin else RowBatch([]), kind, config)
        learned = (*recognition.sources, recognition.target_column)
        cells = zip(recognition.columns, recognition.previews, strict=False)
        beside = {name: shown for name, shown in cells if name not in learned}
        builder = DatasetBuilder(kind, *units, config, recognition.delimiter, beside)
        for batch in chain(begin, batches):
            builder.add(batch)
        if own[0]:
            builder.validation_follows()
            for batch in rows_of(*own):
                builder.add(batch)
        codec, train, validation, report = builder.finish()
    except DataError as error:
        raise error.in_file(path) from None
    report = replace(
        _with_encoding(report, recognition, (*files, *own[0])),
        remarks=(
            *report.remarks,
            *_about_files(files, own[0]),
            *([recognition.remark] if recognition.remark else []),
            *(f"Tags written in {change}." for change in sorted(schemes.changed)),
        ),
    )
    name = path.name.removesuffix(".gz").rsplit(".", 1)[0] or path.name
    one_place = len(files) == 1 or path.is_dir()
    return Dataset(name, kind, codec, train, validation, report, config, recognition, str(path) if one_place else None)


def _read_numbers(
    files: Sequence[TextFile], own: tuple[Sequence[TextFile], Recognition], recognition: Recognition,
    config: DataConfig, path: Path,
) -> Dataset:  # fmt: skip
    try:
        rows = READERS[recognition.form].numbers(files[0], recognition)
        if sheet := config.sheet or recognition.one_of_sheets:
            rows = replace(rows, recipe={**rows.recipe, SHEET: sheet})
        held_out = None
        if own[0]:
            like_training = replace(own[1], decimal=KnownMark(str(rows.recipe.get(DECIMAL, ""))))
            held_out = READERS[own[1].form].numbers(own[0][0], like_training)
        if config.target_column and recognition.time_columns:
            rows = replace(rows, recipe={**rows.recipe, TIME: config.target_column})
        name = path.name.removesuffix(".gz").rsplit(".", 1)[0] or path.name
        dataset = number_dataset(
            rows, recognition.kind, config, name, recognition=recognition, validation=held_out, path=str(path)
        )
    except DataError as error:
        raise error.in_file(path) from None
    report = _with_encoding(dataset.report, recognition, (*files, *own[0]))
    report = replace(report, remarks=(*_about_files(files, own[0]), *dataset.report.remarks))
    return replace(dataset, report=report)


def _with_encoding(report: Report, found: Recognition, files: Sequence[TextFile] = ()) -> Report:
    """The report with how the bytes were decoded; files: those that were read, validation files too."""
    return replace(
        report,
        encoding=found.encoding,
        encoding_is_guess=found.encoding_is_guess,
        line_ends=found.line_ends,
        replaced=sum(file.replaced for file in files),
        recomposed=sum(file.recomposed for file in files),
    )


def _about_files(files: Sequence[TextFile], own: Sequence[TextFile]) -> list[str]:
    """Which sheets of workbooks were read; own: the files of the validation data, whose encoding is told if it is a
    guess."""
    training = [file.remark for file in files if file.remark]
    guesses = [f"the encoding, {file.encoding_name}, is a guess." for file in own if file.encoding_is_guess]
    return training + [f"Validation file: {one}" for one in (*(file.remark for file in own), *guesses) if one]
