"""Large data lie in memory once, however many processes look at them."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.data import Dataset
from engine.processes.child_process import Child
from engine.processes.shared_memory import SHARED_FROM, at, place_of, share

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is such memory on Linux only")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def large() -> Dataset:
    rng = np.random.default_rng(0)
    rows = ["".join(row) for row in rng.choice(list(LETTERS), (SHARED_FROM // 24, 12))]
    return engine.make_dataset([(row, row[0]) for row in rows], "labelled")


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_shared_data_are_the_same_data(large: Dataset) -> None:
    shared = share(large)
    assert shared.fingerprint == large.fingerprint
    assert shared.train[7] == large.train[7]
    assert shared.codec is large.codec
    rows = shared.train.source
    assert place_of(rows.packed) is not None
    assert not rows.packed.flags.writeable
    assert place_of(rows.packed[:100]) is None
    assert place_of(rows.take([3]).packed) is None


def test_small_data_stay_where_they_are() -> None:
    small = engine.load_sample("names")
    assert share(small) is small


def test_another_process_sees_the_same_memory_and_it_is_gone_with_the_last_who_looks(large: Dataset) -> None:
    before = descriptors()
    shared = share(large)
    packed = shared.train.source.packed
    child = Child("tests.engine.processes.echo", {})
    child.channel.introduce("data", shared)
    child.channel.send(("keep", shared))
    assert child.channel.receive() == 1
    mapped = Path(f"/proc/{child.process_id}/maps").read_text("utf-8")
    assert "memfd:unroll" in mapped
    place = place_of(packed)
    assert place is not None
    again = at(place)
    np.testing.assert_array_equal(again, packed)
    with pytest.raises(ValueError, match="read-only"):
        again[0] = 1
    child.close()
    child.channel.forget("data")
    del shared, packed, child
    gc.collect()
    assert descriptors() == before + 1  # that of `again`
    with pytest.raises(OSError, match=r"No such file|memfd"):
        at(place)
    assert again[0] >= 0  # who looks at it keeps it
