"""A run as one self-contained HTML page: the network, its data, its curves and its answers."""

from __future__ import annotations

import math
import os
from collections.abc import Container, Iterator, Mapping
from functools import partial
from itertools import islice

import numpy as np

from engine.cells import CELLS
from engine.data.dataset import Dataset
from engine.data.no_use import no_use
from engine.export.html_page import PAGE, escaped, pairs, table
from engine.export.svg_plot import plot
from engine.export.tables import report_columns, report_rows
from engine.inspection.mistakes import Confusion, confusion
from engine.models import Model, model_class
from engine.models.metrics import about_accuracy, column_title, is_share, told, why_zero
from engine.models.model_description import Verb
from engine.number_text import counted, loss_text, own_units, percent
from engine.options import Config
from engine.runs.atomic_write import write_text
from engine.runs.measured import Measured
from engine.runs.run import Run
from engine.training.baselines import baselines, lag_of
from engine.training.evaluation import evaluate
from engine.training.reasons import idle_training
from engine.training.setting_change import earlier
from engine.types import FloatArray

_EXAMPLES, _WRITTEN = 12, 12  # rows that are shown
_LOOKED_AT = 240  # examples, of which some may be the same
_LARGEST_TABLE = (
    12  # most labels of a confusion matrix that fits the page; for more, only the most frequent confusions are listed
)
_COMMONEST = 12
_FIGURES = 4  # of predicted numbers
_DEVIATION = (
    "Deviation: the predicted spread, how far off the network expects a prediction to be (one standard deviation)."
)
_NO_PLOT = ("step", "seconds", "loss", "perplexity", "bits_per_character")


def export_report(run: Run, path: str | os.PathLike[str], dataset: Dataset | None = None) -> None:
    """Write the page. dataset: that of the run; without it, examples and confusions are left out.

    StorageError as in `save_run`; ConfigError if the network was built for other data.
    """
    sections = "\n".join(f"<h2>{escaped(title)}</h2>\n{content}" for title, content in _sections(run, dataset))
    snapshot = run.snapshot
    network = model_class(snapshot.config.architecture, snapshot.codec.kind)
    page = PAGE.format(
        title=escaped(f"{network.title} on {run.data.name}"),
        summary=escaped(_summary(run)),
        sections=sections,
    )
    write_text(path, page.encode("utf-8", "backslashreplace").decode("utf-8"))


def _sections(run: Run, dataset: Dataset | None) -> Iterator[tuple[str, str]]:
    """Title and content of each, in the order of the page."""
    yield from _curves(run)
    model = run.snapshot.model()
    yield from _figures(run, model, dataset)
    if dataset is not None and len(dataset.validation):
        yield "Possible without a network, on all validation examples", _baselines(model, dataset)
    if model.verb is Verb.GENERATE:
        texts = model.generate(count=_WRITTEN, seed=0)
        yield "Written by the network", table(("text", "log-probability"), ((t.text, t.log_probability) for t in texts))
    if dataset is not None and len(dataset.validation):
        yield from _answers(model, dataset)
    config, training, sample = run.snapshot.config, run.used_training, bool(run.data.sample)
    yield "Network", _settings(config, config.idle() | dict(model.unused))
    yield (
        "Learning",
        _settings(training, training.idle() if dataset is None else idle_training(training, config, dataset), run),
    )
    reading = () if dataset is None else [name for name in run.data.config.options() if no_use(name, dataset, sample)]
    origin = [("Name", run.data.name), ("From", ", ".join(run.data.paths) or run.data.sample or "Python")]
    yield "Data", pairs([*origin, ("Fingerprint", run.data.fingerprint)]) + _settings(run.data.config, reading)


def _curves(run: Run) -> Iterator[tuple[str, str]]:
    steps, validations = run.history.steps, run.history.validations
    lines = [("training", "train", steps["step"], _smooth(steps["loss"]))]
    if len(validations["step"]):
        lines.append(("validation", "validation", validations["step"], validations["loss"]))
    snapshot = run.snapshot
    predicted = model_class(snapshot.config.architecture, snapshot.codec.kind).predicts
    meaning = "" if predicted.is_number else ": −ln of the probability of the right one"
    yield f"Loss in nats per {predicted.short}{meaning}", plot(lines)
    for name, values in validations.items():
        if name not in _NO_PLOT:
            possible = (0.0, 1.0) if is_share(name) else (-math.inf, math.inf)
            yield (
                column_title(name),
                plot([("validation", "validation", validations["step"], values)], possible=possible),
            )


def _figures(run: Run, model: Model, dataset: Dataset | None) -> Iterator[tuple[str, str]]:
    """All measurements: during training, then on all validation examples, with the weights of all that follows, then
    on the test file."""
    classes = model.predicts.is_class
    validations, best, whole = told(run.history.validations, classes), run.best, run.validated
    if whole is None and dataset is not None and len(dataset.validation):
        found = evaluate(model, dataset.validation, thorough=False)
        whole = Measured("", run.weights_step, found.examples, found.loss, found.values)
    if len(validations["step"]):
        limit = run.progress.validation_limit
        rows = [-1] if best is None else [int(np.abs(validations["step"] - best.step).argmin()), -1]
        titles = ["at the last validation"] if best is None else ["of the best weights", "at the last validation"]
        lines = [
            ("Step", *(f"{validations['step'][row]:,.0f}" for row in rows)),
            *(
                (column_title(name), *(_figure(name, float(column[row])) for row in rows))
                for name, column in validations.items()
                if name not in ("step", "seconds")
            ),
        ]
        used = f"at most {limit:,} examples" if limit else "all examples"
        if whole is not None:
            used = counted(min(limit or whole.examples, whole.examples), "example")
        yield f"Validation during training, on {used}", table(("", *titles), lines)
    for title, figures in (("All validation examples", whole), ("Test file", run.tested)):
        if figures is not None:
            yield title, _measured(figures, told(figures.values, classes), run.weights_step)


def _baselines(model: Model, dataset: Dataset) -> str:
    """A table of the trivial methods, the easiest to beat first: how each answers, and its figures."""
    config = model.config
    known = baselines(dataset, config.architecture, config.number_loss, lag_of(config, dataset))
    names = [*dict.fromkeys(name for one in known for name in one.metrics)]
    rows = (
        (
            *(f"{text[0].upper()}{text[1:]}" for text in (one.name, one.method)),
            loss_text(one.loss, 4),
            *(_figure(name, one.metrics[name]) if name in one.metrics else "" for name in names),
        )
        for one in known
    )
    return table(("Baseline", "How it answers", "Loss", *map(column_title, names)), rows)


def _figure(name: str, value: float) -> str:
    return loss_text(value, 4) if name == "loss" else f"{value:.4f}"


def _measured(measured: Measured, values: Mapping[str, float], weights_step: int) -> str:
    """A table of these figures of some weights on some examples. weights_step: of the weights that the answers are
    given with."""
    where = [("File", measured.file)] if measured.file else []
    notes = {"accuracy": about_accuracy(values)}
    figures = [
        (column_title(name), f"{value:.4f}", why_zero(name, value) or notes.get(name, ""))
        for name, value in values.items()
    ]
    step = f"{measured.step:,}"
    other = f"measured with the weights of this step; the answers are those of step {weights_step:,}"
    at = ("Step", step) if measured.step == weights_step else ("Step", step, other)
    counts = ("Examples", f"{measured.examples:,}")
    remark = [("Note", measured.remark)] if measured.remark else []
    return pairs([*where, at, counts, *remark, ("Loss", loss_text(measured.loss, 4)), *figures])


def _answers(model: Model, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Validation examples with the network's answers, and its confusions."""
    columns = [name.replace("_", " ") for name in report_columns(model, dataset)]
    distinct = dict.fromkeys(map(tuple, islice(report_rows(model, dataset), _LOOKED_AT)))
    examples = islice(distinct, _EXAMPLES)
    if model.predicts.is_number:
        shown = table(columns, examples, partial(own_units, figures=_FIGURES))
        spread = model.config.number_loss == "gaussian"  # otherwise only a mean is learned
        yield "Some validation examples", shown + (f"<p>{escaped(_DEVIATION)}</p>" if spread else "")
    else:
        yield "Some validation examples", table(columns, examples)
    if model.predicts.is_class:
        yield "Confusion", _confused(confusion(model, dataset.validation), model.predicts.short)


def _confused(found: Confusion, what: str) -> str:
    """The confusions: as a matrix if it is small, otherwise as a list of the most frequent ones."""
    counts, labels = found.counts, found.labels
    if len(labels) <= _LARGEST_TABLE:
        head = "<tr><th>truth \\ answer" + "".join(f"<th>{escaped(label)}" for label in labels)
        lines = [
            f"<tr><th>{escaped(label)}" + "".join(_shaded(count, int(row.sum())) for count in row.tolist())
            for label, row in zip(labels, counts, strict=True)
        ]
        return f'<table class="confusion"><thead>{head}</thead>{"".join(lines)}</table>'
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:_COMMONEST]
    pairs = [divmod(int(place), len(labels)) for place in order if wrong.flat[place]]
    rows = (
        (labels[a], labels[b], int(counts[a, b]), f"{percent(counts[a, b] / counts[a].sum(), 1)}") for a, b in pairs
    )
    return table((f"right {what}", "answer", "times", f"of this {what}"), rows)


def _shaded(count: int, total: int) -> str:
    share = count / total if total else 0.0
    return f'<td style="background: rgba(var(--mark), {0.55 * share:.2f})">{count:,}'


def _summary(run: Run) -> str:
    config = run.snapshot.config
    text = (
        f"{CELLS[config.cell].title} with {config.hidden_size:,} hidden units, {run.snapshot.size_in_words}, "
        f"trained for {counted(run.progress.step, 'step')} in {counted(max(1, round(run.history.seconds)), 'second')}."
    )
    if run.best is not None:
        text += f" Best validation loss {loss_text(run.best.loss, 4)} at step {run.best.step:,}."
    text += f" All answers below are given with the weights of step {run.weights_step:,}"
    if run.tested is not None and run.tested.step != run.weights_step:
        text += f"; the test file was measured with those of step {run.tested.step:,}"
    return f"{text}."


def _smooth(values: FloatArray) -> FloatArray:
    """A moving average over a hundredth of the curve on either side, because single batches are noisy."""
    width = len(values) // 100
    if width < 2:
        return values
    sums = np.cumsum(np.concatenate(([0.0], values)))
    at = np.arange(len(values))
    low, high = np.maximum(at - width, 0), np.minimum(at + width + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _settings(config: Config, idle: Container[str], run: Run | None = None) -> str:
    """All settings but those that are not set or have no effect on this network with these data, each explained. run:
    with the values that they had before they were changed in it."""
    rows = []
    for name, option in config.options().items():
        value, before = getattr(config, name), [] if run is None else earlier(run.changes, name, run.progress.step)
        if name not in idle and (before or option.is_set(value)):
            steps = "".join(f"{option.written(change.before)} up to step {change.step:,}, then " for change in before)
            rows.append((option.label, f"{steps}{option.written(value)}", option.help))
    return pairs(rows)
