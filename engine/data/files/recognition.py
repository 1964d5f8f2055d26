"""The result of recognition: how a file was read, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.data.codec import Kind
from engine.data.numbers.known_mark import KnownMark
from engine.number_text import counted

SEVERAL_FILES: Final = ("parallel", "folder")  # forms
_WITH_KEYS: Final = ("json", "jsonl")  # forms that name the columns in each row


@dataclass(frozen=True)
class Recognition:
    """How a file was recognised, and why. Every choice can be changed with the DataConfig field of the same name.

    `how`: why, in words; see `reason`. `series_in`: what each series of a table of numbers is there, "column" or "row".
    `columns`: names of the columns, `previews`: first values of each; `values`: the labels or tags that were seen,
    where a reader needs to know them; `above`: lines of remarks above the rows; `remark`: anything else the user
    should know; `problem`: why the rows cannot be learned as they are; `sentences`: the first original sentences, if a
    file of tokens has them; `alternatives`: forms to try instead; `sentence_column`: the column that separates the
    sentences of a file of tokens, if not blank lines; `encoding_is_guess`: whether the file may just as well be in
    another encoding; `has_row_names`: the header lacks a cell, that of the first
    column, which names the rows; `time_columns`: of a series, all columns that together say when; `sheet`: the sheet
    that was read, of a workbook with these `sheets`; `decimal`: what is known of the mark before decimals.
    """

    form: str
    kind: Kind
    how: str
    columns: tuple[str, ...] = ()
    previews: tuple[tuple[str, ...], ...] = ()
    source_column: str = ""
    target_column: str = ""
    delimiter: str = ""
    quoted: bool = False
    has_header: bool = False
    scheme: str = ""
    values: tuple[str, ...] = ()
    above: int = 0
    remark: str = ""
    problem: str = ""
    sentences: tuple[str, ...] = ()
    encoding: str = ""
    encoding_is_guess: bool = False
    line_ends: str = ""
    alternatives: tuple[str, ...] = ()
    sentence_column: str = ""
    has_row_names: bool = False
    time_columns: tuple[str, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    series_in: str = ""
    decimal: KnownMark = field(default_factory=KnownMark)

    @property
    def reason(self) -> str:
        """Why the file was recognised so. Of a table of numbers it counts the columns or rows that are read, of which
        those that never change are left out later."""
        if not self.series_in:
            return self.how
        return f"{counted(len(self.sources), self.series_in)} of numbers, {self.how}"

    def misses_header(self, like: Recognition, columns: frozenset[str]) -> bool:
        """Whether the first row was taken for data but holds these names, of columns in a file recognised as `like`, or
        nothing but names of its columns, the first one of a text among them."""
        if not columns or self.has_header or self.form not in ("table", "lines"):
            return False
        # In a list of texts, a line such as "word" is a title only if the training file itself had that name.
        if not (like.has_header or like.form in _WITH_KEYS or (like.has_names and len(self.columns) > 1)):
            return False
        first = {values[0].strip() for values in self.previews if values}
        return columns <= first or (like.has_header and like.sources[0] in first and first <= {*like.columns})

    @property
    def one_of_sheets(self) -> str:
        """The sheet that was read, if the workbook has several; "" otherwise."""
        return "" if len(self.sheets) == 1 else self.sheet

    @property
    def has_names(self) -> bool:
        """Whether the columns have names of their own: in a header, in each object, or those of a folder's labels.
        Otherwise they are called "column 1", …"""
        return self.has_header or self.form not in ("table", "conll")

    @property
    def names_in_header(self) -> frozenset[str]:
        """The columns that are read, by whose names a header is known: not the answers where only the reader of the
        training file calls them so."""
        return self.read if self.has_header or self.form in _WITH_KEYS else frozenset(self.sources)

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns that the text is read from."""
        from engine.data.files.several_columns import columns_meant  # of files only; rows have no columns

        return columns_meant(self.source_column, self.columns)

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns that tell several series in a table of numbers apart."""
        from engine.data.files.several_columns import columns_meant  # as above

        return columns_meant(self.sentence_column, self.columns) if self.series_in and self.sentence_column else ()

    @property
    def read(self) -> frozenset[str]:
        """All columns that are read."""
        return frozenset((*self.sources, self.target_column)) - {""}

    def place(self, column: str) -> int:
        """The number of a column, from 0."""
        return self.columns.index(column)
