"""Dates after the end of a series: spaced and written like those that are known."""

from __future__ import annotations

import pytest

from engine.data.numbers.next_times import times_after


@pytest.mark.parametrize(
    ("known", "next"),
    [
        ("2020-02-27 2020-02-28 2020-02-29", "2020-03-01 2020-03-02"),
        ("2023-12-17 2023-12-24 2023-12-31", "2024-01-07 2024-01-14"),
        ("1/30/2021 1/31/2021 2/1/2021", "2/2/2021 2/3/2021"),
        ("29/01/2021 30/01/2021 31/01/2021", "01/02/2021 02/02/2021"),
        ("20201229 20201230 20201231", "20210101 20210102"),
        ("2020-10 2020-11 2020-12", "2021-01 2021-02"),
        ("202010 202011 202012", "202101 202102"),
        ("2020-11-30 2020-12-31 2021-01-31", "2021-02-28 2021-03-31"),
        ("2020-05-15 2020-08-15 2020-11-15", "2021-02-15 2021-05-15"),
        ("1987 1988 1989", "1990 1991"),
        ("1990 2000 2010", "2020 2030"),
        ("1577836800 1577840400 1577844000", "1577847600 1577851200"),
        ("8 9 10", "11 12"),
        ("2020-01-01T22:00:00 2020-01-01T23:00:00 2020-01-02T00:00:00", "2020-01-02T01:00:00 2020-01-02T02:00:00"),
        ("2020010122 2020010123 2020010200", "2020010201 2020010202"),
    ],
)
def test_dates_go_on_as_they_are_written(known: str, next: str) -> None:
    assert times_after(known.split(), 2) == tuple(next.split())


@pytest.mark.parametrize(
    ("known", "next"),
    [("1/1/2020 9:00,1/1/2020 9:30,1/1/2020 10:00", "1/1/2020 10:30"), ("Oct 2020,Nov 2020,Dec 2020", "Jan 2021")],
)
def test_dates_with_spaces_go_on(known: str, next: str) -> None:
    assert times_after(known.split(","), 1) == (next,)


def test_a_gap_does_not_end_the_calendar_and_the_last_step_counts() -> None:
    known = [f"2020-03-{day:02d}" for day in range(1, 32) if day != 12]
    assert times_after(known, 1) == ("2020-04-01",)


@pytest.mark.parametrize(
    "known",
    [
        "2020-01-01 2020-01-04 2020-01-05 2020-01-11",  # no even steps
        "2020-01-03 2020-01-02 2020-01-01",  # backwards
        "first second third",
        "2020-01-01 2020-01-02",  # too few
        "9997 9998 9999x",
    ],
)
def test_nothing_is_said_where_the_next_date_is_not_known(known: str) -> None:
    assert times_after(known.split(), 2) == ()


def test_dates_that_may_be_days_or_months_go_on_as_far_as_both_are_written_alike() -> None:
    known = ["01/02/2020", "01/03/2020", "01/04/2020"]
    assert times_after(known, 2) == ("01/05/2020", "01/06/2020")
    assert times_after(known, 12) == ()
