"""Tables of numbers over time: recognised as what they are, and nothing else is; gaps named, bad cells refused."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import engine
from engine.errors import ConfigError, DataError

VALUES = np.round(10 + 3 * np.sin(np.arange(60) / 3), 2)


def put(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines), "utf-8")
    return path


def months() -> list[str]:
    return [f"{1990 + k // 12}-{k % 12 + 1:02d}" for k in range(len(VALUES))]


def values_of(dataset: engine.Dataset) -> list[float]:
    """All values of the first column, in order."""
    whole = [*dataset.train[0].source[:, 0], *np.concatenate([e.target[:, 0] for e in dataset.validation])]
    return [float(value) for value in whole]


def days(written: str) -> list[str]:
    return [f"{dt.date(2020, 1, 15) + dt.timedelta(k):{written}}" for k in range(len(VALUES))]


def newest_first(times: list[str]) -> list[str]:
    return ["when;sales", *(f"{time};{v}" for time, v in list(zip(times, VALUES, strict=True))[::-1])]


FORMS = {
    "csv": ["month,sales", *(f"{m},{v}" for m, v in zip(months(), VALUES, strict=True))],
    "tsv with a counter": ["t\tsales", *(f"{k}\t{v}" for k, v in enumerate(VALUES))],
    "decimal commas": [
        "Datum;sales",
        *(f"{m};{str(v).replace('.', ',')}" for m, v in zip(months(), VALUES, strict=True)),
    ],
    "one column": ["sales", *map(str, VALUES)],
    "quoted": ['"month","sales"', *(f'"{m}","{v}"' for m, v in zip(months(), VALUES, strict=True))],
    "remarks and spaces": ["# of a shop", "year sales", *(f"{1700 + k} {v}" for k, v in enumerate(VALUES))],
    "newest first": ["month,sales", *(f"{m},{v}" for m, v in list(zip(months(), VALUES, strict=True))[::-1])],
    "months before years": [
        "Monat;sales",
        *(f"{m[5:]}/{m[:4]};{str(v).replace('.', ',')}" for m, v in zip(months(), VALUES, strict=True)),
    ],
    "quarters": ["when,sales", *(f"Q{k % 4 + 1} {1990 + k // 4},{v}" for k, v in enumerate(VALUES))],
    "names of months": ["mois,sales", *(f"{k % 28 + 1}. févr. {1990 + k // 28},{v}" for k, v in enumerate(VALUES))],
    "weekdays": ["when,sales", *(f"{day},{v}" for day, v in zip(days("%a %d %b %Y"), VALUES, strict=True))],
    "newest first, months before days": newest_first(days("%m/%d/%Y")),
    "newest first, days before months": newest_first(days("%d/%m/%y")),
    "newest first, German days": newest_first(days("%a, %d.%m.%Y")),
    "newest first, names of months": newest_first([f"{dt.date(int(m[:4]), int(m[5:]), 1):%b %Y}" for m in months()]),
    "newest first, days without separators": newest_first(days("%Y%m%d")),
    "newest first, quarters": newest_first([f"{1990 + k // 4}-Q{k % 4 + 1}" for k in range(len(VALUES))]),
    "newest first, hours before and after noon": newest_first(
        [f"3/{k // 24 + 1}/2020 {(k + 11) % 12 + 1}:00 {'AP'[k // 12 % 2]}M" for k in range(len(VALUES))]
    ),
    "days and hours": ["when,sales", *(f"2020-03-{k // 24 + 1:02d} {k % 24:02d}:00,{v}" for k, v in enumerate(VALUES))],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_series_is_read_however_it_is_written(tmp_path: Path, form: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", FORMS[form]))
    assert dataset.kind == "series"
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("sales",)
    assert values_of(dataset) == VALUES.tolist()


def hours(written: str) -> list[str]:
    return [f"{dt.datetime(2019, 12, 30, 3) + dt.timedelta(hours=k):{written}}" for k in range(len(VALUES))]


def year_days(written: str) -> list[str]:
    return [f"{dt.date(2019, 12, 1) + dt.timedelta(k):{written}}" for k in range(len(VALUES))]


NUMBERED_TIMES = {
    "hours": ("x,sales", hours("%Y%m%d%H")),
    "hours to 24": (
        "time,sales",
        [t if not t.endswith("00") else f"{int(t) - 100 + 24}" for t in hours("%Y%m%d%H")[:44]],
    ),
    "minutes": ("x,sales", hours("%Y%m%d%H%M")),
    "seconds": ("when,sales", hours("%Y%m%d%H%M%S")),
    "hours after a T": ("when,sales", hours("%Y%m%dT%H%M")),
    "days of the year": ("when,sales", year_days("%Y-%j")),
    "days of the year without a separator": ("date,sales", year_days("%Y%j")),
    "years and their days": ("year,doy,sales", year_days("%Y,%j")),
    "years and their days called days": ("Year,Day,sales", [f"{int(t[:4])},{int(t[5:])}" for t in year_days("%Y,%j")]),
    "years, their days and hours": ("YEAR,Day of Year,hour,sales", hours("%Y,%j,%H")),
}


@pytest.mark.parametrize("form", NUMBERED_TIMES)
def test_hours_and_days_of_the_year_written_as_numbers_say_when(tmp_path: Path, form: str) -> None:
    header, times = NUMBERED_TIMES[form]
    lines = [header, *(f"{time},{value}" for time, value in zip(times, VALUES, strict=False))]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", lines))
    assert dataset.kind == "series"
    assert dataset.recognition.time_columns == tuple(header.split(",")[:-1])
    assert values_of(dataset) == VALUES[: len(times)].tolist()
    assert not dataset.report.findings  # the end of a day or a year is no gap
    del lines[20:24]
    (gap,) = engine.load_dataset(put(tmp_path / "gap.csv", lines)).report.findings
    assert gap.startswith("1 gap in time, the first between ")
    backwards = [lines[0], *lines[:0:-1]]
    reversed_, _ = engine.load_dataset(put(tmp_path / "backwards.csv", backwards)).report.findings
    assert "reversed" in reversed_


def test_a_day_that_a_year_does_not_have_is_no_time(tmp_path: Path) -> None:
    lines = ["year,day,sales", *(f"2019,{k + 320},{value}" for k, value in enumerate(VALUES[:60]))]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", lines))  # to day 379
    assert dataset.recognition.time_columns == ("day",), "not the day of the year"
    assert dataset.recognition.sources == ("sales",)


LIMITS = {"<": "<11", "< ": "< 11", "<=": "<=11", "≤": "≤11", ">": ">11.0"}


@pytest.mark.parametrize("sign", LIMITS)
@pytest.mark.parametrize("dated", [True, False])
def test_a_value_below_or_above_a_limit_is_read_as_the_limit_and_named(tmp_path: Path, sign: str, dated: bool) -> None:
    shown = [LIMITS[sign] if k % 7 == 2 else str(value) for k, value in enumerate(VALUES)]
    lines = [f"{time},{value}" for time, value in zip(days("%Y-%m-%d"), shown, strict=True)] if dated else shown
    dataset = engine.load_dataset(put(tmp_path / "lead.csv", ["day,lead" if dated else "lead", *lines]))
    assert dataset.kind == "series"
    assert values_of(dataset) == [11.0 if k % 7 == 2 else float(value) for k, value in enumerate(VALUES)]
    (finding,) = dataset.report.findings
    assert finding == (
        f"9 values are only known to be below or above a limit, the first: “{LIMITS[sign]}” in line 4. "
        "The limit itself is read."
    )


@pytest.mark.parametrize("word", ["<LOD", "BDL", "nd", "<MDL"])
def test_a_value_below_a_limit_that_is_not_named_is_a_gap(tmp_path: Path, word: str) -> None:
    shown = [word if k % 7 == 2 else str(value) for k, value in enumerate(VALUES)]
    lines = ["day,lead", *(f"{time},{value}" for time, value in zip(days("%Y-%m-%d"), shown, strict=True))]
    dataset = engine.load_dataset(put(tmp_path / "lead.csv", lines))
    assert dataset.kind == "series"
    (finding,) = dataset.report.findings
    assert finding.startswith("9 numbers missing, the first: “lead” in line 4.")


def test_labels_with_signs_are_labels_and_no_limits(tmp_path: Path) -> None:
    lines = ["date,age", *(f"{time},{('<18', '18-64', '>64')[k % 3]}" for k, time in enumerate(days("%Y-%m-%d")))]
    assert engine.load_dataset(put(tmp_path / "ages.csv", lines)).kind == "labelled"


ONE_ROW = {
    "commas": ",".join(map(str, VALUES)),
    "decimal commas": ";".join(str(value).replace(".", ",") for value in VALUES) + "\n",
    "spaces": " ".join(map(str, VALUES)),
    "numbered": ",".join(f"t{k}" for k in range(len(VALUES))) + "\n" + ",".join(map(str, VALUES)) + "\n\n",
    "with a remark": "# of a shop\n" + "\t".join(map(str, VALUES)),
}


@pytest.mark.parametrize("form", ONE_ROW)
def test_a_single_row_of_numbers_is_a_series(tmp_path: Path, form: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "row.csv", [ONE_ROW[form]]))
    assert dataset.kind == "series"
    assert dataset.recognition.reason == "one row of 60 numbers, one for each step"
    assert values_of(dataset) == VALUES.tolist()


def test_whole_numbers_between_spaces_are_a_text_unless_a_series_is_asked_for(tmp_path: Path) -> None:
    path = put(tmp_path / "row.txt", [" ".join(str(k % 7) for k in range(60))])
    assert engine.load_dataset(path).kind == "stream"
    assert values_of(engine.load_dataset(path, kind="series")) == [k % 7 for k in range(60)]


def test_a_network_whose_column_has_no_name_reads_a_file_with_one_row_or_one_column(tmp_path: Path) -> None:
    dataset = engine.make_dataset([VALUES], "series")
    assert dataset.codec.frames is not None
    for lines in ([ONE_ROW["commas"]], FORMS["one column"], FORMS["csv"]):
        read = dataset.codec.frames.read(put(tmp_path / "mine.csv", lines))
        assert read[:, 0].tolist() == VALUES.tolist()


def test_columns_can_be_chosen_and_are_named_when_they_are_not_there(tmp_path: Path) -> None:
    lines = ["year,a,b,c", *(f"{1900 + k},{v},{2 * v:.2f},{k % 7}" for k, v in enumerate(VALUES))]
    path = put(tmp_path / "three.csv", lines)
    whole = engine.load_dataset(path)
    assert whole.codec.frames is not None
    assert whole.codec.frames.names == ("a", "b", "c")
    assert "“year” says when" in whole.recognition.reason
    one = engine.load_dataset(path, columns=["b"])
    assert one.codec.frames is not None
    assert one.codec.frames.names == ("b",)
    with pytest.raises(ConfigError, match="There is no column 'd'"):
        engine.load_dataset(path, source_column="d")


def test_gaps_are_named_and_filled_with_what_came_before(tmp_path: Path) -> None:
    lines = FORMS["csv"].copy()
    lines[5] = f"{months()[4]},"
    lines[7] = f"{months()[6]},NA"
    del lines[40]
    dataset = engine.load_dataset(put(tmp_path / "gaps.csv", lines))
    assert values_of(dataset)[4] == VALUES[3]
    assert values_of(dataset)[6] == VALUES[5]
    missing, jump = dataset.report.findings
    assert "2 numbers missing, the first: “sales” in line 6." in missing
    assert f"1 gap in time, the first between {months()[38]} and {months()[40]}" in jump


NO_NUMBERS = ("", "n/a", "NaN", "nan", "-nan", "#N/A", "#NV", "#DIV/0!", "#NUM!", "#WERT!")


def as_csv(path: Path, header: list[str], rows: list[list[float | str]]) -> Path:
    lines = (";".join([str(when), *(str(cell).replace(".", ",") for cell in cells)]) for when, *cells in rows)
    return put(path, [";".join(header), *lines])


def as_workbook(path: Path, header: list[str], rows: list[list[float | str]]) -> Path:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(path)
    return path


def as_json(path: Path, header: list[str], rows: list[list[float | str]]) -> Path:
    """Python writes NaN, which is no JSON; others write null."""
    given = [
        [when, *(None if cell == "" else math.nan if isinstance(cell, str) else cell for cell in cells)]
        for when, *cells in rows
    ]
    return put(path, [json.dumps([dict(zip(header, row, strict=True)) for row in given])])


@pytest.mark.parametrize("write", [as_csv, as_workbook, as_json])
def test_what_programs_write_for_no_number_is_a_gap(
    write: Callable[[Path, list[str], list[list[float | str]]], Path], tmp_path: Path
) -> None:
    header = ["when", "tide", "wind"]
    rows: list[list[float | str]] = [
        [day, float(v), float(v) / 2] for day, v in zip(days("%d.%m.%Y"), VALUES, strict=True)
    ]
    for k, gap in enumerate(NO_NUMBERS):
        rows[5 + 3 * k][1 + k % 2] = gap
    name = {as_csv: "tide.csv", as_workbook: "tide.xlsx", as_json: "tide.json"}[write]
    path = write(tmp_path / name, header, rows)
    dataset = engine.load_dataset(path)
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("tide", "wind")
    assert any(f"{len(NO_NUMBERS)} numbers missing, the first: “tide”" in told for told in dataset.report.findings)
    assert values_of(dataset)[5] == VALUES[4]
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset)
    assert np.isfinite(model.forecast(path, steps=2).mean).all()


def test_times_that_are_repeated_are_not_called_out_of_order(tmp_path: Path) -> None:
    lines = FORMS["csv"].copy()
    lines[5] = f"{months()[3]},{VALUES[4]}"
    said, gap = engine.load_dataset(put(tmp_path / "once.csv", lines)).report.findings
    same = f"1 time is the same as the one before, the first: {months()[3]}. The rows are read as they are, each as a "
    assert said == f"{same}step of its own."
    assert gap.startswith(f"1 gap in time, the first between {months()[3]} and {months()[5]}; ")
    lines[9] = f"{months()[7]},{VALUES[8]}"
    said, gap = engine.load_dataset(put(tmp_path / "twice.csv", lines)).report.findings
    assert said.startswith(f"2 times are the same as the one before, the first: {months()[3]}.")
    assert gap.startswith(f"2 gaps in time, the first between {months()[3]} and {months()[5]}; ")
    lines[12] = f"{months()[2]},{VALUES[11]}"
    (said,) = engine.load_dataset(put(tmp_path / "mixed up.csv", lines)).report.findings
    assert said.startswith(f"The times are not in order: {months()[2]} comes after {months()[10]}.")


WHOLE = [str(round(10 * value)) for value in VALUES]


@pytest.mark.parametrize("header", [[], ["sales"]], ids=["bare", "named"])
@pytest.mark.parametrize("numbers", [WHOLE, [str(value) for value in VALUES]], ids=["whole", "decimals"])
@pytest.mark.parametrize("word", ["n/a", "NaN", "missing", "no data", "forgotten"])
def test_a_word_in_a_column_of_numbers_is_a_gap_with_its_line(
    tmp_path: Path, header: list[str], numbers: list[str], word: str
) -> None:
    for count in (len(numbers), 12):
        lines = [*header, *numbers[:count]]
        lines[len(header) + 7] = word
        dataset = engine.load_dataset(put(tmp_path / "sales.txt", lines))
        assert dataset.kind == "series"
        assert values_of(dataset)[6:8] == [float(numbers[6])] * 2
        *strange, missing = dataset.report.findings
        assert f"1 number missing, the first: “{(header or ['column 1'])[0]}” in line {len(header) + 8}." in missing
        named = [f"Line {len(header) + 8} holds 'forgotten' among the numbers; it is read as a gap."]
        assert strange == (named if word == "forgotten" else [])


def test_a_second_word_among_numbers_is_refused_and_whole_numbers_with_several_are_texts(tmp_path: Path) -> None:
    lines = [*map(str, VALUES), *map(str, VALUES)]
    lines[20], lines[50] = "forgotten", "lost"
    with pytest.raises(DataError, match="line 51: “column 1” holds 'lost'; expected a finite number"):
        engine.load_dataset(put(tmp_path / "sales.txt", lines))
    items = WHOLE.copy()
    items[20], items[50] = "forgotten", "lost"
    assert engine.load_dataset(put(tmp_path / "items.txt", items)).kind == "sequences"


def test_a_single_word_in_few_dated_numbers_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = FORMS["csv"][:20]
    lines[12] = f"{months()[11]},many"
    with pytest.raises(DataError, match="line 13: “sales” holds 'many'; expected a finite number"):
        engine.load_dataset(put(tmp_path / "sales.csv", lines))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1995-01,inf", "line 62: “sales” holds 'inf'; expected a finite number"),
        ("1995-01,many", "line 62: “sales” holds 'many'"),
        ("1995-01,1,2", "line 62: The row has 3 columns; expected 2"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        engine.load_dataset(put(tmp_path / "bad.csv", [*FORMS["csv"], line]))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["t,x", "1,2.5"], "1 row of numbers; at least 10"),
        (["t,x", *(f"{k},7.5" for k in range(30))], "“x” holds the same number, 7.5, in every training row"),
        (["t,x,y", *(f"{k},3,7.5" for k in range(30))], "“x” holds the same number, 3, in every training row"),
        (["t,x,y", *(f"{k},{k * 1.5}," for k in range(9)), *(f"{k},," for k in range(9, 40))], "numbers are missing"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        engine.load_dataset(put(tmp_path / "bad.csv", lines), kind="series")


@pytest.mark.parametrize("lines", [["1,2"], ["1.5\t2.5"], ["a,b", "1,2"], ["year;x;y", "1999;3;4"], ["1,2", "3,4"]])
def test_a_few_rows_of_numbers_are_no_text_with_its_answer_but_too_short_a_series(
    tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(DataError, match=r"The series has \d rows? of numbers; at least 10 are needed"):
        engine.load_dataset(put(tmp_path / "x.csv", lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["text,stars", *(f"the film number {k} was fine,{k % 5 + 1}" for k in range(40))],
        ["name,year", *(f"somebody{k},{1900 + k}" for k in range(40))],
        [f"{k * 7 % 90}+{k}" for k in range(40)],
        [f"{k * 7919 % 100_000:05}" for k in range(40)],
        ["id,label", *(f"{k},{'ab'[k % 2]}" for k in range(40))],
    ],
    ids=["ratings", "names and years", "sums", "codes", "labels"],
)
def test_texts_and_labels_are_not_taken_for_series(tmp_path: Path, lines: list[str]) -> None:
    assert engine.load_dataset(put(tmp_path / "other.csv", lines)).kind != "series"


def test_a_file_of_its_own_validates_and_a_test_file_is_measured(tmp_path: Path) -> None:
    path = put(tmp_path / "train.csv", FORMS["csv"])
    other = put(
        tmp_path / "later.csv", ["month,sales", *(f"{m},{v + 1}" for m, v in zip(months(), VALUES, strict=True))]
    )
    dataset = engine.load_dataset(path, validation=other, test=other)
    assert len(dataset.train[0].source) == len(VALUES)
    assert dataset.validation[0].source[:, 0].tolist() == (VALUES + 1).round(2).tolist()
    assert dataset.test is not None
    assert list(dataset.test) == list(dataset.validation)


def test_what_says_when_is_kept_in_the_order_of_the_series_and_only_of_a_single_one(tmp_path: Path) -> None:
    rows = [f"{month},{value}" for month, value in zip(months(), VALUES, strict=True)]
    assert engine.load_dataset(put(tmp_path / "a.csv", ["month,sales", *rows])).times == tuple(months())
    assert engine.load_dataset(put(tmp_path / "b.csv", ["month,sales", *rows[::-1]])).times == tuple(months())
    assert engine.load_dataset(put(tmp_path / "c.csv", walks(labels=False))).times == ()
    own = put(tmp_path / "d.csv", ["month,sales", *rows])
    later = put(tmp_path / "e.csv", ["month,sales", *(f"20{row[2:]}" for row in rows)])
    dataset = engine.load_dataset(own, validation=later)
    assert dataset.times == (*months(), *(f"20{month[2:]}" for month in months()))


def test_a_run_finds_its_series_again_and_forecasts_from_a_file(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", FORMS["csv"])
    dataset = engine.load_dataset(path)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-many", hidden_size=4), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=2))
    next(trainer)
    engine.save_run(tmp_path / "run", trainer)
    again = engine.load_run(tmp_path / "run")
    assert next(again).loss == next(trainer).loss
    found = again.model.forecast(path, steps=2)
    np.testing.assert_array_equal(found.mean, again.model.forecast(VALUES, steps=2).mean)
    with pytest.raises(DataError, match="Expected the column sales; found month, visits"):
        again.model.forecast(put(tmp_path / "x.csv", ["month,visits", *FORMS["csv"][1:]]), steps=2)


def walks(labels: bool) -> list[str]:
    lines = ["series,x,y,gait"] if labels else ["series,x,y"]
    for k in range(12):
        rows = [f"walk {k},{step / (k + 2):.3f},{step + k}" for step in range(12 + k)]
        lines += [f"{row},{'limping' if k % 3 else 'steady'}" if labels else row for row in rows]
    return lines


def test_several_series_with_a_label_each_are_told_apart(tmp_path: Path) -> None:
    path = put(tmp_path / "walks.csv", walks(labels=True))
    dataset = engine.load_dataset(path)
    assert dataset.kind == "labelled-series"
    assert dataset.labels == ("limping", "steady")
    assert len(dataset.train) + len(dataset.validation) == 12
    assert {len(example.source) for example in [*dataset.train, *dataset.validation]} == set(range(12, 24))
    assert "“series” tells the series apart, “gait” is their label" in dataset.recognition.reason
    path.write_text(path.read_text().replace("walk 3,1.000,8,steady", "walk 3,1.000,8,limping"))
    with pytest.raises(DataError, match="The series 'walk 3' has two labels, 'steady' and 'limping'"):
        engine.load_dataset(path, kind="labelled-series")


def test_several_series_without_labels_are_each_cut_in_time(tmp_path: Path) -> None:
    dataset = engine.load_dataset(put(tmp_path / "walks.csv", walks(labels=False)))
    assert dataset.kind == "series"
    assert len(dataset.train) == len(dataset.validation) == 12


def test_columns_whose_names_look_like_several_are_read(tmp_path: Path) -> None:
    lines = ["date,a + b,c", *(f"2024-01-{k + 1:02},{k * k / 2},{k / 4}" for k in range(28))]
    dataset = engine.load_dataset(put(tmp_path / "x.csv", lines))
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.names == ("a + b", "c")


def test_infinite_times_are_refused_and_huge_ones_say_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 2: “t” holds 'inf'"):
        engine.load_dataset(put(tmp_path / "x.csv", ["t,a", *(f"inf,{k / 4}" for k in range(28))]), kind="series")
    huge = ["t,a", *(f"{'-' if k < 14 else ''}1.7e308,{k / 4}" for k in range(28))]
    with pytest.raises(DataError, match=r"as large as 1\.7e\+308"):
        engine.load_dataset(put(tmp_path / "y.csv", huge), kind="series")


def test_rows_of_nothing_below_a_spreadsheet_are_no_steps(tmp_path: Path) -> None:
    path = put(tmp_path / "sales.csv", [*FORMS["decimal commas"], "", ";", ";"])
    assert values_of(engine.load_dataset(path)) == VALUES.tolist()


def test_a_column_with_a_note_here_and_there_does_not_hide_the_numbers(tmp_path: Path) -> None:
    notes = ["holiday" if k % 6 == 0 else "" for k in range(len(VALUES))]
    rows = [f'{m},"{v * 1000:,.0f}",{note}' for m, v, note in zip(months(), VALUES, notes, strict=True)]
    dataset = engine.load_dataset(put(tmp_path / "sales.csv", ["Date,Sales,Note", *rows]))
    assert dataset.kind == "series"
    assert values_of(dataset) == [round(value * 1000) for value in VALUES]
    assert "“Note” holds no numbers" in dataset.recognition.reason


@pytest.mark.parametrize("above", ["°C", "sales"])
def test_a_word_between_a_name_and_its_numbers_is_no_step(tmp_path: Path, above: str) -> None:
    dataset = engine.load_dataset(put(tmp_path / "x.csv", ["Report of a shop", above, *map(str, VALUES)]))
    assert values_of(dataset) == VALUES.tolist()
    assert dataset.report.findings == (f"Line 2 is left out: it holds “{above}” above the first number.",)
