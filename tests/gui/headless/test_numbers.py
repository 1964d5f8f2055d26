"""Series and ratings from the command line: trained with what can be said without a network beside them, and asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.files.readers.number_table import NumberTableReader
from engine.models.forecast_table import BAND
from engine.models.number_metrics import measured
from gui import headless
from gui.app import main

SMALL = ["--hidden-size", "8", "--epochs", "2"]


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    rng = np.random.default_rng(0)
    rows = [
        f"{2000 + k // 12}-{k % 12 + 1:02d},{50 + 9 * np.sin(k * np.pi / 6) + rng.normal():.2f},{3 * k}"
        for k in range(120)
    ]
    path.write_text("\n".join(["month,sales,visits", *rows]))
    return path


def test_a_series_is_trained_measured_beside_simple_methods_and_forecast(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert call("--train", sales, "--output", run, *SMALL) == 0
    printed = capsys.readouterr().out
    assert "Read as numbers over time: 2 columns of numbers, a row for each step; “month” says when." in printed
    assert "“sales”: mean " in printed
    assert "108 steps to train on" in printed
    assert "on sales: 108 training and 12 validation steps; step 0 of" in printed, "not those that are read before them"
    assert "MAE" in printed
    assert "R²" in printed
    whole, *methods = (line for line in printed.splitlines() if "MAE of “sales” " in line)
    assert whole.startswith("All validation examples: ")
    assert [line.split(":")[0].strip() for line in methods][-1] == "linear autoregression"
    assert all("MAE of “visits” " in line for line in (whole, *methods))
    for name in ("last value", "seasonal naive", "linear autoregression"):
        assert f"  {name}: loss " in printed
    assert call(run, "--forecast", sales, "--ahead", "3") == 0
    printed_lines = capsys.readouterr()
    lines = printed_lines.out.splitlines()
    figures = [f"{name} {what}" for name in ("sales", "visits") for what in ("mean", "deviation", "lower", "upper")]
    assert printed_lines.err == f"Columns: step, time, {', '.join(figures)}. {BAND}\n"
    assert [len(line.split("\t")) for line in lines] == [2 + 2 * 4] * 3
    assert [line.split("\t")[:2] for line in lines] == [["1", "2010-01"], ["2", "2010-02"], ["3", "2010-03"]]
    assert call(run, "--forecast", sales, "--ahead", "3", "--format", "jsonl") == 0
    first, *_ = map(json.loads, capsys.readouterr().out.splitlines())
    expected = engine.open_run(run).snapshot.model().forecast(sales, steps=3)
    assert first["sales"]["mean"] == pytest.approx(expected.mean[0, 0])
    assert first["time"] == "2010-01"
    assert first["visits"]["upper"] == pytest.approx(expected.upper[0, 1])
    assert call(run, "--evaluate", sales, "--format", "jsonl") == 0
    measured = capsys.readouterr()
    figures = json.loads(measured.out)
    assert figures["predictions"] == (120 - 12) * 2, "the first year has no year before it"
    assert figures["mae"] == pytest.approx((figures["mae:sales"] + figures["mae:visits"]) / 2)
    assert "MAE and RMSE are means over the 2 columns, each in its own units." in measured.err
    assert "columns: the network reads" not in measured.err, "those of a text that is made of several"


def test_what_is_shown_of_a_file_and_of_methods_without_a_network_is_read_and_computed_once(
    tmp_path: Path, sales: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []

    def counted(name: str, whole: Callable[..., Any]) -> Callable[..., Any]:
        def calls(*given: Any, **named: Any) -> Any:
            done.append(name)
            return whole(*given, **named)

        return calls

    monkeypatch.setattr("engine.training.number_baselines.measured", counted("baseline", measured))
    assert call("--train", sales, "--output", tmp_path / "run", *SMALL) == 0
    assert done == ["baseline"] * len(re.findall(r"\n  .*: loss ", capsys.readouterr().out))
    done.clear()
    monkeypatch.setattr(NumberTableReader, "numbers", counted("numbers", NumberTableReader.numbers))
    assert call(tmp_path / "run", "--forecast", sales, "--ahead", "2") == 0
    assert done == ["numbers"]
    assert capsys.readouterr().out.splitlines()[1].startswith("2\t2010-02\t")


def test_a_series_too_short_for_the_network_is_said_to_be(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, short, one = tmp_path / "run", tmp_path / "short.csv", tmp_path / "one.csv"
    assert call("--train", sales, "--output", run, "--lag", "12", *SMALL) == 0
    head, *rows = sales.read_text().splitlines()
    short.write_text("\n".join([head, *rows[:6]]))
    one.write_text("\n".join([head, rows[0]]))
    capsys.readouterr()
    assert call(run, "--forecast", short, "--ahead", "2") == 0
    assert "The series has 6 steps, too few for a good forecast: the network counts from 12 steps" in (
        capsys.readouterr().err
    )
    assert call(run, "--forecast", sales, "--ahead", "2") == 0
    assert "too few" not in capsys.readouterr().err
    assert call(run, "--evaluate", one) == headless.WRONG
    assert "The series has one step; expected two or more" in capsys.readouterr().err


def test_what_is_no_number_is_null_in_json(tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, flat = tmp_path / "run", tmp_path / "flat.csv"
    assert call("--train", sales, "--output", run, "--lag", "0", *SMALL) == 0
    flat.write_text("month,sales,visits\n" + "".join(f"2020-0{k},5,{k}\n" for k in (1, 2)))
    capsys.readouterr()
    assert call(run, "--evaluate", flat, "--format", "jsonl") == 0
    printed = json.loads(capsys.readouterr().out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert printed["r2"] is None
    assert printed["mae:sales"] > 0


def test_ratings_are_trained_and_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "ratings.csv"
    rows = [f"the {thing} was {how},{stars}" for thing in ("film", "plot", "cast", "end", "start", "music")
            for stars, how in enumerate(("awful", "poor", "fine", "good", "great"), 1)]  # fmt: skip
    data.write_text("\n".join(["text,stars", *rows]))
    assert call("--train", data, "--output", tmp_path / "run", "--kind", "rated", *SMALL) == 0
    assert "bag of words: loss" in capsys.readouterr().out
    texts = tmp_path / "texts.txt"
    texts.write_text("the film was great\nthe plot was awful\n")
    assert call(tmp_path / "run", "--rate", texts) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [text for _, text in lines] == ["the film was great", "the plot was awful"]
    assert all(1 <= float(number) <= 5 for number, _ in lines)
    assert call(tmp_path / "run", "--forecast", texts) == 2
    assert "cannot forecast" in capsys.readouterr().err


def test_a_series_with_words_in_it_is_refused_with_its_line(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sales.write_text(sales.read_text() + "\n2010-01,broken,120")
    assert call("--train", sales, "--output", tmp_path / "run", *SMALL) == 2
    assert "line 122: “sales” holds 'broken'; expected a finite number." in capsys.readouterr().err


def test_prices_have_grouped_thousands_wherever_they_are_told_and_a_better_baseline_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "prices.csv"
    things = itertools.product(("small", "large", "huge"), ("flat", "house", "studio"), ("north", "south", "east"))
    rows = [f"{size} {what} in the {where},{20_011.25 * len(size) + 700 * len(what)}" for size, what, where in things]
    data.write_text("\n".join(["text,price", *rows]))
    assert call("--train", data, "--output", tmp_path / "run", "--kind", "rated", "--best-by", "mae", *SMALL) == 0
    printed = capsys.readouterr().out
    figures = re.findall(r"MAE ([^\s;]+)", printed)
    assert len(figures) >= 4, printed
    assert all(re.fullmatch(r"\d{1,3}(,\d{3})+[.,]?", figure) for figure in figures), figures
    kept, all_examples = (
        re.search(f"{begin}.* MAE ([0-9,]+)[., ]", printed) for begin in ("Best validation", "All val")
    )
    assert kept is not None
    assert all_examples is not None
    assert kept[1] == all_examples[1].rstrip(",")
    assert "A baseline does better, bag of words: loss " in printed


def test_a_series_in_a_workbook_is_read_from_the_sheet_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book, run = tmp_path / "shop.xlsx", tmp_path / "run"

    def write(sheets: dict[str, float]) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for place, (title, level) in enumerate(sheets.items()):
            sheet = made.create_sheet(title)
            sheet.append(["day", "sales"])
            for k in range(60 + 30 * place):  # by itself, the last sheet would be read
                sheet.append([k + 1, level + k % 7])
        made.save(book)

    write({"south": 10, "north": 1000})
    assert call("--train", book, "--sheet", "south", "--output", run, *SMALL) == 0
    capsys.readouterr()
    assert call(run, "--evaluate", book, "--format", "jsonl") == 0
    measured = capsys.readouterr()
    assert json.loads(measured.out)["predictions"] == 60 - 7, "the first week has no week before it"
    assert "The sheet “south” of shop.xlsx was read." in measured.err
    assert call(run, "--forecast", book, "--ahead", "2") == 0
    forecast = capsys.readouterr()
    assert [line.split("\t")[1] for line in forecast.out.splitlines()] == ["61", "62"]
    assert "The sheet “south” of shop.xlsx was read." in forecast.err
    kept = engine.open_run(run)
    frames = kept.snapshot.codec.frames
    assert frames is not None
    assert len(frames.read(book)) == 60, "also from a script and in the window"
    older = dataclasses.replace(frames, recipe={"name": "numbers", "columns": ["sales"]})
    codec = dataclasses.replace(kept.snapshot.codec, frames=older, values=older)
    engine.write_run(run, dataclasses.replace(kept, snapshot=dataclasses.replace(kept.snapshot, codec=codec)))
    assert call(run, "--evaluate", book, "--format", "jsonl") == 0
    assert json.loads(capsys.readouterr().out)["predictions"] == 53, "of a run whose network does not name the sheet"
    write({"east": 10, "west": 10})
    assert call(run, "--forecast", book, "--ahead", "2") == 0
    assert "shop.xlsx has no sheet “south”; “west” was read." in capsys.readouterr().err


def test_the_sheet_that_was_chosen_does_not_make_other_data_of_the_same_numbers(sales: Path) -> None:
    data = engine.load_dataset(sales)
    assert data.codec.frames is not None
    frames = dataclasses.replace(data.codec.frames, recipe={**data.codec.frames.recipe, "sheet": "south"})
    elsewhere = dataclasses.replace(data, codec=dataclasses.replace(data.codec, frames=frames, values=frames))
    assert elsewhere.fingerprint == data.fingerprint, "runs from before the sheet was kept find their data"


@pytest.mark.parametrize(
    ("content", "found"), [("\n\n", "holds only white space"), ("text,label\n", "begins with 'text,")]
)
def test_a_file_without_numbers_is_refused_with_what_it_holds(
    content: str, found: str, tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, other = tmp_path / "run", tmp_path / "other.csv"
    assert call("--train", sales, "--output", run, *SMALL) == 0
    other.write_text(content)
    capsys.readouterr()
    for verb in ("--evaluate", "--forecast"):
        assert call(run, verb, other) == headless.WRONG
        said = capsys.readouterr().err
        assert f"{other}: The file {found}" in said
        assert "expected rows of numbers" in said


def test_each_series_of_a_folder_is_forecast_with_the_name_of_its_file(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, folder = tmp_path / "run", tmp_path / "shops"
    assert call("--train", sales, "--output", run, *SMALL) == 0
    folder.mkdir()
    lines = sales.read_text("utf-8").splitlines()
    (folder / "north.csv").write_text("\n".join(lines), "utf-8")
    (folder / "south.csv").write_text("\n".join(lines[:50]), "utf-8")
    (folder / "other.csv").write_text("flow\n1\n2\n3\n", "utf-8")
    capsys.readouterr()
    assert call(run, "--forecast", folder, "--ahead", "2") == 0
    printed = capsys.readouterr()
    cells = [line.split("\t") for line in printed.out.splitlines()]
    assert [row[-1] for row in cells] == ["north.csv"] * 2 + ["south.csv"] * 2
    assert "other.csv: Expected the columns sales, visits; found flow." in printed.err
    assert printed.err.count("Columns: step, ") == 1
    assert ", file. 90 %" in printed.err
    assert call(run, "--forecast", folder, "--ahead", "2", "--format", "jsonl") == 0
    objects = [*map(json.loads, capsys.readouterr().out.splitlines())]
    assert call(run, "--forecast", folder / "south.csv", "--ahead", "2", "--format", "jsonl") == 0
    alone = [*map(json.loads, capsys.readouterr().out.splitlines())]
    assert objects[2:] == [{"file": "south.csv", **one} for one in alone]


def test_a_folder_without_series_is_refused_in_words_about_series(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", sales, "--output", tmp_path / "run", *SMALL) == 0
    (folder := tmp_path / "empty").mkdir()
    capsys.readouterr()
    assert call(tmp_path / "run", "--forecast", folder) == 2
    expected = "expected a folder with a file for each series (.csv, .tsv, .txt or .tab)."
    assert f"The folder holds nothing to answer; {expected}" in capsys.readouterr().err


def test_of_a_test_file_with_a_lag_it_is_said_what_does_not_count(
    tmp_path: Path, sales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, train, test, year = (tmp_path / name for name in ("run", "train.csv", "test.csv", "year.csv"))
    head, *rows = sales.read_text().splitlines()
    train.write_text("\n".join([head, *rows[:90]]))
    test.write_text("\n".join([head, *rows[90:]]))
    year.write_text("\n".join([head, *rows[:12]]))
    assert call("--train", train, "--test-file", test, "--output", run, "--lag", "12", *SMALL) == 0
    of_the_run, _, of_the_test = capsys.readouterr().out.partition("Test: ")
    said = "The first 12 steps of the series have no value 12 steps earlier to count from and are not counted.\n"
    assert said not in of_the_run, "validation has the values before it"
    assert said in of_the_test
    assert "(predictions: 36)" in of_the_test.splitlines()[0], "two columns of 30 − 12 steps"
    assert call(run, "--evaluate", test) == 0
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out.strip() == of_the_test.splitlines()[0].removesuffix(".")
    assert call(run, "--evaluate", year) == headless.WRONG
    assert "The series has 12 steps, too few to be measured: the network counts from 12 steps earlier" in (
        capsys.readouterr().err
    )


def test_each_of_several_series_in_a_file_is_measured_and_forecast_under_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"{name},{dt.date(2024, 1, 1) + dt.timedelta(k)},{height + np.sin(k / 3):.3f}"
        for k in range(60)
        for name, height in (("M1", 10), ("M2", 20), ("M3", 30))
    ]
    path, backwards, alone = tmp_path / "machines.csv", tmp_path / "newest first.csv", tmp_path / "one.csv"
    path.write_text("\n".join(["machine,date,temp", *rows]))
    backwards.write_text("\n".join(["machine,date,temp", *rows[::-1]]))
    alone.write_text("\n".join(["date,temp,machine", *(f"{row[3:]},M9" for row in rows if row.startswith("M2"))]))
    run = tmp_path / "run"
    assert call("--train", path, "--output", run, "--lag", "1", *SMALL) == 0
    capsys.readouterr()

    assert call(run, "--evaluate", path) == 0
    measured = capsys.readouterr()
    assert "on 3 examples (predictions: 177)" in measured.out
    assert "same as the one before" not in measured.err
    assert call(run, "--evaluate", backwards) == 0
    turned = capsys.readouterr()
    assert turned.out == measured.out
    assert "The rows of all 3 series run backwards in time; they were reversed." in turned.err

    def forecasts(given: Path, *words: str) -> tuple[list[str], str]:
        assert call(run, "--forecast", given, "--ahead", "2", *words) == 0
        printed = capsys.readouterr()
        return printed.out.splitlines(), printed.err

    lines, told = forecasts(path)
    assert told == f"Columns: step, time, temp mean, temp deviation, temp lower, temp upper, series. {BAND}\n"
    times = ["2024-03-01", "2024-03-02"]
    assert [line.split("\t")[1] for line in lines] == times * 3
    assert [line.split("\t")[-1] for line in lines] == ["M1", "M1", "M2", "M2", "M3", "M3"]
    assert sorted(forecasts(backwards)[0]) == sorted(lines)
    objects = [json.loads(line) for line in forecasts(path, "--format", "jsonl")[0]]
    assert [(one["series"], one["step"], one["time"]) for one in objects[:2]] == [
        ("M1", 1, times[0]),
        ("M1", 2, times[1]),
    ]
    of_one, _ = forecasts(alone)
    assert of_one == [line.replace("M2", "M9") for line in lines[2:4]]
    (tmp_path / "several").mkdir()
    path.rename(tmp_path / "several" / path.name)
    alone.rename(tmp_path / "several" / alone.name)
    in_folder, told = forecasts(tmp_path / "several")
    assert "temp upper, file, series." in told
    assert [line.split("\t")[-2:] for line in in_folder[::2]] == [
        *(["machines.csv", name] for name in ("M1", "M2", "M3")), ["one.csv", "M9"]
    ]  # fmt: skip


def test_the_mark_before_decimals_is_chosen_and_kept_for_the_files_that_the_run_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [dt.date(2022, 1, 1) + dt.timedelta(k) for k in range(80)]
    path, run = tmp_path / "volts.csv", tmp_path / "run.unroll"
    path.write_text("\n".join(["Datum;Spannung", *(f"{d:%d.%m.%Y};3.{300 + 17 * k % 90}" for k, d in enumerate(days))]))
    assert call("--train", path, "--output", run, *SMALL) == 0
    assert "if it is wrong, choose another decimal mark" in capsys.readouterr().out
    assert call("--train", path, "--output", run, "--overwrite", "--decimal", ".", *SMALL) == 0
    printed = capsys.readouterr().out
    assert "choose another decimal mark" not in printed
    assert call(run, "--forecast", path, "--ahead", "2") == 0
    means = [float(re.split(r"[\t;,]", line)[2]) for line in capsys.readouterr().out.splitlines()]
    assert all(2 < mean < 5 for mean in means)
    assert call(run, "--evaluate", path) == 0
