"""A file is its old self or its new self, whatever happens while it is written."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import safetensors

import engine
from engine.runs import safetensors_container
from engine.runs.atomic_write import replacing, write_text
from engine.runs.tensor_file import write_tensors

ROOT = Path(__file__).parents[3]
WRITER = """
import sys
import numpy as np
from engine.runs import safetensors_container
for k in range(100_000):
    safetensors_container.write_container(sys.argv[1], {"k": k}, {"a": np.full(2_000_000, k, np.float32)})
    if k == 0:
        print("ready", flush=True)
"""
# Ends without a word at the given call while it saves a second time: of fsync (all is written), of replace, or of fsync
# for the folder.
ENDING = """
import os, sys
import numpy as np
from engine.runs import safetensors_container

def save(k):
    safetensors_container.write_container(sys.argv[1], {"k": k}, {"a": np.full(100_000, k, np.float32)})

def ending(call):
    def counted(*arguments):
        calls.append(call)
        if len(calls) == int(sys.argv[2]):
            os._exit(9)
        return call(*arguments)
    return counted

calls = []
save(0)
os.fsync, os.replace = ending(os.fsync), ending(os.replace)
save(1)
"""


def kill_while_saving(path: Path, after_s: float) -> int:
    """Start a process that saves without end, kill it after a time; which save the file holds, whole."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(after_s)
        process.kill()
    document, arrays = safetensors_container.read_container(path)
    assert (arrays["a"] == document["k"]).all()
    return int(document["k"])


def check_kills(folder: Path, kills: int) -> None:
    path, rng = folder / "run", random.Random(kills)
    saves = [kill_while_saving(path, rng.uniform(0, 0.12)) for _ in range(kills)]
    assert max(saves) > 0, "every process was killed before it replaced a file"
    left = [entry.name for entry in folder.iterdir() if entry != path]
    assert left, "no process was killed while it wrote"
    assert all(name.startswith(".run.") and name.endswith(".part") for name in left), "nobody would sweep these away"


@pytest.mark.parametrize(("calls", "save", "left"), [(1, 0, 1), (2, 0, 1), (3, 1, 0)])
def test_a_process_that_ends_while_it_saves_leaves_a_whole_file(
    calls: int, save: int, left: int, tmp_path: Path
) -> None:  # fmt: skip
    path = tmp_path / "run"
    command = [sys.executable, "-c", ENDING, str(path), str(calls)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    document, arrays = safetensors_container.read_container(path)
    assert document["k"] == save
    assert (arrays["a"] == save).all()
    others = [entry.name for entry in tmp_path.iterdir() if entry != path]
    assert len(others) == left
    assert all(name.startswith(".run.") and name.endswith(".part") for name in others), "nobody would sweep these away"


@pytest.mark.slow
def test_a_process_killed_a_hundred_times_while_saving_leaves_a_whole_file(tmp_path: Path) -> None:
    check_kills(tmp_path, 100)


@pytest.mark.parametrize(
    ("name", "hours", "stays"),
    [
        (".run.0123456789abcdef.part", 1, False),
        (".run.0123456789abcdef.part", 0.1, True),  # another process may be writing it
        (".other.0123456789abcdef.part", 1, True),
        (".other.0123456789abcdef.part", 25, False),
        (".other.part", 25, True),  # not of our making
        ("other.0123456789abcdef.part", 25, True),
        ("run", 25, True),
    ],
)
def test_what_a_killed_process_left_in_a_folder_is_swept_away_when_it_is_written_to_again(
    tmp_path: Path, name: str, hours: float, stays: bool
) -> None:
    left = tmp_path / name
    left.write_text("half")
    then = time.time() - 3600 * hours
    os.utime(left, (then, then))
    write_text(tmp_path / "run", "whole")
    assert left.exists() == stays


def test_an_error_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_text(tmp_path / "run", "old")

    def fail() -> None:
        with replacing(tmp_path / "run") as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]
    assert (tmp_path / "run").read_text() == "old"


def test_a_folder_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(engine.StorageError, match="cannot be written"):
        write_text(tmp_path / "nowhere" / "run", "text")
    with pytest.raises(engine.StorageError, match="cannot be written"):
        safetensors_container.write_container(tmp_path / "nowhere" / "run", {}, {})


def test_a_folder_in_place_of_the_file_is_a_storage_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(engine.StorageError, match="cannot be written"):
        write_text(tmp_path / "run", "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]


@pytest.mark.skipif(os.name != "posix", reason="links and rights of POSIX")
def test_a_link_stays_a_link_and_rights_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640
    plain = tmp_path / "plain"
    plain.write_text("")
    safetensors_container.write_container(tmp_path / "fresh", {}, {"a": np.zeros(3, np.float32)})
    assert (tmp_path / "fresh").stat().st_mode == plain.stat().st_mode


def test_a_document_too_large_for_the_header_is_refused_before_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safetensors_container, "DOCUMENT_LIMIT_BYTES", 1000)
    with pytest.raises(engine.StorageError, match="a run file holds 1,000"):
        safetensors_container.write_container(tmp_path / "run", {"text": "x" * 2000}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_large_vocabulary_fits_into_the_header(tmp_path: Path) -> None:
    document = {"symbols": [f"слово{k}" for k in range(300_000)]}
    safetensors_container.write_container(tmp_path / "run", document, {"a": np.zeros(3, np.float32)})
    assert safetensors_container.read_container(tmp_path / "run")[0] == document


def test_the_library_of_the_format_reads_what_is_written(tmp_path: Path) -> None:
    arrays = {
        "b": np.arange(3, dtype=np.float32),
        "a": np.arange(10, dtype=np.float64).reshape(2, 5).T,
        "empty": np.zeros((0, 4), np.float32),
        "number": np.array(2.5, np.float32),
        "ä ☃": np.ones((1, 1, 1), np.float32),
    }
    write_tensors(tmp_path / "file", arrays, {"k": "ü\n"})
    with safetensors.safe_open(tmp_path / "file", framework="np") as opened:
        assert opened.metadata() == {"k": "ü\n"}
        assert set(opened.keys()) == set(arrays)
        for name, array in arrays.items():
            found = opened.get_tensor(name)
            assert (found.dtype, found.shape) == (array.dtype, array.shape)
            assert np.array_equal(found, array)
