"""What all models share: parameters, the loss and its gradient, and a clear no to the verbs of other shapes."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ModelConfig
from engine.data.codec import Codec
from engine.data.examples import Example, Examples
from engine.errors import ConfigError
from engine.network.layers import Dense, drop
from engine.network.losses import cross_entropy, cross_entropy_gradient
from engine.network.packing import Packing
from engine.network.parameters import Parameters
from engine.network.recurrent import States
from engine.network.sequence_network import SymbolNetwork
from engine.network.workspace import Arena
from engine.types import FloatArray, IntArray

_ROWS_PER_CHUNK = 4096  # symbols evaluated at once: large enough for fast products, small enough for the cache

Batch = Examples | Sequence[Example]


@dataclass(frozen=True)
class Generated:
    """A text the network wrote; `log_probability` in nats, of all that it chose itself, the end included."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]
    token_log_probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Tagged:
    """A token with its most probable tag."""

    token: str
    tag: str
    probability: float


@dataclass(frozen=True)
class Translation:
    """An answer of the decoder; attention (target steps, source steps) where the network has it."""

    text: str
    log_probability: float
    tokens: tuple[str, ...]
    attention: FloatArray | None


@dataclass
class Pass:
    """A forward pass: logits (K, N) and targets (N,) of its N predictions, in row order."""

    packing: Packing
    logits: FloatArray
    targets: IntArray
    read: FloatArray  # what the read-out saw: (N, H), silenced numbers zero
    mask: FloatArray | None  # dropout before the read-out


@dataclass
class Carry:
    """The recurrent state handed from one window of a running text to the next: [layer][direction][state] (B, H)."""

    states: list[list[States]] | None = None


class Model(ABC):
    """An architecture with its weights.

    Computes in the dtype of its parameters. Not to be shared between threads: each takes its own from a Snapshot.
    """

    verb: ClassVar[str]
    task: ClassVar[str]  # what the verb does, for messages
    output: Dense

    def __init__(
        self,
        config: ModelConfig,
        codec: Codec,
        longest: int,
        dtype: DTypeLike = np.float32,
        flat: FloatArray | None = None,
    ) -> None:
        self._describe(config, codec, longest, np.dtype(dtype if flat is None else flat.dtype))
        self.arena = Arena(self.dtype)
        self.predicted = 0  # symbols predicted by the last `loss_and_gradient`
        self.parameters = Parameters(self.shapes(), self.dtype, flat)

    @classmethod
    def layout(cls, config: ModelConfig, codec: Codec, longest: int) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters of such a network, without its memory."""
        model = cls.__new__(cls)
        model._describe(config, codec, longest, np.dtype(np.float32))
        return model.shapes()

    def _describe(self, config: ModelConfig, codec: Codec, longest: int, dtype: np.dtype[Any]) -> None:
        self.config = config
        self.codec = codec
        self.longest = longest
        self.dtype = dtype
        self._build()

    @cached_property
    def gradients(self) -> Parameters:
        """The gradient of the last `loss_and_gradient`, laid out as the parameters."""
        return self.parameters.zeros_like()

    @abstractmethod
    def _build(self) -> None:
        """Make the layers."""

    @abstractmethod
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters."""

    @abstractmethod
    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every prediction. rng: draws dropout and own inputs; None: neither."""

    @abstractmethod
    def backward(self, done: Pass) -> None:
        """Write all gradients; `done.logits` now hold the gradient of the logits."""

    @abstractmethod
    def networks(self) -> dict[str, SymbolNetwork]:
        """The recurrent parts by name: "" where there is one, "encoder" and "decoder" where there are two."""

    @abstractmethod
    def measure(self, examples: Examples) -> dict[str, float]:
        """The architecture's metrics by name, on all examples; see `evaluate`."""

    def examples(self, batch: Batch | Iterable[Example]) -> Examples:
        """A batch in the form the model reads."""
        return batch if isinstance(batch, Examples) else Examples.of(self.codec, batch)

    def one(self, tokens: Sequence[str], target: Sequence[str] = ()) -> Examples:
        """A single example. Where spelling is read, words that the vocabulary lacks keep their letters."""
        codec = self.codec
        if self.config.spelling != "none":
            strange = [token for token in dict.fromkeys(tokens) if codec.source.index(token) is None]
            codec = dataclasses.replace(codec, source=dataclasses.replace(codec.source, extra=tuple(strange)))
        return Examples.of(codec, [(tuple(tokens), tuple(target))])

    def read_out(
        self, states: FloatArray, rng: np.random.Generator | None
    ) -> tuple[FloatArray, FloatArray, FloatArray | None]:
        """Logits (K, N) of states (N, H), with what the read-out saw and the mask of the dropout before it."""
        mask: FloatArray | None = None
        if rng is not None and self.config.dropout > 0:
            states, mask = drop(states, self.config.dropout, rng, self.arena)
        return self.output.forward(self.parameters, self.arena, states), states, mask

    def read_out_backward(self, done: Pass) -> FloatArray:
        """Gradient of the states (N, H) from that of the logits."""
        d_states = self.output.backward(self.parameters, self.gradients, self.arena, done.read, done.logits)
        return d_states if done.mask is None else np.multiply(d_states, done.mask, out=d_states)

    def loss_and_gradient(
        self,
        batch: Batch,
        rng: np.random.Generator | None = None,
        carry: Carry | None = None,
        teacher_forcing: float = 1.0,
    ) -> float:
        """Mean nats per predicted symbol of the batch; leaves its gradient in `gradients`.

        rng: draws dropout; without it there is none. carry: state to start from, replaced by the state at the end.
        teacher_forcing: share of fed-back inputs taken from the truth; the others are the network's own best symbols
        (Bengio et al., "Scheduled sampling", 2015), through which no gradient flows.
        """
        self.arena.reset()
        done = self.forward(self.examples(batch), rng, carry, teacher_forcing)
        count = self.predicted = len(done.targets)
        total = cross_entropy_gradient(done.logits, done.targets, 1 / count)
        self.backward(done)
        return total / count

    def loss(self, batch: Batch, carry: Carry | None = None) -> tuple[float, int]:
        """Sum of nats over the batch and the number of predicted symbols."""
        self.arena.reset()
        done = self.forward(self.examples(batch), None, carry)
        return cross_entropy(done.logits, done.targets), len(done.targets)

    def _no(self, verb: str) -> NoReturn:
        raise ConfigError(
            f"This network cannot {verb}: it is {self.config.architecture.replace('-', ' ')} "
            f"on {self.codec.kind} data and {self.task}."
        )

    def generate(
        self,
        count: int = 1,
        label: str | None = None,
        prefix: str = "",
        temperature: float = 1.0,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int | None = None,
        length: int = 0,
    ) -> list[Generated]:
        """Write texts (one to many)."""
        self._no("generate")

    def next_symbols(self, prefix: str = "", label: str | None = None) -> dict[str, float]:
        """Probability of each next symbol after a beginning (one to many)."""
        self._no("generate")

    def classify(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of each label (many to one)."""
        self._no("classify")

    def tag(self, text: str | Sequence[str]) -> list[Tagged]:
        """The tag of each token (many to many)."""
        self._no("tag")

    def translate(self, text: str | Sequence[str], beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The most probable answers that begin with `forced`, best first (encoder–decoder)."""
        self._no("translate")

    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of the next symbol from the last one alone, or of each label (one to one)."""
        self._no("predict")


def text_lengths(examples: Examples) -> IntArray:
    """(B,) symbols of each source."""
    return np.asarray(examples.source.lengths)


def known_source(examples: Examples) -> IntArray:
    """All source ids in a row, those the model does not know as unknown."""
    return examples.codec.source.known(examples.source.values)


def known_target(examples: Examples) -> IntArray:
    """All target ids in a row, those the model does not know as unknown."""
    target = examples.codec.target
    assert target is not None
    return target.known(examples.target.values)


def chunks(examples: Examples) -> Iterator[tuple[Examples, IntArray]]:
    """Examples sorted by length, in pieces of a bounded number of symbols: quick to evaluate, in bounded memory.

    With each piece the numbers of its examples.
    """
    sizes = np.asarray(examples.source.lengths) + np.asarray(examples.target.lengths) + 1
    order = np.argsort(-sizes, kind="stable")
    cuts = np.cumsum(sizes[order]) // _ROWS_PER_CHUNK
    for part in np.split(order, np.flatnonzero(np.diff(cuts)) + 1):
        yield examples.take(part), part


def distribution(logits: FloatArray, symbols: Sequence[str]) -> dict[str, float]:
    """(K,) logits → symbol → probability, most probable first."""
    shifted = np.exp(np.asarray(logits, np.float64) - float(logits.max()))
    probabilities = shifted / shifted.sum()
    order = np.argsort(-probabilities, kind="stable")
    return {symbols[k]: float(probabilities[k]) for k in order}
