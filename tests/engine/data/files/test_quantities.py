"""A list of whole numbers without a title is a series, unless the numbers are codes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.load import load_dataset

Draw = Callable[[random.Random, int], object]
SERIES: dict[str, Draw] = {
    "sunspots": lambda r, n: int(60 + 55 * ((n % 11) - 5) / 5 + r.random() * 8),
    "passengers": lambda r, n: int(112 + 4 * n + r.random() * 30),
    "pulse with sign": lambda r, n: r.choice((-1, 1)) * (n % 7),
    "dice": lambda r, n: r.randint(1, 6),
    "sales in thousands": lambda r, n: 4000 + round(900 * (n % 12) / 12) + r.randint(0, 40),
}
CODES: dict[str, Draw] = {
    "postal codes": lambda r, n: f"{r.randint(1000, 99999):05}",
    "postal codes without zeros": lambda r, n: r.randint(10000, 99999),
    "telephone numbers": lambda r, n: f"0{r.randint(10**6, 10**8)}",
    "long telephone numbers": lambda r, n: r.randint(10**7, 10**10),
    "area codes": lambda r, n: r.randint(201, 989),
    "pins": lambda r, n: r.randint(1000, 9999),
    "sorted codes": lambda r, n: 20000 + 137 * n + r.randint(0, 99),
    "numbered lines": lambda r, n: n + 1,
}


def write(path: Path, draw: Draw) -> Path:
    randomness = random.Random(1)
    path.write_text("".join(f"{draw(randomness, n)}\n" for n in range(120)), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("ending", ["txt", "csv"])
def test_a_list_of_whole_numbers_is_a_series(tmp_path: Path, name: str, ending: str) -> None:
    dataset = load_dataset(write(tmp_path / f"x.{ending}", SERIES[name]))
    assert dataset.kind == "series"
    assert dataset.recognition.alternatives
    assert load_dataset(tmp_path / f"x.{ending}", kind="sequences").kind == "sequences"


@pytest.mark.parametrize("name", CODES)
def test_codes_stay_texts(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "x.txt", CODES[name])
    assert load_dataset(path).kind == "sequences"


def test_a_few_numbers_stay_texts(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("12\n7\n130\n4\n", encoding="utf-8")
    assert load_dataset(tmp_path / "x.txt").kind == "sequences"
