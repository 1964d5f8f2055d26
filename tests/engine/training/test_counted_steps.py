"""Methods without a network are judged by the steps that count for the network beside them: with a lag, the first ones
of a validation series of its own do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.training.baselines import baselines, lag_of

LAG = 12
K = np.arange(240)
SOLD = 3 * K + 40 * np.sin(K * np.pi / 6) + np.where(K % 40 < 12, 25 * np.cos(K), 0)


def table(path: Path, *series: np.ndarray) -> Path:
    rows = [f"{name},{value:.3f}" for name, values in zip("abc", series, strict=False) for value in values]
    path.write_text("\n".join(["series,sold", *rows]), "utf-8")
    return path


def dataset_of(folder: Path, *held_out: np.ndarray) -> engine.Dataset:
    return engine.load_dataset(
        table(folder / "sold.csv", SOLD[:120], SOLD[:110]), validation=table(folder / "later.csv", *held_out)
    )


def losses(dataset: engine.Dataset, lag: int) -> dict[str, float]:
    return {one.name: one.loss for one in baselines(dataset, "many-to-many", "squared", lag)}


def test_they_are_the_steps_with_a_value_as_many_steps_earlier(tmp_path: Path) -> None:
    dataset = dataset_of(tmp_path, SOLD[160:200], SOLD[200:230])
    values = [np.asarray(row)[:, 0].astype(float) for row in dataset.validation.source]
    for lag in (0, LAG):
        begin = max(1, lag)
        counted = np.concatenate([one[begin:] for one in values])
        before = np.concatenate([one[begin - 1 : -1] for one in values])
        found = losses(dataset, lag)
        assert found["last value"] == pytest.approx(float(((counted - before) ** 2).mean()), rel=1e-6)
        assert found["mean"] == pytest.approx(float((counted**2).mean()), rel=1e-6)
    model = engine.build_model(engine.ModelConfig("many-to-many", hidden_size=4, lag=LAG), dataset)
    assert engine.evaluate(model, dataset.validation).predictions == 40 + 30 - 2 * LAG


def test_a_series_in_which_nothing_counts_is_left_out(tmp_path: Path) -> None:
    long, short = SOLD[160:200], SOLD[200:210]
    assert losses(dataset_of(tmp_path, long, short), LAG) == losses(dataset_of(tmp_path, long), LAG)


def test_where_all_steps_count_the_lag_makes_no_difference(tmp_path: Path) -> None:
    one = engine.load_dataset(table(tmp_path / "sold.csv", SOLD))
    own = dataset_of(tmp_path, SOLD[160:200])
    with_lag, without = (engine.ModelConfig("many-to-many", lag=lag) for lag in (LAG, 0))
    assert losses(one, LAG) == losses(one, 0)
    assert [lag_of(with_lag, one), lag_of(with_lag, own), lag_of(without, own)] == [0, LAG, 0]
