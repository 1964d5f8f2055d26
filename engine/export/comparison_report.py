"""Several runs on one HTML page: their differences, their results, and their curves in shared plots."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from engine.errors import ConfigError
from engine.export.html_page import PAGE, escaped, table
from engine.export.svg_plot import plot
from engine.models.metrics import column_title, told
from engine.number_text import loss_text
from engine.runs.atomic_write import write_text
from engine.runs.differences import differences
from engine.runs.run_set import NamedRun
from engine.types import DoubleArray

MOST = 6  # runs whose curves can be told apart
_NO_FIGURE = ("step", "seconds", "loss")


def export_comparison_report(runs: Sequence[NamedRun], path: str | os.PathLike[str]) -> None:
    """Write the page. ConfigError for no runs or more than six; StorageError as `save_run`."""
    if not 1 <= len(runs) <= MOST:
        raise ConfigError(f"A comparison has 1 to {MOST} runs; {len(runs)} were given.")
    sections = "\n".join(f"<h2>{escaped(title)}</h2>\n{content}" for title, content in _sections(runs))
    data = dict.fromkeys(named.run.data.name for named in runs)
    summary = f"{len(runs)} runs on {', '.join(data)}. Seconds count each run's own training time, without validation."
    page = PAGE.format(title=escaped(f"Runs compared: {', '.join(data)}"), summary=escaped(summary), sections=sections)
    write_text(path, page.encode("utf-8", "backslashreplace").decode("utf-8"))


def _sections(runs: Sequence[NamedRun]) -> Iterator[tuple[str, str]]:
    names = [named.name for named in runs]
    each = [named.run for named in runs]
    unlike = differences([(run.snapshot.config, run.used_training, run.data, run.snapshot.codec.kind) for run in each])
    yield "What differs", table(("", *names), ((one.label, *one.values) for one in unlike)) if unlike else "<p>Nothing."
    yield "Figures", table(("", *names), _figures(runs))
    for title, column in (("Validation loss by step", "step"), ("Validation loss by seconds of training", "seconds")):
        yield title, _curves(runs, column, "loss")
    metrics = dict.fromkeys(name for named in runs for name in _validations(named))
    for name in metrics:
        if name not in _NO_FIGURE:
            yield f"{column_title(name)} by step", _curves(runs, "step", name)


def _figures(runs: Sequence[NamedRun]) -> Iterator[tuple[object, ...]]:
    each = [named.run for named in runs]
    yield "Weights", *(run.snapshot.learned for run in each)
    yield "Steps", *(run.progress.step for run in each)
    yield "Seconds of training", *(f"{run.history.seconds:.1f}" for run in each)
    yield "Lowest validation loss", *("" if run.best is None else loss_text(run.best.loss, 4) for run in each)
    yield "At step", *("" if run.best is None else run.best.step for run in each)


def _validations(named: NamedRun) -> dict[str, DoubleArray]:
    """The evaluations of a run, with the metrics that are told of such a network."""
    return told(named.run.history.validations, named.run.snapshot.model_class.predicts.is_class)


def _curves(runs: Sequence[NamedRun], x: str, y: str) -> str:
    validations = [(named.name, _validations(named)) for named in runs]
    curves = [(name, f"run{at}", values[x], values[y]) for at, (name, values) in enumerate(validations) if y in values]
    return plot(curves, x, whole=x == "step")
