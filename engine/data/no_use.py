"""Why a reading setting has no effect on the current data."""

from __future__ import annotations

from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.dataset import Dataset
from engine.data.samples import SAMPLES

OF_FILES = (
    "form", "kind", "sheet", "delimiter", "header", "source_column", "target_column", "encoding", "normal_form",
    "decimal", "validation_file", "test_file",
)  # fmt: skip
DEFAULT_SHARE = DataConfig.default("validation")
NO_FILE = "A sample is built in: there is no file to read in another way."
FRAMES = {  # form → the settings that only it has, and why
    "sounds": (
        ("sound_rate", "sound_window", "sound_hop", "sound_bands"),
        "Only sound files are cut into frames.",
    ),
    "images": (("picture_side", "picture_grey"), "Only picture files are scaled."),
    "series-files": ((), ""),
}


def of_other_files(dataset: Dataset) -> set[str]:
    """The settings that only files of another kind have."""
    found = dataset.recognition
    frames = {name for form, (options, _) in FRAMES.items() if form != found.form for name in options}
    marks = set() if _has_written_numbers(dataset) else {"decimal"}
    return frames | marks | (set() if found.sheet else {"sheet"})


def _has_written_numbers(dataset: Dataset) -> bool:
    """Whether numbers are read from a text, rather than from sounds or pictures."""
    options, _ = FRAMES.get(dataset.recognition.form, ((), ""))
    return dataset.kind == Kind.RATED or (dataset.kind.reads_numbers and not options)


def no_use(name: str, dataset: Dataset, is_sample: bool) -> str:
    """The reason in one sentence; "" if the setting has an effect."""
    found, config, kind = dataset.recognition, dataset.config, dataset.kind
    for form, (options, reason) in FRAMES.items():
        if name in options and found.form != form:
            return NO_FILE if is_sample and kind.reads_numbers else reason
    if name in OF_FILES and is_sample:
        return NO_FILE
    match name:
        case "delimiter" | "header" if found.form == "conllu":
            return "CoNLL-U always has ten columns without names, separated by tabs."
        case "delimiter" if config.delimiter not in (AUTO, found.delimiter):
            return "It separates no columns in this file, so rows are read whole."
        case "seed" if is_sample and SAMPLES[dataset.name].held_out and config.validation == DEFAULT_SHARE:
            return "This sample has rows of its own to validate on."
        case "sheet" if not found.sheet:
            return "Only Excel workbooks have sheets."
        case "delimiter" if found.sheet:
            return "The cells of a workbook need no delimiter."
        case "encoding" if found.sheet:
            return "Excel workbooks all have the same encoding."
        case "delimiter" if found.form != "table" and not found.delimiter:
            return "Only tables have columns that need a delimiter."
        case "header" if found.form not in ("table", "numbers") and not found.delimiter:
            return "Only tables can have a line of column names."
        case "source_column" | "target_column" if found.form in FRAMES and not found.delimiter:
            return "The names of files and folders tell what each file is; there is no table."
        case "source_column" if len(found.columns) < 2:
            return "There are no columns to choose from."
        case "target_column" if found.form == "steps-across":
            return "The names of the columns say when."
        case "target_column" if kind == Kind.LABELLED_SERIES:
            return "The label is in the column that has one text for each series."
        case "target_column" if len(found.columns) < 2 or kind in (Kind.SEQUENCES, Kind.STREAM):
            return "Only the text of these rows is read."
        case "decimal" if found.sheet:
            return "The cells of a workbook hold numbers, however they look."
        case "decimal" if not _has_written_numbers(dataset):
            return "No numbers are read from a text."
        case "unit" if kind.reads_numbers:
            return "Numbers are read, not symbols."
        case "unit" if kind == Kind.TAGGED:
            return "Each tag belongs to a whole word."
        case "target_unit" if not kind.writes_text:
            return "There is no target text."
        case "lowercase" | "min_count" | "normal_form" if kind.reads_numbers and not kind.writes_text:
            return "There is no text in this data."
        case "pieces" if "piece" not in (dataset.codec.unit, dataset.codec.target_unit):
            return "The symbols are not pieces of words."
        case "longest" if kind == Kind.PICTURES:
            return "A picture is read in a single step."
        case "seed" | "longest" if kind.is_running:
            what = "A series" if kind == Kind.SERIES else "Running text"
            return f"{what} is one long row, and its last part is held back for validation."
        case "seed" | "validation" if config.validation_file:
            return "The validation file is used instead of part of the rows."
    return ""
