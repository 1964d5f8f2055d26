"""Large files: time against `open().read().split()`, memory against the size of the file."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.load import load_dataset

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


def long_text(path: Path) -> None:
    """Running text of 20,000 words, the frequent ones most of it."""
    text = sentences(200_000)
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < 100_000_000:
            file.write(text)


def short_lines(path: Path) -> None:
    """7.5 million lines of one word, most of them repeated."""
    rng = random.Random(0)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(6, 18))) for _ in range(200_000)]
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(75):
            file.write("\n".join(rng.choices(words, k=100_000)) + "\n")


def many_words(path: Path) -> None:
    """600,000 words that are equally frequent."""
    rng = random.Random(0)
    words = [f"{rng.getrandbits(32):x}" for _ in range(600_000)]
    with open(path, "w", encoding="utf-8") as file:
        while file.tell() < 100_000_000:
            drawn = rng.choices(words, k=120_000)
            file.write("".join(" ".join(drawn[i : i + 12]) + ".\n" for i in range(0, len(drawn), 12)))


def table(path: Path) -> None:
    """Five million rows of a text and a label."""
    rng = random.Random(0)
    with open(path, "w", encoding="utf-8") as file:
        file.write("text,label\n")
        for i in range(5_000_000):
            file.write(f"{rng.getrandbits(64):016x},{'abc'[i % 3]}\n")


CASES: dict[str, tuple[Callable[[Path], None], str, int | None]] = {  # name → what is written, unit, rows
    "long text in characters": (long_text, "character", 1),
    "long text in words": (long_text, "word", 1),
    "short lines": (short_lines, "character", 7_500_000),
    "many words": (many_words, "word", None),  # as many lines as it takes
    "table": (table, "character", 5_000_000),
}


@pytest.mark.skipif(sys.platform == "win32", reason="measures with the resource module")
@pytest.mark.parametrize("case", CASES)
def test_a_large_file_loads_in_four_times_its_splitting_and_three_times_its_memory(case: str, tmp_path: Path) -> None:
    write, unit, expected = CASES[case]
    path = tmp_path / "x.txt"
    write(path)
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path), unit], capture_output=True, text=True, check=True)
    ratio, memory, rows = map(float, done.stdout.split())
    if expected is not None:
        assert rows == expected
    assert ratio <= 4
    assert memory <= 3 * path.stat().st_size


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
