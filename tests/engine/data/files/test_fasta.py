"""Sequences of letters in the FASTA format."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import engine

RANDOM = Random(0)
SEQUENCES = ["".join(RANDOM.choices("ACGT", k=30 + 7 * k)) for k in range(12)]


def put(path: Path, lines: list[str], end: str = "\n") -> Path:
    path.write_bytes(end.join([*lines, ""]).encode())
    return path


def wrapped(sequence: str) -> list[str]:
    return [sequence[at : at + 25] for at in range(0, len(sequence), 25)]


def texts(dataset: engine.Dataset) -> list[str]:
    return sorted("".join(one.source) for part in (dataset.train, dataset.validation) for one in part)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_lines_of_a_sequence_are_one_text_without_its_description(tmp_path: Path, end: str) -> None:
    lines = [line for k, one in enumerate(SEQUENCES) for line in (f">seq{k} some gene", *wrapped(one), "")]
    dataset = engine.load_dataset(put(tmp_path / "genes.fasta", lines, end))
    assert (dataset.kind, dataset.codec.unit) == ("sequences", "character")
    assert texts(dataset) == sorted(SEQUENCES)
    (remark, *_) = dataset.report.remarks
    assert remark == "The letters of each sequence are read, without the description above them."


def test_quoted_lines_of_a_mail_are_no_sequences(tmp_path: Path) -> None:
    lines = [line for k in range(10) for line in (f">Could you call me at {k}?", f"Yes, at {k} sharp")]
    dataset = engine.load_dataset(put(tmp_path / "mail.txt", lines))
    assert any(text.startswith(">") for text in texts(dataset))
    assert dataset.report.remarks == ()
