"""Dates with a time of day as programs and people write them: with the name of a zone, a comma, or a word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import engine
from engine.data.numbers.next_times import times_after
from engine.data.numbers.times import are_dates, is_clock, is_time, moments
from tests.engine.data.files.test_number_tables import put, values_of

NOON = dt.datetime(2024, 3, 5, 12, 30, tzinfo=dt.UTC).timestamp()
HOUR = 3600
WRITTEN = {
    "2024-03-05 12:30:00 UTC": 0,
    "2024-03-05 12:30:00.000 UTC": 0,
    "2024-03-05 12:30 GMT": 0,
    "2024-03-05 12:30:00 CET": -HOUR,
    "2024-03-05 12:30:00 CEST": -2 * HOUR,
    "05.03.2024 12:30:00 MEZ": -HOUR,
    "2024-03-05 12:30:00 EST": 5 * HOUR,
    "2024/03/05 12:30:00 PM OEZ": -2 * HOUR,  # as Google Forms writes it in German
    "2024/03/05 12:30:00 PM HNEC": -HOUR,
    "2024/03/05 12:30 UTC+2": -2 * HOUR,
    "Tue, 05 Mar 2024 12:30:00 GMT": 0,
    "Tue Mar 05 12:30:00 UTC 2024": 0,
    "Tue Mar  5 12:30:00 2024": 0,
    "Tue Mar 05 2024 12:30:00 GMT+0100 (Central European Standard Time)": -HOUR,
    "05.03.2024, 12:30:00": 0,
    "13/3/2024, 12:30:00 PM": 8 * 24 * HOUR,
    "3/13/2024, 12:30:00\u202fPM": 8 * 24 * HOUR,
    "05.03.2024 12:30 Uhr": 0,
    "5. März 2024 um 12:30 Uhr": 0,
    "Dienstag, 5. März 2024, 12:30 Uhr": 0,
    "mardi 5 mars 2024 à 12h30": 0,
    "05.03.2024 12h30": 0,
    "05.03.2024 12:30-13:30 Uhr": 0,
    "05.03.2024 12 - 13 Uhr": -HOUR / 2,
    "2024-W10-2": -12.5 * HOUR,
    "[05/Mar/2024:12:30:00 -0700]": 7 * HOUR,
    "05/Mar/2024:12:30:00 +0530": -5.5 * HOUR,
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_time_with_a_zone_or_words_around_its_clock_is_known(text: str) -> None:
    assert is_time(text)
    assert moments([text])[0] in (NOON + WRITTEN[text], NOON + WRITTEN[text] + 59 * 24 * HOUR)  # 5.3. or 3.5.


@pytest.mark.parametrize(
    "text", ["Psalm 23:12", "3 h", "Room 5 h", "[12:30]", "Re: 10:20", "12:30 what", "2024: 3", "[05/Mar/2024:12:30:00"]
)
def test_other_texts_with_colons_are_no_times(text: str) -> None:
    assert not is_time(text)


def test_clocks_that_are_put_back_in_autumn_keep_the_rows_in_order(tmp_path: Path) -> None:
    begin = dt.datetime(2024, 10, 26, 22, tzinfo=dt.UTC)
    rows = []
    for k in range(48):
        at = begin + dt.timedelta(minutes=15 * k)
        summer = at < dt.datetime(2024, 10, 27, 1, tzinfo=dt.UTC)
        local = at + dt.timedelta(hours=2 if summer else 1)
        rows.append(f"{local:%Y-%m-%d %H:%M:%S} {'CEST' if summer else 'CET'},{k % 7 + 0.5}")
    dataset = engine.load_dataset(put(tmp_path / "meter.csv", ["time,power", *rows]))
    assert dataset.recognition.time_columns == ("time",)
    assert dataset.report.remarks == ()
    assert values_of(dataset) == pytest.approx([k % 7 + 0.5 for k in range(48)])


@pytest.mark.parametrize(
    "written",
    ["%Y-%m-%d %H:%M:%S UTC", "%d.%m.%Y, %H:%M:%S", "%d.%m.%Y %H:%M Uhr", "%d.%m.%Y %Hh%M",
     "[%d/%b/%Y:%H:%M:%S +0100]", "%a, %d %b %Y %H:%M:%S GMT", "%a %b %d %H:%M:%S UTC %Y", "%b %d %H:%M:%S"],
)  # fmt: skip
def test_a_log_with_such_times_is_a_series(tmp_path: Path, written: str) -> None:
    times = [dt.datetime(2024, 1, 30) + dt.timedelta(hours=k) for k in range(72)]
    rows = [f"{time:{written}};{k % 7 + 0.5};{k % 5 + 0.25}" for k, time in enumerate(times)]
    dataset = engine.load_dataset(put(tmp_path / "log.csv", ["Zeit;Temperatur;Feuchte", *rows]))
    assert (dataset.kind, dataset.recognition.time_columns) == ("series", ("Zeit",))
    assert dataset.recognition.sources == ("Temperatur", "Feuchte")
    assert dataset.report.remarks == ()


def test_a_day_and_a_time_with_a_word_behind_it_may_stand_in_two_columns(tmp_path: Path) -> None:
    rows = [f"{k // 24 + 1:02d}.03.2024;{k % 24:02d}:00 Uhr;{k % 7},5" for k in range(72)]
    dataset = engine.load_dataset(put(tmp_path / "log.csv", ["Tag;Stunde;Wert", *rows]))
    assert dataset.recognition.time_columns == ("Tag", "Stunde")
    assert is_clock(["12:30 Uhr", "12:45 Uhr"])
    assert are_dates(["12:30 Uhr", "12:45 Uhr"])


@pytest.mark.parametrize(
    ("times", "after"),
    [
        (["2024-01-01 22:00 UTC", "2024-01-01 23:00 UTC", "2024-01-02 00:00 UTC"], "2024-01-02 01:00 UTC"),
        (["14.01.2024 22:00 Uhr", "14.01.2024 23:00 Uhr", "15.01.2024 00:00 Uhr"], "15.01.2024 01:00 Uhr"),
        (["14.01.2024, 22:00:00", "14.01.2024, 23:00:00", "15.01.2024, 00:00:00"], "15.01.2024, 01:00:00"),
        (["1/14/2024, 10:00 PM", "1/14/2024, 11:00 PM", "1/15/2024, 12:00 AM"], "1/15/2024, 1:00 AM"),
    ],
)
def test_the_next_times_are_written_alike(times: list[str], after: str) -> None:
    assert times_after(times, 1) == (after,)
