"""Objects in JSON that hold a date and numbers are the steps of a series, as in any other table of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine import load_dataset
from engine.data.files.sources import SOURCES, source_of

STEPS: list[dict[str, Any]] = [
    {"date": str(date(2020, 1, 1) + timedelta(k)), "sales": round(50 + 9 * float(np.sin(k / 3)), 2), "visits": k % 17}
    for k in range(120)
]


def as_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    lines = [",".join(STEPS[0]), *(",".join("" if one is None else str(one) for one in row.values()) for row in rows)]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(STEPS),
        json.dumps(STEPS, indent=2),
        "\n".join(map(json.dumps, STEPS)),
        json.dumps([{"date": f"{one['date']}T00:00:00.000", **dict([*one.items()][1:])} for one in STEPS]),
    ],
    ids=["array", "spread over lines", "a line each", "as pandas writes it"],
)
def test_they_are_read_like_the_same_table(tmp_path: Path, written: str) -> None:
    (path := tmp_path / "sales.json").write_text(written, "utf-8")
    dataset, table = load_dataset(path), load_dataset(as_csv(tmp_path / "sales.csv", STEPS))
    assert dataset.kind == "series"
    assert dataset.fingerprint == table.fingerprint
    assert [time[:10] for time in dataset.times] == list(table.times)


def test_numbers_that_are_missing_are_gaps(tmp_path: Path) -> None:
    rows = [{**one, "sales": None if k in (30, 70) else one["sales"]} for k, one in enumerate(STEPS)]
    rows[50].pop("visits")
    (path := tmp_path / "sales.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    dataset = load_dataset(path)
    assert dataset.kind == "series"
    assert any(finding.startswith("3 numbers missing") for finding in dataset.report.findings)


@pytest.mark.parametrize("indent", [None, 2], ids=["a line", "many lines"])
@pytest.mark.parametrize("on_lines", [False, True])
def test_the_first_gap_is_told_by_its_record(tmp_path: Path, on_lines: bool, indent: int | None) -> None:
    rows = [{**one, "sales": None if k == 30 else one["sales"]} for k, one in enumerate(STEPS)]
    written = "\n\n".join(map(json.dumps, rows)) if on_lines else json.dumps(rows, indent=indent)
    (path := tmp_path / "sales.json").write_text(written, "utf-8")
    said = "1 number missing, the first: “sales” in record 31. Each gap is filled with the number before it."
    assert said in load_dataset(path).report.findings


def test_a_record_that_holds_no_finite_number_is_named(tmp_path: Path) -> None:
    rows = [{**one, "sales": float("inf") if k == 30 else one["sales"]} for k, one in enumerate(STEPS)]
    (path := tmp_path / "sales.json").write_text(json.dumps(rows, indent=2), "utf-8")
    with pytest.raises(
        engine.DataError, match=r"sales\.json, record 31: “sales” holds 'inf'; expected a finite number"
    ):
        load_dataset(path)


def test_a_network_of_a_series_reads_them_too(tmp_path: Path) -> None:
    table = as_csv(tmp_path / "sales.csv", STEPS)
    (path := tmp_path / "sales.json").write_text(json.dumps(STEPS), "utf-8")
    dataset = load_dataset(table, validation=path)
    model = engine.build_model(engine.ModelConfig("many-to-many", hidden_size=4), dataset)
    assert model.forecast(path, steps=3).mean.tolist() == model.forecast(table, steps=3).mean.tolist()


@pytest.mark.parametrize("are_lists", [False, True])
def test_objects_with_texts_or_lists_in_them_are_read_as_before(tmp_path: Path, are_lists: bool) -> None:
    def with_more(k: int) -> dict[str, Any]:
        return {**STEPS[k], "said": [1, 2] if are_lists else f"it was warm, {k}"}

    (path := tmp_path / "x.json").write_text(json.dumps([with_more(k) for k in range(120)]), "utf-8")
    assert source_of(path) is SOURCES["plain"]
    late = [STEPS[k] if k < 60 else with_more(k) for k in range(120)]  # the first objects do not show it
    path.write_text(json.dumps(late), "utf-8")
    assert source_of(path) is SOURCES["plain"]


def words(k: int) -> dict[str, Any]:
    return {"currency": "EUR"}


def notes(k: int) -> dict[str, Any]:
    return {"note": "window open" if k == 0 else ""}


def flags(k: int) -> dict[str, Any]:
    return {"status": "E1" if k % 9 == 4 else "0"}


@pytest.mark.parametrize("on_lines", [False, True])
@pytest.mark.parametrize("more", [words, notes, flags])
def test_words_beside_them_are_left_out_and_said_as_of_a_table(
    tmp_path: Path, more: Callable[[int], dict[str, Any]], on_lines: bool
) -> None:
    rows = [{**step, **more(k)} for k, step in enumerate(STEPS)]
    written = "\n".join(map(json.dumps, rows)) if on_lines else json.dumps(rows, indent=1)
    (path := tmp_path / "x.json").write_text(written, "utf-8")
    dataset, table = load_dataset(path), load_dataset(as_csv(tmp_path / "sales.csv", STEPS))
    (name,) = more(0)
    assert (dataset.kind, dataset.fingerprint) == ("series", table.fingerprint)
    assert f"“{name}” holds" in dataset.recognition.reason


def test_words_tell_the_series_of_several_sensors_apart(tmp_path: Path) -> None:
    rows = [{"ts": step["date"], "sensor": room, "v": step["sales"]} for step in STEPS for room in ("attic", "cellar")]
    (path := tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.recognition.apart, len(dataset.train)) == ("series", ("sensor",), 2)


@pytest.mark.parametrize("on_lines", [False, True])
def test_the_numbers_of_inner_objects_are_columns(tmp_path: Path, on_lines: bool) -> None:
    rows = [
        {"dt": 1704067200 + 3600 * k, "main": {"temp": step["sales"], "humidity": step["visits"]}, "wind": {"v": k % 5}}
        for k, step in enumerate(STEPS)
    ]
    written = "\n".join(map(json.dumps, rows)) if on_lines else json.dumps(rows, indent=1)
    (path := tmp_path / "x.json").write_text(written, "utf-8")
    found = load_dataset(path).recognition
    assert (found.kind, found.time_columns) == ("series", ("dt",))
    assert found.sources == ("main.temp", "main.humidity", "wind.v")


def test_they_are_read_as_objects_where_that_is_asked_for(tmp_path: Path) -> None:
    """As a run of earlier was, which must find its data again."""
    (path := tmp_path / "sales.json").write_text(json.dumps(STEPS), "utf-8")
    dataset = load_dataset(path, form="json")
    assert (dataset.recognition.form, dataset.kind) == ("json", "labelled")


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_they_are_steps_where_a_series_is_asked_for_in_that_form(tmp_path: Path, form: str) -> None:
    written = json.dumps(STEPS) if form == "json" else "\n".join(map(json.dumps, STEPS))
    (path := tmp_path / "sales.json").write_text(written, "utf-8")
    dataset = load_dataset(path, form=form, kind="series", validation=as_csv(tmp_path / "later.csv", STEPS[60:]))
    assert (dataset.kind, dataset.recognition.form) == ("series", "numbers")
    assert load_dataset(path, config=dataset.config).fingerprint == dataset.fingerprint
    other = [{**one, "said": f"it was warm, {k}"} for k, one in enumerate(STEPS)]
    path.write_text(json.dumps(other) if form == "json" else "\n".join(map(json.dumps, other)), "utf-8")
    assert load_dataset(path, form=form, kind="series").recognition.sources == ("sales", "visits")
    listed = [{**one, "said": [1, 2]} for one in STEPS]
    path.write_text(json.dumps(listed) if form == "json" else "\n".join(map(json.dumps, listed)), "utf-8")
    with pytest.raises(engine.ConfigError, match=r"JSON (array|Lines) cannot be read as numbers over time here"):
        load_dataset(path, form=form, kind="series")


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_a_time_that_is_not_known_is_named_and_can_be_chosen_and_forecast(tmp_path: Path, form: str) -> None:
    rows = [{"time": f"day {k} o'clock", "v": {"temp": step["sales"], "hum": k % 7}} for k, step in enumerate(STEPS)]
    path = tmp_path / f"log.{form}"
    csv = ["time,v.temp,v.hum", *(f"{row['time']},{row['v']['temp']},{row['v']['hum']}" for row in rows)]
    written = {"json": json.dumps(rows), "jsonl": "\n".join(map(json.dumps, rows)), "csv": "\n".join(csv)}
    path.write_text(written[form], "utf-8")
    with pytest.raises(
        engine.DataError, match=r"“time” holds \"day 0 o'clock\", which is not a date in a known format"
    ):
        load_dataset(path, kind="series")
    dataset = load_dataset(path, kind="series", target_column="time")
    found = dataset.recognition
    assert (found.sources, found.time_columns) == (("v.temp", "v.hum"), ("time",))
    model = engine.build_model(engine.ModelConfig("many-to-many", hidden_size=4), dataset)
    assert model.forecast(path, steps=2).mean.shape == (2, 2)


def test_they_are_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "sales.json").write_text(json.dumps(STEPS), "utf-8")
    parse, parsed = json.loads, list[str]()
    monkeypatch.setattr(json, "loads", lambda text: parsed.append(text) or parse(text))
    assert load_dataset(path).kind == "series"
    assert len(parsed) == 1


@pytest.mark.parametrize("on_lines", [False, True])
def test_true_and_false_are_1_and_0_and_the_report_says_so(tmp_path: Path, on_lines: bool) -> None:
    days = [f"2022-{1 + k // 28:02}-{1 + k % 28:02}" for k in range(84)]
    steps = [json.dumps({"date": day, "sales": 90 + k % 7, "open": k % 7 != 3}) for k, day in enumerate(days)]
    path = tmp_path / "daily.json"
    path.write_text("\n".join(steps) if on_lines else f"[{', '.join(steps)}]")
    dataset = engine.load_dataset(path)
    assert (dataset.kind, dataset.recognition.sources) == ("series", ("sales", "open"))
    assert dataset.train[0].source[:7, 1].tolist() == [1, 1, 1, 0, 1, 1, 1]
    assert "“open” is true or false, which is read as 1 and 0." in dataset.report.findings


def test_dates_with_nothing_but_true_or_false_are_no_series(tmp_path: Path) -> None:
    path = tmp_path / "dates.json"
    path.write_text(json.dumps([{"text": f"2022-01-{day:02}", "label": day % 2 == 0} for day in range(1, 29)]))
    assert engine.load_dataset(path).kind == "labelled"


@pytest.mark.parametrize("name", ["ts", "timestamp"])
@pytest.mark.parametrize("unit", [1, 1000])
def test_seconds_and_milliseconds_say_when_as_in_a_table(tmp_path: Path, name: str, unit: int) -> None:
    rows = [(unit * (1_677_628_800 + 3600 * k), step["sales"]) for k, step in enumerate(STEPS)]
    (path := tmp_path / "x.json").write_text(json.dumps([{name: when, "v": value} for when, value in rows]))
    (table := tmp_path / "x.csv").write_text("\n".join([f"{name},v", *(f"{when},{value}" for when, value in rows)]))
    (lists := tmp_path / "y.json").write_text(json.dumps([[when, f"{value:.2f}"] for when, value in rows]))
    assert load_dataset(path).kind == "series"
    assert load_dataset(path).recognition.time_columns == (name,)
    for other in (path, lists):
        found = load_dataset(other)
        assert found.times == tuple(str(when) for when, _ in rows)
        assert np.array_equal(found.train[0].source, load_dataset(table).train[0].source)


def test_a_date_a_clock_and_numbers_with_commas_are_a_series(tmp_path: Path) -> None:
    rows = [
        {
            "Datum": f"{10 + k // 24}.03.2004",
            "Uhrzeit": f"{k % 24:02}:00",
            "Wert": f"{step['sales']:.2f}".replace(".", ","),
        }
        for k, step in enumerate(STEPS)
    ]
    (path := tmp_path / "x.json").write_text(json.dumps(rows))
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.recognition.time_columns) == ("series", ("Datum", "Uhrzeit"))
    assert dataset.train[0].source[0, 0] == STEPS[0]["sales"]


@pytest.mark.parametrize(
    "row",
    [
        lambda k: {"id": 1_677_628_800 + k, "v": k / 7},
        lambda k: {"ts": 17 + k, "v": k / 7},
        lambda k: {"ts": 1_677_628_800 + k * 7919 % 101, "v": k / 7},
        lambda k: [1_677_628_800 + k, "anna" if k % 2 else "berta"],
        lambda k: [k, k / 7],
    ],
    ids=["no time", "no date", "no order", "words", "pairs of numbers"],
)
def test_other_numbers_are_read_as_before(tmp_path: Path, row: Any) -> None:
    (path := tmp_path / "x.json").write_text(json.dumps([row(k) for k in range(120)]))
    assert source_of(path) is SOURCES["plain"]
