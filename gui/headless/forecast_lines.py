"""A forecast as the command line prints it: a line for each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.models.forecast_table import BAND, ForecastTable


def forecast_columns(table: ForecastTable, of: Mapping[str, str]) -> str:
    """What stands in the columns. of: what tells the series from others: its file, or its name."""
    band = f" {BAND}" * (len(table.figures) > 1)
    return f"Columns: {', '.join([*table.columns, *of])}.{band}"


def forecast_lines(table: ForecastTable, of: Mapping[str, str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Each step: tab-separated for people, and as an object for programs. of: as above."""
    for row, (when, by_name) in zip(table.rows(), table.steps(), strict=True):
        cells = [f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row]
        values: dict[str, object] = {**dict(zip(("step", "time"), when, strict=False)), **by_name}
        yield "\t".join([*cells, *of.values()]), {**of, **values}
