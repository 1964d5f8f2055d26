"""Dates and numbers as people write them in other languages and scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.numbers.month_names import month_of
from engine.data.numbers.next_times import times_after
from engine.data.numbers.parse import number_of
from engine.data.numbers.times import are_dates, is_time, moments

RUSSIAN = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
WRITTEN = {
    "2022年1月2日": (2022, 1, 2),
    "2022年1月2日(日)": (2022, 1, 2),
    "2022/1/2(日)": (2022, 1, 2),
    "2022年3月": (2022, 3, 1),
    "2022年": (2022, 1, 1),
    "2022年第2四半期": (2022, 4, 1),
    "令和元年": (2019, 1, 1),
    "令和2年3月": (2020, 3, 1),
    "2022年1月2日10時30分": (2022, 1, 2, 10, 30),
    "2022년 1월 2일": (2022, 1, 2),
    "2022. 1. 2.": (2022, 1, 2),
    "２０２２/０１/０２": (2022, 1, 2),
    "2 января 2022 г.": (2022, 1, 2),
    "2 января 2022 г., 10:30": (2022, 1, 2, 10, 30),
    "пн, 3 января 2022": (2022, 1, 3),
    "02.01.2022 г.": (2022, 1, 2),
    "янв.10": (2010, 1, 1),
    "май 2010": (2010, 5, 1),
    "2 de marzo de 2022": (2022, 3, 2),
    "março de 2022": (2022, 3, 1),
    "set/21": (2021, 9, 1),
    "1er août 2022": (2022, 8, 1),
    "2022. január 1.": (2022, 1, 1),
    "2022 m. sausio 1 d.": (2022, 1, 1),
    "24. 12. 2020": (2020, 12, 24),
    "3 Μαΐου 2022": (2022, 5, 3),
    "paź 2020": (2020, 10, 1),
    "5. tammikuuta 2022": (2022, 1, 5),
    "15 Ağustos 2021": (2021, 8, 15),
    "1. Januar 2022": (2022, 1, 1),
    "Samstag, 15. Januar 2022": (2022, 1, 15),
    "Mrz 20": (2020, 3, 1),
    "janv.-00": (2000, 1, 1),
    "05-Jan-2020 10:30": (2020, 1, 5, 10, 30),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_in_another_language_is_known(text: str) -> None:
    assert is_time(text)
    assert moments([text])[0] == datetime(*WRITTEN[text], tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text", ["Gruppe 10", "Market 12", "Set 10", "Decile 10", "5 мая", "Raum 2 im 3. Stock", "март"]
)
def test_other_words_with_figures_are_no_dates(text: str) -> None:
    assert not is_time(text)


def test_months_that_two_languages_call_alike_follow_from_their_order() -> None:
    polish = ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"]
    croatian = ["sij", "velj", "ožu", "tra", "svi", "lip", "srp", "kol", "ruj", "lis", "stu", "pro"]
    for names in (polish, croatian):
        cells = [f"{name} 2020" for name in names]
        assert are_dates(cells)
        assert moments(cells).tolist() == [datetime(2020, m, 1, tzinfo=UTC).timestamp() for m in range(1, 13)]


@pytest.mark.parametrize(
    "months",
    ["Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez", "янв фев мар апр май июн июл авг сен окт ноя дек",
     "sty lut mar kwi maj cze lip sie wrz paź lis gru", "sij velj ožu tra svi lip srp kol ruj lis stu pro",
     "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"],
)  # fmt: skip
def test_years_by_months_are_known_in_many_languages(tmp_path: Path, months: str) -> None:
    rows = [f"{1990 + k};{';'.join(str(20 + (k * 7 + m * 5) % 30) for m in range(12))}" for k in range(12)]
    path = tmp_path / "months.csv"
    path.write_text("\n".join([f"Rok;{months.replace(' ', ';')}", *rows]), "utf-8")
    assert engine.load_dataset(path).times[:2] == ("1990-01", "1990-02")


def test_a_month_is_known_by_its_name_in_a_header() -> None:
    assert [month_of(name) for name in ("März", "Янв.", "3月", "grudzień", "03", "Total")] == [3, 1, 3, 12, 3, 0]


NUMBERS = {
    "12,34,567": 1_234_567,
    "₹ 1,00,000.50": 100_000.5,
    "100,50-": -100.5,
    "1.234,56-": -1234.56,
    "５．５": 5.5,
    "－１２": -12,
    "٥٫٥": 5.5,
    "–5": -5,
    "1000万": 1e7,
    "1.5億円": 1.5e8,
    "1,5 Mio.": 1.5e6,
    "12 млн": 1.2e7,
    "120\u00a0347,50 руб.": 120_347.5,
    "R$ 5.012,34": 5012.34,
    "US$ 5.012,34": 5012.34,
    "-US$ 5,012.34": -5012.34,
    "kr 5.012,34": 5012.34,
    "NOK 5.012,34": 5012.34,
    "Rp 5.012,34": 5012.34,
    "5.012,34°C": 5012.34,
    "5.012,34kg": 5012.34,
    "ca. 5,3": 5.3,
    "5,3p": 5.3,
    "5,3¹)": 5.3,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_in_another_language_is_known(text: str) -> None:
    assert number_of(text) == pytest.approx(NUMBERS[text])


@pytest.mark.parametrize("text", ["2-", "1990-", "12,34,56", "1,2,3", "12 Ma", "1080p", "kr5", "ca. viel"])
def test_other_cells_are_no_numbers(text: str) -> None:
    assert np.isnan(number_of(text))


def test_a_table_in_another_language_is_a_series_over_time(tmp_path: Path) -> None:
    rows = [f'2022年{1 + k // 28}月{1 + k % 28}日,"{12 + k},34,{500 + k}",{k % 7}' for k in range(60)]
    path = tmp_path / "sales.csv"
    path.write_text("\n".join(["日付,売上,件数", *rows]), "utf-8")
    dataset = engine.load_dataset(path)
    assert dataset.kind == "series"
    assert dataset.recognition.time_columns == ("日付",)
    whole = dataset.codec.frames.restore(dataset.train[0].source) if dataset.codec.frames else dataset.train[0].source
    assert dataset.recognition.sources == ("売上", "件数")
    assert len(whole) > 40


@pytest.mark.parametrize(
    ("times", "after"),
    [
        (["2022年1月30日", "2022年1月31日", "2022年2月1日"], ("2022年2月2日", "2022年2月3日")),
        (["1 января 2022 г.", "2 января 2022 г.", "3 января 2022 г."], ("4 января 2022 г.", "5 января 2022 г.")),
        (["30. Januar 2022", "31. Januar 2022", "1. Februar 2022"], ("2. Februar 2022", "3. Februar 2022")),
        ([f"{name}.{year}" for year in (10, 11) for name in RUSSIAN], ("янв.12", "фев.12")),
        (["март 2020", "апрель 2020", "май 2020"], ()),  # nobody says what June is called there
        (["2022年11月", "2022年12月", "2023年1月"], ("2023年2月", "2023年3月")),
    ],
)
def test_the_next_times_are_written_alike(times: list[str], after: tuple[str, ...]) -> None:
    assert times_after(times, 2) == after
