"""What stands around a table of numbers is named and left out, and several columns may say when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.errors import DataError
from tests.engine.data.files.test_number_tables import VALUES, days, months, put, values_of


def steps(mark: str = ".") -> list[str]:
    """Days and values, a row for each."""
    return [f"{day};{v:.2f}".replace(".", mark) for day, v in zip(days("%Y-%m-%d"), VALUES, strict=True)]


AROUND = {
    "titles": (["Sales of a shop", "Source: own, daily", "", "day;sales", *steps()], ""),
    "a title with cells": (["Sales;", "day;sales", *steps()], ""),
    "the separator": (["sep=;", "day;sales", *steps(",")], ""),
    "units": (["day;sales", "yyyy-mm-dd;€/day", *steps()], "Line 2 is left out: it holds units."),
    "units of numbers alone": (["day;sales", ";k€", *steps()], "Line 2 is left out: it holds units."),
    "a total": (["day;sales", *steps(), "Total;1234.5"], "Line 62 is left out: it holds “Total 1234.5” below"),
    "a mean after a blank line": (["day;sales", *steps(","), "", "Mittel;1,5"], "Line 63 is left out"),
    "a note": (["day;sales", *steps(), "Preliminary."], "Line 62 is left out: it holds “Preliminary.”"),
    "the header again": (
        ["day;sales", *steps()[:30], "day;sales", *steps()[30:]],
        "Line 32 is left out: it holds the header again.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", AROUND)
def test_what_stands_around_a_table_is_no_step_and_is_named(tmp_path: Path, what: str) -> None:
    lines, remark = AROUND[what]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", lines))
    assert dataset.kind == "series"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("sales",)
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.times == tuple(days("%Y-%m-%d"))
    assert [finding[: len(remark)] for finding in dataset.report.findings] == ([remark] if remark else [])


WIDE = [f"{day};{v:.2f};3{k % 7}" for k, (day, v) in enumerate(zip(days("%Y-%m-%d"), VALUES, strict=True))]
WORDS = "day;sales;staff"
TITLES = {
    "a year in it": ["Sales of 2020;;", WORDS],
    "a date in it": ["15.01.2020;;", WORDS],
    "a row of nothing below": ["Sales;;", ";;", WORDS],
    "two, and a row of nothing": ["Sales 2020;;", "As of;3.2.2023;", ";;", WORDS],
    "one above and one below a blank line": ["Sales 2020", "", "As of 3.2.2023;;", WORDS],
    "units too": ["Sales 2020;;", ";;", WORDS, ";€;"],
    "names above two columns": ["Downloaded on 5.3.2021", "", ";Berlin;", WORDS],
    "a place above each column": [";Berlin;Berlin", WORDS],
    "names of the maker": ["Station;Berlin;Mitte", "Height;34;", ";;", WORDS],
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("header", ["auto", "yes"])
def test_titles_in_the_cells_of_a_spreadsheet_are_no_header(tmp_path: Path, title: str, header: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [*TITLES[title], *WIDE]), header=header)
    assert dataset.recognition.columns == ("day", "sales", "staff")
    assert values_of(dataset) == VALUES.tolist()
    units = ("Line 4 is left out: it holds units.",) if title == "units too" else ()
    assert dataset.report.findings == units


def test_where_there_is_to_be_no_header_words_above_the_numbers_are_called_no_units(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Sales;;", WORDS, *WIDE]), header="no", kind="series")
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == (
        "Line 1 is left out: it holds “Sales” above the first number.",
        "Line 2 is left out: it holds “day sales staff” above the first number.",
    )


def test_years_are_names_below_a_title(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", ["Sales;;", "day;2019;2020", *WIDE])
    assert engine.load_dataset(path).recognition.columns == ("day", "2019", "2020")


def test_gaps_in_the_first_rows_make_no_titles_of_them(tmp_path: Path) -> None:
    rows = [f"{row.split(';')[0]};;" if k < 3 else f"{row}.5" for k, row in enumerate(WIDE)]
    with_header = engine.load_dataset(put(tmp_path / "named.csv", [WORDS, *rows]))
    without = engine.load_dataset(put(tmp_path / "sales.csv", rows))
    assert with_header.times == without.times == tuple(days("%Y-%m-%d"))
    assert values_of(with_header)[3:] == values_of(without)[3:] == VALUES.tolist()[3:]


def test_what_stands_below_a_short_table_is_no_step_either(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["year,sales", *TWENTY_YEARS, "mean,10.2", "max,12.99"]))
    assert values_of(dataset) == VALUES[:20].tolist()


TWENTY_YEARS = [f"{2000 + k},{v}" for k, v in enumerate(VALUES[:20])]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (["day;cost;staff", *(f"{line};3" for line in steps())], "line 63: The row has 3 columns.* If another table"),
        (["day;cost", *steps()], "line 63: “sales” holds 'cost'.* If another table"),
    ],
)  # fmt: skip
def test_a_second_table_in_the_file_is_refused_where_it_begins(tmp_path: Path, second: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        engine.load_dataset(put(tmp_path / "two.csv", ["day;sales", *steps(), "", *second]))


WHEN = {
    "year, month": ("year,month", [m.replace("-", ",") for m in months()], months()),
    "month, year": (
        "Month,Year", [f"{m[5:].lstrip('0')},{m[:4]}" for m in months()], months(),
    ),
    "Jahr, Monat as a word": ("Jahr,Monat", [f"{m[:4]},{dt.date(2000, int(m[5:]), 1):%B}" for m in months()], months()),
    "year, month, day": ("year,month,day", days("%Y,%m,%d"), days("%Y-%m-%d")),
    "date, time": (
        "date,time", [f"2020-03-{k // 24 + 1:02d},{k % 24:02d}:00" for k in range(60)],
        [f"2020-03-{k // 24 + 1:02d} {k % 24:02d}:00" for k in range(60)],
    ),
    "year, month, day, hour": (
        "yr,mo,dy,hr", [f"2020,3,{k // 24 + 1},{k % 24}" for k in range(60)],
        [f"2020-03-{k // 24 + 1:02d} {k % 24:02d}:00" for k in range(60)],
    ),
    "date, hour": (
        "date,hour", [f"2020-03-{k // 24 + 1:02d},{k % 24 + 1}" for k in range(60)],
        [f"2020-03-{k // 24 + 1:02d} {k % 24 + 1}" for k in range(60)],
    ),
    "milliseconds": ("ts", [f"{1577836800000 + 1000 * k}" for k in range(60)],
                     [f"{1577836800000 + 1000 * k}" for k in range(60)]),
    "from one year to the next, the newest first": (
        "season", [f"{2019 - k}-{2020 - k}" for k in range(60)], [f"{1960 + k}-{1961 + k}" for k in range(60)],
    ),
    "a counter and a date": (",date", [f"{k},{day}" for k, day in enumerate(days("%Y-%m-%d"))], days("%Y-%m-%d")),
    "years, the newest first": ("year", [str(2019 - k) for k in range(60)], [str(1960 + k) for k in range(60)]),
}  # fmt: skip


@pytest.mark.parametrize("when", WHEN)
def test_several_columns_say_when(tmp_path: Path, when: str) -> None:
    names, moments, times = WHEN[when]
    values = VALUES[::-1] if "newest first" in when else VALUES
    rows = [f"{moment},{value}" for moment, value in zip(moments, values, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", [f"{names},sales", *rows]))
    assert dataset.kind == "series"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("sales",)
    assert dataset.times == tuple(times)
    assert values_of(dataset) == VALUES.tolist()


def test_a_few_words_are_left_out_beside_the_parts_of_a_date_as_beside_a_whole_one(tmp_path: Path) -> None:
    """They were a label, beside measurements that are no sequence, as the wind in a table of fine dust."""
    names, moments, times = WHEN["year, month, day, hour"]
    rows = [
        f"{k},{at},{v},{v + 1},{v + 2},{('NW', 'SE', 'cv')[k % 3]}"
        for k, (at, v) in enumerate(zip(moments, VALUES, strict=True))
    ]
    dataset = engine.load_dataset(put(tmp_path / "air.csv", [f"No,{names},pm2.5,TEMP,PRES,cbwd", *rows]))
    assert dataset.kind == "series"
    assert dataset.times == tuple(times)
    assert dataset.recognition.reason.endswith("“No” only numbers the rows; “cbwd” holds no numbers")


def test_the_same_word_in_all_rows_of_dates_without_separators_is_no_obstacle(tmp_path: Path) -> None:
    rows = [f"   1;{day};{v:8.2f};eor" for day, v in zip(days("%Y%m%d"), VALUES, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "wind.txt", ["station;MESS_DATUM;  FX;eor", *rows]), columns=["FX"])
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.times == tuple(days("%Y%m%d"))


def test_a_date_beside_a_counter_is_told(tmp_path: Path) -> None:
    rows = [f"{k},{day},{v}" for k, (day, v) in enumerate(zip(days("%Y-%m-%d"), VALUES, strict=True))]
    reason = engine.load_dataset(put(tmp_path / "a.csv", [",date,sales", *rows])).recognition.reason
    assert reason == "1 column of numbers, a row for each step; “date” says when; “column 1” only numbers the rows"
    reason = engine.load_dataset(put(tmp_path / "b.csv", ["year,month,sales", *WHEN_ROWS])).recognition.reason
    assert reason == "1 column of numbers, a row for each step; “year” and “month” say when"


def test_numbers_that_grow_by_one_are_no_index_if_they_have_a_name(tmp_path: Path) -> None:
    rows = [f"{day},{v},{k}" for k, (day, v) in enumerate(zip(days("%Y-%m-%d"), VALUES, strict=True))]
    dataset = engine.load_dataset(put(tmp_path / "a.csv", ["date,sales,visits", *rows]))
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("sales", "visits")


WHEN_ROWS = [f"{m.replace('-', ',')},{v}" for m, v in zip(months(), VALUES, strict=True)]


def test_a_column_of_marks_is_left_out_and_one_of_places_tells_series_apart(tmp_path: Path) -> None:
    marks = [
        f"{day},{v},{'E' if k % 10 == 3 else 'A'}" for k, (day, v) in enumerate(zip(months(), VALUES, strict=True))
    ]
    dataset = engine.load_dataset(put(tmp_path / "marks.csv", ["month,sales,flag", *marks]))
    assert dataset.kind == "series"
    assert values_of(dataset) == VALUES.tolist()
    assert "“flag” holds no numbers" in dataset.recognition.reason
    each = [f"{day},{place},{v + far:.2f}" for day, v in zip(months(), VALUES, strict=True)
            for far, place in enumerate(("north", "south"))]  # fmt: skip
    dataset = engine.load_dataset(put(tmp_path / "places.csv", ["month,place,sales", *each]))
    assert dataset.kind == "series"
    assert [float(example.source[0, 0]) for example in dataset.train] == [10.0, 11.0]
    assert "“place” tells the series apart" in dataset.recognition.reason


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("labelled", [True, False])
def test_a_column_that_counts_the_steps_of_each_series_says_when(first: int, labelled: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        [str(series), str(step + first), f"{rng.normal():.3f}", "up" if series % 2 else "down"][: 3 + labelled]
        for series in range(12)
        for step in range(10 + series)
    ]
    path = tmp_path / "gestures.csv"
    path.write_text("\n".join(map(",".join, [["series", "nr", "x", "label"][: 3 + labelled], *rows])), "utf-8")
    dataset = engine.load_dataset(path)
    assert dataset.kind == ("labelled-series" if labelled else "series")
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("x",)
    assert "; “nr” says when; “series” tells the series apart" in dataset.recognition.reason
    as_chosen = engine.load_dataset(path, source_column="nr + x")
    assert as_chosen.codec.frames is not None
    assert as_chosen.codec.frames.names == ("nr", "x"), "it is one click away"


def test_a_column_of_whole_numbers_that_does_not_restart_is_measured(tmp_path: Path) -> None:
    rows = [
        f"{series},{step % 7},{series + step / 9:.3f},{'ab'[series % 2]}" for series in range(8) for step in range(12)
    ]
    (tmp_path / "x.csv").write_text("\n".join(["series,k,x,label", *rows]), "utf-8")
    dataset = engine.load_dataset(tmp_path / "x.csv")
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("k", "x")


def test_what_only_names_the_rows_is_not_forecast_unless_it_is_chosen(tmp_path: Path) -> None:
    rows = [f"2023-0{1 + k // 28}-{1 + k % 28:02},{99_887 + 3 * k},{20 + k % 7}.5" for k in range(56)]
    path = put(tmp_path / "runs.csv", ["date,Activity ID,distance", *rows])
    dataset = engine.load_dataset(path)
    assert dataset.recognition.sources == ("distance",)
    assert "“Activity ID” only numbers the rows" in dataset.recognition.reason
    assert engine.load_dataset(path, columns=["Activity ID"]).recognition.sources == ("Activity ID",)


def test_a_flag_that_says_which_months_are_final_is_no_label(tmp_path: Path) -> None:
    """As the world data centre writes its sunspot numbers, without names: of seven columns, two have decimals."""
    rows = [
        f"{year};{month:02};{year + (month - 0.5) / 12:.3f}; {80 + year % 11:5}.{month % 10}; {month}.5;"
        f" {50 + month:4};{int(year < 2019)}"
        for year in range(1990, 2020)
        for month in range(1, 13)
    ]
    dataset = engine.load_dataset(put(tmp_path / "spots.csv", rows))
    assert dataset.kind == "series"
    assert dataset.recognition.time_columns == ("column 1", "column 2")


@pytest.mark.parametrize("mark", "-/")
def test_years_that_are_only_counted_say_when_with_their_months(mark: str, tmp_path: Path) -> None:
    rows = [f'"{1 + k // 12}{mark}{1 + k % 12:02}",{100 + 7 * k % 50}.5' for k in range(36)]
    dataset = engine.load_dataset(put(tmp_path / "shampoo.csv", ['"Month","Sales"', *rows]))
    assert dataset.kind == "series"
    assert dataset.times[::13] == (f"1{mark}01", f"2{mark}02", f"3{mark}03")
    assert dataset.report.remarks == (), "no word of times that are not in order"


@pytest.mark.parametrize("unit", ["Day {}", "Week {}", "month{}", "Jahr_{}"])
@pytest.mark.parametrize("first", [0, 1])
def test_units_of_time_that_are_counted_say_when_whatever_their_column_is_called(
    unit: str, first: int, tmp_path: Path
) -> None:
    rows = [f"{unit.format(first + k)},{100 + 7 * k % 50}.5" for k in range(36)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["x,Sales", *rows]))
    assert (dataset.kind, dataset.times[1]) == ("series", unit.format(first + 1))
    others = [row.replace(unit.format(""), "Room ") for row in rows]
    assert engine.load_dataset(put(tmp_path / "y.csv", ["x,Sales", *others])).kind != "series"


@pytest.mark.parametrize("half", [" {}M", "{}M", " {}.m."])
def test_whole_hours_of_half_a_day_say_when(half: str, tmp_path: Path) -> None:
    hours = [f"01/{1 + k // 24:02}/2021 {(k + 11) % 12 + 1}{half.format('AP'[k // 12 % 2])}" for k in range(72)]
    rows = [f"{hour},{100 + 7 * k % 50}.5" for k, hour in enumerate(hours)]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["x,Sales", *rows]))
    assert (dataset.kind, dataset.times, dataset.report.remarks) == ("series", tuple(hours), ())
