"""Tune books in ABC notation: tunes with the fields X: and K: above their music. Source: the ABC standard 2.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.data.music.abc import FREE, has_notes, key_name, key_signature, unit_length

# A line such as T:Title; "A:|" and "c::d" are music.
_FIELD: Final = re.compile(r"([A-Za-z+]):(?![|:])(.*)")
_INLINE: Final = re.compile(r"\[([A-Za-z]):([^\]\n]{0,200})\]")
_KEPT: Final = "KLM"  # fields amid the music that say how what follows sounds
_COMMENT: Final = re.compile(r"(?<!\\)%.*")
_METRES: Final = {"C": "4/4", "C|": "2/2", "none": FREE, "": FREE}
_SHOWN: Final = 60  # characters of a title
_BARS: Final = ("|", ":", "[")


@dataclass(frozen=True)
class BookTune:
    """A tune as a book gives it. line: where it begins, counted from 1; length: how many lines it has. unit: that of a
    note without a number, as in 1/8; "" if only the metre says it. problem: why it is no tune; "" if it is one."""

    line: int
    title: str
    metre: str
    unit: str
    key: str
    music: str
    problem: str
    length: int = 1

    @property
    def label(self) -> str:
        """Metre and key, as in "6/8 G major"."""
        return f"{self.metre} {key_name(self.key)}".strip()

    def text(self, with_label: bool) -> str:
        """The music on one line. A key and a length of notes that neither its label nor custom tells stand before it.

        with_label: whether the label stands beside it.
        """
        key = f"[K:{key_name(self.key)}]" if key_signature(self.key) and not with_label else ""
        usual = unit_length("", self.metre if with_label else "")
        unit = unit_length(self.unit, self.metre)
        return key + (f"[L:{unit.numerator}/{unit.denominator}]" if unit != usual else "") + self.music


def read_book(lines: Iterable[str]) -> Iterator[BookTune]:
    """All tunes of a book, those with a problem too. A tune ends at an empty line or where the next one begins."""
    general = {"M": "", "L": ""}  # fields above the first tune hold for all
    open_tune: _OpenTune | None = None
    for number, line in enumerate(map(str.strip, lines), 1):
        name, value = _field(line)
        if open_tune is not None and (not line or name == "X"):
            yield open_tune.closed()
            open_tune = None
        if name == "X":
            open_tune = _OpenTune(number, dict(general))
        elif open_tune is not None:
            open_tune.add(line)
        elif name == "K":
            yield BookTune(number, "", "", "", value, "", "a key (K:) without a number (X:) above it")
        elif name in general:
            general[name] = value
    if open_tune is not None:
        yield open_tune.closed()


@dataclass
class _OpenTune:
    """A tune while it is read. Of several voices, only the first is: they sound together."""

    line: int
    fields: dict[str, str]
    length: int = 1
    music: list[str] = field(default_factory=list)
    voice: str = ""
    is_first: bool = True

    def add(self, line: str) -> None:
        """Take the next line: a field of the header, which the key ends, or music."""
        self.length += 1
        line = _COMMENT.sub("", line).rstrip(" \t\\")
        name, value = _field(line)
        if "K" not in self.fields:
            if name:
                self.fields[name] = self.fields.get("T", value) if name == "T" else value  # the first title is the name
            return
        for inline in _INLINE.finditer(f"[{name}:{value}]" if name else line):
            if inline[1] == "V":
                voice = inline[2].strip().partition(" ")[0]
                self.voice = self.voice or voice
                self.is_first = voice == self.voice
        music = _INLINE.sub(_if_heard, f"[{name}:{value}]" if name else line).strip()
        if music and self.is_first:
            self.music.append(music)

    def closed(self) -> BookTune:
        title, key = self.fields.get("T", ""), self.fields.get("K")
        metre = self.fields["M"]
        music = ""
        for line in self.music:
            apart = music and (not music.endswith("|") or line.startswith(_BARS))
            music += f" {line}" if apart else line
        named = f" in “{title[:_SHOWN]}”" if title else ""
        problem = f"no key (K:) above the music{named}" if key is None else f"no notes{named}"
        return BookTune(
            self.line, title, _METRES.get(metre, metre), self.fields["L"], key or "", music,
            "" if key is not None and has_notes(music) else problem, self.length,
        )  # fmt: skip


def _field(line: str) -> tuple[str, str]:
    """The name and the value of a field on a line of its own; "" and "" for anything else."""
    found = _FIELD.fullmatch(line)
    return (found[1], _COMMENT.sub("", found[2]).strip()) if found else ("", "")


def _if_heard(inline: re.Match[str]) -> str:
    return inline[0] if inline[1] in _KEPT else ""
