"""Asks each reader in turn, most specific first, whether a file has its form."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from math import isnan
from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, DELIMITER_CHOICES, FORM_CHOICES, KIND_CHOICES, DataConfig
from engine.data.files.quantities import are_quantities
from engine.data.files.reader import Reader
from engine.data.files.readers import READERS
from engine.data.files.readers.folder import BRAT_ADVICE
from engine.data.files.readers.json_array import refuse_broken_json, refuse_other_json
from engine.data.files.readers.parallel import have_few_lines
from engine.data.files.recognition import SEVERAL_FILES, Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.parse import number_of
from engine.errors import ConfigError, DataError
from engine.name_list import some_of

_WEB_PAGE: Final = re.compile(r"\s*<(!doctype\s+html|html)\b", re.IGNORECASE)
_XML: Final = re.compile(r"\s*<\?xml\b")
_BRAT: Final = re.compile(r"T\d+\t\S+ \d+ \d+[ ;\d]*\t|[REAMN]\d+\t|\*\t|#\d+\t")
_NAMED: Final = 6  # columns in a message
ONE_FILE: Final = tuple(name for name in FORM_CHOICES if name in READERS and name not in SEVERAL_FILES)


def recognise(excerpt: Excerpt, config: DataConfig, path: Path) -> Recognition:
    """The form of a text, and why; choices made in `config` are kept.

    DataError if the text has no rows, or cannot be read the way `config` says.
    """
    try:
        return _recognise(excerpt, config, path)
    except DataError as error:
        raise error.in_file(path) from None


def _recognise(excerpt: Excerpt, config: DataConfig, path: Path) -> Recognition:
    if not any(line.strip() for line in excerpt.lines):
        raise DataError("The file holds only white space.", path=path)
    if config.kind == Kind.RATED:
        return _recognise_rated(excerpt, config, path)
    if config.form == AUTO and _WEB_PAGE.match("\n".join(excerpt.head[:100])):
        raise DataError("This is a web page (HTML); expected a text file. Save the page as plain text first.",
                        path=path)  # fmt: skip
    full = [line for line in excerpt.head[:200] if line.strip()]
    if config.form == AUTO and all(map(_BRAT.match, full)) and any(line[0] == "T" for line in full):
        raise DataError(f"These are brat annotations; {BRAT_ADVICE}", path=path)
    if config.form in (AUTO, "json", "jsonl"):
        refuse_other_json(excerpt, path)
        refuse_broken_json(excerpt, path)
    if config.form != AUTO:
        found = READERS[config.form].recognise(excerpt, config)
        if found is None:
            _refuse_kind(excerpt, config, path)
            raise _not_read(FORM_CHOICES[config.form], [READERS[config.form]], excerpt, config, path)
        _check_kind(found, config)
        return replace(found, alternatives=ONE_FILE)
    # Columns chosen by the user apply to the form that is found, not to those that are merely tried.
    loose = replace(config, source_column="", target_column="")
    candidates = {name: r for name, r in READERS.items() if config.kind == AUTO or config.kind in r.kinds}
    for reader in candidates.values():
        found = reader.recognise(excerpt, loose)
        if found is not None:
            if found.form in ("prose", "lines"):
                other = _titled_column(excerpt, config, path) or _bare_series(excerpt, config)
                if other is not None:
                    return replace(other, alternatives=ONE_FILE)
            if loose != config:  # in this form, whatever the chosen columns hold
                asked = (config, replace(config, form=found.form))
                found = next(filter(None, (reader.recognise(excerpt, each) for each in asked)), found)
            if found.form in ("prose", "lines") and _XML.match(excerpt.head[0]):
                found = replace(found, remark="This is XML; it is read as plain text, with its tags.")
            return replace(found, alternatives=ONE_FILE)
    for reader in candidates.values() if loose != config else ():  # what it is shows by the chosen columns alone
        found = reader.recognise(excerpt, config)
        if found is not None:
            return replace(found, alternatives=ONE_FILE)
    if config.delimiter != AUTO and not any(config.delimiter in line for line in full):
        delimiter = DELIMITER_CHOICES[config.delimiter]
        raise DataError(f"No line holds a {delimiter}, which was chosen as the delimiter.", path=path)
    wanted = "data" if config.kind == AUTO else Kind(config.kind).in_words
    raise _not_read(wanted, [*candidates.values()], excerpt, config, path)


def _not_read(wanted: str, readers: Sequence[Reader], excerpt: Excerpt, config: DataConfig, path: Path) -> DataError:
    """The error for a file that none of these readers can read: what stands in the way if one of them knows it,
    otherwise what is expected."""
    obstacle = next(filter(None, (reader.obstacle(excerpt, config) for reader in readers)), "")
    if obstacle:
        return DataError(f"This cannot be read as {wanted}. {obstacle}", path=path)
    expected = ", or ".join(reader.expected() for reader in readers)
    return DataError(f"This cannot be read as {wanted}; expected {expected}.", path=path)


def _refuse_kind(excerpt: Excerpt, config: DataConfig, path: Path) -> None:
    """DataError for rows that have the form that was chosen, but not what they are to be read as."""
    found = READERS[config.form].recognise(excerpt, replace(config, kind=AUTO, source_column="", target_column=""))
    if config.kind != AUTO and found is not None:
        columns = f" ({', '.join(f'“{name}”' for name in found.columns[:_NAMED])})" if found.has_header else ""
        raise DataError(
            f"This {FORM_CHOICES[config.form].partition(' (')[0]}{columns} cannot be read as "
            f"{Kind(config.kind).in_words}; found {found.kind.in_words}.",
            path=path,
        )


def _recognise_rated(excerpt: Excerpt, config: DataConfig, path: Path) -> Recognition:
    """Texts with a number each: read as texts with a label, or as pairs if no column has labels, because every number
    occurs once. Their second column is one of numbers if there is one."""
    labelled = replace(config, kind=Kind.LABELLED)
    try:
        found = _recognise(excerpt, labelled, path)
    except DataError as error:
        try:
            found = _recognise(excerpt, replace(config, kind=Kind.PAIRS), path)
        except (DataError, ConfigError):
            raise error from None
    if not config.target_column and not _are_numbers(found, found.target_column):
        others = [name for name in found.columns if name not in found.sources and _are_numbers(found, name)]
        if not others:
            raise DataError(
                "No column holds a number for each text; choose another kind, or name the column.", path=path
            )
        found = _recognise(excerpt, replace(labelled, target_column=others[0]), path)
    reason = f"“{found.target_column}” is the number to predict" if len(found.columns) > 1 else found.reason
    return replace(found, kind=Kind.RATED, how=reason, values=(), problem="")


def _are_numbers(found: Recognition, column: str) -> bool:
    """Whether the first values of a column are numbers and not just row numbers. True for a file without columns, which
    may hold numbers."""
    if column not in found.columns:
        return not found.columns
    values = [value for value in found.previews[found.place(column)] if value.strip()]
    numbers = [number_of(value) for value in values]
    counts = len(numbers) > 2 and all(b == a + 1 for a, b in pairwise(numbers))
    return bool(numbers) and not any(map(isnan, numbers)) and not counts


def _titled_column(excerpt: Excerpt, config: DataConfig, path: Path) -> Recognition | None:
    """The one column of a CSV or TSV file whose first line is its title, or in which texts with commas are quoted; None
    if it is not such a file.

    The file's name shows that it is a table; in a plain list of words, a first line "name" may be one of them.
    """
    if path.name.lower().removesuffix(".gz").rsplit(".", 1)[-1] not in ("csv", "tsv"):
        return None
    marks = any(line.startswith('"') for line in excerpt.head)
    try:
        lines = (line + "\n" for line in excerpt.head)
        enclosed = marks and all(len(row) < 2 for row in csv.reader(lines, strict=excerpt.complete))
    except csv.Error:
        enclosed = False
    asking = replace(config, form="table", delimiter="," if enclosed else config.delimiter)
    table = READERS["table"]
    found = table.recognise(excerpt, replace(asking, header=AUTO, source_column="", target_column=""))
    if found is None or len(found.columns) != 1 or found.kind != Kind.SEQUENCES or not (enclosed or found.has_header):
        return None
    if config.kind not in (AUTO, found.kind):
        return None
    chosen = table.recognise(excerpt, asking)
    if chosen is None or not chosen.has_header:
        return chosen
    title = f"the first line, “{chosen.columns[0]}”, is its title: it occurs nowhere else"
    return replace(chosen, how=f"one column of texts; {title}")


def _bare_series(excerpt: Excerpt, config: DataConfig) -> Recognition | None:
    """A list of whole numbers without a title as a series; None if they may be codes, or items are asked for."""
    lines = [line.strip() for line in excerpt.lines if line.strip()]
    if config.kind != AUTO or not are_quantities(lines):
        return None
    return READERS["numbers"].recognise(excerpt, replace(config, form="numbers"))


def recognise_files(files: Sequence[TextFile], config: DataConfig, path: Path) -> Recognition:
    """The same for several files that were opened together, or the files of a folder."""
    forms = SEVERAL_FILES
    possible = [name for name in forms if config.form in (AUTO, name) and config.kind in (AUTO, *READERS[name].kinds)]
    if "folder" in possible and len(possible) == 2:
        numbers = [_are_numbers_or_texts(file) for file in files]
        if any(numbers):  # which are no texts that a file could be the label of
            possible = ["parallel"]
    # Whoever gives two files, rather than a folder of labels, means what stands side by side, unless the lines show
    # that nothing does.
    side_by_side = not isdir(path) and have_few_lines(files)
    for name in possible:
        asked = replace(config, form=name) if side_by_side else config
        found = READERS[name].recognise_files(files, asked)
        if found is not None:
            _check_kind(found, config)
            return replace(found, alternatives=forms)
    expected = " or ".join(READERS[name].expected() for name in forms)
    wanted = "" if config.kind == AUTO else f" as {Kind(config.kind).in_words}"
    raise DataError(f"These {len(files)} files cannot be read together{wanted}; expected {expected}.",
                    path=path)  # fmt: skip


def _are_numbers_or_texts(file: TextFile) -> bool:
    """Whether each line is a number; if not, each is a text. DataError if a line has several of them."""
    found = recognise(file.excerpt, DataConfig(), file.path)
    numbers = found.form == "numbers" and len(found.columns) == 1
    if not numbers and found.form not in ("lines", "prose"):
        raise DataError("The file has more than one text per line; open it on its own.", path=file.path)
    return numbers


def recognise_like(files: Sequence[TextFile], config: DataConfig, like: Recognition, path: Path) -> Recognition:
    """How to read a validation or test file for training data recognised as `like`.

    It may use another delimiter or another form, and may or may not have a header, unless `config` says that there is
    none. Columns are matched by name, or by
    position where they have no names. DataError if it cannot be read as the same kind of data.
    """
    header = "no" if config.header == "no" and not like.has_names else AUTO
    config = replace(config, kind=like.kind, form=like.form, encoding=AUTO, delimiter=AUTO, header=header,
                     source_column="", target_column="")  # fmt: skip
    if len(files) > 1:
        return recognise_files(files, config, path)
    excerpt = files[0].excerpt
    if like.form in SEVERAL_FILES:  # a table with the same columns does as well
        any_form = replace(config, form=AUTO)
        return _in_form(excerpt, any_form, like, path) or _recognise_as(excerpt, any_form, like, path)
    if like.form not in ("lines", "prose"):
        refuse_broken_json(excerpt, path)
    wanted = like.read
    any_form = replace(config, form=_json_form(excerpt, path) or AUTO)
    found = _in_form(excerpt, config, like, path) if any_form.form in (AUTO, like.form) else None
    if found is None or not wanted <= set(found.columns):
        other = _in_form(excerpt, any_form, like, path)
        if found is None or (other is not None and wanted <= set(other.columns)):
            found = other
    if found is None:
        found = _recognise_as(excerpt, any_form, like, path)  # which says what is wrong
        if found.misses_header(like, like.names_in_header):
            raise DataError("The file has no rows below the names of its columns.", path=path)
        return found
    same_width = len(found.columns) == len(like.columns)
    if wanted <= set(found.columns) and (same_width or like.has_names):
        return replace(found, source_column=like.source_column, target_column=like.target_column)
    if same_width and not found.has_header:
        source = SEPARATOR.join(found.columns[like.place(column)] for column in like.sources)
        target = found.columns[like.place(like.target_column)] if like.target_column else ""
        return replace(found, source_column=source, target_column=target)
    if like.values and like.form == found.form and wanted <= set(found.columns):
        # A file of tokens may have more columns, such as the tags of a network after the true ones.
        known = frozenset(like.values)
        if known.issuperset(filter(None, found.previews[found.place(like.target_column)])):
            return replace(found, source_column=like.source_column, target_column=like.target_column,
                           values=like.values)  # fmt: skip
    return found


def _recognise_as(excerpt: Excerpt, config: DataConfig, like: Recognition, path: Path) -> Recognition:
    """A file as data of the same kind as the training file. If it is of another kind, the DataError says what both
    are."""
    try:
        return recognise(excerpt, config, path)
    except (DataError, ConfigError):
        other = of_another_kind(excerpt, like, path)
        if other is None:
            raise
    raise other


def of_another_kind(excerpt: Excerpt, like: Recognition, path: Path, *, same_form: bool = True) -> DataError | None:
    """What to say about a file that is of another kind than the training file, as which it cannot be read; None if it
    is of the same. same_form: whether both may have the same form."""
    with suppress(DataError, ConfigError):
        found = recognise(excerpt, DataConfig(), path)
        if found.kind != like.kind and (same_form or found.form != like.form):
            expected = f"not like the training file ({_in_words(like, (*like.sources, like.target_column))})"
            return DataError(f"This file ({_in_words(found, found.columns)}) is {expected}.", path=path)
    return None


def _in_words(found: Recognition, columns: Sequence[str]) -> str:
    """What a file is: “table (CSV, TSV) with the columns “text” and “label”: text and label”."""
    named = [f"“{name}”" for name in columns if name] if found.has_header else []
    with_columns = f" with the column{'s' * (len(named) > 1)} {some_of(named, _NAMED)}" if named else ""
    return f"{FORM_CHOICES[found.form]}{with_columns}: {KIND_CHOICES[found.kind]}"


def _json_form(excerpt: Excerpt, path: Path) -> str:
    """The form of a file of JSON, which could also be split at its commas; "" for all others."""
    first = next((line.lstrip() for line in excerpt.head if line.strip()), "")
    if first[:1] in ("[", "{"):
        with suppress(DataError, ConfigError):
            form = recognise(excerpt, DataConfig(), path).form
            return form if form in ("json", "jsonl") else ""
    return ""


def _in_form(excerpt: Excerpt, config: DataConfig, like: Recognition, path: Path) -> Recognition | None:
    """What a validation or test file is, if it has the form that `config` asks for; else None."""
    with suppress(DataError, ConfigError):
        found = recognise(excerpt, config, path)
        if found.misses_header(like, like.names_in_header):
            found = recognise(excerpt, replace(config, form="table", header="yes"), path)
        return found
    return None


def _check_kind(found: Recognition, config: DataConfig) -> None:
    if config.kind not in (AUTO, found.kind):
        form = FORM_CHOICES[found.form]
        raise ConfigError(f"{form[:1].upper()}{form[1:]} cannot be read as {Kind(config.kind).in_words} here; found "
                          f"{found.kind.in_words}.")  # fmt: skip
