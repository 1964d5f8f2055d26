"""The Sample class, and functions that read hand-written lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from engine.data.codec import Kind


@dataclass(frozen=True, eq=False)
class Sample:
    """A data set that was made for this program and comes with it.

    Nothing is read or generated until `rows()` is called, so the list of samples costs nothing.
    """

    name: str  # key in SAMPLES
    title: str  # its name in the window
    description: str  # one sentence for the window
    kind: Kind
    unit: str  # of text that is read or written: "character" or "word"
    architecture: str  # the architecture that it is meant for
    how_made: str  # one sentence
    # str, (text, label), (tokens, tags), (source, target), (text, number), arrays or (array, text), by kind
    rows: Callable[[], Sequence[Any]]
    settings: Mapping[str, object] = field(default_factory=dict)  # names of ModelConfig and TrainingConfig → value
    probe: str = ""  # a text worth watching during training
    label: str = ""  # the label selected at first, if the network writes text for a label
    held_out: Callable[[], Sequence[Any]] | None = None  # rows to validate on, if a share of `rows` is not suitable
    columns: tuple[str, ...] = ()  # names of the columns of numbers
    recipe: Mapping[str, Any] = field(default_factory=dict)  # how to turn a file into such numbers, see `RECIPES`


def read_lines(name: str) -> list[str]:
    """The lines of a hand-written list in `files/`, without line ends, empty lines and `# comments`."""
    text = files(__package__).joinpath("files", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]


def read_sample_text(name: str) -> str:
    """A whole hand-written text in `files/`."""
    return files(__package__).joinpath("files", name).read_text(encoding="utf-8")


def read_text_pairs(name: str) -> list[tuple[str, str]]:
    """The two tab-separated columns of a hand-written list in `files/`."""
    pairs = (line.split("\t") for line in read_lines(name))
    return [(first, second) for first, second in pairs]


def read_tagged(name: str) -> list[tuple[list[str], list[str]]]:
    """Sentences written as `token/TAG token/TAG …`, one per line, as (tokens, tags)."""
    sentences = []
    for line in read_lines(name):
        parts = [word.rsplit("/", 1) for word in line.split()]
        sentences.append(([token for token, _ in parts], [tag for _, tag in parts]))
    return sentences
