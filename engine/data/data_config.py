"""How a file is read: every choice that recognition makes can be made by hand."""

from __future__ import annotations

from dataclasses import dataclass

from engine.options import Config, option

AUTO = "auto"
FORM_CHOICES = {
    AUTO: "automatic",
    "lines": "one item per line",
    "prose": "running text",
    "table": "table (CSV, TSV)",
    "numbers": "table of numbers",
    "year-months": "table of years by months",
    "series-rows": "table, a labelled or named series in each row",
    "steps-across": "table, a step in each column",
    "jsonl": "JSON Lines",
    "json": "JSON array",
    "fasttext": "fastText labels",
    "folder": "folder, one file per label",
    "conll": "CoNLL columns",
    "conllu": "CoNLL-U",
    "abc": "ABC notation",
    "parallel": "parallel files",
    "pronunciation": "pronunciation dictionary",
    "sounds": "sound files",
    "images": "picture files",
    "series-files": "folder, one file per series",
}
KIND_CHOICES = {
    AUTO: "automatic",
    "sequences": "items",
    "stream": "running text",
    "labelled": "text and label",
    "tagged": "words and tags",
    "pairs": "source and target",
    "rated": "text and number",
    "series": "numbers over time",
    "labelled-series": "series or sound, and label",
    "speech": "sound and what is said",
    "pictures": "picture and caption",
}
UNIT_CHOICES = {
    AUTO: "automatic",
    "character": "characters",
    "word": "words",
    "token": "tokens as written",
    "piece": "pieces of words",
    "mixed": "characters + features",
}
DELIMITER_CHOICES = {AUTO: "automatic", "\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "space"}
DECIMAL_CHOICES = {AUTO: "automatic", ".": "point", ",": "comma"}
HEADER_CHOICES = {AUTO: "automatic", "yes": "column names", "no": "none"}
KEEP = "keep"
NORMAL_FORM_CHOICES = {"NFC": "one character (NFC)", KEEP: "as in the file"}
# Longer rows are rare in real files and would lengthen every batch they are in.
LONGEST_ROW = 1000


@dataclass(frozen=True)
class DataConfig(Config):
    """How a file is read and split."""

    form: str = option(AUTO, "File layout", "How the file is laid out.", choices=FORM_CHOICES)
    kind: str = option(AUTO, "Content", "What a row means.", choices=KIND_CHOICES)
    source_column: str = option(
        "", "Text", "The column to read, or several: lemma + features; automatic if empty.", zero="automatic"
    )
    target_column: str = option(
        "", "Label", "The column of labels, tags or target texts; automatic if empty.", zero="automatic"
    )
    unit: str = option(AUTO, "Symbols", "What one symbol of the text is.", choices=UNIT_CHOICES)
    target_unit: str = option(AUTO, "Target symbols", "What one symbol of the target text is.", choices=UNIT_CHOICES)
    pieces: int = option(
        0,
        "Pieces",
        "Most pieces of words to learn, if symbols are pieces; 0 is automatic.",
        0,
        100_000,
        scale="log",
        zero="automatic",
    )
    lowercase: bool = option(False, "Lower case", "Treat upper and lower case alike.")
    longest: int = option(
        LONGEST_ROW,
        "Longest row",
        "Longer rows are skipped, and longer labelled texts are cut; 0 keeps everything.",
        0,
        1_000_000,
        scale="log",
        zero="no limit",
    )
    min_count: int = option(
        0,
        "Minimum symbol count",
        "Symbols that occur less often count as unknown; 0 is automatic.",
        0,
        1_000_000,
        scale="log",
        zero="automatic",
    )
    validation: float = option(
        0.1, "Validation", "Share of the rows held back for validation.", 0.001, 0.9, is_share=True
    )
    validation_file: str = option(
        "",
        "Validation file",
        "A file to validate on instead of part of the rows; either of two parallel files.",
        is_file=True,
    )
    test_file: str = option(
        "",
        "Test file",
        "A file to evaluate on once, at the very end; not read until you ask. Either of two parallel files.",
        is_file=True,
    )
    seed: int = option(0, "Split seed", "The same seed gives the same split.", 0, 2**31 - 1)
    encoding: str = option(AUTO, "Encoding", "The character encoding of the file.")
    normal_form: str = option(
        "NFC", "Accents", "How a letter with a separate accent is read.", choices=NORMAL_FORM_CHOICES
    )
    sheet: str = option(
        "", "Sheet", "The sheet of a workbook to read; automatic takes the one with the most rows.", zero="automatic"
    )
    delimiter: str = option(AUTO, "Delimiter", "What separates the columns.", choices=DELIMITER_CHOICES)
    header: str = option(AUTO, "Header", "Whether the first line names the columns.", choices=HEADER_CHOICES)
    decimal: str = option(
        AUTO,
        "Decimal mark",
        "The mark before decimals. A number such as 1.234 can be read in two ways.",
        choices=DECIMAL_CHOICES,
    )
    sound_rate: int = option(
        16_000,
        "Sampled at (Hz)",
        "Samples per second; every sound is resampled to this rate.",
        4_000,
        48_000,
        scale="log",
    )
    sound_window: float = option(
        25.0,
        "Frame (ms)",
        "Milliseconds of sound that one frame covers: longer frames tell pitches apart better.",
        2.0,
        200.0,
    )
    sound_hop: float = option(
        10.0, "Every (ms)", "Milliseconds from one frame to the next: the longer, the fewer steps to read.", 1.0, 200.0
    )
    sound_bands: int = option(40, "Bands", "Number of pitch bands in a frame, spaced as the ear hears them.", 4, 256)
    picture_side: int = option(24, "Pixels", "Height and width that every picture is scaled to.", 2, 32)
    picture_grey: bool = option(False, "Grey", "Read pictures without their colours.")
