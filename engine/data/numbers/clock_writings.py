"""Times of day beside a date, rewritten as ISO 8601 has them: 01.01.2024, 12h30 Uhr becomes 01.01.2024 12:30, and
Mon Jan 01 00:00:00 CET 2024 becomes Mon Jan 01 2024 00:00:00+01:00."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 80  # characters, with the name of a zone behind its abbreviation
# Names of time zones, and how many hours they are ahead of UTC. Where a name has several meanings, all cells of a
# column have the same one.
_ZONES: Final = {
    "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEZ": 0, "WEST": 1, "WESZ": 1, "BST": 1, "CET": 1, "MEZ": 1, "HNEC": 1,
    "CEST": 2, "MESZ": 2, "HAEC": 2, "EET": 2, "OEZ": 2, "EEST": 3, "OESZ": 3, "MSK": 3, "SAST": 2, "IST": 5.5,
    "SGT": 8, "HKT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "BRT": -3, "AST": -4, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
_OFFSET: Final = r"[-+]\d{1,2}(?::?\d\d)?"
_WRITTEN: Final = re.compile(
    r"(?:\[?(?P<date>[^:]*\d[^:]*?)(?:,? +(?:um |à |at |kl\.? )?|(?<=/\d{4}):))?"  # a colon in the logs of web servers
    r"(?P<hour>\d{1,2})(?:(?-i:[:h])(?P<minute>\d\d)(?P<rest>(?::\d\d(?:[.,]\d+)?)?)"
    r"|(?= Uhr|[ \u00a0\u202f]?[AP]\.?M\b))"
    r"(?:[ \u00a0\u202f]?(?P<half>[AP])\.?M\.?)?(?: Uhr)?"
    rf"(?: ?(?:(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))})(?P<more>{_OFFSET})?"
    rf"|(?P<offset>{_OFFSET})))?(?: \([^()]*\))?(?: (?P<year>\d{{4}}))?\]?",
    re.IGNORECASE,
)
_MAY_BE_CLOCK: Final = re.compile(r".*\d(?:[:h]\d\d| [Uu]hr$|[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?$)")

_UNTIL: Final = re.compile(r"(?<=\d) ?(?:[-–]|bis) ?\d{1,2}(?::\d\d)?(?= Uhr$)", re.IGNORECASE)


def with_iso_clock(cell: str) -> str:
    """A date and a time of day with a space between them and the zone behind them in figures, of two times of day
    the first; a time of day alone without the word for it; any other text as it is."""
    if len(cell) > _LONGEST or not _MAY_BE_CLOCK.match(cell):
        return cell
    found = _WRITTEN.fullmatch(_UNTIL.sub("", cell))
    if found is None or cell.startswith("[") != cell.endswith("]"):
        return cell
    part = found.groupdict(default="")
    clock = f"{int(part['hour']):02d}:{part['minute'] or '00'}{part['rest']}"
    clock += f" {part['half'].upper()}M" if part["half"] else ""
    if not part["date"]:
        return cell if cell.endswith("]") else clock
    date = f"{part['date']} {part['year']}" if part["year"] else part["date"]
    return f"{date} {clock}{_offset(part['zone'], part['more'] or part['offset'])}"


def _offset(zone: str, offset: str) -> str:
    """How far a zone is from UTC, as in +01:00; "" for an unknown one."""
    if offset:
        hours, minutes = offset[1:].split(":") if ":" in offset else (offset[1:3], offset[3:])
        return f"{offset[0]}{int(hours):02d}:{int(minutes or 0):02d}"
    if not zone:
        return ""
    ahead = round(60 * _ZONES[zone.upper()])
    return f"{'-' if ahead < 0 else '+'}{abs(ahead) // 60:02d}:{abs(ahead) % 60:02d}"
