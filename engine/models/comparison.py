"""Why not a feed-forward network: its weights multiply with length and vocabulary, those of a recurrent one do not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.config import ModelConfig
from engine.data.codec import Codec
from engine.data.vocabulary import FIRST_ID, Vocabulary
from engine.models.model import Model
from engine.models.model_description import Prediction
from engine.network.number_scorers import number_scorer
from engine.network.parameters import learned_shapes, total_size

# Examples of a padded text: its words, the size of the vocabulary, the units, and their product, the weights.
EXAMPLES = ((10, 10_000, 10, 1_000_000), (20, 20_000, 10, 4_000_000))


@dataclass(frozen=True)
class Comparison:
    """A network beside a padded feed-forward one that reads the same text one-hot, or the same numbers, and gives the
    same answers.

    length: of the data. vocabulary: its size, or how many numbers each step has (`reads_numbers`). weights: of the
    network; each symbol of the vocabulary, or each number, adds `per_symbol`. choices: what each answer needs: as many
    scores as there are labels, or the numbers that describe a predicted number; None for the vocabulary itself.
    every_step: whether every position has an answer, or the whole text has one.
    """

    length: int
    vocabulary: int
    hidden_size: int
    weights: int
    per_symbol: float
    choices: int | None
    every_step: bool
    reads_numbers: bool

    @classmethod
    def of(cls, model: type[Model], config: ModelConfig, codec: Codec, longest: int) -> Comparison:
        """For a network with these settings on data with this codec. ConfigError where there can be no such network."""
        vocabulary = len(codec.source) if codec.frames is None else codec.frames.size
        weights = total_size(learned_shapes(model.layout(config, codec, longest)))
        fewer = max(FIRST_ID, vocabulary // 2) if codec.frames is None else 1
        smaller = total_size(learned_shapes(model.layout(config, _with_inputs(codec, fewer), longest)))
        per_symbol = (weights - smaller) / (vocabulary - fewer) if vocabulary > fewer else 0.0
        choices = _scores(model, config, codec)
        every_step, numbers = not model.predicts.is_one, codec.frames is not None
        return cls(longest, vocabulary, config.hidden_size, weights, per_symbol, choices, every_step, numbers)

    def feed_forward(self, length: int, vocabulary: int) -> int:
        """length · V · H + H weights into the hidden layer, and H · K + K for each answer among K."""
        choices = vocabulary if self.choices is None else self.choices
        answers = length if self.every_step else 1
        hidden = self.hidden_size
        return length * vocabulary * hidden + hidden + answers * (hidden * choices + choices)

    def recurrent(self, vocabulary: int) -> int:
        """Weights of the network itself, the same for any length of text."""
        return round(self.weights + self.per_symbol * (vocabulary - self.vocabulary))

    @property
    def crossing(self) -> int:
        """The shortest length at which the feed-forward network needs more weights, with this vocabulary."""
        base, each = self.feed_forward(0, self.vocabulary), self.feed_forward(1, self.vocabulary)
        return max(1, (self.weights - base) // (each - base) + 1)


def _with_inputs(codec: Codec, count: int) -> Codec:
    """The same data with only so many symbols, or numbers at each step."""
    if codec.frames is not None:
        return replace(codec, frames=replace(codec.frames, names=codec.frames.names[:count]))
    return replace(codec, source=Vocabulary(codec.source.symbols[:count], codec.source.counts[:count]))


def _scores(model: type[Model], config: ModelConfig, codec: Codec) -> int | None:
    """How many scores an answer needs; None for one of each symbol of the source."""
    if codec.values is not None:
        return number_scorer(config.number_loss, codec.values.size).scores_needed
    if model.predicts is Prediction.NEXT_SYMBOL or codec.target is None:
        return None
    return len(codec.target)
