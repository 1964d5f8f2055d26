"""Large files: time against `open().read().split()`, memory against the size of the file."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.data import load_dataset

pytestmark = pytest.mark.slow

MEASURE = """
import resource, sys, time
from engine.data import load_dataset
scale = 1 if sys.platform == "darwin" else 1024
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
rows = load_dataset(sys.argv[1], unit=sys.argv[2]).report.rows
load = time.process_time() - start
memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * scale
start = time.process_time()
open(sys.argv[1], encoding="utf-8").read().split()
print(load / (time.process_time() - start), memory, rows)
"""


def sentences(count: int) -> str:
    rng = random.Random(0)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = [1 / (i + 1) for i in range(len(words))]
    drawn = rng.choices(words, weights, k=count)
    lines = (" ".join(drawn[i : i + 12]).capitalize() + "." for i in range(0, count, 12))
    return "\n\n".join(lines)


@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
@pytest.mark.parametrize("unit", ["character", "word"])
def test_a_long_text_loads_in_four_times_its_splitting_and_three_times_its_memory(unit: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    text = sentences(200_000)
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < 100_000_000:
            file.write(text)
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path), unit], capture_output=True, text=True, check=True)
    ratio, memory, _ = map(float, done.stdout.split())
    assert ratio <= 4
    assert memory <= 3 * path.stat().st_size


@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
def test_a_table_of_five_million_rows_loads_within_three_times_its_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rng = random.Random(0)
    with open(path, "w", encoding="utf-8") as file:
        file.write("text,label\n")
        for i in range(5_000_000):
            file.write(f"{rng.getrandbits(64):016x},{'abc'[i % 3]}\n")
    command = [sys.executable, "-c", MEASURE, str(path), "character"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, memory, rows = map(float, done.stdout.split())
    assert rows == 5_000_000
    assert memory <= 3.2 * path.stat().st_size


def test_loading_leaves_room_for_other_threads(tmp_path: Path) -> None:
    import threading

    path = tmp_path / "x.txt"
    path.write_text(sentences(3_000_000), encoding="utf-8")
    gaps: list[float] = []
    done = threading.Event()

    def beat() -> None:
        last = time.perf_counter()
        while not done.wait(0.002):
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        load_dataset(path, unit="word")
    finally:
        done.set()
        thread.join()
    gaps.sort()
    assert gaps[int(len(gaps) * 0.99)] < 0.05
