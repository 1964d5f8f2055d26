"""Shared memory is there once, however many processes look into it, and nothing of it stays behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data.dataset import Dataset
from engine.processes import shared_memory
from engine.processes.child_process import Child
from engine.processes.shared_memory import SHARED_FROM, ArrayPlace, at, share, shared_copy, shared_place, shared_zeros

ROOT = Path(__file__).parents[3]
FOLDER = Path("/dev/shm")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the names cannot be listed")


@pytest.fixture(scope="module")
def large() -> Dataset:
    rng = np.random.default_rng(0)
    rows = ["".join(row) for row in rng.choice(list(LETTERS), (SHARED_FROM // 24, 12))]
    return engine.make_dataset([(row, row[0]) for row in rows], "labelled")


def place(array: np.ndarray) -> ArrayPlace:
    found = shared_place(array)
    assert found is not None
    return found


def names_of(process: int) -> list[str]:
    return [path.name for path in FOLDER.glob(f"unroll_{process}_*")]


def test_shared_data_are_the_same_data(large: Dataset) -> None:
    shared = share(large)
    assert shared.fingerprint == large.fingerprint
    assert shared.train[7] == large.train[7]
    assert shared.codec is large.codec
    rows = shared.train.source
    assert shared_place(rows.packed) is not None
    assert not rows.packed.flags.writeable
    assert shared_place(rows.packed[:100]) is None
    assert shared_place(rows.packed[::-1]) is None
    assert shared_place(rows.take([3]).packed) is None


@pytest.mark.parametrize("series", [1, 2])
def test_a_long_series_keeps_its_times_and_several_their_names_but_times_are_not_sent(
    tmp_path: Path, series: int
) -> None:
    days = np.arange("1978-01-01", "2000-01-01", dtype="datetime64[D]").astype(str).tolist()
    names, stations = (
        ["north", "south"][:series],
        range(40),
    )  # many columns: as much memory with far fewer dates to read
    rows = [
        ",".join((day, name, *(f"{(k + station) % 97}.5" for station in stations)))
        for name in names
        for k, day in enumerate(days)
    ]
    header = ",".join(("day", "place", *(f"rain {station}" for station in stations)))
    (path := tmp_path / "x.csv").write_text("\n".join([header, *rows]))
    dataset = engine.load_dataset(path)
    shared = share(dataset)
    assert shared_place(shared.train.source.packed) is not None
    assert shared.series_times == dataset.series_times == (tuple(days),) * series
    assert shared.train.names == dataset.train.names == (() if series == 1 else ("north", "south"))
    assert shared.__getstate__()["series_times"] == ()


def test_small_data_stay_where_they_are() -> None:
    small = engine.load_sample("names")
    assert share(small) is small


def test_a_copy_can_be_read_by_others_as_long_as_the_first_array_lives() -> None:
    copy = shared_copy(np.arange(6.0).reshape(2, 3))
    there = place(copy)
    again, third = at(there), at(there)
    np.testing.assert_array_equal(again, copy)
    assert (again.shape, again.dtype) == ((2, 3), np.float64)
    for array in (copy, again):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    del copy
    with pytest.raises(OSError, match="No such file"):
        at(there)
    np.testing.assert_array_equal(again, third)  # who has found it keeps it


def test_a_part_keeps_the_whole_alive() -> None:
    part = shared_copy(np.arange(1000))[10:20]
    gc.collect()
    assert part.tolist() == list(range(10, 20))


def test_a_block_is_for_one_other_who_may_write() -> None:
    block = shared_zeros((2, 3), np.float32)
    there = place(block)
    other = at(there)
    other[1] = 7
    assert block.tolist() == [[0, 0, 0], [7, 7, 7]]
    with pytest.raises(OSError, match="No such file"):
        at(there)


@pytest.mark.parametrize("how", ["told to", "killed"])
def test_a_reader_may_end_however_it_likes(large: Dataset, how: str) -> None:
    shared = share(large)
    there = place(shared.train.source.packed)
    child = Child("tests.engine.processes.echo", {})
    child.channel.send(("keep", "data", shared))
    assert child.channel.receive() == 1
    if sys.platform == "linux":
        assert there.name in Path(f"/proc/{child.process_id}/maps").read_text("utf-8")
    if how == "told to":
        child.channel.send("end")
    else:
        os.kill(child.process_id, signal.SIGKILL)
    child.wait()
    np.testing.assert_array_equal(at(there), large.train.source.packed)
    child.close()
    del shared
    gc.collect()
    with pytest.raises(OSError, match="No such file"):
        at(there)


def test_without_room_the_data_stay_and_a_block_says_what_is_missing(
    large: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shared_memory, "LINUX_FOLDER", tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 100_000})())
    assert share(large) is large
    with pytest.raises(OSError, match=r"0\.8 MB of shared memory are needed, and .* does not have them"):
        shared_zeros((2, 100_000), np.float32)


PROGRAM = """
import os, signal, sys
import numpy as np
from engine.models import Carry
from engine.processes.child_process import Child
from engine.processes.half_batch import Half
from engine.processes.shared_memory import shared_copy
from tests.engine.small import Case, batch_of

case = Case("many-to-one", "labelled", "gru")
model = case.model()
copy = shared_copy(np.arange(1000))
half = Half(model, {})
child = Child("tests.engine.processes.echo", {})
if "idle" not in sys.argv:
    half.begin(batch_of(case.dataset), None, None, 1.0)
    half.finish()
    child.channel.send(("keep", "copy", copy))
    child.channel.receive()
print(os.getpid(), flush=True)
"""


def run(*endings: str) -> tuple[int, str]:
    """A program that uses shared memory of both kinds: the number of its process and what it says on standard error."""
    code, *arguments = endings
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return int(done.stdout), done.stderr.replace("what a library prints", "")


@on_linux
@pytest.mark.parametrize("doing", ["idle", "busy"])
@pytest.mark.parametrize("ending", ["", "raise SystemExit(3)", "os.kill(half.process_id, signal.SIGKILL)"])
def test_nothing_is_left_and_nothing_is_said_when_a_program_ends(ending: str, doing: str) -> None:
    process, said = run(ending, doing)
    assert (names_of(process), said) == ([], "")


@on_linux
def test_nothing_is_left_when_a_program_is_killed() -> None:
    process, said = run("os.kill(os.getpid(), signal.SIGKILL)")
    assert names_of(process) == []
    assert "1 leaked shared_memory objects to clean up" in said  # the copy; the block has no name any more


@on_linux
@pytest.mark.parametrize("doing", ["idle", "busy"])
def test_two_halves_leave_nothing_and_say_nothing_when_their_program_is_killed(doing: str) -> None:
    process, said = run("del copy; os.kill(os.getpid(), signal.SIGKILL)", doing)
    assert (names_of(process), said) == ([], "")
