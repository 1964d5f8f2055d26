"""Whether decoded bytes read as writing: accents inside words, and signs where people write them (20 °C, m³); or words
in another script."""

from __future__ import annotations

import re
from typing import Final

_LOWER: Final = "ß-öø-ÿœšžąăćčďđęěĺľłńňőŕřśşťţůűźż"
_UPPER: Final = "À-ÖØ-ÞŒŠŽŸĄĂĆČĎĐĘĚĹĽŁŃŇŐŔŘŚŞŤŢŮŰŹŻ"
_ACCENTED: Final = _LOWER + _UPPER
_LETTER: Final = "A-Za-z" + _ACCENTED
_QUOTE: Final = "“”„‘’‚«»‹›"
# What stands around words and numbers. The other ASCII signs hardly do, but are second bytes of Chinese characters.
_CLOSE: Final = rf"\s\x00-/:-?\[\]_|{_QUOTE}"
_BOUND: Final = _CLOSE + "–—…•"
_WORD: Final = rf"{_LETTER}0-9"


def _after(signs: str) -> str:
    """Such a sign or the beginning comes before."""
    return f"(?<![^{signs}])"


def _before(signs: str) -> str:
    """Such a sign or the end comes next."""
    return f"(?![^{signs}])"


# Characters beyond ASCII where they may stand; at most two letters with accents follow each other (größe, ação).
_WRITTEN: Final = re.compile(
    "|".join(
        (
            rf"(?<=[A-Za-z])[{_LOWER}]{{1,2}}{_before('a-z·’´' + _BOUND)}",
            rf"(?<![{_LETTER}])[{_LOWER}]{{1,2}}(?=[a-z])",
            rf"(?<![{_LETTER}])[{_UPPER}][{_LOWER}]?(?=[a-z])",
            rf"(?<=[A-Z])[{_UPPER}]{{1,2}}{_before('A-Z' + _BOUND)}",
            rf"(?<![{_LETTER}])[{_UPPER}]{{1,2}}(?=[A-Z])",
            rf"{_after('0-9' + _CLOSE)}[{_ACCENTED}]{_before(_CLOSE)}",
            rf"{_after('A-Za-z0-9' + _BOUND)}°{_before('A-Zd' + _BOUND)}",
            rf"(?<=[A-Za-z0-9µ)\]])[¹²³]{_before('0-9·' + _BOUND)}",
            r"(?<=[ms])[²³](?=[A-Za-z])",
            rf"{_after('0-9' + _BOUND)}[¼½¾]{_before('a-z' + _BOUND)}",
            rf"{_after('0-9' + _BOUND)}±{_before('A-Z0-9' + _BOUND)}",
            rf"{_after('0-9' + _BOUND)}[×÷]{_before('A-Za-z0-9' + _BOUND)}",
            rf"{_after('0-9' + _BOUND)}µ{_before('A-Za-z0-9' + _BOUND)}",
            rf"{_after('A-Za-z0-9' + _BOUND)}[€£¥¢§©®™†‡]{_before('A-Z0-9§' + _BOUND)}",
            rf"{_after(_BOUND)}•{_before(_WORD + _BOUND)}",
            rf"{_after('0-9' + _BOUND)}‰{_before(_BOUND)}",
            rf"(?<=[A-Za-z0-9.])[ºª]{_before('0-9' + _BOUND)}",
            rf"{_after(_BOUND)}[¿¡]+(?=[{_WORD}\s])",
            rf"(?<=[{_LETTER}])[’‘´·\xad](?=[{_LETTER}])",
            rf"(?<=[{_WORD}])[–—…](?=[{_WORD}])",
            rf"{_after(_BOUND)}[{_QUOTE}–—…]{_before(_WORD + '¿¡€£§' + _BOUND)}",
            rf"{_after(_WORD + '²³°%‰€£' + _BOUND)}[{_QUOTE}–—…]{_before(_BOUND)}",
            r"\xa0",
        )
    )
)
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]")


def written_share(text: str) -> float:
    """The share of the characters beyond ASCII that stand where people write them next to Latin letters and numbers."""
    foreign = len(_FOREIGN.findall(text))
    return sum(len(match) for match in _WRITTEN.findall(text)) / max(1, foreign)


_RUN: Final = re.compile(r"([A-Za-z]?)([^\x00-\x7f]+)([A-Za-z]?)")
_HALF_WIDTH: Final = re.compile(r"[\uff61-\uff9f]")


def is_foreign_script(text: str) -> bool:
    """Whether most characters beyond ASCII are words of another script: not one or two inside a word of Latin letters,
    nor a single one of half width, which may each be a letter with an accent, or a sign, that was decoded wrongly."""
    words = strays = 0
    for before, run, after in _RUN.findall(text):
        stray = len(run) <= 2 and (before or after or (len(run) == 1 and _HALF_WIDTH.match(run)))
        words += 0 if stray else len(run)
        strays += len(run) if stray else 0
    return words > strays


def word_share(text: str) -> float:
    """The share of the runs beyond ASCII that are words: of letters, in small ones after the first, or in capitals."""
    runs = [run for _, run, _ in _RUN.findall(text)]
    words = [run for run in runs if run.isalpha() and (run[1:] == run[1:].lower() or run.isupper())]
    return len(words) / max(1, len(runs))
