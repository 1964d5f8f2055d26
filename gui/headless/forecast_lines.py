"""A forecast as the command line prints it: a line for each step."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.forecast_table import BAND, ForecastTable


def forecast_columns(table: ForecastTable, file: str) -> str:
    """What stands in the columns. file: the name of the series if it is one of several, else ""."""
    band = f" {BAND}" * (len(table.figures) > 1)
    return f"Columns: {', '.join([*table.columns, *(['file'] if file else [])])}.{band}"


def forecast_lines(table: ForecastTable, file: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Each step: tab-separated for people, and as an object for programs; with the name of its file if there are
    several."""
    for row, (when, by_name) in zip(table.rows(), table.steps(), strict=True):
        cells = [f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row]
        values: dict[str, object] = {**dict(zip(("step", "time"), when, strict=False)), **by_name}
        yield "\t".join([*cells, *([file] if file else [])]), {"file": file, **values} if file else values
