"""The registry of architectures, the data each can be trained on, and functions that build one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ModelConfig
from engine.data.codec import Codec, Kind
from engine.data.dataset import Dataset
from engine.errors import ConfigError
from engine.models.answer_types import Forecast, Generated, Rating, Tagged, Translation
from engine.models.captioner import Captioner
from engine.models.comparison import Comparison
from engine.models.encoder_decoder import EncoderDecoder, Transcriber
from engine.models.feed_forward import FeedForward
from engine.models.forward_pass import Carry, Pass
from engine.models.many_to_many import ManyToMany
from engine.models.many_to_one import ManyToOne, SeriesToOne, TextToNumber
from engine.models.model import Batch, Model
from engine.models.model_description import Pictogram, Prediction, ReadOut, Stage, Verb
from engine.models.next_value import NextValue
from engine.models.one_to_many import OneToMany
from engine.models.one_to_one import OneToOne
from engine.network.initialization import initialize
from engine.network.parameters import learned_shapes, total_size
from engine.network.word_vectors import load_vectors
from engine.number_text import counted
from engine.types import FloatArray

# Architecture, as the user knows it → its networks, one for each group of data kinds.
MODELS: dict[str, tuple[type[Model], ...]] = {
    "one-to-one": (OneToOne, FeedForward),
    "one-to-many": (OneToMany, Captioner),
    "many-to-one": (ManyToOne, SeriesToOne, TextToNumber),
    "many-to-many": (ManyToMany, NextValue),
    "encoder-decoder": (EncoderDecoder, Transcriber),
}


def architecture_titles() -> dict[str, str]:
    """What the window calls each architecture."""
    return {name: models[0].title for name, models in MODELS.items()}


def kinds_of(architecture: str) -> tuple[Kind, ...]:
    """The kinds of data that can train an architecture."""
    return tuple(kind for model in MODELS[architecture] for kind in model.kinds)


def model_class(architecture: str, kind: Kind) -> type[Model]:
    """The network class of an architecture for a kind of data. ConfigError if there is none."""
    for model in MODELS[architecture]:
        if kind in model.kinds:
            return model
    raise ConfigError(_why_not(architecture, kind))


def representative(architecture: str) -> type[Model]:
    """The network that represents an architecture where the kind of data does not matter, as in its picture."""
    return MODELS[architecture][0]


def _why_not(architecture: str, kind: Kind) -> str:
    title = architecture_titles()[architecture]
    *others, last = (needed.in_words for needed in kinds_of(architecture))
    needs = f"{', '.join(others)} or {last}" if others else last
    return f"{title[0].upper()}{title[1:]} needs {needs}; this data set holds {kind.in_words}."


def trainable(dataset: Dataset) -> dict[str, str]:
    """For each architecture, "" if these data can train it, otherwise one sentence saying why not."""
    kind = dataset.kind
    return {name: "" if kind in kinds_of(name) else _why_not(name, kind) for name in MODELS}


def compare_with_feed_forward(config: ModelConfig, dataset: Dataset) -> Comparison:
    """Compare the network of these settings with a padded feed-forward network."""
    return Comparison.of(model_class(config.architecture, dataset.kind), config, dataset.codec, dataset.longest)


def build_model(config: ModelConfig, dataset: Dataset, seed: int = 0, dtype: DTypeLike = np.float32) -> Model:
    """A network for these data with freshly drawn weights. The same seed draws the same weights."""
    model = model_class(config.architecture, dataset.kind)(config, dataset.codec, dataset.longest, dtype)
    rng = np.random.default_rng([seed, 0])
    initialize(model.parameters, config.initialization, rng, config, dataset.longest)
    for name, share in model.rate_shares().items():  # what moves more slowly begins smaller, too
        model.parameters[name][:] *= share
    if config.vectors:
        _load_vectors(model, config.vectors)
    for name, numbers in model.counted_in(dataset.train).items():
        model.parameters[name][:] = numbers
    return model


def _load_vectors(model: Model, path: str) -> None:
    reader = next(iter(model.networks().values()), None)
    embedding = None if reader is None else reader.embedding
    if embedding is None:
        raise ConfigError("Word vectors need an embedding of their own size; set the embedding size.")
    table = model.parameters[embedding.name]
    words = model.codec.source
    found = load_vectors(path, words, table.shape[1], table[: len(words)])
    known = counted(words.distinct, model.codec.symbol_name)
    model.about_vectors = f"{found:,} of {known} {'has' if found == 1 else 'have'} a vector in {Path(path).name}."


def restore_model(config: ModelConfig, codec: Codec, longest: int, flat: FloatArray) -> Model:
    """A network around existing weights, flat (P,); it computes in their dtype and does not copy them."""
    return model_class(config.architecture, codec.kind)(config, codec, longest, flat=flat)


def count_parameters(config: ModelConfig, codec: Codec, longest: int) -> int:
    """Number of learned weights of a network, without building it."""
    model = model_class(config.architecture, codec.kind)
    return total_size(learned_shapes(model.layout(config, codec, longest)))


def count_counted(config: ModelConfig, codec: Codec, longest: int) -> int:
    """How many numbers of a network are counted in the data and not learned, without building it."""
    layout = model_class(config.architecture, codec.kind).layout(config, codec, longest)
    return total_size(layout) - total_size(learned_shapes(layout))


__all__ = [
    "MODELS",
    "Batch",
    "Captioner",
    "Carry",
    "Comparison",
    "EncoderDecoder",
    "FeedForward",
    "Forecast",
    "Generated",
    "ManyToMany",
    "ManyToOne",
    "Model",
    "NextValue",
    "OneToMany",
    "OneToOne",
    "Pass",
    "Pictogram",
    "Prediction",
    "Rating",
    "ReadOut",
    "SeriesToOne",
    "Stage",
    "Tagged",
    "TextToNumber",
    "Transcriber",
    "Translation",
    "Verb",
    "architecture_titles",
    "build_model",
    "compare_with_feed_forward",
    "count_counted",
    "count_parameters",
    "kinds_of",
    "model_class",
    "representative",
    "restore_model",
    "trainable",
]
