"""The base of all models: parameters, and the loss with its gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ModelConfig, TrainingConfig
from engine.data.codec import Codec, Kind
from engine.data.examples import Example, Examples
from engine.data.vocabulary import FIRST_ID, UNKNOWN, Vocabulary
from engine.errors import ConfigError
from engine.models.answer_types import OwnAnswer
from engine.models.forward_pass import Carry, Pass, ReadOutTape
from engine.models.model_description import ExportForm, HeadStart, Part, Pictogram, Prediction, Stage, Verb
from engine.models.other_codecs import in_own_case, means_the_same
from engine.models.verbs import Verbs
from engine.network.input_layers import Embedding
from engine.network.layers import Dense, TiedDense, drop
from engine.network.parameters import Parameters
from engine.network.sampled_softmax import SymbolSample
from engine.network.scorers import Scorer, Softmax
from engine.network.sequence_network import SymbolNetwork
from engine.network.workspace import Workspace
from engine.types import FloatArray, IntArray

Batch = Examples | Sequence[Example]


class Model(Verbs, ABC):
    """An architecture with its weights.

    Computes in the dtype of its parameters. Not to be shared between threads: each takes its own from a Snapshot.

    The class describes itself; inspection, storage, exports and window ask it. To add an architecture, write a subclass
    in a file of its own and name it in `MODELS`.
    """

    kinds: ClassVar[tuple[Kind, ...]]  # data that can train it
    verb: ClassVar[Verb]
    predicts: ClassVar[Prediction]
    stages: ClassVar[tuple[Stage, ...]]  # its recurrent parts in the order of time
    pictogram: ClassVar[Pictogram]
    unused: ClassVar[Mapping[str, str]]  # setting of ModelConfig that it does not use → why, in one sentence
    remembers: ClassVar[bool] = True  # whether a state is carried from step to step
    weights_note: ClassVar[str] = "weights, the same at every step."  # after their number; may name the {longest} text
    label_is_input: ClassVar[bool] = False  # whether it starts from the label, where the data have labels
    export_form: ClassVar[ExportForm | None] = None  # its name for the exporters; None if none of them can write it
    validation_cost: ClassVar[float] = 0.4  # cost of validating a symbol, relative to training on one
    output: Dense

    @classmethod
    def reads_first(cls) -> bool:
        """Whether any part knows its whole input before the first answer."""
        return any(stage.whole_input for stage in cls.stages)

    @classmethod
    def feeds_back(cls) -> bool:
        """Whether any part reads its own output."""
        return any(stage.fed_back for stage in cls.stages)

    @classmethod
    def hides_words(cls, config: ModelConfig) -> bool:
        """Whether a training step hides some of the symbols that are read."""
        return config.word_dropout > 0 and "word_dropout" not in cls.unused

    @classmethod
    def reads_own_answers(cls, training: TrainingConfig) -> bool:
        """Whether a training step reads some answers of its own in place of the right ones."""
        return cls.feeds_back() and training.teacher_forcing < 1

    @classmethod
    def head_start(cls, config: ModelConfig) -> HeadStart | None:
        """What such a network can do before any training; None if it only guesses."""
        return None

    def __init__(
        self,
        config: ModelConfig,
        codec: Codec,
        longest: int,
        dtype: DTypeLike = np.float32,
        flat: FloatArray | None = None,
    ) -> None:
        self._describe(config, codec, longest, np.dtype(dtype if flat is None else flat.dtype))
        self.work = Workspace(Parameters(self.shapes(), self.dtype, flat))

    @classmethod
    def layout(cls, config: ModelConfig, codec: Codec, longest: int) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters of such a network, without allocating them."""
        return cls.outline(config, codec, longest).shapes()

    @classmethod
    def outline(cls, config: ModelConfig, codec: Codec, longest: int) -> Self:
        """Such a network without weights, to ask its layers for their sizes."""
        model = cls.__new__(cls)
        model._describe(config, codec, longest, np.dtype(np.float32))
        return model

    def _describe(self, config: ModelConfig, codec: Codec, longest: int, dtype: np.dtype[Any]) -> None:
        for name, why in config.unmet().items():
            if name not in self.unused:
                needed = config.needed_by(name)
                raise ConfigError(f"{name} is {getattr(config, name)!r}, which needs {needed}: {why}")
        self.config = config
        self.codec = codec
        self.longest = longest
        self.dtype = dtype
        self.about_vectors = ""  # how many words have one, once a new network has read a file of word vectors
        self._readable = codec  # of the last batch whose ids mean the same here
        self.scorer: Scorer = Softmax()
        self._sample: SymbolSample | None = None
        self._build()

    @property
    def parameters(self) -> Parameters:
        """All weights by name."""
        return self.work.parameters

    @property
    def gradients(self) -> Parameters:
        """The gradient of the last `loss_and_gradient`, laid out as the parameters."""
        return self.work.gradients

    @abstractmethod
    def _build(self) -> None:
        """Make the layers."""

    def counted_in(self, examples: Examples) -> dict[str, FloatArray]:
        """Parameter → its first value, shaped as in `shapes`, for those that are counted in the training examples
        instead of drawn."""
        return {}

    def rate_shares(self) -> dict[str, float]:
        """Parameter → the share of the learning rate that it moves by, for those that move more slowly than others."""
        return {}

    def tables(self) -> tuple[str, ...]:
        """Parameters (V, E) with a row for each symbol, of which a step reads some."""
        parts = self.networks().values()
        layers = (*(part.embedding for part in parts), *(part.neighbours and part.neighbours.table for part in parts))
        return tuple(layer.name for layer in layers if isinstance(layer, Embedding))

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of all parameters, in the order of the flat vector."""
        recurrent = {name: shape for part in self.networks().values() for name, shape in part.shapes().items()}
        return recurrent | self.output.shapes()

    @abstractmethod
    def forward(
        self, examples: Examples, rng: np.random.Generator | None, carry: Carry | None, teacher_forcing: float = 1.0
    ) -> Pass:
        """Logits of every prediction.

        rng: draws the dropout masks, and when the network is fed its own output; None turns both off. It is given in
        a training step.
        """

    def forward_trained_on(self, examples: Examples, carry: Carry | None) -> Pass:
        """A pass without dropout over training examples, which a network that counted them leaves out of its counts."""
        return self.forward(examples, None, carry)

    @abstractmethod
    def backward(self, done: Pass) -> None:
        """Write all gradients; `done.logits` now hold the gradient of the logits."""

    def sum_gradient(self) -> FloatArray | None:
        """(H,) after `backward` of one example, in a network without cells: the gradient of what all places of the text
        add up to, before its tanh; None for others."""
        return None

    @abstractmethod
    def networks(self) -> dict[str, SymbolNetwork]:
        """The recurrent parts by name, starting with the one that reads the source. A single part has the name ""."""

    @abstractmethod
    def measure(self, examples: Examples, thorough: bool = True) -> dict[str, float]:
        """The architecture's metrics by name (see `METRICS`), on all examples; see `evaluate`.

        thorough: include the slow ones.
        """

    @abstractmethod
    def metrics(self) -> tuple[str, ...]:
        """The names of the quick metrics of `measure`."""

    def countable(self, examples: Examples) -> Examples:
        """The same examples without targets that nothing is there to predict from, which never count."""
        return examples

    def not_measured(self) -> tuple[str, ...]:
        """What a thorough measurement leaves out, and why, one sentence each."""
        return ()

    def characters_per_symbol(self, examples: Examples) -> float:
        """Characters of the text that a prediction stands for, on average; 0 for a network that writes no text."""
        return 0.0

    def words_spelled(self, examples: Examples) -> int:
        """Number of words and ends that the predictions spell out; 0 if each prediction is a word or the texts are not
        sentences."""
        return 0

    def symbols_read(self, examples: Examples) -> int:
        """Symbols that the network reads in a batch, start and end symbols among them."""
        return int(np.maximum(np.asarray(examples.source.lengths), 1).sum())

    @property
    @abstractmethod
    def choices(self) -> tuple[str, ...]:
        """(K,) the choices of each prediction."""

    @abstractmethod
    def parts(self, done: Pass, example: Example) -> tuple[Part, ...]:
        """The recurrent parts of a forward pass over one example, in the order of time."""

    @abstractmethod
    def targets_of(self, example: Example) -> tuple[str, ...]:
        """The right answer of each prediction over one example, in order."""

    @abstractmethod
    def example_of(self, tokens: tuple[str, ...], label: str | None = None) -> tuple[Example, bool]:
        """Turn a bare text into an example. Also returns whether its target is the truth; if not, it is the network's
        own answer.

        label: taken for the truth by a classifier, read first by a generator (the first label if None).
        """

    @property
    @abstractmethod
    def report_columns(self) -> tuple[str, ...]:
        """The names of the columns of `report_rows`."""

    @abstractmethod
    def report_rows(self, examples: Batch) -> Iterator[tuple[object, ...]]:
        """The network's answers to these examples beside the right ones: a row for each example, or for each step that
        is predicted."""

    def answers_to_each(self, part: Examples) -> list[OwnAnswer]:
        """What the network answers to each example of a batch; [] if it only goes on with what it has read, which no
        single answer is right for."""
        return []

    def own_text(self, label: str | None = None) -> tuple[str, ...]:
        """The symbols that the network writes without any input; () if it cannot."""
        return ()

    def after_each(self, symbols: Sequence[str]) -> FloatArray | None:
        """(n, V) probabilities of the next symbol after each of n symbols alone; "" stands for the start of a text.

        None for a network whose answer depends on more than one symbol.
        """
        return None

    def start_ids(self) -> dict[str, object]:
        """For programs that run an exported network: ids of its possible first inputs, by name; {} if it starts with
        text."""
        return {}

    def legible(self, example: Example) -> Example:
        """The example, or a stand-in if it has too few symbols to be read."""
        return example

    def shown(self, tokens: Any) -> tuple[str, ...]:
        """Tokens of the source as the network sees them, with unknown ones marked. For numbers, the label of each
        step."""
        if self.codec.frames is not None:
            return self.codec.frames.step_names(tokens)
        return tuple(token if self.codec.source.index(token) is not None else UNKNOWN for token in tokens)

    def tokens_of(self, text: Any) -> Any:
        """The tokens of a text; a list of tokens is used as it is. For numbers see `Codec.source_of`."""
        return self.codec.source_of(text)

    def examples(self, batch: Batch | Iterable[Example]) -> Examples:
        """A batch in the form the model reads; examples with other vocabularies are encoded again.

        ConfigError if they are of another kind than the model reads; DataError for a label it has not learned.
        """
        if not isinstance(batch, Examples):
            return Examples.of(self.codec, (in_own_case(self.codec, example) for example in batch))
        if batch.codec is not self._readable:
            if not means_the_same(self.codec, batch.codec):
                return Examples.of(self.codec, (in_own_case(self.codec, example) for example in batch))
            self._readable = batch.codec
        return batch

    def one(self, source: Any, target: Any = ()) -> Examples:
        """A single example, of symbols or numbers on either side."""
        return self.examples([Example(source, target)])

    def _read_out_of(self, network: SymbolNetwork, vocabulary: Vocabulary) -> Dense:
        """The output layer of a network that writes: a score for each symbol of the vocabulary."""
        symbols, drawn = len(vocabulary), self.config.sampled_words
        if 0 < drawn < symbols - FIRST_ID:
            self._sample = SymbolSample(vocabulary.counts, drawn)
        if self.config.tied and network.embedding is not None:
            return TiedDense("output", network.output_size, symbols, network.embedding.name, network.embedding.shape[1])
        return Dense("output", network.output_size, symbols)

    @property
    def draws_at_random(self) -> bool:
        """Whether a training step differs from a measurement: it drops values, hides words, or scores a sample of the
        symbols."""
        return self.config.dropout > 0 or self.hides_words(self.config) or self._sample is not None

    @property
    def drawn_symbols(self) -> int:
        """How many symbols drawn at random a training step scores beside the right ones; 0 if it scores all."""
        return 0 if self._sample is None else self.config.sampled_words

    @property
    def scored_share(self) -> float:
        """Share of the choices that a training step scores."""
        return self.drawn_symbols / len(self.choices) if self.drawn_symbols else 1.0

    def read_out(
        self, states: FloatArray, targets: IntArray, rng: np.random.Generator | None
    ) -> tuple[FloatArray, ReadOutTape]:
        """Logits (K, N) of states (N, H); (C, N) in a training step that scores a sample of the symbols, among them the
        targets (N,)."""
        mask: FloatArray | None = None
        drawn = None if rng is None or self._sample is None else self._sample.draw(targets, rng)
        if rng is not None and self.config.dropout > 0:
            states, mask = drop(states, self.config.dropout, rng, self.work.arena)
        logits = self.output.forward(self.work, states, None if drawn is None else drawn.rows)
        if drawn is not None:
            drawn.correct(logits)
        return logits, ReadOutTape(states, mask, drawn)

    def read_out_backward(self, done: Pass) -> FloatArray:
        """Gradient of the states (N, H) from that of the logits."""
        read = done.read_out
        rows = None if read.drawn is None else read.drawn.rows
        d_states = self.output.backward(self.work, read.states, done.logits, rows)
        return d_states if read.mask is None else np.multiply(d_states, read.mask, out=d_states)

    def loss_and_gradient(
        self,
        batch: Batch,
        rng: np.random.Generator | None = None,
        carry: Carry | None = None,
        teacher_forcing: float = 1.0,
        trained_on: bool = False,
    ) -> float:
        """Mean nats per predicted symbol of the batch; leaves its gradient in `gradients`.

        rng: draws dropout; without it there is none. carry: state to start from, replaced by the state at the end.
        teacher_forcing: share of fed-back inputs taken from the truth; the others are the network's own best symbols
        (Bengio et al., "Scheduled sampling", 2015), through which no gradient flows. trained_on: as in `loss`; then
        nothing is dropped, and all inputs are the true ones.
        """
        return self.mean_loss_and_count(batch, rng, carry, teacher_forcing, trained_on)[0]

    def mean_loss_and_count(
        self,
        batch: Batch,
        rng: np.random.Generator | None,
        carry: Carry | None,
        teacher_forcing: float,
        trained_on: bool = False,
    ) -> tuple[float, int]:
        """As `loss_and_gradient`, but also returns the number of predicted symbols."""
        self.work.reset()
        given = self.examples(batch)
        done = (
            self.forward_trained_on(given, carry) if trained_on
            else self.forward(given, rng, carry, teacher_forcing)
        )  # fmt: skip
        count = done.count
        total = self.loss_gradient(done, 1 / count)
        self.backward(done)
        return total / count, count

    def loss(self, batch: Batch, carry: Carry | None = None, trained_on: bool = False) -> tuple[float, int]:
        """Sum of nats over the batch and the number of predicted symbols. trained_on: whether the batch is of training
        examples."""
        self.work.reset()
        given = self.examples(batch)
        done = self.forward_trained_on(given, carry) if trained_on else self.forward(given, None, carry)
        return self.loss_of(done), done.count

    def loss_of(self, done: Pass) -> float:
        """Sum of nats over the predictions of a pass. May overwrite its logits."""
        return self.scorer.loss(self.parameters, done.logits, done.target_rows, done.packing)

    def loss_gradient(self, done: Pass, scale: float) -> float:
        """The same loss; the logits are overwritten with its gradient times `scale`, for `backward`."""
        return self.scorer.gradient(self.work, done.logits, done.target_rows, done.packing, scale)

    def nats(self, done: Pass) -> FloatArray:
        """(N,) the contribution of each prediction to the loss."""
        return self.scorer.nats(self.parameters, done.logits, done.targets, done.packing)

    def probabilities(self, done: Pass) -> FloatArray:
        """(K, N) the probability of each choice for each prediction."""
        return self.scorer.probabilities(self.parameters, done.logits, done.packing)

    def best(self, done: Pass) -> IntArray:
        """(N,) the answer of each prediction; numbers are (N, D), standardised."""
        return self.scorer.best(self.parameters, done.logits, done.packing)

    def numbers_of(self, done: Pass) -> tuple[FloatArray, FloatArray] | None:
        """(N, D) the predicted numbers in their own units, and their standard deviations (NaN if not learned); None if
        symbols are predicted."""
        return None

    def right(self, done: Pass) -> FloatArray:
        """(N,) how right each answer is, from 0 to 1."""
        return self.scorer.right(self.parameters, done.logits, done.targets, done.packing)
