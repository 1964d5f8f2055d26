"""Which metric stands beside the loss in a table of runs."""

from __future__ import annotations

from collections.abc import Collection

from engine.models.metrics import main_metric, metric_title

MEAN_ERROR = "mae"  # of numbers, which have no main metric: how far the answers are from them


def shown_metric(measured: Collection[str], best_by: str = "") -> str | None:
    """The main metric; of numbers, their mean error. None if there is neither."""
    return main_metric(measured, best_by) or (MEAN_ERROR if MEAN_ERROR in measured else None)


def column_title(name: str) -> str:
    """ "Accuracy", "MAE": a metric's name at the head of a column."""
    title = metric_title(name)
    return f"{title[:1].upper()}{title[1:]}"
