"""The architectures: which there are, what each can be trained on, and how to build one."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from engine.config import ARCHITECTURE_CHOICES, ModelConfig
from engine.data.codec import Codec
from engine.data.dataset import Dataset
from engine.errors import ConfigError
from engine.models.base import Batch, Carry, Generated, Model, Pass, Tagged, Translation
from engine.models.encoder_decoder import EncoderDecoder
from engine.models.feed_forward import FeedForward
from engine.models.many_to_many import ManyToMany
from engine.models.many_to_one import ManyToOne
from engine.models.one_to_many import OneToMany
from engine.models.one_to_one import OneToOne
from engine.network.initialization import initialize
from engine.network.parameters import total_size
from engine.network.word_vectors import load_vectors
from engine.types import FloatArray

# architecture → kind of data → model. What is missing cannot be trained; NEEDS says what it would take.
MODELS: dict[str, dict[str, type[Model]]] = {
    "one-to-one": {"sequences": OneToOne, "stream": OneToOne, "labelled": FeedForward},
    "one-to-many": {"sequences": OneToMany, "stream": OneToMany, "labelled": OneToMany},
    "many-to-one": {"labelled": ManyToOne},
    "many-to-many": {"tagged": ManyToMany},
    "encoder-decoder": {"pairs": EncoderDecoder},
}
NEEDS = {
    "one-to-one": "single items, running text, or texts with a label",
    "one-to-many": "single items, running text, or texts with a label",
    "many-to-one": "texts with a label each",
    "many-to-many": "tokens with a tag each",
    "encoder-decoder": "pairs of source and target",
}
KINDS_IN_WORDS = {
    "sequences": "single items",
    "stream": "running text",
    "labelled": "texts with a label",
    "tagged": "tokens with tags",
    "pairs": "pairs of texts",
}


def model_class(architecture: str, kind: str) -> type[Model]:
    """The model of an architecture on a kind of data; ConfigError where there is none."""
    found = MODELS[architecture].get(kind)
    if found is None:
        raise ConfigError(_why_not(architecture, kind))
    return found


def _why_not(architecture: str, kind: str) -> str:
    title = ARCHITECTURE_CHOICES[architecture]
    return f"{title[0].upper()}{title[1:]} needs {NEEDS[architecture]}; these data are {KINDS_IN_WORDS[kind]}."


def trainable(dataset: Dataset) -> dict[str, str]:
    """For each architecture "" if these data can train it, else one sentence that says why not."""
    return {name: "" if dataset.kind in kinds else _why_not(name, dataset.kind) for name, kinds in MODELS.items()}


def build_model(config: ModelConfig, dataset: Dataset, seed: int = 0, dtype: DTypeLike = np.float32) -> Model:
    """A network for these data with freshly drawn weights. The same seed draws the same weights."""
    model = model_class(config.architecture, dataset.kind)(config, dataset.codec, dataset.longest, dtype)
    rng = np.random.default_rng([seed, 0])
    initialize(model.parameters, config.initialization, rng, config, dataset.longest)
    if config.vectors:
        _load_vectors(model, config.vectors)
    return model


def _load_vectors(model: Model, path: str) -> None:
    networks = model.networks()
    embedding = networks["encoder" if "encoder" in networks else ""].embedding if networks else None
    if embedding is None:
        raise ConfigError("Word vectors fill an embedding; choose an embedding size, that of the vectors.")
    table = model.parameters[embedding.name]
    load_vectors(path, model.codec.source, table.shape[1], table[: len(model.codec.source)])


def restore_model(config: ModelConfig, codec: Codec, longest: int, flat: FloatArray) -> Model:
    """A network around existing weights; it computes in their dtype and does not copy them."""
    return model_class(config.architecture, codec.kind)(config, codec, longest, flat=flat)


def count_parameters(config: ModelConfig, codec: Codec, longest: int) -> int:
    """Number of weights of a network, without building it."""
    model = model_class(config.architecture, codec.kind)
    return total_size(model.layout(config, codec, longest))


def feed_forward_size(codec: Codec, longest: int, hidden_size: int) -> int:
    """Weights of a feed-forward network that reads the same text one-hot, padded to `longest` symbols.

    longest · V · H + H for the first layer, and H · K + K for its K answers: labels, tags at each position, or symbols.
    """
    vocabulary = len(codec.source)
    answers = vocabulary if codec.target is None else len(codec.target)
    if codec.kind in ("tagged", "pairs"):
        answers *= longest
    return longest * vocabulary * hidden_size + hidden_size + hidden_size * answers + answers


__all__ = [
    "MODELS",
    "Batch",
    "Carry",
    "EncoderDecoder",
    "FeedForward",
    "Generated",
    "ManyToMany",
    "ManyToOne",
    "Model",
    "OneToMany",
    "OneToOne",
    "Pass",
    "Tagged",
    "Translation",
    "build_model",
    "count_parameters",
    "feed_forward_size",
    "model_class",
    "restore_model",
    "trainable",
]
