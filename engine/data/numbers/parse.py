"""Numbers as people write them."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final

from engine.data.numbers.wide_signs import narrow

_PLAIN: Final = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")  # as most are; they need no closer look
# Dates and times of day, which are as many.
_DATED: Final = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{4}$|[0-9]{4}-[0-9][0-9]-[0-9][0-9]|.{1,40}:[0-9]")
_LIMIT: Final = re.compile(r"\s*(?:[<>]=?|[≤≥])\s*(.*\d.*)")
_END: Final = r"([eE][-+]?\d+)?"
_COMMAS: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}(,\d{{3}})+(\.\d*)?{_END}")  # between thousands
_LAKHS: Final = re.compile(r"[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?")  # 12,34,567, as in India
_DOTS: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}(\.\d{{3}})+(,\d*)?{_END}")
_SPACES: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}([ \u00a0\u202f\u2009'’]\d{{3}})+([.,]\d*)?{_END}")
_COMMA: Final = re.compile(rf"[-+]?\d*,\d+{_END}")
_LETTERS: Final = (  # before a number; kr5 may be the name of something
    r"(?:(?:R|US|A|C|NZ|HK|S)\$|(?:Rs\.?|Rp\.?|EUR|USD|GBP|CHF|INR|NOK|SEK|DKK|BRL)(?=\s?[-\d.])"
    r"|(?:kr\.?|ca\.)(?=\s[-\d.]))"
)
_BEFORE: Final = re.compile(_LETTERS)
# Before and after a number: a currency, a percentage, a unit, the mark of a footnote (16.1 p is provisional).
_SIGNS: Final = re.compile(
    rf"^([-+]?)\s*(?:[$€£¥₹₽₩₺₴₫฿]|{_LETTERS})\s?"
    r"|\s?([%‰€$£¥₹₽₩₺₴₫฿°†‡円元원℃]|zł|Kč|kr\.?|руб\.?|Ft|°[CF]|[mk]g|\*+|\([a-z]\)|(?<=[.,]\d)p|(?<=[.,]\d\d)p|[¹²³]\))$"
    r"|\s([a-z]{1,2}|°[CF]|[cmkM]?m[²³]?|k?m2|m3|sqm|sq ?ft|ft²|km/h|m/s|[mkM]?W|[kM]Wh|[hk]?Pa|bar|[mk]?g|ms|min"
    r"|[mk]?V|m?A|[kM]?Hz|[kMGT]B|kcal|k?J|PS|dB|pp[mb]|EUR|USD|GBP|CHF)$"
)
_MINUS_AFTER: Final = re.compile(
    r"(?!(?:1\d|20)\d\d-)((?:\d[\d.,' ]*)?(?:[.,]\d+|\d{3}))-"
)  # 100,50-, as SAP writes it; but 2- is a mark, and 1990- a time
_WHOLE_PRICE: Final = re.compile(r"(?<=\d)[.,][-–—]{1,2}(?=\s|$)")  # 500,– or 500.-, as shops write it
_TIMES: Final = {
    "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8,
    "Tsd.": 1e3, "Mio.": 1e6, "Mio": 1e6, "Mrd.": 1e9, "Mrd": 1e9, "mln": 1e6, "mld": 1e9, "тыс.": 1e3, "млн": 1e6,
    "млрд": 1e9,
}  # fmt: skip
# 88k; 1.25M, as exchanges write volumes; 1000万 and 1,5 Mio.
_SHORT: Final = re.compile(r"([-+]?\d+[.,]\d+(?= ?[kKMB])|[-+]?\d+(?=[kK])) ?([kKMB])")
_LARGE: Final = re.compile(
    rf"([-+]?\d[\d.,]*)\s?({'|'.join(re.escape(name) for name in _TIMES if name not in 'kKMB')})"
)
_LOSS: Final = re.compile(r"\(([^()]*)\)")  # (5), as accountants write it; also ($5) and $(5)
_MONEY: Final = rf"(?:[$€£¥₹₽₩₺₴₫฿]|zł|Kč|kr\.?|руб\.?|Ft|{_LETTERS})"
_NOTHING: Final = re.compile(rf"{_MONEY}\s*[-—]|[-—]\s*(?:{_MONEY}|EUR|USD|GBP|CHF)")  # $ -, which is no money


def number_of(text: str, decimal: str = "") -> float:
    """The number that a cell holds, NaN if it holds none. "$5", "5 %", "5*" and "5 km" are 5; "(5)" is −5.

    decimal: the mark before decimals, if the column tells it (see `decimal_mark`); without it, 1,234 is more than a
    thousand and 1.234 is not.
    """
    if decimal != "," and "," not in text and _PLAIN.fullmatch(text):
        return float(text)
    return _number_in(text, decimal)


@lru_cache(maxsize=4096)  # the same rows are looked at again and again, and what is no number takes all patterns
def _number_in(text: str, decimal: str) -> float:
    """The same for a cell that may hold anything."""
    cell = narrow(text).strip()
    if _DATED.match(cell):
        return math.nan
    if cell[:1].isalpha() and cell[0] not in "iInN" and not _BEFORE.match(cell):  # infinity, NaN
        return math.nan
    cell = bare_number(cell)
    if short := _SHORT.fullmatch(cell) or _LARGE.fullmatch(cell):
        return number_of(short[1], decimal or ".") * _TIMES[short[2]]
    if _SPACES.fullmatch(cell):
        cell = re.sub(r"[ \u00a0\u202f\u2009'’]", "", cell).replace(",", ".")
    elif (decimal != "," and _COMMAS.fullmatch(cell)) or _LAKHS.fullmatch(cell):
        cell = cell.replace(",", "")
    elif _DOTS.fullmatch(cell) and (decimal == "," or "," in cell or cell.count(".") > 1):
        cell = cell.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    try:
        # Python also reads 1_000, which nobody means in a table.
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def bare_number(cell: str) -> str:
    """What a cell holds without its currency, unit or footnote."""
    if _PLAIN.fullmatch(cell):
        return cell
    cell = narrow(cell).strip()
    if _NOTHING.fullmatch(cell):
        return "0"
    cell = _SIGNS.sub(r"\1", _WHOLE_PRICE.sub("", cell))
    if (loss := _LOSS.fullmatch(cell)) and (lost := bare_number(loss[1]))[:1].isdecimal():
        return f"-{lost}"
    return _MINUS_AFTER.sub(r"-\1", cell) if cell.endswith("-") else cell


def unit_of(cell: str) -> str:
    """The currency, unit or footnote beside the number of a cell; "" if there is none."""
    cell = _LOSS.sub(r"\1", cell) if cell.startswith("(") else cell
    return "".join(sign[0] for sign in _SIGNS.finditer(_WHOLE_PRICE.sub("", narrow(cell).strip()))).strip(
        " \u00a0\u202f+-−"
    )


def limit_of(text: str) -> str:
    """The limit that a value is below or above, as laboratories write it: "<0.5" → "0.5"; "" for any other text."""
    found = _LIMIT.fullmatch(text)
    return found[1] if found is not None and not math.isnan(number_of(found[1])) else ""
