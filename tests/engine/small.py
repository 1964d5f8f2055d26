"""Small data sets and networks that the tests of the engine share, and the list of all networks there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Kind
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples import Examples
from engine.models import MODELS, Model, build_model, model_class
from engine.training.batches import Windows
from engine.training.trainer import Trainer

HIDDEN_SIZE = 5
_ONE_CELL = "gru"


def _words(rng: np.random.Generator, large: bool) -> list[list[str]]:
    """Rows of 1 to 6 symbols: of 7 letters, or of 400 words, more than are multiplied one-hot."""
    symbols = [f"w{k}" for k in range(400)] if large else list("abcdefg")
    return [rng.choice(symbols, rng.integers(1, 7)).tolist() for _ in range(240 if large else 40)]


@cache
def data(kind: str, large: bool = False) -> Dataset:
    """A data set of one kind with ragged rows; `large`: of a vocabulary beyond the limit for one-hot products."""
    rows = _words(np.random.default_rng(5), large)
    join = (" " if large else "").join
    unit: Any = "word" if large else "character"
    if kind == "sequences":
        return make_dataset([join(row) for row in rows], "sequences", unit=unit)
    if kind == "stream":
        return make_dataset((" " if large else ". ").join(join(row) for row in rows), "stream", unit=unit)
    if kind == "labelled":
        return make_dataset([(join(row), "xyz"[len(row) % 3]) for row in rows], "labelled", unit=unit)
    if kind == "tagged":
        return make_dataset(
            [(row, ["AB"[len(word + row[0]) % 2 ^ (word > "d")] for word in row]) for row in rows], "tagged"
        )
    if kind == "rated":
        return make_dataset([(join(row), len(row) + 0.25 * (row[0] > "d")) for row in rows], "rated", unit=unit)
    if kind in ("series", "labelled-series", "speech", "pictures"):
        return _numbers(kind, rows)
    # targets as long as chance has it: sorted by length, a batch's sources stand in another order than its targets
    pairs = [(join(row), join((row[::-1] * 3)[: 1 + k * k % 8])) for k, row in enumerate(rows)]
    return make_dataset(pairs, "pairs", unit=unit, target_unit=unit)


def _numbers(kind: str, rows: list[list[str]]) -> Dataset:
    """Series of two columns and of different lengths, with a label or a text; pictures of 2 × 3 pixels."""
    rng = np.random.default_rng(6)
    walks = [rng.normal(size=(2 * len(row) + 3, 2)).cumsum(axis=0) for row in rows]
    if kind == "series":
        return make_dataset([rng.normal(size=(12 + 2 * i, 2)).cumsum(axis=0) for i in range(10)], kind)
    if kind == "labelled-series":
        return make_dataset([(walk, "xyz"[len(row) % 3]) for walk, row in zip(walks, rows, strict=True)], kind)
    texts = ["".join((row[::-1] * 3)[: 1 + k * k % 8]) for k, row in enumerate(rows)]
    frames = [rng.random((2, 3, 1)) for _ in rows] if kind == "pictures" else walks
    return make_dataset(list(zip(frames, texts, strict=True)), kind, target_unit="character")


def batch_of(dataset: Dataset, size: int = 5) -> Examples:
    """A ragged batch; of running text parallel windows."""
    if dataset.kind == "stream":
        return Windows(dataset.train, 3, 7).batch(0)
    if dataset.kind == "series":  # windows, and validation examples of which only the last values count
        return dataset.validation[:size]
    return dataset.train[:size]


@dataclass(frozen=True)
class Case:
    """A network and how it is trained on one batch."""

    architecture: str
    kind: str
    cell: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    teacher_forcing: float = 1.0
    large: bool = False

    def __str__(self) -> str:
        words = [self.architecture, self.kind, self.cell, *(f"{k}={v}" for k, v in self.changes.items())]
        words += ["own inputs"] * (self.teacher_forcing < 1) + ["large"] * self.large
        return " ".join(words)

    @property
    def dataset(self) -> Dataset:
        """The data it reads."""
        return data(self.kind, self.large)

    def model(self, dtype: str = "float64", hidden_size: int = HIDDEN_SIZE) -> Model:
        """The network with weights away from zero everywhere."""
        config = ModelConfig(
            architecture=self.architecture, cell=self.cell, **({"hidden_size": hidden_size} | dict(self.changes))
        )
        model = build_model(config, self.dataset, seed=3, dtype=dtype)
        flat = model.parameters.flat
        flat += np.random.default_rng(4).normal(0, 0.2, flat.shape).astype(flat.dtype)
        for name, weights in model.parameters.items():
            if name.endswith("weight_hh"):
                for gate, matrix in zip(CELLS[self.cell].gates, weights, strict=True):
                    matrix *= 0.6 if gate.identity else 1.0  # or the state would grow from step to step
        return model


def _variants(model: type[Model]) -> Iterator[dict[str, Any]]:
    yield {}
    if "cell" in model.unused:
        return
    yield {"num_layers": 2}
    yield {"embedding_size": 4}
    both = "bidirectional" not in model.unused
    if both:
        yield {"bidirectional": True}
        yield {"bidirectional": True, "num_layers": 2, "embedding_size": 4}
    if "attention" not in model.unused:
        yield {"attention": True}
        yield {"attention": True, "bidirectional": both, "num_layers": 2, "embedding_size": 4}
    if "pooling" not in model.unused:
        for pooling in ("max", "mean"):
            yield {"pooling": pooling, "num_layers": 2}
            yield {"pooling": pooling, "bidirectional": both, "embedding_size": 4}


def exact_cases() -> list[Case]:
    """Every architecture × kind of data × cell × variant that computes without chance."""
    return [
        Case(architecture, kind, cell, changes)
        for architecture, models in MODELS.items()
        for model in models
        for kind in model.kinds
        for cell in (["rnn"] if "cell" in model.unused else CELLS)
        for changes in _variants(model)
        # What is done to numbers differs at the ends of a network: its inside is varied with one cell.
        if not changes or cell == _ONE_CELL or not (kind.reads_numbers or kind.answers_numbers)
    ]


def exported_cases() -> list[Case]:
    """Those of networks that exporters have a form for."""
    return [c for c in exact_cases() if model_class(c.architecture, Kind(c.kind)).export_form is not None]


def text_cases(cases: list[Case]) -> list[Case]:
    """Those that read symbols and answer with symbols."""
    return [c for c in cases if not Kind(c.kind).reads_numbers and not Kind(c.kind).answers_numbers]


def plain_cases() -> list[Case]:
    """Every architecture × kind of data × cell, in its simplest form."""
    return [case for case in exact_cases() if not case.changes]


def few_cases() -> list[Case]:
    """Every architecture × kind of data with a cell of two states, running text with every cell: for what treats all
    cells alike."""
    return [
        case
        for case in plain_cases()
        if case.cell == "lstm"
        or case.kind == "stream"
        or "cell" in model_class(case.architecture, Kind(case.kind)).unused
    ]


def small_training(**changes: Any) -> TrainingConfig:
    """A few short epochs."""
    return replace(TrainingConfig(batch_size=8, epochs=3, learning_rate=0.01), **changes)


def trainer_of(case: Case | None = None, **changes: Any) -> Trainer:
    """A training of few steps, of a small classifier unless a case is given."""
    case = case or Case("many-to-one", "labelled", "gru")
    return Trainer(case.model("float32"), case.dataset, small_training(**changes))
