"""Numbers become what a network reads and come back as they were given; nothing of validation is used for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.data.codec import Codec
from engine.data.examples import Example, Examples
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.number_dataset import CONTEXT, PIECE
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.parse import number_of
from engine.data.vocabulary import Vocabulary
from engine.errors import ConfigError, DataError
from tests.engine.small import data


def test_numbers_are_standardised_and_come_back_as_they_were_given() -> None:
    rows = np.array([[1.5, 1e6], [2.25, -3e6], [7.0, 2e6]])
    numbers = NumberScaling.fit([rows], ("a", "b"))
    read = numbers.standardise(rows)
    assert read.dtype == np.float32
    np.testing.assert_allclose(read.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(read.std(axis=0), 1, rtol=1e-6)
    np.testing.assert_array_equal(numbers.given(read), rows)
    np.testing.assert_allclose(numbers.restore_deviation(np.ones((1, 2)))[0], rows.std(axis=0))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20).filter(lambda v: np.std(v) > 1e-3))
def test_what_was_given_back_is_read_as_the_same_numbers_again(values: list[float]) -> None:
    rows = np.array(values)[:, None]
    numbers = NumberScaling.fit([rows], ("x",))
    read = numbers.standardise(rows)
    np.testing.assert_array_equal(numbers.standardise(numbers.given(read)), read)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((3, 3)), r"shape \(3, 3\); expected \(steps, 2\)"),
        ([[1, np.nan]], "“b” is nan at step 1"),
        (["a", "b"], "Expected numbers"),
        (np.zeros((0, 2)), "expected"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(values: Any, message: str) -> None:
    numbers = NumberScaling.fit([np.array([[1.0, 2], [3, 5]])], ("a", "b"))
    with pytest.raises(DataError, match=message):
        numbers.standardise(values)


def test_typed_numbers_and_pixels_are_read_too() -> None:
    one = NumberScaling.fit([np.array([[1.0], [3]])], ("a",))
    np.testing.assert_array_equal(one.read("1, 2.5\n3"), [[1], [2.5], [3]])
    with pytest.raises(DataError, match="Expected numbers, or a file"):
        one.read("hello")
    picture = NumberScaling.fit([np.array([[0.0, 1, 0.5, 0.25]])], (), (2, 2, 1))
    whole = picture.standardise(np.array([[0, 255], [51, 102]], np.uint8))
    np.testing.assert_allclose(picture.restore(whole), [[0, 1, 0.2, 0.4]], atol=1e-6)
    with pytest.raises(DataError, match=r"expected \(2, 2, 1\)"):
        picture.standardise(np.zeros((3, 2, 1)))


@pytest.mark.parametrize(
    ("level", "deviation", "said"),
    [
        (15234.6, 300.0, "15,235"),
        (132_918.87, 120_000.0, "132,919"),
        (1962.25, 8.0, "1,962.25"),
        (0.00287, 0.85, "0.003"),
        (-0.0001, 0.85, "0"),
        (4.0, 1.4, "4"),
        (2.5e12, 1e11, "2.5e12"),
    ],
)
def test_numbers_are_written_with_the_digits_in_which_they_differ(level: float, deviation: float, said: str) -> None:
    numbers = NumberScaling(("x",), (level,), (deviation,))
    assert numbers.written(np.array([[level]])) == said
    assert numbers.step_names(np.array([[level]])) == (said.replace(",", ""),)


def test_a_series_far_from_zero_is_typed_so_that_it_can_be_read_again() -> None:
    series = 20_000 + np.sin(np.arange(30) / 3)[:, None]
    numbers = NumberScaling.fit([series], ["x"])
    assert numbers.parse(numbers.typed(series)) == pytest.approx(series, abs=1e-3)


def test_a_column_that_never_varies_is_refused() -> None:
    rows = np.stack([np.arange(40.0), np.full(40, 7.0)], axis=1)
    with pytest.raises(DataError, match="“column 2” holds the same number, 7, in every training row"):
        engine.make_dataset(rows, "series")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([1.0, np.nan, *range(20)], "nan at step 2"),
        ([1.0], "1 row of numbers; at least 10"),
        ([1.0, [3, 4]], r"shape \(\); expected"),
        ([["a"] * 20], "holds something other than numbers"),
    ],
)
def test_bad_series_are_refused_in_words(rows: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        engine.make_dataset(rows, "series")


def test_the_end_of_a_series_validates_and_nothing_of_it_is_used_for_training() -> None:
    values = np.concatenate([np.random.default_rng(0).normal(5, 2, 900), np.full(100, 1e6) + np.arange(100)])
    dataset = engine.make_dataset(values, "series", validation=0.1)
    assert dataset.codec.frames is not None
    assert dataset.codec.frames.mean[0] == pytest.approx(values[:900].mean())
    np.testing.assert_array_equal(dataset.train[0].source[:, 0], dataset.codec.frames.given(
        dataset.codec.frames.standardise(values[:900]))[:, 0])  # fmt: skip
    (held_out,) = dataset.validation
    assert held_out.source.shape == (CONTEXT + 100, 1)
    assert held_out.target.shape == (100, 1)
    np.testing.assert_allclose(held_out.target[:, 0], values[900:], rtol=1e-6)


def test_a_long_validation_part_is_cut_into_pieces_that_count_each_value_once() -> None:
    values = np.random.default_rng(0).normal(size=20 * PIECE)
    dataset = engine.make_dataset(values, "series", validation=0.2)
    assert len(dataset.validation) == 4
    counted = np.concatenate([example.target[:, 0] for example in dataset.validation])
    np.testing.assert_allclose(counted, values[16 * PIECE :], atol=1e-6)


@pytest.mark.parametrize("kind", ["series", "labelled-series", "speech", "pictures", "rated"])
def test_examples_are_in_own_units_and_go_through_json_and_back(kind: str) -> None:
    dataset = data(kind)
    again = Codec.from_json(json.loads(json.dumps(dataset.codec.to_json())))
    assert (again.frames, again.values) == (dataset.codec.frames, dataset.codec.values)
    encoded = Examples.of(dataset.codec, list(dataset.train))
    np.testing.assert_array_equal(encoded.source.packed, dataset.train.source.packed)
    np.testing.assert_array_equal(encoded.target.packed, dataset.train.target.packed)
    assert list(encoded) == list(dataset.train)
    assert len({hash(example) for example in dataset.train}) == len(set(dataset.train))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mean": [0.0]}, "do not fit the columns"),
        ({"deviation": [0.0, 1.0]}, "not usable numbers"),
        ({"shape": [2, 0, 1], "mean": [0.0], "deviation": [1.0]}, "not that of a picture"),
        ({"recipe": []}, "not an object"),
    ],
)
def test_damaged_numbers_are_noticed(change: dict[str, Any], message: str) -> None:
    values = NumberScaling(("a", "b"), (0.0, 1.0), (1.0, 2.0)).to_json()
    assert NumberScaling.from_json(values).names == ("a", "b")
    with pytest.raises(ValueError, match=message):
        NumberScaling.from_json(values | change)


def test_the_fingerprint_tells_numbers_apart() -> None:
    values = np.random.default_rng(0).normal(size=50)
    first = engine.make_dataset(values, "series").fingerprint
    assert engine.make_dataset(values, "series").fingerprint == first
    assert engine.make_dataset(values * 2, "series").fingerprint != first  # the same once standardised
    assert engine.make_dataset(values, "series", validation=0.2).fingerprint != first


def test_labels_are_split_in_equal_shares_and_repeats_stay_together() -> None:
    rng = np.random.default_rng(1)
    rows = [(rng.normal(size=(5, 2)), "ab"[k % 2]) for k in range(100)]
    dataset = engine.make_dataset(rows + rows[:10], "labelled-series", validation=0.2)
    held_out = [example.target[0] for example in dataset.validation]
    assert abs(held_out.count("a") - held_out.count("b")) <= 2
    assert not set(dataset.train) & set(dataset.validation)


def test_texts_that_only_validation_has_are_unknown_to_the_network() -> None:
    rows = [(np.full((3, 1), k + 0.5), "a b") for k in range(10)]
    dataset = engine.make_dataset(rows, "speech", target_unit="word", validation=[(np.ones((2, 1)), "a c")])
    vocabulary = dataset.codec.target
    assert isinstance(vocabulary, Vocabulary)
    assert vocabulary.symbols[2:] == ("a", "b")
    assert dataset.validation[0] == Example(np.ones((2, 1)), ("a", "c"))


def test_ratings_are_numbers_and_texts_without_one_are_left_out(tmp_path: Any) -> None:
    path = tmp_path / "r.csv"
    rows = [f"film number {k} was fine,{k % 5 + 1}" for k in range(60)]
    path.write_text("\n".join(["text,stars", *rows, "no number here,none", "half a star,3.5"]))
    classes = engine.load_dataset(path)
    assert classes.kind == "labelled"
    dataset = engine.load_dataset(path, kind="rated")
    assert dataset.kind == "rated"
    assert {float(example.target[0]) for example in dataset.train} >= {1, 2, 3, 4, 5}
    assert dataset.report.skipped == 1
    with pytest.raises(DataError, match="expected a finite number"):
        engine.make_dataset([("a", 1), ("b", "2")], "rated")
    with pytest.raises(ConfigError, match="Many to many needs"):
        engine.build_model(engine.ModelConfig(architecture="many-to-many"), dataset)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.5", 1234.5), ("3,5", 3.5), ("−2", -2), (" 7 ", 7), ("1e3", 1000), ("1,234", 1234)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert number_of(text) == number
    assert not is_gap(text)


def test_words_and_gaps_are_no_numbers() -> None:
    assert all(np.isnan(number_of(text)) for text in ("", "NA", "x", "1_000", "1.2.3", "12:30"))
    assert all(map(is_gap, ("", " ", "NA", "n/a", "?", "-", "null")))
    assert all(map(is_gap, ("NaN", "nan", "-nan", "#N/A", "#NV", "#DIV/0!", "#NUM!", "#WERT!")))
    assert not any(map(is_gap, ("inf", "-Infinity", "1e999", "many")))


@pytest.mark.parametrize(
    ("scale", "message"), [(1e101, "as large as 1e\\+101; expected numbers up to"), (1e-150, "too close together")]
)
def test_numbers_whose_squares_cannot_be_computed_are_refused(scale: float, message: str) -> None:
    with pytest.raises(DataError, match=message):
        NumberScaling.fit([np.array([[0.5], [1.0]]) * scale], ("a",))


def test_a_number_too_far_from_the_training_data_is_named() -> None:
    numbers = NumberScaling.fit([np.array([[1.0], [3.0]])], ("a",))
    with pytest.raises(DataError, match="“a” is 1e\\+300 at step 2, too far from the training data: 2 on average"):
        numbers.standardise([[1.0], [1e300]])


@pytest.mark.parametrize(
    "change", [{"deviation": [1e-320]}, {"deviation": [1e308]}, {"mean": [-1e308]}, {"recipe": {"name": []}}]
)
def test_numbers_that_no_data_have_are_not_taken_from_a_run(change: dict[str, Any]) -> None:
    saved = NumberScaling.fit([np.array([[1.0], [3.0]])], ("a",)).to_json()
    with pytest.raises(ValueError, match=r"not usable numbers|no object with a name|not an object"):
        NumberScaling.from_json(saved | change)


@pytest.mark.parametrize("recipe", [{"name": "numbers"}, {"name": "numbers", "columns": 5}])
def test_a_recipe_without_columns_reads_no_file(tmp_path: Path, recipe: dict[str, Any]) -> None:
    (tmp_path / "a.csv").write_text("a\n1.5\n")
    numbers = NumberScaling.fit([np.array([[1.0], [3.0]])], ("a",), recipe=recipe)
    with pytest.raises(DataError, match="columns that this network reads are unknown"):
        numbers.read(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (np.float64(1), "expected rows of numbers"),
        (None, "expected rows of numbers"),
        (np.zeros((20, 0)), "no rows of numbers"),
        (np.zeros((0, 2)), "no rows of numbers"),
        (np.ones(20) * 1j, "holds something other than numbers"),
    ],
)
def test_what_is_no_series_is_refused_in_words(series: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        engine.make_dataset(series, "series")


def test_rows_of_different_lengths_are_no_values() -> None:
    with pytest.raises(DataError, match="differ in length"):
        NumberScaling.fit([np.array([[1.0], [3.0]])], ("a",)).rows([[1, 2], [3]])


def test_numbers_for_a_person_have_a_minus_sign_and_can_be_pasted_back() -> None:
    series = np.array([[-6860.0], [-1230.0], [15.0]])
    numbers = NumberScaling.fit([series], ["depth"])
    names = numbers.step_names(series)
    assert names == ("−6860", "−1230", "15")
    assert numbers.parse(" ".join(names)) == pytest.approx(series)
    assert numbers.written(series[:1]) == "−6,860"
    assert numbers.typed(series).startswith("-")
