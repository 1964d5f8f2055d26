"""Labels that say elsewhere that a value is missing are learned like any other, which the report remarks."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load_dataset

SAID = "Every label is learned; only rows without one are left out."


def put(path: Path, *labels: str) -> Path:
    rows = (f"the {k}th message is about a {label * 2}thing,{label}" for k in range(30) for label in labels)
    path.write_text("\n".join(["text,label", *rows]), encoding="utf-8")
    return path


def test_the_report_names_them_with_how_many_there_are(tmp_path: Path) -> None:
    two = "2 labels look like markers for missing values: “?” in 30 rows, “NA” in 30 rows."
    assert f"{two} {SAID}" in load_dataset(put(tmp_path / "a.csv", "bug", "NA", "login", "?")).report.findings
    one = "1 label looks like a marker for a missing value: “n/a” in 30 rows."
    assert f"{one} {SAID}" in load_dataset(put(tmp_path / "b.csv", "bug", "n/a", "login")).report.findings


@pytest.mark.parametrize("labels", [("bug", "none"), ("bug", "login"), ("?", ".", "..."), ("yes", "no", "none")])
def test_what_may_well_be_labels_is_not_remarked_on(labels: tuple[str, ...], tmp_path: Path) -> None:
    assert not any(SAID in finding for finding in load_dataset(put(tmp_path / "a.csv", *labels)).report.findings)
