"""Several runs in one file: they come back as they were, and a file made by somebody else can do no harm."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import engine
from engine.export.comparison_report import export_comparison_report
from engine.runs.run import Run
from engine.runs.run_set import NamedRun, is_run_set, open_run_set, write_run_set

NAMES = engine.load_sample("names")


def trained(cell: str, architecture: str = "one-to-many") -> Run:
    config = engine.ModelConfig(architecture=architecture, cell=cell, hidden_size=4)
    training = engine.TrainingConfig(epochs=1, batch_size=1024)
    trainer = engine.Trainer(engine.build_model(config, NAMES), NAMES, training)
    for _ in trainer:
        pass
    return Run.of(trainer)


@pytest.fixture(scope="module")
def runs() -> list[NamedRun]:
    return [NamedRun("first <b>", trained("rnn")), NamedRun("second", trained("gru"))]


def test_runs_come_back_with_their_names_weights_and_curves(runs: list[NamedRun], tmp_path: Path) -> None:
    path = tmp_path / "two.unrolls"
    write_run_set(path, runs)
    assert is_run_set(path)
    assert not engine.is_run(path)
    for before, after in zip(runs, open_run_set(path), strict=True):
        assert after.name == before.name
        assert (after.run.snapshot.weights == before.run.snapshot.weights).all()
        assert after.run.history.steps["loss"].tolist() == before.run.history.steps["loss"].tolist()
        assert after.run.path is None, "no file beside the archive is taken for its data"
    assert next(open_run_set(path)[1].run.trainer(NAMES, epochs=2)).step == runs[1].run.progress.step + 1
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def rewritten(path: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    other = path.with_name("other.unrolls")
    with zipfile.ZipFile(other, "w") as archive:
        change(archive, content)
    return other


def bomb(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    archive.writestr("runs.json", content["runs.json"])
    archive.writestr("run-1.unroll", b"\0" * 1_000_000, zipfile.ZIP_DEFLATED)
    archive.writestr("run-2.unroll", content["run-2.unroll"])


def elsewhere(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    listed = {"format": "unroll-runs", "runs": [{"name": "x", "file": "../../etc/passwd"}]}
    archive.writestr("runs.json", json.dumps(listed))


def damaged(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    archive.writestr("runs.json", content["runs.json"])
    archive.writestr("run-1.unroll", content["run-1.unroll"][:-40] + bytes(40))
    archive.writestr("run-2.unroll", content["run-2.unroll"])


def no_list(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    archive.writestr("runs.json", '{"format": "unroll-runs", "runs": 3}')


def many(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    one = {"name": "x", "file": "run-1.unroll"}
    archive.writestr("runs.json", json.dumps({"format": "unroll-runs", "runs": [one] * 51}))
    archive.writestr("run-1.unroll", content["run-1.unroll"])


def twice(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
    one = {"name": "x", "file": "run-1.unroll"}
    archive.writestr("runs.json", json.dumps({"format": "unroll-runs", "runs": [one] * 2}))
    archive.writestr("run-1.unroll", content["run-1.unroll"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (bomb, "compressed"),
        (elsewhere, "passwd"),
        (damaged, "run-1.unroll"),
        (no_list, "lists no runs"),
        (many, "more than 50"),
        (twice, "the same run twice"),
    ],
)
def test_a_file_that_is_not_sound_is_refused_in_words(
    runs: list[NamedRun], tmp_path: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None], said: str
) -> None:
    path = tmp_path / "two.unrolls"
    write_run_set(path, runs)
    with pytest.raises(engine.StorageError, match=said):
        open_run_set(rewritten(path, change))


def test_a_file_that_was_cut_in_half_is_said_to_be_cut_off_in_words_of_ours(
    runs: list[NamedRun], tmp_path: Path
) -> None:
    path = tmp_path / "half.unroll"
    write_run_set(path, runs)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for opens in (open_run_set, engine.open_run):
        with pytest.raises(engine.StorageError, match=r"half\.unroll: .*of several runs.*, perhaps cut off") as refused:
            opens(path)
        assert "zip" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"text"])
def test_what_is_no_archive_is_no_set_of_runs(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.unrolls"
    path.write_bytes(content)
    assert not is_run_set(path)
    with pytest.raises(engine.StorageError):
        open_run_set(path)


def test_the_page_of_a_comparison_names_what_differs_and_draws_a_curve_for_each_run(
    runs: list[NamedRun], tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    export_comparison_report(runs, path)
    page = path.read_text(encoding="utf-8")
    assert "<td>Cell<td>RNN<td>GRU" in page.replace("<th>", "<td>")
    assert "first &lt;b&gt;" in page
    assert "first <b>" not in page
    assert page.count('class="curve run0"') == page.count('class="curve run1"') >= 2
    with pytest.raises(engine.ConfigError):
        export_comparison_report(runs * 4, path)


def test_a_page_draws_no_metric_of_a_run_that_is_told_of_other_networks_only(
    runs: list[NamedRun], tmp_path: Path
) -> None:
    path = tmp_path / "comparison.html"
    export_comparison_report([*runs, NamedRun("classifier", trained("rnn", "many-to-one"))], path)
    sections = {part.partition("</h2>")[0]: part for part in path.read_text("utf-8").split("<h2>")}
    assert 'class="curve run2"' in sections["Accuracy by step"]
    assert 'class="curve run0"' in sections["Perplexity by step"]
    assert 'class="curve run2"' not in sections["Perplexity by step"], "a classifier has accuracy instead"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_no_set_of_runs_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.unrolls")
    assert not is_run_set(tmp_path / "x.unrolls")
    with pytest.raises(engine.StorageError, match=r"x\.unrolls: there is no such file"):
        open_run_set(tmp_path / "x.unrolls")
