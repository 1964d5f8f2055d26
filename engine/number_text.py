"""Numbers as text for a person to read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

NARROW = "\u202f"  # narrow no-break space between a number and its unit
SMALLEST = 1e-4  # a smaller share is written as less than this one
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.(\d+))?")
EXPONENT = re.compile(r"(?<=\d)e([-+])0*(?=\d)")  # as Python writes it: "e-05", "e+15"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEAST_PROBABILITY = "<0.001"
LEAST_LOSS = "<1e−7"  # single precision has nothing between a probability of 1 and 1 minus this
SMALL_LOSS, FIRST_LOSS_POWER = 0.001, 1000
LOSS_FIGURES, MOST_LOSS_FIGURES = 4, 8  # of two losses beside each other
EXACT = 1_000_000  # smaller numbers are written in full
FIRST_POWER = 1e10  # larger numbers of the data are written as powers of ten
MOST_DECIMALS = 6  # the same for those that need more of them
FEWEST_FIGURES = 7  # of such a power


def percent(share: float, digits: int = 0) -> str:
    """0.9 → "90 %", with one digit "90.0 %". A small share that would be written as 0 gets one figure: "0.3 %", a tiny
    one is "<0.01 %". Nor is a share written as 100 % beside others that are not tiny: 0.997 → "99.7 %"."""
    value = 100 * share
    if 100 - 0.5 * 10.0**-digits <= value <= 100 - 100 * SMALLEST:
        digits = -_power_of(float(f"{100 - value:.1g}"))
    if share == 0 or abs(value) >= 0.995 * 10.0**-digits or share != share:
        return with_minus(f"{value:,.{digits}f}{NARROW}%")
    if abs(share) < SMALLEST:
        return f"<{100 * SMALLEST:g}{NARROW}%"
    return with_minus(f"{value:.1g}{NARROW}%")


def probability_text(share: float, digits: int = 3) -> str:
    """A probability with so many digits, or with three where it would be written as 0, which no softmax gives; "<0.001"
    if it would be 0 even so."""
    if share < 0.0005:
        return LEAST_PROBABILITY
    return f"{share:.{digits if share >= 0.5 * 10.0**-digits else 3}f}"


def with_minus(text: str) -> str:
    """The number with a proper minus sign in place of each hyphen, and a short exponent: "-1.5e-05" → "−1.5e−5"."""
    return EXPONENT.sub(lambda found: f"e{found[1].strip('+')}", text).replace("-", "−")


def fixed(value: float, digits: int = 2) -> str:
    """A number with a fixed count of digits after the point: −1234.5 → "−1,234.50"; never "−0.00"."""
    return with_minus(f"{round(float(value), digits) + 0.0:,.{digits}f}")


def loss_text(loss: float, digits: int = 3) -> str:
    """A loss with a fixed count of digits, or as many as a small one needs; nearly 0, as a power of ten: "2.286",
    "2.2e−4"; with two digits "2.29", "0.004", "2e−4". One that is computed as 0, which no loss is, is "<1e−7"."""
    if loss == 0:
        return LEAST_LOSS
    if 0 < abs(loss) < SMALL_LOSS:
        return with_minus(f"{loss:.{min(digits, 3) - 2}e}")
    return fixed(loss, max(digits, 3) if 0 < abs(loss) < 0.5 * 10.0**-digits else digits)


def change_of_loss(before: float, after: float) -> str:
    """Two losses in the same figures, in as many as tell them apart: "2.286 → 2.285", "3.621e−4 → 3.620e−4"; "2.286, as
    before" if too many would be needed."""
    power = 0 < abs(before) < SMALL_LOSS
    written = ""
    for figures in range(LOSS_FIGURES, MOST_LOSS_FIGURES + 1):
        decimals = max(0, figures - 1 - _power_of(before)) if math.isfinite(before) and before else figures - 1
        texts = [with_minus(f"{loss:.{figures - 1}e}") if power else fixed(loss, decimals) for loss in (before, after)]
        written = written or texts[0]
        if texts[0] != texts[1]:
            return " → ".join(texts)
    return f"{written}, as before"


def run_loss(loss: float) -> str:
    """The loss of a run as it stands, the same wherever the run is told of: "2.286", "2.2e−4"; a large one as a power
    of ten: "1.25e6"; in words if it is not finite."""
    if not math.isfinite(loss):
        return "not a number" if math.isnan(loss) else "infinite"
    return loss_text(loss) if abs(loss) < FIRST_LOSS_POWER else with_minus(f"{loss:.2e}")


def grouped(number: int) -> str:
    """1204 → "1,204"."""
    return f"{number:,}"


def grouped_within(text: str) -> str:
    """A text in which whole numbers with a unit are grouped: "3717 Hz" → "3,717 Hz"."""
    return re.sub(r"\d+(?= \w)", lambda found: grouped(int(found[0])), text)


def short(number: float) -> str:
    """Two or three figures: 1900000 → "1.9 M", 45678 → "45,700"."""
    for unit, letter in ((1e9, "G"), (1e6, "M")):
        if number >= unit * 0.9995:
            value = number / unit
            return f"{value:.1f}{NARROW}{letter}" if value < 9.95 else f"{value:.0f}{NARROW}{letter}"
    return grouped(int(float(f"{number:.3g}")))


def in_figures(value: float, figures: int = 3) -> str:
    """A few figures, thousands grouped: −0.1234 → "−0.123", 2361.7 → "2,360"."""
    rounded = float(f"{value:.{figures}g}")
    whole = 10.0 ** (figures - 1) <= abs(rounded) < 1e15  # "130" and not "1.3e2", with two figures
    return with_minus(f"{rounded:,.0f}" if whole else f"{rounded:.{figures}g}")


def power_of_ten(exponent: int) -> str:
    """−5 → "10⁻⁵"."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def own_units(value: float, spread: float = 0.0, figures: int = 3) -> str:
    """A number in the data's own units, rounded to so many figures of its spread, but whole digits are always kept:
    1962.224, which may be off by 4.83 → "1,962.22", with two figures "1,962.2". spread: how far off the number may be,
    or how far such numbers lie apart; 0 for a number that is a spread itself, such as an error."""
    spread = spread or abs(value)
    if not math.isfinite(value) or not math.isfinite(spread):
        return with_minus(f"{value:g}")
    decimals = figures - 1 - _power_of(float(f"{spread:.{figures - 1}e}"))
    rounded = round(value, decimals)
    if abs(value) < FIRST_POWER and decimals <= MOST_DECIMALS:
        return fixed(value, max(decimals, 0))
    return with_minus(f"{rounded + 0.0:.{max(FEWEST_FIGURES, _power_of(rounded) + 1 + decimals)}g}")


def estimate(value: float, deviation: float, scale: float) -> str:
    """A predicted number, rounded to two figures of its deviation: 1962.224 that may be off by 4.83 → "1,962.2".
    deviation: NaN if unknown; the scale, one standard deviation of all such numbers, then takes its place."""
    return own_units(value, deviation, 2) if math.isfinite(deviation) else own_units(value, scale)


def plus_minus(deviation: float) -> str:
    """How far off a number may be, to be written behind it; "" if that is not known."""
    return f" ± {own_units(deviation, figures=2)}" if math.isfinite(deviation) else ""


def _power_of(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def size(number: int) -> str:
    """Exact below a million, otherwise short: "125,435", "1.9 M"."""
    return grouped(number) if number < EXACT else short(number)


def rounded_to_fit(text: str, width: Callable[[str], float], room: float) -> str:
    """A number with as many of its figures as fit: "102.7" → "103", "17,250" → "17 k" or "2e4", which has one. Other
    text is returned as it is, as is a number of which not even one figure fits."""
    written = NUMBER.fullmatch(text)
    if written is None or width(text) <= room:
        return text
    for shorter in _shorter(float(text.replace("−", "-").replace(",", "")), len(written[1] or "")):
        shown = with_minus(shorter) if "−" in text else shorter
        if width(shown) <= room:
            return shown
    return text


def _shorter(number: float, decimals: int) -> Iterator[str]:
    """A number that has so many decimals, written shorter and shorter."""
    for count in range(decimals - 1, -1, -1):
        yield f"{round(number, count) + 0.0:,.{count}f}"  # −0 is 0
    for unit, letter in ((1e3, "k"), (1e6, "M"), (1e9, "G")):
        for count in (2, 1, 0):
            shown = f"{number / unit:.{count}f}"
            if 1 <= abs(float(shown)) < 1000:
                yield f"{shown}{NARROW}{letter}"
    if abs(number) >= 10:
        yield with_minus(f"{number:.0e}")


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 row", "2 rows"; `many` where the plural is more than an added s."""
    return f"{grouped(number)} {one if number == 1 else many or f'{one}s'}"


def duration(seconds: float) -> str:
    """Rounded up to two figures, or whole hours: 8.2 → "9 s", 75 → "75 s", 130 → "3 min", 40000 → "12 h"."""
    whole = max(math.ceil(seconds), 1)
    if whole < 100:
        return f"{whole} s"
    minutes = math.ceil(whole / 60)
    return f"{minutes} min" if minutes < 100 else f"{grouped(math.ceil(minutes / 60))} h"
