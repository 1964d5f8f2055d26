"""What a validation or test file of numbers has in common with the training data is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.examples_file import load_examples
from engine.data.numbers.same_stretch import shared_steps
from engine.inspection.membership import rows_in_training

RNG = np.random.default_rng(3)
SERIES = RNG.normal(size=(400, 2)).round(3)


@pytest.mark.parametrize(("begin", "end"), [(0, 400), (0, 50), (170, 260), (350, 400), (100, 115)])
def test_a_stretch_is_found_wherever_it_stands(begin: int, end: int) -> None:
    own = RNG.normal(size=(60, 2)).round(3)
    assert shared_steps([SERIES[begin:end].copy()], [own, SERIES]) == end - begin
    if end - begin >= 50:  # among others it has to be a long one
        assert shared_steps([np.concatenate([own, SERIES[begin:end], own + 1])], [SERIES]) == end - begin


def test_what_two_series_have_in_common_by_chance_does_not_count() -> None:
    tens = RNG.integers(0, 10, (2, 5000, 1)).astype(float)
    assert shared_steps([tens[0]], [tens[1]]) == 0
    rain = np.zeros((2, 5000, 1))
    rain[0, ::50], rain[1, ::50] = 3.0, 3.0  # dry for weeks, and rain now and then
    rain[0, 25::100] = 4.0
    assert shared_steps([rain[0]], [rain[1]]) == 0
    assert shared_steps([np.ones((5, 1))], [np.ones((50, 1))]) == 0
    assert shared_steps([], [SERIES]) == 0


def written(path: Path, values: np.ndarray) -> Path:
    path.write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in values.tolist()), "utf-8")
    return path


def test_a_validation_or_test_file_that_overlaps_with_a_series_is_told(tmp_path: Path) -> None:
    training = written(tmp_path / "all.csv", SERIES)
    part = written(tmp_path / "part.csv", SERIES[200:260])
    other = written(tmp_path / "other.csv", RNG.normal(size=(60, 2)).round(3))
    told = "60 of 60 validation steps are also in the training series, with the same values around."
    assert told in engine.load_dataset(training, validation=part).report.findings
    assert not any("training series" in one for one in engine.load_dataset(training, validation=other).report.findings)
    dataset = engine.load_dataset(training)
    known = [rows_in_training(load_examples(path, dataset.codec, dataset.config, dataset.recognition).examples, dataset)
             for path in (part, other)]  # fmt: skip
    assert known == ["60 of 60 steps are also in the training data", ""]


def test_a_validation_file_that_repeats_labelled_series_is_told(tmp_path: Path) -> None:
    def table(path: Path, first: int, last: int) -> Path:
        rows = ["label," + ",".join(f"t{k}" for k in range(10))]
        for n in range(first, last):
            values = np.random.default_rng(n).normal(size=10).round(3)
            rows.append(f"{'ab'[n % 2]}," + ",".join(map(str, values.tolist())))
        path.write_text("\n".join(rows), "utf-8")
        return path

    training = table(tmp_path / "training.csv", 0, 40)
    dataset = engine.load_dataset(training, validation=table(tmp_path / "validation.csv", 30, 60))
    assert dataset.kind == "labelled-series"
    assert "10 validation rows also occur in the training rows." in dataset.report.findings
    apart = engine.load_dataset(training, validation=table(tmp_path / "apart.csv", 40, 60))
    assert not any("also occur" in finding for finding in apart.report.findings)
