"""How the files become data: which part is learned from, which is looked at, which is kept for the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from engine import load_dataset, load_sample, make_dataset
from engine.data.samples.addition import addition
from tests.results.experiment import Data


def loaded(path: Path, **changes: Any) -> Data:
    """A file that the engine splits itself."""
    return Data(load_dataset(path, **changes))


def with_changes(**changes: Any) -> Callable[[Path], Data]:
    """A file read with settings of one's own."""
    return lambda path: loaded(path, **changes)


def files_with(**changes: Any) -> Callable[[Path, Path, Path], Data]:
    """Files for training, for choosing and for the figures, read with settings of one's own."""

    def read(train: Path, validation: Path, test: Path) -> Data:
        dataset = load_dataset(train, validation=validation, **changes)
        return Data(dataset, list(load_dataset(train, validation=test, **changes).validation))

    return read


def development_learned_too(train: Path, development: Path, test: Path) -> Data:
    """Tagged sentences of two files to learn from, once settings have been chosen on the second. The third is the test.

    What is looked at while training is learned from too, so nothing may be chosen by it.
    """
    seen = load_dataset(train, validation=development)
    rows = [(one.source, one.target) for one in (*seen.train, *seen.validation)]
    hidden = [(one.source, one.target) for one in load_dataset(train, validation=test).validation]
    dataset, measured = (
        make_dataset(rows, "tagged", min_count=1, validation=held_out) for held_out in (rows[len(seen.train) :], hidden)
    )
    return Data(dataset, list(measured.validation))


def makemore_split(
    path: Path, count: int = 1000, seed: int = 3407, leak_free: bool = False, development: bool = False
) -> Data:
    """The `count` random lines that makemore holds out, whether or not they stand elsewhere too.

    leak_free: the names among them are taken out of the rest. development: as many other lines are taken out of the
    rest to choose settings by, and those of makemore are the test.

    Its order is `torch.randperm` after `torch.manual_seed(3407)`: Fisher and Yates with the raw 32-bit numbers of the
    Mersenne Twister, which numpy has too.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    draws = np.random.RandomState(seed).randint(0, 2**32, len(lines) - 1, dtype=np.uint32).tolist()
    for i, drawn in enumerate(draws):
        other = i + drawn % (len(lines) - i)
        lines[i], lines[other] = lines[other], lines[i]
    held_out = lines[-count:]
    if development:
        rest = lines[: -2 * count]
        dataset = make_dataset(rest, "sequences", validation=lines[-2 * count : -count])
        return Data(dataset, list(make_dataset(rest, "sequences", validation=held_out).validation))
    hidden = set(held_out) if leak_free else set()
    rest = [line for line in lines[:-count] if line not in hidden]
    return Data(make_dataset(rest, "sequences", validation=held_out))


def makemore_split_with_development(path: Path) -> Data:
    """The same test, and 1,000 other lines to choose settings by."""
    return makemore_split(path, development=True)


def makemore_split_leak_free(path: Path) -> Data:
    """The same lines held out, and no name among them occurs in training."""
    return makemore_split(path, leak_free=True)


def shuffled_table(path: Path, share: float = 0.8) -> Data:
    """Rows text<TAB>label below a header in random order, the first `share` of them to learn from."""
    rows = [tuple(line.split("\t")) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    Random(0).shuffle(rows)
    cut = int(share * len(rows))
    return Data(make_dataset(rows[:cut], "labelled", unit="character", validation=rows[cut:]))


def two_classes(positive: Path, negative: Path, share: float = 0.9) -> Data:
    """A file of texts for each class, one text a line, in random order: the first `share` of them to learn from, of
    which the engine holds a tenth out to choose by, and the others as the test."""
    files = (("positive", positive), ("negative", negative))
    rows = [(line.strip(), name) for name, path in files for line in path.read_text(encoding="utf-8").splitlines()]
    Random(0).shuffle(rows)
    cut = int(share * len(rows))
    test = make_dataset(rows[:cut], "labelled", unit="word", validation=rows[cut:]).validation
    return Data(make_dataset(rows[:cut], "labelled", unit="word"), list(test))


def first_symbol(count: int = 6000, longest: int = 100, tests: int = 500) -> Data:
    """One of sixteen letters, then 1 to `longest` more of them, label: the first; tested after exactly `longest`."""
    random = Random(0)

    def row(noise: int) -> tuple[str, str]:
        letters = "".join(random.choices("abcdefghijklmnop", k=1 + noise))
        return letters, letters[0]

    rows = [row(random.randint(1, longest)) for _ in range(count)]
    return Data(make_dataset(rows, "labelled", unit="character", validation=[row(longest) for _ in range(tests)]))


def sample(name: str) -> Callable[[], Data]:
    """A sample that ships, split as in the window."""
    return lambda: Data(load_sample(name))


def sums() -> Data:
    """The rows of the sample "addition", twice as many: drawn with two seeds, each sum once."""
    rows = dict([*addition(0), *addition(1)])
    return Data(make_dataset(list(rows.items()), "pairs", unit="character"))
