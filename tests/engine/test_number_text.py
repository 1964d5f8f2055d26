"""Numbers as a person reads them."""

from __future__ import annotations

import pytest

from engine import number_text
from engine.number_text import NARROW, percent


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1204, "1,204"), (99_999, "99,999"), (412_345, "412,345"), (1_900_000, "1.9 M")],
)
def test_sizes(number: int, text: str) -> None:
    assert number_text.size(number).replace(NARROW, " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 s"),
        (8.2, "9 s"),
        (75, "75 s"),
        (99.5, "2 min"),
        (130, "3 min"),
        (5940, "99 min"),
        (5941, "2 h"),
        (4e6, "1,112 h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert number_text.duration(seconds) == text


def test_numbers_have_a_minus_sign_and_grouped_thousands_and_zero_has_no_sign() -> None:
    assert [number_text.fixed(value) for value in (-1.5, -0.004, 1234.5)] == ["−1.50", "0.00", "1,234.50"]
    assert number_text.fixed(-0.04, 1) == "0.0"
    assert number_text.with_minus("-3e-05") == "−3e−5"
    assert number_text.with_minus("5.9e-10") == "5.9e−10"
    assert number_text.with_minus("2.00e+06") == "2.00e6"
    assert number_text.in_figures(0.0000512) == "5.12e−5"


def test_a_loss_is_never_written_as_zero() -> None:
    assert [number_text.loss_text(value) for value in (2.28649, 0.0, 0.00022, -0.0004, 0.001)] == [
        "2.286", "<1e−7", "2.2e−4", "−4.0e−4", "0.001",
    ]  # fmt: skip
    assert number_text.loss_text(0.04321, 4) == "0.0432"
    assert [number_text.loss_text(value, 2) for value in (2.28649, 0.0, 0.0099, 0.004, 0.0000052)] == [
        "2.29", "<1e−7", "0.01", "0.004", "5e−6",
    ]  # fmt: skip


def test_words_follow_their_number() -> None:
    assert number_text.counted(1, "label") == "1 label"
    assert number_text.counted(2, "label") == "2 labels"


def test_a_speed_is_told_in_three_figures_and_in_full_below_a_million() -> None:
    assert [number_text.short(number) for number in (45_678.9, 812.4, 1_234_567)] == ["45,700", "812", f"1.2{NARROW}M"]


def test_shares_that_are_small_are_written_with_the_figures_they_need() -> None:
    texts = [percent(share).replace(NARROW, " ") for share in (1.0, 0.285, 0.01, 0.0, 0.0099, 0.0003, 1e-9)]
    assert texts == ["100 %", "28 %", "1 %", "0 %", "1 %", "0.03 %", "<0.01 %"]
    assert percent(0.9, 1) == f"90.0{NARROW}%"


def test_a_share_is_not_written_as_all_of_it_beside_another_that_is_in_sight() -> None:
    texts = [percent(share).replace(NARROW, " ") for share in (0.994, 0.995, 0.997, 0.9997, 0.99996, 1.004)]
    assert texts == ["99 %", "99.5 %", "99.7 %", "99.97 %", "100 %", "100 %"]
    assert [percent(share, 1) for share in (0.9994, 0.9996, 0.9997)] == [
        f"{text}{NARROW}%" for text in ("99.9", "99.96", "99.97")
    ]


@pytest.mark.parametrize(
    ("text", "letters", "shown"),
    [
        ("102.7", 5, "102.7"),
        ("102.7", 4, "103"),
        ("-1.259", 5, "-1.26"),
        ("−0.04", 4, "0.0"),
        ("1024.5", 2, "1024.5"),  # not even one figure fits
        ("1024.5", 3, f"1{NARROW}k"),
        ("17250", 5, "17250"),
        ("17250", 4, f"17{NARROW}k"),
        ("17250", 3, "2e4"),
        ("1,725.04", 7, "1,725.0"),
        ("17,250", 5, f"17{NARROW}k"),
        ("−17250", 6, "−17250"),
        ("−17250", 5, f"−17{NARROW}k"),
        ("2516000", 6, f"2.52{NARROW}M"),
        ("2516000", 5, f"2.5{NARROW}M"),
        ("999990", 5, f"1.0{NARROW}M"),  # never 1000 k
        ("999990", 3, f"1{NARROW}M"),
        ("123456789012345", 4, "1e14"),
        ("v1.259", 3, "v1.259"),
    ],
)
def test_a_number_loses_figures_and_is_never_cut(text: str, letters: int, shown: str) -> None:
    assert number_text.rounded_to_fit(text, len, letters) == shown


def test_measured_numbers_have_a_few_figures_and_no_powers_of_ten() -> None:
    values = (2361.7, -350_000.0, 0.12345, 999.7, 4.0)
    assert [number_text.in_figures(value) for value in values] == ["2,360", "−350,000", "0.123", "1,000", "4"]
    small = [number_text.in_figures(value, 2) for value in (1234.5, 133.2, 99.6, 13.4, 4.26, 0.126)]
    assert small == ["1,200", "130", "100", "13", "4.3", "0.13"]


@pytest.mark.parametrize(
    ("value", "spread", "figures", "text"),
    [
        (1962.224, 4.83, 2, "1,962.2"),
        (1962.224, 0.0483, 2, "1,962.224"),
        (132_918.87, 41_000.0, 2, "132,919"),
        (-0.0001, 0.85, 3, "0.000"),
        (35_621.561, 0.0, 3, "35,622"),
        (9.996, 0.0, 3, "10.0"),
        (0.0, 0.0, 3, "0.00"),
        (-2.5e12, 1e11, 3, "−2.5e12"),
        (0.000001234, 0.000001, 2, "1.2e−6"),
        (float("nan"), 1.0, 3, "nan"),
    ],
)
def test_numbers_of_the_data_go_as_far_as_their_spread_and_keep_every_whole_digit(
    value: float, spread: float, figures: int, text: str
) -> None:
    assert number_text.own_units(value, spread, figures) == text


def test_what_a_prediction_may_be_off_by_has_two_figures_and_says_how_many_the_prediction_has() -> None:
    assert number_text.estimate(1962.224, 4.83, 50.0) + number_text.plus_minus(4.83) == "1,962.2 ± 4.8"
    assert number_text.estimate(1962.224, float("nan"), 50.0) + number_text.plus_minus(float("nan")) == "1,962.2"


def test_numbers_with_a_unit_are_grouped_and_names_that_are_numbers_stay() -> None:
    assert number_text.grouped_within("40 bands, 71 Hz to 3717 Hz") == "40 bands, 71 Hz to 3,717 Hz"
    assert number_text.grouped_within("2014") == "2014"
