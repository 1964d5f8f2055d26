"""A run as one HTML page with plots: what was trained on what, and how it went. Nothing is loaded from elsewhere."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence

import numpy as np

from engine.cells import CELLS
from engine.config import Config
from engine.runs.atomic_write import write_text
from engine.runs.measured import Measured
from engine.runs.run import Run
from engine.types import FloatArray

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 720, 260, 56, 28  # of a plot in pixels, and the margins for its axis labels
_POINTS = 600  # of a curve; more could not be seen on a page
_BLUE, _ORANGE = "#0877bd", "#f59322"  # training and validation, as in the window

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem; color: #222; }}
  h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.1rem; margin-top: 2rem }}
  table {{ border-collapse: collapse }} td, th {{ padding: 2px 16px 2px 0; text-align: left; vertical-align: top }}
  svg {{ width: 100%; height: auto; font: 11px system-ui, sans-serif }} .n {{ text-align: right }}
  .grid {{ stroke: #ddd }} .number {{ fill: #666 }}
  @media (prefers-color-scheme: dark) {{
    body {{ background: #1c1e21; color: #ddd }} .grid {{ stroke: #444 }} .number {{ fill: #aaa }}
  }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
{plots}
<h2>Last validation, on {validated} examples</h2>
{metrics}
{tested}
<h2>Network</h2>
{model}
<h2>Learning</h2>
{training}
<h2>Data</h2>
{data}
</html>
"""


def export_report(run: Run, path: str | os.PathLike[str]) -> None:
    """Write the page. StorageError as `save_run`."""
    steps, validations = run.history.steps, run.history.validations
    lines = [("training", _BLUE, steps["step"], _smooth(steps["loss"]))]
    if len(validations["step"]):
        lines.append(("validation", _ORANGE, validations["step"], validations["loss"]))
    plots = [("Loss, nats a symbol", lines)]
    plots += [
        (_words(name), [("validation", _ORANGE, validations["step"], values)])
        for name, values in validations.items()
        if name not in ("step", "seconds", "loss", "perplexity", "bits_per_character")
    ]
    tested = "".join(
        f"<h2>{title}</h2>\n{_measured(figures)}"
        for title, figures in (("All validation examples", run.validated), ("Test file", run.tested))
        if figures is not None
    )
    page = _PAGE.format(
        title=_text(f"{run.snapshot.config.architecture.replace('-', ' ')} on {run.data.name}"),
        summary=_text(_summary(run)),
        plots="\n".join(f"<h2>{_text(title)}</h2>\n{plot(series)}" for title, series in plots),
        metrics=_table([(_words(n), f"{v[-1]:.4f}") for n, v in validations.items() if len(v) and n != "seconds"]),
        validated=f"at most {run.progress.validation_limit:,}" if run.progress.validation_limit else "all",
        tested=tested,
        model=_settings(run.snapshot.config),
        training=_settings(run.training),
        data=_table([("Name", run.data.name), ("From", run.data.path or run.data.sample or "Python"),
                     ("Fingerprint", run.data.fingerprint)]) + _settings(run.data.config),
    )  # fmt: skip
    write_text(path, page.encode("utf-8", "backslashreplace").decode("utf-8"))


def _measured(measured: Measured) -> str:
    """A table of the figures of some weights on some examples."""
    where = [("File", measured.file)] if measured.file else []
    figures = [(_words(name), f"{value:.4f}") for name, value in measured.values.items()]
    counts = [("Step", f"{measured.step:,}"), ("Examples", f"{measured.examples:,}")]
    return _table([*where, *counts, ("Loss", f"{measured.loss:.4f}"), *figures])


def _summary(run: Run) -> str:
    config = run.snapshot.config
    text = (
        f"{CELLS[config.cell].title} with {config.hidden_size} hidden units, {run.snapshot.weights.size:,} weights, "
        f"trained for {run.progress.step:,} steps in {run.history.seconds:,.0f} seconds of computation."
    )
    if run.best is not None:
        text += f" Best validation loss {run.best.loss:.4f} at step {run.best.step:,}."
    return text


def plot(series: Sequence[tuple[str, str, FloatArray, FloatArray]]) -> str:
    """Curves (name, colour, x, y) as SVG. Values that are not finite are left out; without any, a sentence says so."""
    known = [np.isfinite(x) & np.isfinite(y) for _, _, x, y in series]
    xs = np.concatenate([x[k] for (_, _, x, _), k in zip(series, known, strict=True)])
    ys = np.concatenate([y[k] for (_, _, _, y), k in zip(series, known, strict=True)])
    if not len(xs):
        return "<p>Nothing was measured yet.</p>"
    left, right = float(xs.min()), max(float(xs.max()), float(xs.min()) + 1)
    low, high = float(ys.min()), float(ys.max())
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    parts = [f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _place(share, 0, 1, _HEIGHT - _BOTTOM, 8)
        number = f"{low + share * (high - low):.4g}"
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH}"/>')
        parts.append(f'<text class="number" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number}</text>')
        x = _place(share, 0, 1, _LEFT, _WIDTH - 24)
        number = f"{left + share * (right - left):,.0f}"
        parts.append(f'<text class="number" x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{number}</text>')
    for place, ((name, colour, x, y), here) in enumerate(zip(series, known, strict=True)):
        places = np.column_stack(
            (_place(x[here], left, right, _LEFT, _WIDTH - 24), _place(y[here], low, high, _HEIGHT - _BOTTOM, 8))
        )
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in places[_few(len(places))].tolist())
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(
            f'<text x="{_WIDTH - 8}" y="{20 + 14 * place}" text-anchor="end" fill="{colour}">{_text(name)}</text>'
        )
    return "".join(parts) + "</svg>"


def _place(values: FloatArray | float, low: float, high: float, first: float, last: float) -> FloatArray:
    return np.asarray(first + (np.asarray(values) - low) / (high - low) * (last - first))


def _few(count: int) -> FloatArray:
    return np.unique(np.linspace(0, count - 1, min(count, _POINTS)).round().astype(np.int64))


def _smooth(values: FloatArray) -> FloatArray:
    """A moving average over a hundredth of the curve on either side, because single batches are noisy."""
    width = len(values) // 100
    if width < 2:
        return values
    sums = np.cumsum(np.concatenate(([0.0], values)))
    at = np.arange(len(values))
    low, high = np.maximum(at - width, 0), np.minimum(at + width + 1, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _settings(config: Config) -> str:
    rows = []
    for name, declared in config.options().items():
        value = getattr(config, name)
        shown = (declared.choices or {}).get(value, value)
        rows.append((declared.label, f"{shown:g}" if isinstance(shown, float) else str(shown)))
    return _table(rows)


def _table(rows: Sequence[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><th>{_text(a)}<td>{_text(b)}" for a, b in rows) + "</table>"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(text: str) -> str:
    return html.escape(text)
