"""Figures of networks that read or answer numbers, taken through the verbs that a user calls."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from engine import DataError, Model, evaluate
from engine.data.music.abc import read_abc
from engine.data.music.notes import total
from tests.results.experiment import Data, Figures, Texts

APART = 5  # steps between two moments from which is forecast
STEPS = 12
KNOWN = 400  # values before each
TUNES = 10  # for each label


def foretold(
    noise: float, best: Callable[[NDArray[np.float64], list[int], int], NDArray[np.float64]] | None = None
) -> Callable[[Model, Data], Figures]:  # fmt: skip
    """ratio: root mean square error of the next value, as a multiple of the noise that is in it; ratio_12: the same of
    forecasts of twelve steps. best: gives the best forecasts there can be; best_12: their error, above the noise where
    what comes is not settled yet; above_best: by which share the network's is larger."""

    def measure(model: Model, data: Data) -> Figures:
        one = evaluate(model, data.dataset.validation).values["rmse"]
        values = np.asarray(data.dataset.validation[0].source, np.float64)[:, 0]
        starts = list(range(KNOWN, len(values) - STEPS + 1, APART))
        truth = np.array([values[at : at + STEPS] for at in starts])
        said = np.array([model.forecast(values[:at][-KNOWN:], steps=STEPS).mean[:, 0] for at in starts])
        figures = {"ratio": one / noise, "ratio_12": float(np.sqrt(np.mean((said - truth) ** 2))) / noise}
        if best is not None:
            figures["best_12"] = float(np.sqrt(np.mean((best(values, starts, STEPS) - truth) ** 2))) / noise
            figures["above_best"] = figures["ratio_12"] / figures["best_12"] - 1
        return figures

    return measure


def transcribed(model: Model, data: Data) -> Figures:
    """exact: share of sounds written down without a mistake, the most probable symbol at each step."""
    wanted = [model.codec.join(one.target, "target") for one in data.held_out]
    given = [model.transcribe(one.source, 1)[0].text for one in data.held_out]
    return {"exact": float(np.mean([a == b for a, b in zip(given, wanted, strict=True)]))}


def captioned(model: Model, data: Data) -> Figures:
    """exact: share of pictures whose caption is right to the last word, the most probable word at each step."""
    wanted = [model.codec.join(one.target, "target") for one in data.held_out]
    given = [model.caption(one.source, 1)[0].text for one in data.held_out]
    return {"exact": float(np.mean([a == b for a, b in zip(given, wanted, strict=True)]))}


def rated(model: Model, data: Data) -> Figures:
    """mae: how far the rating is from the right one on average."""
    return {"mae": float(np.mean([abs(model.rate(one.source).value - float(one.target[0])) for one in data.held_out]))}


def composed(model: Model, data: Data) -> Figures:
    """whole: share of tunes, written for every label, that last sixteen bars of their metre; new: share that is not
    in the data; nats."""
    known = {data.dataset.codec.join(one.source) for part in (data.dataset.train, data.held_out) for one in part}
    whole, new = [], []
    for label in data.dataset.labels:
        metre, key = label.split(" ", 1)
        for tune in model.generate(TUNES, label=label, temperature=0.7, seed=0):
            try:
                whole.append(total(read_abc(tune.text, metre, key)) == 16 * Fraction(metre))
            except DataError:
                whole.append(False)
            new.append(tune.text not in known)
    loss = evaluate(model, data.dataset.validation).loss
    return {"whole": float(np.mean(whole)), "new": float(np.mean(new)), "nats": loss}


def first_tunes(model: Model) -> Texts:
    """One tune for each of three labels."""
    labels = ("6/8 G major", "4/4 D major", "3/4 E minor")
    return {label: [model.generate(1, label=label, temperature=0.7, seed=0)[0].text] for label in labels}
