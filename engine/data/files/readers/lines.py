"""One item per line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.bulk.text_array import Texts
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.inner_marks import tears_times
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.files.tokenised import is_tokenised
from engine.data.files.typical_value import typical_value
from engine.number_text import percent

_SENTENCE_END: Final = re.compile(r"[.!?…。！？][\"'”’)\]\s]*$")
_SENTENCE_INSIDE: Final = re.compile(r"[.!?][\"'”’)]* +[\"'“‘(]*\w")
# Signs of running text: blank lines between paragraphs, lines that break in mid-sentence, very long lines.
_BLANK_SHARE: Final = 0.03
_BROKEN_SHARE: Final = 0.4
_INSIDE_SHARE: Final = 0.1
_PARAGRAPH: Final = 300
_SAMPLE_LINES: Final = 5000
_WORDS_A_ROW: Final = 1.5
# the/DT, dog_NN, Ada/B-PER; in nearly all of the words.
_TAGGED: Final = re.compile(r"\S+[/_]([A-Z][A-Z0-9$-]*|[.,:;!?()\"'`#$-]+)")
_TAGGED_SHARE: Final = 0.95
_MESSAGES: Final = 0.6  # of the lines of a chat begin one; some messages have several lines
_LOOKED_AT: Final = 200
# Lines this short are items even with blank lines between them.
_WORDS_AN_ITEM: Final = 2.0


def prose_reason(lines: Sequence[str]) -> str | None:
    """Why lines are running text and not items, or None if they are items."""
    lines = lines[:: 1 + len(lines) // _SAMPLE_LINES]
    full = [line for line in lines if line.strip()]
    if len(full) <= 1:
        return "one line: running text"
    if tears_times([line.split(",", 1) for line in full], _MESSAGES):
        return "lines begin with a date and a time, as in an exported chat: running text"
    words = typical_value(len(line.split()) for line in full)
    if typical_value(map(len, full)) <= _PARAGRAPH and _has_no_paragraphs(lines) and is_tokenised(full):
        return None
    inner = lines[: max(i for i, line in enumerate(lines) if line.strip())]
    blank = sum(not line.strip() for line in inner) / len(lines)
    if blank >= _BLANK_SHARE and words > _WORDS_AN_ITEM:
        return f"{percent(blank)} of the lines are blank, as between paragraphs: running text"
    if typical_value(map(len, full)) > _PARAGRAPH:
        return "lines are as long as paragraphs: running text"
    broken = sum(_SENTENCE_END.search(line) is None for line in full) / len(full)
    inside = sum(_SENTENCE_INSIDE.search(line) is not None for line in full) / len(full)
    if broken >= _BROKEN_SHARE and inside >= _INSIDE_SHARE and words > _WORDS_AN_ITEM:
        return "sentences run on over the ends of lines: running text"
    return None


def _has_no_paragraphs(lines: Sequence[str]) -> bool:
    inner = lines[: max(i for i, line in enumerate(lines) if line.strip())]
    return sum(not line.strip() for line in inner) < _BLANK_SHARE * len(lines)


def _about_tags(lines: Sequence[str]) -> str:
    """What to do about words with their tags attached, such as the/DT dog/NN; "" if there are none."""
    tokens = [token for line in lines[:_LOOKED_AT] for token in line.split()]
    found = [match for match in map(_TAGGED.fullmatch, tokens) if match is not None]
    if len(found) < _TAGGED_SHARE * len(tokens) or len({match[1] for match in found}) < 2:
        return ""
    return (
        f"The words seem to carry tags, as in “{found[0][0]}”, which are read as part of them. To learn the tags, put "
        "each word and its tag on a line of its own, with a tab between them and a blank line between sentences."
    )


class LinesReader(Reader):
    """Sequences, one per line; blank lines are left out."""

    kinds: tuple[Kind, ...] = (Kind.SEQUENCES,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        if config.form != "lines" and config.kind != Kind.SEQUENCES and prose_reason(excerpt.lines) is not None:
            return None
        full = [line.strip() for line in excerpt.lines if line.strip()]
        if not full:
            return None
        words = typical_value(len(line.split()) for line in full[:1000])
        if is_tokenised(full):
            reason = f"one sentence per line, already split into tokens, {words:.1f} on average"
        elif words >= _WORDS_A_ROW:
            reason = f"one item per line, {words:.1f} words on average"
        else:
            reason = f"one item per line, {typical_value(map(len, full)):.1f} characters on average"
        preview = tuple(full[:8])
        return Recognition("lines", Kind.SEQUENCES, reason, ("text",), (preview,), "text", remark=_about_tags(full))

    def expected(self) -> str:
        return "one item per line"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        first = 1
        for block in files[0].blocks():
            lines = Texts.lines(block)
            yield RowBatch(lines, lines=np.arange(first, first + len(lines)))
            first += len(lines)
