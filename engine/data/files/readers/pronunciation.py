"""Pronunciation dictionaries: a word and its sounds on each line, as in the CMU dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.report import Skipped

_COMMENT: Final = (";;;", "##", "# ")
# READ(1) or READ(2): another pronunciation of READ.
_VARIANT: Final = re.compile(r"\(\d+\)$")
# Languages have dozens of sounds, perhaps three times as many with stress marks.
_MOST_SOUNDS: Final = 250
_LONGEST_SOUND: Final = 5
_SOUNDS_A_WORD: Final = (2.0, 15.0)
_FEWEST_ROWS: Final = 8


class PronunciationReader(Reader):
    """Pairs: the letters of a word, and its sounds."""

    kinds: tuple[Kind, ...] = (Kind.PAIRS,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        forced = config.form == "pronunciation"
        rows: list[tuple[str, str]] = []
        for row in filter(None, map(split_entry, excerpt.lines[:20_000])):
            if not forced and not row[1]:
                return None  # plain lists of words, which are common, are ruled out here at once
            rows.append(row)
        full = [row for row in rows if row[1]]
        if not full or not (forced or _looks_spoken(rows)):
            return None
        sounds = len({sound for _, spoken in full for sound in spoken.split()})
        previews = tuple(word for word, _ in full[:8]), tuple(spoken for _, spoken in full[:8])
        return Recognition(
            "pronunciation", Kind.PAIRS, f"a word and its sounds on each line, {sounds} distinct sounds",
            ("word", "sounds"), previews, "word", "sounds", " ",
        )  # fmt: skip

    def expected(self) -> str:
        return "a word and its sounds on each line, with spaces between"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        number = 0
        for block in files[0].blocks():
            words: list[str] = []
            sounds: list[str] = []
            lines: list[int] = []
            skipped: list[Skipped] = []
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                entry = split_entry(line)
                if entry is None:
                    continue
                if not entry[1]:
                    skipped.append(Skipped(number, "a word without sounds"))
                    continue
                words.append(entry[0])
                sounds.append(entry[1])
                lines.append(number)
            yield RowBatch(words, sounds, None, np.array(lines, np.int64), skipped)


def split_entry(line: str) -> tuple[str, str] | None:
    """The word and the sounds on a line; None for comments and blank lines."""
    if line.startswith(_COMMENT) or not line.strip():
        return None
    parts = line.split(" #")[0].split()
    return (_VARIANT.sub("", parts[0]), " ".join(parts[1:])) if parts else None


def _looks_spoken(rows: Sequence[tuple[str, str]]) -> bool:
    """Whether everything after the first word of each line comes from a small set of short symbols."""
    if len(rows) < _FEWEST_ROWS:
        return False
    sounds = [sound for _, spoken in rows for sound in spoken.split()]
    low, high = _SOUNDS_A_WORD
    distinct = set(sounds)
    words = {word for word, _ in rows}
    return (
        low <= len(sounds) / len(rows) <= high
        and len(distinct) <= min(_MOST_SOUNDS, len(sounds) // 2)
        and len(words) >= 0.4 * len(rows)
        and max(map(len, distinct)) <= _LONGEST_SOUND
        and (all(sound == sound.upper() for sound in distinct) or max(map(len, distinct)) <= 3)
        and any(character.isalpha() for sound in distinct for character in sound)
        and not distinct & {word for word in words if len(word) > 2}
    )
