"""The delimiter of a file is told from the marks inside its cells."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import engine
from engine.data.dataset import Dataset
from engine.data.numbers.next_times import times_after
from tests.engine.data.files.test_as_meant import KINDS, THINGS
from tests.engine.data.files.test_number_tables import VALUES, days, put, values_of

HOURS = [f"2004/03/{1 + k // 24:02d} {k % 24:02d}:00" for k in range(len(VALUES))]


def names_of(dataset: Dataset) -> tuple[str, ...]:
    assert dataset.kind == "series", dataset.recognition
    assert dataset.codec.frames is not None
    return dataset.codec.frames.names


class TestTabsBesideSpaces:
    """All of these lines can be split at spaces as well, into more columns."""

    @pytest.mark.parametrize("above", [[], ["# logger 7", "# site Bonn"]])
    @pytest.mark.parametrize("names", [("Time (UTC)", "T [°C]", "p [hPa]"), ("time", "T", "p")])
    def test_the_header_is_kept(self, tmp_path: Path, names: tuple[str, ...], above: list[str]) -> None:
        rows = [
            f"{hour}\t{value:.2f}\t1002.{k % 10}" for k, (hour, value) in enumerate(zip(HOURS, VALUES, strict=True))
        ]
        dataset = engine.load_dataset(put(tmp_path / "x.tsv", [*above, "\t".join(names), *rows]))
        assert names_of(dataset) == names[1:]
        assert dataset.times == tuple(HOURS)

    def test_units_stay_with_their_numbers(self, tmp_path: Path) -> None:
        rows = [
            f"{day}\t{value:.2f} kWh".replace(".", ",") for day, value in zip(days("%d/%m/%Y"), VALUES, strict=True)
        ]
        dataset = engine.load_dataset(put(tmp_path / "x.tsv", ["Datum\tStrom", *rows]))
        assert names_of(dataset) == ("Strom",)
        assert values_of(dataset) == VALUES.tolist()


def test_the_first_line_of_a_log_is_no_header(tmp_path: Path) -> None:
    rows = [f"{hour}:00,123 INFO [w{k % 3}] took {k * 7 % 50} ms" for k, hour in enumerate(HOURS)]
    dataset = engine.load_dataset(put(tmp_path / "server.log", rows))
    assert values_of(dataset) == [k * 7 % 50 for k in range(len(HOURS))]
    assert all(name.startswith("column") for name in dataset.recognition.columns)


NAMES = [f"{last}, {first}" for last in ("Meier", "Öz", "Berg", "Lang") for first in ("Anna", "Karl", "Uwe", "Ida")] * 8
TEXTS = [f"The {THINGS[k % 10]} was {KINDS[k % 12]}, and number {k} too." for k in range(len(NAMES))]


class TestCommasInTexts:
    """Each text holds one comma, so that the lines can be split there as well."""

    @pytest.mark.parametrize("delimiter", [";", "|", "\t"])
    @pytest.mark.parametrize("texts", [NAMES, TEXTS], ids=["names", "sentences"])
    @pytest.mark.parametrize("form", ['"{0}"{2}{1}', '{1}{2}"{0}"', '"{0}"{2}"{1}"', "{0}{2}{1}", "{1}{2}{0}"])
    def test_the_label_stands_after_the_delimiter(
        self, tmp_path: Path, form: str, texts: list[str], delimiter: str
    ) -> None:
        lines = [form.format(text, "fm"[k % 3 > 0], delimiter) for k, text in enumerate(texts)]
        dataset = engine.load_dataset(put(tmp_path / "x.csv", lines), unit="character")
        assert (dataset.kind, set(dataset.labels)) == ("labelled", {"f", "m"}), dataset.recognition
        assert {"".join(example.source) for part in (dataset.train, dataset.validation) for example in part} == {*texts}

    def test_semicolons_inside_quotes_are_no_delimiter_either(self, tmp_path: Path) -> None:
        lines = [f'"{text.replace(",", ";")}",{"fm"[k % 3 > 0]}' for k, text in enumerate(TEXTS)]
        dataset = engine.load_dataset(put(tmp_path / "x.csv", lines))
        assert set(dataset.labels) == {"f", "m"}

    def test_features_between_semicolons_stay_together_after_commas_with_spaces(self, tmp_path: Path) -> None:
        lines = [
            f"walk{'abcdefgh'[k % 8]}{k}, walk{'abcdefgh'[k % 8]}{k}ed, V;{('PST', 'PRS')[k % 2]}" for k in range(60)
        ]
        assert len(engine.load_dataset(put(tmp_path / "x.csv", lines), form="table").recognition.columns) == 3


def with_commas(places: int) -> list[str]:
    """The values with so many decimals, in rows that are not sorted."""
    return [f"{value:.{places}f}".replace(".", ",") for value in VALUES]


def as_numbers(written: list[str]) -> list[float]:
    return [float(value.replace(",", ".")) for value in written]


class TestColumnsOfDecimalCommas:
    @pytest.mark.parametrize("name", ["Wert", "Temperatur (°C)", "x1"])
    @pytest.mark.parametrize("unit", ["", " °C", " %"])
    def test_a_single_column_below_its_name_is_a_series(self, tmp_path: Path, name: str, unit: str) -> None:
        for places in (1, 2, 3):
            lines = [name, *(value + unit for value in with_commas(places))]
            dataset = engine.load_dataset(put(tmp_path / f"x{places}.csv", lines))
            assert names_of(dataset) == (name,)
            assert values_of(dataset) == as_numbers(with_commas(places))

    def test_zeros_at_the_end_need_not_be_written(self, tmp_path: Path) -> None:
        lines = ["Wert", *(f"{value:g}".replace(".", ",") for value in VALUES), "7", "n/a"]
        assert values_of(engine.load_dataset(put(tmp_path / "x.csv", lines))) == [*VALUES.tolist(), 7.0, 7.0]

    @pytest.mark.parametrize("places", [1, 2])
    def test_a_list_without_a_name_is_a_series_too(self, tmp_path: Path, places: int) -> None:
        dataset = engine.load_dataset(put(tmp_path / "x.txt", with_commas(places)))
        assert values_of(dataset) == as_numbers(with_commas(places))

    @pytest.mark.parametrize("header", [[], ["a,b"], ["Title"]])
    def test_two_columns_of_whole_numbers_stay_two(self, tmp_path: Path, header: list[str]) -> None:
        chosen = random.Random(1)
        rows = [f"{chosen.randint(10, 60)},{chosen.randint(1, 50)}" for _ in range(120)]
        found = engine.load_dataset(put(tmp_path / "x.csv", [*header, *rows]), kind="series").recognition
        assert len(found.columns) == 2

    @pytest.mark.parametrize(
        "row",
        [
            lambda k: f"{k},{k * 7 % 10}",  # a counter and a digit
            lambda k: f"{2000 + k // 12},{k % 12 + 1:02d}",  # months
            lambda k: f"{k * 7 % 24:02d},{k * 11 % 60:02d}",  # times of day
            lambda k: f"{k * 7919 % 97},{k % 2}",  # a label
        ],
    )
    def test_whole_numbers_without_names_are_not_joined(self, tmp_path: Path, row: Callable[[int], str]) -> None:
        found = engine.load_dataset(put(tmp_path / "x.csv", [row(k) for k in range(120)])).recognition
        assert found.kind != "series" or len(found.columns) == 2

    def test_a_validation_file_may_be_written_otherwise(self, tmp_path: Path) -> None:
        commas = put(tmp_path / "x.csv", ["Wert", *with_commas(2)])
        dots = put(tmp_path / "y.csv", ["Wert", *map(str, VALUES)])
        for one, other in ((commas, dots), (dots, commas)):
            dataset = engine.load_dataset(one, validation=other)
            assert values_of(dataset)[-10:] == VALUES[-10:].tolist()


class TestDotsInTimesOfDay:
    @pytest.mark.parametrize("mark", [":", "."])
    @pytest.mark.parametrize("seconds", ["", "00"])
    @pytest.mark.parametrize("between", [" ", ";"])
    @pytest.mark.parametrize("date", ["%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"])
    def test_they_say_when_as_those_with_colons_do(
        self, tmp_path: Path, date: str, between: str, seconds: str, mark: str
    ) -> None:
        times = [
            f"{dt.datetime(2004, 3, 10, 18) + dt.timedelta(hours=k):{date} %H:%M}{seconds and ':'}{seconds}"
            for k in range(len(VALUES))
        ]
        written = [day + between + clock.replace(":", mark) for day, clock in map(str.split, times)]
        rows = [f"{time};{v};{k % 9}" for k, (time, v) in enumerate(zip(written, with_commas(2), strict=True))]
        header = "Date;Time;CO;NO2" if between == ";" else "Zeit;CO;NO2"
        dataset = engine.load_dataset(put(tmp_path / "air.csv", [header, *rows]))
        assert names_of(dataset) == ("CO", "NO2")
        assert dataset.times == tuple(time.replace(between, " ") for time in written)
        assert values_of(dataset) == VALUES.tolist()
        assert not dataset.report.remarks
        after = f"{dt.datetime(2004, 3, 13, 6):{date} %H{mark}%M}{seconds and mark}{seconds}"
        assert dataset.times is not None
        assert times_after(dataset.times, 1) == (after,)

    def test_dates_of_two_digits_are_no_times_of_day(self, tmp_path: Path) -> None:
        rows = [f"{time};{value}" for time, value in zip(days("%d.%m.%y"), VALUES, strict=True)]
        dataset = engine.load_dataset(put(tmp_path / "x.csv", ["Tag;Wert", *rows]))
        assert dataset.times == tuple(days("%d.%m.%y"))
        assert not dataset.report.remarks


SAID = ["I am on the bus", "ok", "See you there", "haha", "Bring some milk please", "How long does it take", "Yes"]
CHATS = {
    "iPhone": "[%d.%m.%y, %H:%M:%S] ",
    "iPhone in the United States": "\u200e[%m/%d/%y, %I:%M:%S\u202f%p] ",
    "Android": "%d.%m.%y, %H:%M - ",
}


class TestCommasInProse:
    @pytest.mark.parametrize("telephone", CHATS)
    @pytest.mark.parametrize("ending", ["", ".", ", ok?", "\nand a second line of it"])
    def test_an_exported_chat_is_running_text(self, tmp_path: Path, telephone: str, ending: str) -> None:
        times = [dt.datetime(2022, 5, 1, 8) + dt.timedelta(minutes=47 * k) for k in range(200)]
        lines = [
            f"{time:{CHATS[telephone]}}{('Anna', 'Çelik')[k % 2]}: {SAID[k % 7]}{ending * (k % 3 == 0)}"
            for k, time in enumerate(times)
        ]
        assert engine.load_dataset(put(tmp_path / "chat.txt", lines)).kind == "stream"

    def test_marks_inside_brackets_separate_no_columns(self, tmp_path: Path) -> None:
        lines = [f'192.0.2.{k % 9} - "GET /{k}.html" 200 "Mozilla/5.0 (X11; Linux x86_64)"' for k in range(120)]
        found = engine.load_dataset(put(tmp_path / "access.log", lines))
        assert (found.kind, found.recognition.form, found.report.rows) == ("sequences", "lines", 120)
        apart = [f"film number {k} (or so),{'good' if k % 2 else 'poor'} (really)" for k in range(120)]
        assert len(engine.load_dataset(put(tmp_path / "x.csv", apart)).recognition.columns) == 2

    def test_dates_and_times_between_commas_with_spaces_are_columns(self, tmp_path: Path) -> None:
        rows = [f"{hour[:10]}, {hour[11:]}, {value}" for hour, value in zip(HOURS, VALUES, strict=True)]
        dataset = engine.load_dataset(put(tmp_path / "x.csv", ["date, time, T", *rows]))
        assert names_of(dataset) == ("T",)

    def test_paragraphs_whose_last_clauses_recur_are_running_text(self, tmp_path: Path) -> None:
        chosen = random.Random(2)
        ends = ("because it rained", "for it was late", "and nobody spoke")

        def sentence() -> str:
            return f"The {chosen.choice(THINGS)} was {chosen.choice(KINDS)}, {chosen.choice(ends)}."

        blocks = [" ".join(sentence() for _ in range(chosen.randint(3, 9))) for _ in range(120)]
        assert engine.load_dataset(put(tmp_path / "novel.txt", "\n\n".join(blocks).split("\n"))).kind == "stream"

    def test_a_label_of_one_word_after_texts_with_commas_is_a_label(self, tmp_path: Path) -> None:
        lines = [f"{text}{', really' * (k % 4)}, {('good', 'bad')[k % 3 > 0]}" for k, text in enumerate(TEXTS)]
        dataset = engine.load_dataset(put(tmp_path / "x.txt", lines))
        assert set(dataset.labels) == {"good", "bad"}
