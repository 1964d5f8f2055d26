"""Data that packages ship, or that a program makes: measured with the settings that the window proposes for them.

    python -m tests.results.of_packages              # all of them; those whose package is not installed are left out
    python -m tests.results.of_packages sunspots     # one

Nothing of these data is kept. A series is cut in time: the last fifth is the test, which nothing is trained on and
which is looked at once, at the end. The settings of the networks and the orders of the ARIMA alike are chosen on the
last part of the values before it.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import Dataset, Model, Trainer, build_model, evaluate, load_dataset, make_dataset
from engine.training.defaults import settings_for

STEPS = 12
TEST = 5  # one fifth
SEEDS = (0, 1, 2)  # of the networks for series: few values leave much to chance
Array = NDArray[np.float64]
Forecaster = Callable[[Array], Array]  # what is known (T,) → the next STEPS values


def as_proposed(dataset: Dataset, seed: int = 0) -> tuple[Model, str]:
    """A network trained as the window proposes, with its best weights, and the settings in words."""
    config, training = settings_for(dataset, None, {}, {"seed": seed})
    trainer = Trainer(build_model(config, dataset, seed), dataset, training)
    for update in trainer:
        assert not update.diverged
    trainer.restore_best()
    said = f"{config.cell}, {config.hidden_size} units, lag {config.lag}, {trainer.step} steps"
    return trainer.model, said


# Series: MASE of forecasts of one step and of twelve, from every moment of the test.


@dataclass(frozen=True)
class Series:
    """A series of one column. package: that ships it; season: steps, also of the naive forecast and of the scale of the
    error; orders: of ARIMA models to choose from, (p, d, q) and (P, D, Q)."""

    package: str
    values: Callable[[], Array]
    season: int
    orders: tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...]
    logarithm: bool = False  # whether ARIMA models of the logarithm stand for choice too


def _sunspots() -> Array:
    from statsmodels.datasets import sunspots

    return np.asarray(sunspots.load_pandas().data["SUNACTIVITY"], np.float64)


def _co2() -> Array:
    from statsmodels.datasets import co2

    return np.asarray(co2.load_pandas().data["co2"].resample("MS").mean().ffill(), np.float64)


def _el_nino() -> Array:
    from statsmodels.datasets import elnino

    return np.asarray(elnino.load_pandas().data.iloc[:, 1:], np.float64).ravel()


def _of_aeon(name: str) -> Path:
    """A file that the package aeon ships, found without importing it and what it needs."""
    spec = importlib.util.find_spec("aeon")
    assert spec is not None, "looked for before"
    assert spec.submodule_search_locations, "a package"
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / name


def _airline() -> Array:
    with _of_aeon("Airline/Airline.csv").open(encoding="utf-8", newline="") as file:
        return np.array([float(row["Passengers"]) for row in csv.DictReader(file)])


_SEASONAL = tuple(product(((0, 1, 1), (1, 1, 1), (2, 1, 1), (1, 0, 0), (2, 0, 1)), ((0, 1, 1), (1, 1, 1))))
_CYCLIC = tuple(product(((2, 0, 0), (3, 0, 0), (9, 0, 0), (2, 0, 1)), ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 1, 1))))
SERIES: dict[str, Series] = {
    "airline": Series("aeon", _airline, 12, _SEASONAL, logarithm=True),
    "co2": Series("statsmodels", _co2, 12, _SEASONAL),
    "el-nino": Series("statsmodels", _el_nino, 12, _SEASONAL),
    "sunspots": Series("statsmodels", _sunspots, 11, _CYCLIC),
}


def mase(values: Array, known: int, season: int, forecast: Forecaster) -> tuple[float, float]:
    """Mean absolute error of the next value, and of all of the next STEPS values, from each moment after the first
    `known` values; both in units of the mean change over a season within these."""
    scale = float(np.abs(values[season:known] - values[: known - season]).mean())
    errors = np.full((len(values) - known, STEPS), np.nan)
    for row, at in enumerate(range(known, len(values))):
        there = min(STEPS, len(values) - at)
        errors[row, :there] = np.abs(forecast(values[:at])[:there] - values[at : at + there])
    return float(errors[:, 0].mean()) / scale, float(np.nanmean(errors)) / scale


def seasonal_naive(season: int) -> Forecaster:
    """The values of the season before."""
    return lambda known: np.array([known[len(known) - season + step % season] for step in range(STEPS)])


def _arima(known: Array, order: Any, seasonal: Any, season: int, logarithm: bool) -> Forecaster:
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    there, back = (np.log, np.exp) if logarithm else (np.asarray, np.asarray)
    with_mean = "c" if order[1] == 0 and seasonal[1] == 0 else None
    periodic = (*seasonal, season) if any(seasonal) else (0, 0, 0, 0)
    fit = SARIMAX(there(known), order=order, seasonal_order=periodic, trend=with_mean).fit(disp=False, maxiter=60)
    return lambda given: np.asarray(back(fit.apply(there(given)).forecast(STEPS)), np.float64)


def best_arima(series: Series, known: Array) -> tuple[Forecaster, str]:
    """The ARIMA whose forecasts are nearest on the last tenth of what is known, fitted anew to all of it."""
    cut, found = len(known) - len(known) // 10, []
    for (order, seasonal), logarithm in product(series.orders, (False, True) if series.logarithm else (False,)):
        try:
            one = _arima(known[:cut], order, seasonal, series.season, logarithm)
            found.append((mase(known, cut, series.season, one)[1], order, seasonal, logarithm))
        except (ValueError, np.linalg.LinAlgError):  # no such model can be fitted to these values
            continue
    _, order, seasonal, logarithm = min(found)
    said = f"{order}{seasonal}" + (" of the logarithm" if logarithm else "")
    return _arima(known, order, seasonal, series.season, logarithm), said


def measure_series(name: str) -> dict[str, tuple[float, float, str]]:
    """Method → MASE of one step, of twelve, and what it is; of the network the mean over SEEDS, and that of the mean of
    their forecasts."""
    series = SERIES[name]
    values = series.values()
    known = len(values) - len(values) // TEST
    found, models, said = list[tuple[float, float]](), list[Model](), ""
    for seed in SEEDS:
        model, said = as_proposed(make_dataset(values[:known], "series"), seed)
        found.append(mase(values, known, series.season, partial(_forecast, model)))
        models.append(model)
    together = mase(values, known, series.season, partial(_mean_forecast, models))
    one_step, twelve = np.mean(found, axis=0).tolist()
    each = ", ".join(f"{one:.2f}/{all_steps:.2f}" for one, all_steps in found)
    importlib.import_module("statsmodels.tsa.statespace.sarimax")  # which asks for its warnings to be shown
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of statsmodels, about starting values and convergence
        arima, order = best_arima(series, values[:known])
        return {
            "network": (one_step, twelve, f"{said}; each seed {each}"),
            "these networks together": (*together, "the mean of their forecasts"),
            "seasonal ARIMA": (*mase(values, known, series.season, arima), order),
            "seasonal naive": (*mase(values, known, series.season, seasonal_naive(series.season)), ""),
        }


def _forecast(model: Model, known: Array) -> Array:
    return np.asarray(model.forecast(known, steps=STEPS).mean[:, 0])


def _mean_forecast(models: Sequence[Model], known: Array) -> Array:
    return np.asarray(np.mean([_forecast(model, known) for model in models], axis=0))


# Labels of series of several columns: a test that the data come with.


def _uea(name: str, part: str) -> list[tuple[Array, str]]:
    """The labelled series of a .ts file: columns separated by colons, then the label."""
    rows = []
    for line in _of_aeon(f"{name}/{name}_{part}.ts").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("@", "#")):
            *columns, label = line.split(":")
            rows.append((np.array([column.split(",") for column in columns], np.float64).T, label))
    return rows


def measure_labelled(name: str) -> dict[str, float]:
    """Accuracy on the test rows."""
    dataset = make_dataset(_uea(name, "TRAIN"), "labelled-series")
    model, _ = as_proposed(dataset)
    test = make_dataset(_uea(name, "TRAIN"), "labelled-series", validation=_uea(name, "TEST")).validation
    return {"accuracy": evaluate(model, test).values["accuracy"]}


# Digits spoken by espeak-ng: by voices that were not heard in training.

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-us", "en-gb", "en-gb-scotland")
VOICES = ("", "+f1", "+f2", "+f3", "+m1", "+m2", "+m4", "+m6", "+Alex", "+Andrea", "+David", "+Linda")
HELD_OUT = ("+f4", "+m3", "+m7", "+Annie", "+Michael", "+Steph")  # voices of the test, with every accent
SPEEDS = (130, 180)  # words a minute
RATE = 8_000


def speak(folder: Path, voices: Sequence[str]) -> None:
    """A folder of WAV files for each digit, and a table of what is said in each."""
    folder.mkdir(parents=True)
    rows = ["file,transcript"]
    for digit, accent, voice, speed in product(DIGITS, ACCENTS, voices, SPEEDS):
        (folder / digit).mkdir(exist_ok=True)
        path = folder / digit / f"{accent}{voice.replace('+', '-')}-{speed}.wav"
        subprocess.run(["espeak-ng", "-v", accent + voice, "-s", str(speed), "-w", str(path), digit], check=True)
        rows.append(f"{digit}/{path.name},{digit}")
    (folder / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def measure_digits(kind: str) -> dict[str, float]:
    """labelled-series: accuracy; speech: exact, the share that is spelled without a mistake."""
    with tempfile.TemporaryDirectory() as place:
        for part, voices in (("train", VOICES), ("test", HELD_OUT)):
            speak(Path(place) / part, voices)
        asked: dict[str, Any] = {
            "kind": kind, "sound_rate": RATE, "sound_bands": 24, "sound_window": 32.0, "sound_hop": 16.0,
        }  # fmt: skip
        asked |= {"target_unit": "character"} if kind == "speech" else {}
        train, test = Path(place) / "train" / "table.csv", Path(place) / "test" / "table.csv"
        model, _ = as_proposed(load_dataset(train, **asked))
        figures = evaluate(model, load_dataset(train, validation=test, **asked).validation).values
        return {name: figures[name] for name in ("accuracy", "exact_match") if name in figures}


MEASURED: Mapping[str, tuple[str, Callable[[], Mapping[str, Any]]]] = {
    **{name: (series.package, lambda name=name: measure_series(name)) for name, series in SERIES.items()},
    "JapaneseVowels": ("aeon", lambda: measure_labelled("JapaneseVowels")),
    "BasicMotions": ("aeon", lambda: measure_labelled("BasicMotions")),
    "spoken digits": ("espeak-ng", lambda: measure_digits("labelled-series")),
    "spelled digits": ("espeak-ng", lambda: measure_digits("speech")),
}


def missing(name: str) -> str:
    """What has to be installed to measure it; "" if all is there."""
    needed = MEASURED[name][0]
    packages = [needed, "statsmodels"] if name in SERIES else [needed]
    lacking = [one for one in packages if shutil.which(one) is None and importlib.util.find_spec(one) is None]
    return " and ".join(lacking)


def main(names: Sequence[str]) -> None:
    """Measure what is asked for, and print it."""
    for name in names or MEASURED:
        lacking = missing(name)
        print(name, f"left out: {lacking} is not installed" if lacking else dict(MEASURED[name][1]()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
