"""Numbers as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

from engine.data.numbers.wide_signs import narrow

_LIMIT: Final = re.compile(r"\s*(?:[<>]=?|[≤≥])\s*(.*\d.*)")
_END: Final = r"([eE][-+]?\d+)?"
_COMMAS: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}(,\d{{3}})+(\.\d*)?{_END}")  # between thousands
_LAKHS: Final = re.compile(r"[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?")  # 12,34,567, as in India
_DOTS: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}(\.\d{{3}})+(,\d*)?{_END}")
_SPACES: Final = re.compile(rf"[-+]?[1-9]\d{{0,2}}([ \u00a0\u202f\u2009'’]\d{{3}})+([.,]\d*)?{_END}")
_COMMA: Final = re.compile(rf"[-+]?\d*,\d+{_END}")
_MARKED: Final = re.compile(r"[-+]?(\d*)([.,])(\d*)")
# Before and after a number: a currency, a percentage, a unit, the mark of a footnote (16.1 p is provisional).
_SIGNS: Final = re.compile(
    r"^([-+]?)\s*(?:[$€£¥₹₽₩₺₴₫฿]|(?:Rs\.?|EUR|USD|GBP|CHF|INR)(?=\s?[\d.]))\s?"
    r"|\s?([%‰€$£¥₹₽₩₺₴₫฿°†‡円元원℃]|zł|Kč|kr\.?|руб\.?|Ft|\*+|\([a-z]\))$"
    r"|\s([a-z]{1,2}|°[CF]|[cmkM]?m[²³]?|k?m2|m3|sqm|sq ?ft|ft²|km/h|m/s|[mkM]?W|[kM]Wh|[hk]?Pa|bar|[mk]?g|ms|min"
    r"|[mk]?V|m?A|[kM]?Hz|[kMGT]B|kcal|k?J|PS|dB|pp[mb]|EUR|USD|GBP|CHF)$"
)
_CURRENCY: Final = re.compile(r"[$€£¥₹₽₩₺₴₫฿]|\b(?:EUR|USD|GBP|CHF|INR)\b")
_MINUS_AFTER: Final = re.compile(
    r"(?!(?:1\d|20)\d\d-)((?:\d[\d.,' ]*)?(?:[.,]\d+|\d{3}))-"
)  # 100,50-, as SAP writes it; but 2- is a mark, and 1990- a time
_WHOLE_PRICE: Final = re.compile(r"(?<=\d)[.,][-–—]{1,2}(?=\s|$)")  # 500,– or 500.-, as shops write it
_CODES: Final = frozenset({"EUR", "USD", "GBP", "CHF", "INR", "Rs.", "Rs "})  # may stand before a number
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
_LOSS: Final = re.compile(r"\(([\d.,]+)\)")
GAPS: Final = frozenset(
    {"", "na", "n/a", "n.a.", "<na>", "nan", "-nan", "null", "none", "missing", "no data", "n.d.", "nd", "k.a.",
     "-", "--", "---", "–", "—", "?", ".", "..", "...", "…", "*", ":", "bdl", "<lod", "< lod", "<loq", "< loq", "<mdl",
     "<dl", "－", "―", "///", "#n/a", "#nv", "#value!", "#wert!", "#div/0!", "#ref!", "#bezug!", "#num!", "#zahl!"}
)  # fmt: skip


def number_of(text: str, decimal: str = "") -> float:
    """The number that a cell holds, NaN if it holds none. "$5", "5 %", "5*" and "5 km" are 5; "(5)" is −5.

    decimal: the mark before decimals, if the column tells it (`decimal_mark`); without it, 1,234 is more than a
    thousand and 1.234 is not.
    """
    cell = text.strip()
    if cell[:1].isalpha() and cell[0] not in "iInN" and cell[:3] not in _CODES:  # infinity and NaN begin with a letter
        return math.nan
    cell = _bare(cell)
    if short := _SHORT.fullmatch(cell) or _LARGE.fullmatch(cell):
        return number_of(short[1], decimal or ".") * _TIMES[short[2]]
    cell = _LOSS.sub(r"-\1", cell) if cell.startswith("(") else cell
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


def decimal_mark(cells: Iterable[str], delimiter: str = "", usual: str = "") -> str:
    """ "." or ",": what stands before the decimals of a column; "" if its cells do not tell, or contradict each other.
    delimiter: what separates the columns; usual: the mark elsewhere, for cells that could be read either way.

    1.234 may be both. 1.2, 0.123 and 1234.567 have decimals; 1.234.567 and 1.234,5 have thousands, and so has 1.234
    beside 567, because a table that writes three decimals writes them everywhere.
    """
    told, unclear, whole = set[str](), set[str](), 0.0
    priced, even = False, True
    for cell in cells:
        bare = _bare(cell).strip("()")
        marks = re.findall("[.,]", bare)
        if len(marks) > 1:
            different = len(set(marks)) > 1
            told.add(marks[-1] if different else _other(marks[0]))
        elif match := _MARKED.fullmatch(bare):
            before, mark, after = match.groups()
            is_thousands = len(after) == 3 and 0 < len(before) < 4 and before[0] != "0"
            (unclear if is_thousands else told).add(mark)
            priced = priced or _CURRENCY.search(cell) is not None
            even = even and after == "000"
        elif bare.lstrip("+-").isdecimal():
            whole = max(whole, float(bare.lstrip("+-")))
    if told or len(unclear) != 1:
        return told.pop() if len(told) == 1 else "" if told else usual
    if usual:
        return usual
    # Semicolons separate the columns where commas stand before decimals; prices have two decimals, and seldom does
    # every number end in three zeros. One of these alone may be chance.
    european, rounded = delimiter == ";", priced and even
    if 100 <= whole < 1000 or rounded or (european and unclear == {"."} and (priced or even)):
        return _other(*unclear)
    return "," if european and unclear == {","} else ""


def _bare(cell: str) -> str:
    """What a cell holds without its currency, unit or footnote."""
    cell = _SIGNS.sub(r"\1", _WHOLE_PRICE.sub("", narrow(cell).strip()))
    return _MINUS_AFTER.sub(r"-\1", cell) if cell.endswith("-") else cell


def unit_of(cell: str) -> str:
    """The currency, unit or footnote beside the number of a cell; "" if there is none."""
    return "".join(sign[0] for sign in _SIGNS.finditer(_WHOLE_PRICE.sub("", narrow(cell).strip()))).strip(
        " \u00a0\u202f+-−"
    )


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def is_gap(text: str) -> bool:
    """Whether a cell says that its number is missing."""
    return text.strip().lower() in GAPS


def limit_of(text: str) -> str:
    """The limit that a value is below or above, as laboratories write it: "<0.5" → "0.5"; "" for any other text."""
    found = _LIMIT.fullmatch(text)
    return found[1] if found is not None and not math.isnan(number_of(found[1])) else ""
