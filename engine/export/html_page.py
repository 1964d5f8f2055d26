"""Building blocks of report pages: the HTML frame, tables, and escaped text."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence

# The colours are the window's.
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  :root {{ --text: #151b26; --muted: #6b7482; --line: #e9ecf0; --back: #fff; --train: #8cc3e4; --validation: #0877bd;
    --good: #1b7a3d; --error: #b3261e; --mark: 8, 119, 189 }}
  @media (prefers-color-scheme: dark) {{ :root {{ --text: #e8ecf1; --muted: #8e97a5; --line: #272e38; --back: #1a1f27;
    --train: #3f79a3; --validation: #55b1ee; --good: #6fd08c; --error: #ff8f85; --mark: 85, 177, 238 }} }}
  body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem;
    color: var(--text); background: var(--back) }}
  h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.1rem; margin-top: 2rem }}
  table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
  td, th {{ padding: 2px 16px 2px 0; text-align: left; vertical-align: top; overflow-wrap: anywhere }}
  thead th {{ color: var(--muted); font-weight: 500 }} .note {{ color: var(--muted) }}
  .n {{ text-align: right }} .right {{ color: var(--good) }} .wrong {{ color: var(--error) }}
  .confusion td, .confusion th {{ padding: 3px 9px; text-align: right }}
  svg {{ width: 100%; height: auto; font: 11px system-ui, sans-serif }}
  .grid {{ stroke: var(--line) }} .number {{ fill: var(--muted) }}
  .curve {{ fill: none; stroke-width: 1.5; stroke-linejoin: round }}
  .curve.train {{ stroke: var(--train) }} .curve.validation {{ stroke: var(--validation) }}
  .name.train {{ fill: var(--train) }} .name.validation {{ fill: var(--validation) }}
  .curve.run0 {{ stroke: #c13c62 }} .curve.run1 {{ stroke: #7a4aa8 }} .curve.run2 {{ stroke: #8c6a3f }}
  .curve.run3 {{ stroke: #3fa33f }} .curve.run4 {{ stroke: #c99a00 }} .curve.run5 {{ stroke: #0877bd }}
  .name.run0 {{ fill: #c13c62 }} .name.run1 {{ fill: #7a4aa8 }} .name.run2 {{ fill: #8c6a3f }}
  .name.run3 {{ fill: #3fa33f }} .name.run4 {{ fill: #c99a00 }} .name.run5 {{ fill: #0877bd }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
{sections}
</html>
"""


def pairs(rows: Sequence[tuple[str, str] | tuple[str, str, str]]) -> str:
    """A table of names and values, and of notes on them."""
    lines = [
        f"<tr><th>{escaped(name)}<td>{escaped(value)}" + "".join(f'<td class="note">{escaped(note)}' for note in notes)
        for name, value, *notes in rows
    ]
    return f"<table>{''.join(lines)}</table>"


def table(
    titles: Sequence[str], rows: Iterable[Sequence[object]], written: Callable[[float], str] = "{:.3f}".format
) -> str:
    """A table with a head. Numbers are right-aligned; right and wrong answers are marked. written: how a number with a
    fraction is written."""
    head = "".join(f"<th>{escaped(title)}" for title in titles)
    body = "".join("<tr>" + "".join(cell(value, written) for value in row) for row in rows)
    return f"<table><thead><tr>{head}</thead>{body}</table>"


def cell(value: object, written: Callable[[float], str]) -> str:
    """One cell of a table."""
    if isinstance(value, bool):
        return '<td class="right">✓' if value else '<td class="wrong">✗'
    if isinstance(value, float):
        return f'<td class="n">{escaped(written(value))}'
    return f'<td class="n">{value:,}' if isinstance(value, int) else f"<td>{escaped(str(value))}"


def escaped(text: str) -> str:
    """Text with its markup characters escaped."""
    return html.escape(text)
