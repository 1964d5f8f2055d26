"""Whatever the bytes are, a reader returns a data set or raises a DataError."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.codec import UNITS
from engine.data.dataset import Dataset
from engine.data.files.readers import READERS
from engine.data.load import load_dataset
from engine.errors import ConfigError, DataError
from tests.engine.data.files.forms import FORMS

SEEDS = [writer(rows[:12]).encode() for _, _, rows, writer in FORMS.values()]
PIECES = [
    b"\n", b"\n\n", b"\r\n", b"\r", b"\t", b"\t\n", b",", b";", b"|", b'"', b'""', b" ", b"#", b"# ", b"{", b"}", b"[",
    b"]", b":", b'{"a": ', b"1-2\t", b"1\t", b"_\t_\t_", b"O\n", b"B-X", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\x1f\x8b", "é".encode(), "e\u0301".encode(), "👩‍👧".encode(), "\u2028".encode(), "\u00a0".encode(), b"word",
    b"text,label\n", b"a", b"9", b"-DOCSTART-", b"</s>", b"<unk>", b"\x0b", b"\x1c", b"\x85", b"\\", b"\\ud800",
    b"1e999", b"NaN", b"X:1\n", b"K:", b"[K:", b"|", b"|]",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with pieces cut out and put in, or no file at all."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        data = data[:start] + b"".join(draw(st.lists(st.sampled_from(PIECES), max_size=4))) + data[stop:]
    return data


ANYTHING = st.one_of(damaged(), st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join), st.binary(max_size=200))


def check(data: bytes, **choices: object) -> Dataset | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.txt"
        path.write_bytes(data)
        try:
            dataset = load_dataset(path, **choices)  # type: ignore[arg-type]
        except (DataError, ConfigError):
            return None
    assert len(dataset.train) >= 1
    assert len(dataset.validation) >= 1
    for part in (dataset.train, dataset.validation):
        for example in part:
            assert example.source
            assert dataset.kind != "tagged" or len(example.source) == len(example.target)
            assert dataset.kind != "labelled" or len(example.target) == 1
            assert dataset.kind != "pairs" or example.target
    assert dataset.report.rows == dataset.report.rows_read - dataset.report.skipped or dataset.kind == "stream"
    assert len(dataset.fingerprint) == 16
    return dataset


SINGLE = [name for name in READERS if name not in ("folder", "parallel")]


@pytest.mark.parametrize("form", ["auto", *SINGLE])
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(data=ANYTHING)
def test_any_bytes_become_a_data_set_or_a_data_error(form: str, data: bytes) -> None:
    check(data, form=form)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["auto", *SINGLE])
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(data=ANYTHING)
def test_any_bytes_become_a_data_set_or_a_data_error_thousands_of_times(form: str, data: bytes) -> None:
    check(data, form=form)


def check_together(first: bytes, second: bytes, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("x.en", first), ("x.fr", second)):
            (Path(folder) / name).write_bytes(data)
        try:
            dataset = load_dataset(folder, form=form)
        except (DataError, ConfigError):
            return
    assert len(dataset.train) >= 1
    assert len(dataset.validation) >= 1


@pytest.mark.parametrize("form", ["auto", "folder", "parallel"])
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(first=ANYTHING, second=ANYTHING)
def test_any_two_files_become_a_data_set_or_a_data_error(form: str, first: bytes, second: bytes) -> None:
    check_together(first, second, form)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["auto", "folder", "parallel"])
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(first=ANYTHING, second=ANYTHING)
def test_any_two_files_become_a_data_set_or_a_data_error_thousands_of_times(
    form: str, first: bytes, second: bytes
) -> None:
    check_together(first, second, form)


@pytest.mark.parametrize("kind", ["sequences", "stream", "labelled", "tagged", "pairs"])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=damaged(), unit=st.sampled_from(["auto", *UNITS]), lowercase=st.booleans())
def test_any_kind_may_be_asked_of_any_file(kind: str, data: bytes, unit: str, lowercase: bool) -> None:
    dataset = check(data, kind=kind, unit=unit, lowercase=lowercase)
    assert dataset is None or dataset.kind == kind


def check_beside(train: bytes, other: bytes) -> None:
    """A file with another one as its validation file and as its test file."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "train.txt", Path(folder) / "other.txt"
        for path, data in zip(paths, (train, other), strict=True):
            path.write_bytes(data)
        for purpose in ("validation", "test"):
            try:
                dataset = load_dataset(paths[0], **{purpose: paths[1]})  # type: ignore[arg-type]
                assert len(dataset.validation if purpose == "validation" else dataset.test or ()) >= 1
            except (DataError, ConfigError):
                continue


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(train=st.one_of(st.sampled_from(SEEDS), damaged()), other=ANYTHING)
def test_any_file_beside_another_is_read_or_a_data_error(train: bytes, other: bytes) -> None:
    check_beside(train, other)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(train=st.one_of(st.sampled_from(SEEDS), damaged()), other=ANYTHING)
def test_any_file_beside_another_is_read_or_a_data_error_thousands_of_times(train: bytes, other: bytes) -> None:
    check_beside(train, other)
