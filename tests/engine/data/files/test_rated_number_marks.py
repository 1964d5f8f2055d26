"""How the numbers beside texts are written is told by their whole column, in training, validation and test files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.examples import Examples
from engine.data.examples_file import load_examples
from engine.data.load import load_dataset

RENTS = [300 + 37 * k for k in range(100)]  # on both sides of 1,000
PRICES = [101_000 + 7_000 * k for k in range(100)]  # none below 100,000
MILLIONS = [800_000 + 37_000 * k for k in range(100)]  # on both sides of 1,000,000
Write = Callable[[float], str]


def dotted(value: float) -> str:
    return f"{value:,}".replace(",", ".")


WRITTEN: dict[str, tuple[str, str, Sequence[float], Write]] = {
    "rents in euro": ("csv", ";", RENTS, lambda v: f"{dotted(v)} €"),
    "rents": ("csv", ";", RENTS, dotted),
    "rents in a table with tabs": ("tsv", "\t", RENTS, dotted),
    "millions in euro": ("csv", ";", MILLIONS, lambda v: f"{dotted(v)} €"),
    "prices in euro": ("csv", ";", PRICES, lambda v: f"{dotted(v)} €"),
    "prices": ("csv", ";", PRICES, dotted),
    "prices in a table with tabs": ("tsv", "\t", PRICES, lambda v: f"{dotted(v)} EUR"),
    "prices in dollars": ("tsv", "\t", PRICES, lambda v: f"${v:,}"),
    "rents with commas": ("tsv", "\t", RENTS, lambda v: f"{v:,}"),
    "no-break spaces": ("csv", ";", RENTS, lambda v: f"{v:,} €".replace(",", "\u00a0")),
    "narrow no-break spaces": ("csv", ";", RENTS, lambda v: f"{v:,} €".replace(",", "\u202f")),
    "narrow no-break spaces alone": ("csv", ";", RENTS, lambda v: f"{v:,}".replace(",", "\u202f")),
    "as in Switzerland": ("csv", ";", PRICES, lambda v: f"CHF {v:,}.–".replace(",", "'")),
    "whole prices": ("csv", ";", RENTS, lambda v: f"{dotted(v)},- €"),
    "square metres": ("csv", ";", range(31, 131), lambda v: f"{v} m²"),
    "kilograms": ("csv", ";", [v / 100 for v in RENTS], lambda v: f"{v:.2f} kg".replace(".", ",")),
    "thousands": ("csv", ";", range(20_000, 120_000, 1000), lambda v: f"{v // 1000:.0f}k"),
    "three decimals after a dot": ("csv", ";", [1 + v / 1000 for v in RENTS], lambda v: f"{v:.3f}"),
    "three decimals after a comma": ("csv", ";", [1 + v / 1000 for v in RENTS], lambda v: f"{v:.3f}".replace(".", ",")),
    "whole numbers with three decimals": ("csv", ",", [100 + k for k in range(100)], lambda v: f"{v:.3f}"),
}


def put(path: Path, values: Sequence[float], written: Write, delimiter: str = ";", begin: str = "flat") -> Path:
    rows = [f"{begin} number {k} by the lake{delimiter}{written(v)}" for k, v in enumerate(values)]
    path.write_text("\n".join([f"object{delimiter}price", *rows]) + "\n", "utf-8")
    return path


def numbers_in(*parts: Examples) -> list[float]:
    return sorted(float(example.target[0]) for part in parts for example in part)


@pytest.mark.parametrize("how", WRITTEN)
def test_numbers_beside_texts_are_read_as_their_column_is_written(how: str, tmp_path: Path) -> None:
    ending, delimiter, values, written = WRITTEN[how]
    dataset = load_dataset(put(tmp_path / f"flats.{ending}", values, written, delimiter))
    assert dataset.kind == "rated"
    np.testing.assert_allclose(numbers_in(dataset.train, dataset.validation), values, rtol=1e-5)  # float32


@pytest.mark.parametrize("written", [dotted, lambda v: f"{dotted(v)} €", lambda v: f"{v:.2f}", lambda v: f"{v:,.2f}"])
def test_a_validation_file_is_read_as_it_is_written(written: Write, tmp_path: Path) -> None:
    validation = put(tmp_path / "more.csv", RENTS[20:60], written, begin="house")
    path = put(tmp_path / "flats.csv", RENTS, lambda v: f"{dotted(v)} €")
    dataset = load_dataset(path, validation_file=str(validation))
    np.testing.assert_allclose(numbers_in(dataset.train), RENTS, rtol=1e-5)
    np.testing.assert_allclose(numbers_in(dataset.validation), RENTS[20:60], rtol=1e-5)


def test_what_a_file_leaves_open_is_read_as_the_training_rows_were(tmp_path: Path) -> None:
    """1.041 and 1.485 could be either; a network that learned from 722 and 2.261 knows."""
    large = [v for v in RENTS if v >= 1000]
    more = put(tmp_path / "more.tsv", large, dotted, "\t")
    dataset = load_dataset(put(tmp_path / "flats.csv", RENTS, dotted), validation_file=str(more))
    assert numbers_in(dataset.validation) == pytest.approx(large, rel=1e-5)
    found = load_examples(more, dataset.codec, dataset.config, dataset.recognition)
    assert numbers_in(found.examples) == pytest.approx(large, rel=1e-5)
    decimals = load_dataset(put(tmp_path / "ratios.csv", [v / 1000 for v in RENTS], lambda v: f"{v:.3f}"))
    found = load_examples(more, decimals.codec, decimals.config, decimals.recognition)
    assert numbers_in(found.examples) == pytest.approx([v / 1000 for v in large], rel=1e-5)


def test_how_numbers_are_written_is_saved_with_a_network(tmp_path: Path) -> None:
    dataset = load_dataset(put(tmp_path / "flats.csv", RENTS, dotted))
    test = put(tmp_path / "test.csv", [v for v in RENTS if v >= 1000], dotted)
    codec = engine.Codec.from_json(dataset.codec.to_json())
    found = load_examples(test, codec, dataset.config, dataset.recognition)
    assert min(numbers_in(found.examples)) >= 1000


@pytest.mark.parametrize(("price", "first"), [("{}.500 €", 100_003), ("{},50", 100_003), ("{}.5", 100.003)])
def test_another_column_tells_how_numbers_beside_texts_are_written(tmp_path: Path, price: str, first: float) -> None:
    rows = [
        f"car {chr(97 + k % 26)} of the year {1900 + k};{price.format(8 + k)};{100 + k}.{k * 7 % 1000:03d}"
        for k in range(100)
    ]
    rows[0] = f"the first car;{price.format(8)};100.003"
    path = tmp_path / "cars.csv"
    path.write_text("\n".join(["title;price;km", *rows]) + "\n", "utf-8")
    dataset = load_dataset(path, kind="rated", source_column="title", target_column="km")
    assert numbers_in(dataset.train, dataset.validation)[0] == first
