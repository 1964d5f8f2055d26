"""What was found while the data were read, in numbers and in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.number_text import counted, percent

# How many skipped rows are kept with line and reason, to be listed and saved; the rest are only counted.
FIRST_SKIPPED = 10_000
# A finding below these values is not worth a sentence.
_WORTH_SAYING = 0.01
_IMBALANCE = 5.0


@dataclass(frozen=True)
class Skipped:
    """A row that was left out, and why. `line` counts from 1; None where rows have no lines."""

    line: int | None
    reason: str


def _no_numbers() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


def _no_counts() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Report:
    """What was found while a data set was read.

    rows_read = rows + skipped. `empty` and `too_long` are among the skipped; `cut` rows were shortened and kept,
    `mended` rows had mistakes that were corrected. `duplicates`: rows whose text occurred before. `leaks`: validation
    rows whose text is in the training rows too; always 0 unless there is a separate validation file. `leaks_avoided`:
    how many there would have been with a plain random split. `contradictions`: texts that occur with different labels.
    `unknown_share`: share of the validation symbols that the model does not know. `lengths`, `target_lengths`
    (longest + 1,): how many rows have t symbols. `replaced`: bytes that could not be decoded. `recomposed`: lines in
    which letters with separate accents became single characters. `encoding_is_guess`: whether the file may just as
    well be in another encoding. `remarks`: anything else worth knowing.
    """

    rows_read: int = 0
    rows: int = 0
    skipped: int = 0
    skipped_first: tuple[Skipped, ...] = ()
    empty: int = 0
    too_long: int = 0
    cut: int = 0
    mended: int = 0
    mended_first: tuple[Skipped, ...] = ()
    duplicates: int = 0
    leaks: int = 0
    leaks_avoided: int = 0
    contradictions: int = 0
    unknown_share: float = 0.0
    lengths: NDArray[np.int64] = field(default_factory=_no_numbers)
    target_lengths: NDArray[np.int64] = field(default_factory=_no_numbers)
    label_counts: Mapping[str, int] = field(default_factory=_no_counts)
    symbol_counts: Mapping[str, int] = field(default_factory=_no_counts)
    encoding: str = ""
    encoding_is_guess: bool = False
    line_ends: str = ""
    replaced: int = 0
    recomposed: int = 0
    remarks: tuple[str, ...] = ()

    def with_skipped(self, rows: Sequence[Skipped]) -> Report:
        """The same, with more rows that were left out before any others."""
        return replace(
            self,
            rows_read=self.rows_read + len(rows),
            skipped=self.skipped + len(rows),
            skipped_first=(*rows, *self.skipped_first)[:FIRST_SKIPPED],
        )

    @property
    def imbalance(self) -> float:
        """Count of the most frequent label divided by that of the rarest; 1 where there are no labels."""
        counts = self.label_counts.values()
        return max(counts) / max(1, min(counts)) if counts else 1.0

    @property
    def findings(self) -> tuple[str, ...]:
        """What to know before training, one sentence each; empty if all is well."""
        found: list[str] = list(self.remarks)
        if self.encoding_is_guess:
            guess = f"The encoding, {self.encoding}, is a guess: the file has too little that tells it from others"
            found.append(f"{guess}. If letters look wrong, choose another encoding.")
        if self.replaced:
            appear = f"could not be decoded as {self.encoding} and appear{'s' * (self.replaced == 1)} as �"
            found.append(f"{counted(self.replaced, 'byte')} {appear}.")
        if self.recomposed:
            lines = counted(self.recomposed, "line")
            found.append(f"In {lines}, letters with separate accents were read as one character (NFC).")
        if self.skipped:
            first = _named(self.skipped_first)
            were = "was" if self.skipped == 1 else "were"
            found.append(f"{self.skipped:,} of {self.rows_read:,} rows {were} left out; first: {first}.")
        if self.mended:
            found.append(f"{counted(self.mended, 'row')} corrected; first: {_named(self.mended_first)}.")
        if self.cut:
            found.append(f"{counted(self.cut, 'long text was cut', 'long texts were cut')}.")
        if self.duplicates:
            found.append(self._about_duplicates())
        if self.leaks:
            occur = counted(self.leaks, "validation row also occurs", "validation rows also occur")
            found.append(f"{occur} in the training rows.")
        if self.contradictions:
            found.append(f"{counted(self.contradictions, 'text occurs', 'texts occur')} with different labels.")
        if self.imbalance >= _IMBALANCE and not len(self.target_lengths) > 2:  # tags always are
            most = max(self.label_counts, key=self.label_counts.__getitem__)
            least = min(self.label_counts, key=self.label_counts.__getitem__)
            counts = self.label_counts
            found.append(f"Labels are unbalanced: {most} {counts[most]:,}, {least} {counts[least]:,}.")
        if self.unknown_share >= _WORTH_SAYING:
            found.append(f"{percent(self.unknown_share, 1)} of the validation symbols are unknown to the model.")
        return tuple(found)

    def _about_duplicates(self) -> str:
        text = f"{self.duplicates:,} row{' repeats' if self.duplicates == 1 else 's repeat'} an earlier text"
        if self.leaks_avoided:
            text += "; duplicates stay on one side of the split, which keeps about "
            text += f"{self.leaks_avoided:,} of them from leaking into validation"
        return text + "."


def _named(rows: tuple[Skipped, ...]) -> str:
    """The first few rows with their reasons, without a full stop: they become part of a sentence."""
    reasons = [(row.line, row.reason.removesuffix(".")) for row in rows[:3]]
    return "; ".join(reason if line is None else f"line {line:,}, {reason}" for line, reason in reasons)
