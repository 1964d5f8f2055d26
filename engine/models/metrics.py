"""The metrics of answers besides the loss: what each is called, and whether more or less is better."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from engine.number_text import own_units, percent

V = TypeVar("V")


@dataclass(frozen=True)
class Metric:
    """title: as it is usually written; `short` where there is little room. rises: whether more is better. is_share:
    lies between 0 and 1. is_rate: a ratio that may exceed 1, written in per cent as a share is.

    decides: whether it may decide which weights of a run are the best; a figure that always agrees with another, or
    that a network can raise by answering nothing, may not. of_zero: why it may be exactly 0 although the answers are
    right. of_classes: whether it says anything of labels and tags that the loss does not.
    """

    title: str
    rises: bool = True
    is_share: bool = True
    is_rate: bool = False
    decides: bool = True
    short: str = ""
    of_zero: str = ""
    of_classes: bool = True


METRICS: dict[str, Metric] = {
    "loss": Metric("loss", rises=False, is_share=False),
    "perplexity": Metric("perplexity", rises=False, is_share=False, decides=False, of_classes=False),
    "perplexity_per_word": Metric("perplexity per word", rises=False, is_share=False, decides=False),
    "bits_per_character": Metric("bits per character", rises=False, is_share=False, decides=False),
    "accuracy": Metric("accuracy", short="acc."),
    "macro_f1": Metric("macro F1", short="F1"),
    "entity_f1": Metric("entity F1", short="F1"),
    "entity_precision": Metric("entity precision", decides=False),
    "entity_recall": Metric("entity recall", decides=False),
    "exact_match": Metric("exact match", short="exact"),
    "error_rate": Metric("error rate", rises=False, is_share=False, is_rate=True),
    "bleu": Metric(
        "BLEU", is_share=False, decides=False, of_zero="no four words in a row match; for short answers, look at chrF"
    ),
    "mae": Metric("MAE", rises=False, is_share=False),
    "rmse": Metric("RMSE", rises=False, is_share=False),
    "r2": Metric("R²", is_share=False, decides=False),
    "coverage": Metric("coverage of the 90 % band", decides=False),
    "chrf": Metric("chrF", is_share=False, decides=False),
}


ACCURACY_OF_SYMBOLS = (
    "Accuracy counts single symbols, each predicted after the right ones before it; exact match counts whole answers, "
    "which the network writes by itself"
)
_OF = ":"
_MAIN = ("exact_match", "entity_f1", "accuracy", "mae", "perplexity")


def of_column(name: str, column: str) -> str:
    """The name of a metric of one column of numbers among several: "mae:sales"."""
    return f"{name}{_OF}{column}"


def _metric(name: str) -> Metric | None:
    return METRICS.get(name.partition(_OF)[0])


def metric_title(name: str) -> str:
    """A metric's name as it is usually written: "MAE", "MAE of “sales”"."""
    metric, (_, of, column) = _metric(name), name.partition(_OF)
    title = name.replace("_", " ") if metric is None else metric.title
    return f"{title} of “{column}”" if metric is not None and of else title


def column_title(name: str) -> str:
    """ "Accuracy", "MAE": the same at the head of a column."""
    title = metric_title(name)
    return f"{title[:1].upper()}{title[1:]}"


def brief_title(name: str) -> str:
    """The same where there is little room: "acc."; the whole title of a metric without a shorter one."""
    return METRICS[name].short or METRICS[name].title


def is_share(name: str) -> bool:
    """Whether a metric goes from 0 to 1."""
    metric = _metric(name)
    return metric is None or metric.is_share


def in_percent(name: str) -> bool:
    """Whether a metric is written in per cent."""
    metric = _metric(name)
    return metric is None or metric.is_share or metric.is_rate


def metric_text(name: str, value: float) -> str:
    """0.874 as 87.4 %; a perplexity as it is, with three figures, or more if it has more before the point."""
    if not math.isfinite(value):
        return "not a number"
    return percent(value, 1) if in_percent(name) else own_units(value)


def metric_in_words(name: str, value: float) -> str:
    """ "accuracy 82.1 %", "BLEU 0.00 (no four words in a row match; …)" """
    why = why_zero(name, value)
    return f"{metric_title(name)} {metric_text(name, value)}{f' ({why})' if why else ''}"


def why_zero(name: str, value: float) -> str:
    """Why a metric is exactly 0 although the answers may be good; "" if there is nothing to say."""
    return METRICS[name].of_zero if value == 0 and name in METRICS else ""


def about_accuracy(measured: Collection[str]) -> str:
    """What accuracy counts where whole answers are measured, too; "" where it counts them."""
    return ACCURACY_OF_SYMBOLS if {"accuracy", "exact_match"} <= set(measured) else ""


def told(values: Mapping[str, V], classes: bool) -> dict[str, V]:
    """The metrics that are told of a network. classes: whether it predicts labels or tags."""
    return {k: v for k, v in values.items() if not classes or k not in METRICS or METRICS[k].of_classes}


def main_metric(measured: Collection[str], best_by: str) -> str | None:
    """The metric to show beside the loss, of those that were measured: the one that decides which weights are the best
    or, where that is the loss, the first of a fixed order. None if there is none."""
    return next((name for name in (best_by, *_MAIN) if name in measured), None)


def deciding_titles() -> dict[str, str]:
    """The metrics that may decide which weights are the best, with their titles."""
    return {name: metric.title for name, metric in METRICS.items() if metric.decides}
