"""Settings proposed for a user's own file, from its kind, its unit and its size.

A run is as long as it keeps improving: the rate stays high until the validation loss has not improved for a while, then
it falls to zero, and the best weights are kept. The number of epochs is only an upper limit, derived from the number of
steps that learning needs: small data sets are read many times, in small batches. Where too few rows are held out to say
when to stop, the number of steps is fixed. No proposed run takes much longer than twenty minutes on two cores.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.config import ModelConfig
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.numbers.number_dataset import CONTEXT
from engine.data.vocabulary import FIRST_ID
from engine.models.entity_f1 import is_entity_scheme
from engine.training.batches import Stretches
from engine.training.lag_choice import best_lag
from engine.training.season import season_of
from engine.training.work import work_of_an_epoch
from engine.types import FloatArray

ProposedSettings = dict[str, Any]
WAITING_STEPS = 300  # steps without a better validation loss before the rate falls; at least two epochs
STEPS_AN_EPOCH = 40  # at least; so small data sets get smaller batches
LITTLE, MUCH = 100_000, 500_000  # symbols to train on: fewer than LITTLE get more dropout, MUCH a wider network
BOOKS = 5_000_000  # characters of running text: too many for a very wide network to read several times
WIDE = 256  # units of a wider network
# With at least MANY_WORDS different words, training scores SAMPLED of them, drawn anew for each step. That adds about a
# tenth to the noise of the gradient from the choice of the batch. The time saved goes into a wider network if the text
# is long enough.
MANY_WORDS, SAMPLED = 5000, 1000
WIDER, LONG_TEXT = 384, 300_000
MANY_LETTERS = 150_000  # of names and the like: from here on, a wider network learns more
# Copying is proposed for word forms, and where the source holds at least this share of its target, estimated from
# LOOKED_AT examples.
MOSTLY_REPEATED, LOOKED_AT = 0.6, 500
FEW_FORMS = 1000  # with fewer word forms, made-up ones help
FEW_HELD_OUT = 50  # with fewer word forms held out, validation cannot decide when to stop
STEPS_OF_FEW_FORMS = 3000  # length of such a run
FEW_SENTENCES, STEPS_OF_FEW_SENTENCES = 1000, 1300  # with tags
MOST_WORK = 1.7e14  # floating-point operations of a whole run: at most 20 minutes on two cores
# Pairs that are too many for a small network to learn: sentences, and single words or numbers spelled out.
MANY_SENTENCES, MANY_SPELLINGS = 10_000, 50_000


def proposed(dataset: Dataset) -> ProposedSettings:
    """Settings of ModelConfig and TrainingConfig → values, for data that are not a sample."""
    settings = _PROPOSALS[dataset.kind](dataset)
    network = ModelConfig(**{name: settings[name] for name in ModelConfig.options() if name in settings})
    affordable = int(MOST_WORK / max(1.0, work_of_an_epoch(network, dataset)))
    return settings | {"epochs": max(1, min(settings["epochs"], affordable))}


def _symbols(dataset: Dataset) -> int:
    return len(dataset.train.source.packed)


def _length(rows: int, batch: int, steps: int, least: int = 8) -> ProposedSettings:
    """Batch size, and epochs for about `steps` steps at most, but never fewer than `least`; with patience."""
    batch = min(batch, max(8, 2 ** round(math.log2(max(1.0, rows / STEPS_AN_EPOCH)))))
    return {"batch_size": batch, **_epochs(-(-rows // batch), steps, least)}


def _epochs(steps_per_epoch: int, steps: int, least: int) -> ProposedSettings:
    return {
        "epochs": max(round(steps / steps_per_epoch), least),
        "patience": max(2, round(WAITING_STEPS / steps_per_epoch)),
        "schedule": "adaptive",
    }


def _falling_from_the_start(length: ProposedSettings) -> ProposedSettings:
    """For a run meant to last its full length: at a high rate it seems to stagnate long before it has finished."""
    return {"schedule": "cosine", "patience": max(length["patience"], length["epochs"] // 3)}


def _sequences(dataset: Dataset) -> ProposedSettings:
    """Items for the network to write more of. Small data sets are soon memorized, so they get more dropout."""
    symbols = _symbols(dataset)
    units = WIDE if symbols >= MANY_LETTERS else 128
    if dataset.codec.unit != "character":  # sentences
        sampled = SAMPLED if len(dataset.codec.source) >= MANY_WORDS else 0
        units = WIDER if sampled and symbols >= LONG_TEXT else units
        return {
            "architecture": "one-to-many",
            "hidden_size": units,
            "embedding_size": units,
            "tied": True,
            "sampled_words": sampled,
            "dropout": 0.5,
            **_length(len(dataset.train), 64, 15_000),
        }
    return {
        "architecture": "one-to-many",
        "hidden_size": units,
        "embedding_size": 64,
        "dropout": 0.4 if symbols < LITTLE else 0.3,
        **_length(len(dataset.train), 64, 15_000),
    }


def _stream(dataset: Dataset) -> ProposedSettings:
    """Running text: a step reads `batch` places of `window` symbols."""
    symbols = _symbols(dataset)
    words = dataset.codec.unit == "word"
    book = not words and MUCH <= symbols < BOOKS
    batch, window = (8 if symbols < LITTLE else 64 if book else 32), 64
    length = _epochs(max(1, symbols // (batch * window)), 4000 if book else 10_000, 8)
    if book:
        length |= _falling_from_the_start(length)
    return {
        "architecture": "one-to-many",
        "hidden_size": 2 * WIDE if book else WIDE if symbols >= MUCH else 128,
        "embedding_size": 128 if words else 64,
        "dropout": 0.5 if words or symbols < LITTLE else 0.3 if book else 0.1,
        "learning_rate": 3e-3,
        "batch_size": batch,
        "window": window,
        **length,
    }


def _labelled(dataset: Dataset) -> ProposedSettings:
    """Texts with labels. Words need far more regularization than letters: most of them are rare."""
    if dataset.codec.unit == "character":
        return {
            "architecture": "many-to-one",
            "hidden_size": 128,
            "embedding_size": 32,
            "bidirectional": True,
            "pooling": "max",
            "dropout": 0.3,
            **_length(len(dataset.train), 32, 4000),
            "schedule": "cosine",  # at a high rate labels are soon learned by heart
        }
    return {
        "architecture": "many-to-one",
        "embedding_size": 200,
        "bidirectional": True,
        "pooling": "max",
        "spelling": "affixes",
        "dropout": 0.5,
        "word_dropout": 1.0,
        "word_counts": dataset.kind == Kind.LABELLED,  # a rated text has no label to count words for
        "optimizer": "adamw",
        "learning_rate": 1e-3,
        "weight_decay": 1.0,
        **_length(len(dataset.train), 32, 2000),
        "schedule": "constant",  # stops at the best weights, before they are learned by heart
    }


def _are_characters(dataset: Dataset) -> bool:
    """Whether the tokens are single characters, which have no spelling."""
    symbols = dataset.codec.source.symbols[FIRST_ID:]
    return sum(len(symbol) == 1 for symbol in symbols) > 0.9 * len(symbols)


def _tagged(dataset: Dataset) -> ProposedSettings:
    """Words with tags. The beginning, ending and shape of a word say a lot about one never seen before."""
    entities = is_entity_scheme(dataset.labels)
    if len(dataset.train) < FEW_SENTENCES and not entities:  # too little is held out to say when to lower the rate
        length = _length(len(dataset.train), 32, STEPS_OF_FEW_SENTENCES, 30)
        length |= _falling_from_the_start(length)
    else:
        length = _length(len(dataset.train), 32, 6000)
    return {
        "architecture": "many-to-many",
        "hidden_size": 100,
        "embedding_size": 100,
        "bidirectional": True,
        "spelling": "none" if _are_characters(dataset) else "affixes" if entities else "both",
        "dropout": 0.5,
        "word_dropout": 0.25,
        "read_out": "crf" if entities else "softmax",
        "best_by": "entity_f1" if entities else "accuracy",  # these still improve when the loss begins to rise
        "optimizer": "adamw",
        "weight_decay": 0.3,
        **length,
    }


def _repeated(dataset: Dataset) -> float:
    """Share of the symbols of a target that its source has too, on average over some examples."""
    shares = []
    for example in dataset.train[:LOOKED_AT]:
        both: Counter[str] = Counter(example.source) & Counter(example.target)
        shares.append(both.total() / max(1, len(example.target)))
    return sum(shares) / max(1, len(shares))


def _pairs(dataset: Dataset) -> ProposedSettings:
    """Pairs, with attention to the source, which is read in both directions."""
    spelled = dataset.codec.unit == "character"  # words, whose sounds may be symbols of several letters
    letters = dataset.codec.target_unit == "character"
    large = len(dataset.train) >= (MANY_SPELLINGS if spelled or letters else MANY_SENTENCES)
    forms = dataset.codec.unit == "mixed"  # endings may be longer than the word, which is repeated nevertheless
    copying = letters and (forms or _repeated(dataset) >= MOSTLY_REPEATED)
    memorized = copying or _symbols(dataset) < LITTLE  # even a large set, because forms are much alike
    words = not (spelled or letters)
    dropout = 0.5 if words else 0.3 if memorized else 0.1 if letters else 0.2
    units = WIDE if large else 128
    length = _length(len(dataset.train), 64, 20_000 if spelled and large else 12_000 if letters else 8000)
    if copying:
        length |= _length_of_forms(dataset, length)
    elif large:
        length |= _falling_from_the_start(length)
    return {
        "architecture": "encoder-decoder",
        "cell": "gru",
        "hidden_size": units,
        "embedding_size": 32 if letters else 64 if spelled else units,
        "tied": words,
        "bidirectional": True,
        "attention": True,
        "copying": copying,
        "dropout": dropout,
        "learning_rate": 2e-3 if large else 3e-3,
        **length,
    }


def _length_of_forms(dataset: Dataset, length: ProposedSettings) -> ProposedSettings:
    """What word forms also need. Many of them are validated only every few epochs, so patience has to last longer."""
    if len(dataset.train) >= FEW_FORMS:
        decay = {"optimizer": "adamw", "weight_decay": 0.05}  # more held-out forms come out right
        return {"best_by": "exact_match", "patience": max(6, length["patience"]), **decay}
    if len(dataset.validation) >= FEW_HELD_OUT:
        return {"made_up": 0.8, "best_by": "accuracy", "patience": 4 * length["patience"]}
    steps_per_epoch = -(-len(dataset.train) // length["batch_size"])
    epochs = -(-STEPS_OF_FEW_FORMS // steps_per_epoch)
    return {"made_up": 0.8, "epochs": epochs, "patience": 0, "schedule": "cosine"}


def _rated(dataset: Dataset) -> ProposedSettings:
    """Texts with a number each: read in the same way as texts with a label."""
    return _labelled(dataset)


def _series(dataset: Dataset) -> ProposedSettings:
    """Numbers over time. A window holds a few seasons; windows overlap, so few values make many steps."""
    longest = max(dataset.train.source, key=len).astype(np.float64)
    period = season_of(dataset)
    window = max(16, min(128, 4 * period or 32, len(longest) - 2))
    held_out = max(dataset.validation.source.lengths, default=0)
    measurable = not held_out or held_out > period  # by validation series of their own, see `Model.countable`
    # With a lag, a whole season is read before anything counts: one longer than the window would be most of the work.
    lag = best_lag(_going_on(dataset, longest), period if measurable and period <= window else 0)
    windows = Stretches(dataset.train, 1, window, 0, lag).count
    return {
        "architecture": "many-to-many",
        "cell": "gru",
        "hidden_size": 64,
        "window": window,
        "lag": lag,
        **_length(windows, 32, 3000),
    }


def _going_on(dataset: Dataset, longest: FloatArray) -> FloatArray:
    """(T, D) a series; if it is the only one, with the validation values that continue it, which help to choose."""
    if len(dataset.train) > 1 or not len(dataset.validation):
        return longest
    held_out = dataset.validation
    context = len(held_out.source[0]) - len(held_out.target[0])
    if context != min(CONTEXT, len(longest)):  # another series
        return longest
    return np.concatenate((longest, held_out.target.values.astype(np.float64)))


def _labelled_series(dataset: Dataset) -> ProposedSettings:
    """Series and sounds: the decisive part may be anywhere in them."""
    return {
        "architecture": "many-to-one",
        "cell": "gru",
        "hidden_size": 64,
        "bidirectional": True,
        "pooling": "max",
        "dropout": 0.2,
        **_length(len(dataset.train), 32, 3000),
    }


def _speech(dataset: Dataset) -> ProposedSettings:
    """A decoder that looks back at the frames it is spelling out."""
    return {
        "architecture": "encoder-decoder",
        "cell": "gru",
        "hidden_size": 128,
        "embedding_size": 32,
        "bidirectional": True,
        "attention": True,
        "dropout": 0.1,
        **_length(len(dataset.train), 32, 4000),
    }


def _pictures(dataset: Dataset) -> ProposedSettings:
    """The picture is the decoder's first state."""
    return {
        "architecture": "one-to-many",
        "hidden_size": 128,
        "embedding_size": 32,
        "dropout": 0.1,
        **_length(len(dataset.train), 32, 4000),
    }


_PROPOSALS: dict[str, Callable[[Dataset], ProposedSettings]] = {  # kind of data → its proposal
    Kind.SEQUENCES: _sequences,
    Kind.STREAM: _stream,
    Kind.LABELLED: _labelled,
    Kind.TAGGED: _tagged,
    Kind.PAIRS: _pairs,
    Kind.RATED: _rated,
    Kind.SERIES: _series,
    Kind.LABELLED_SERIES: _labelled_series,
    Kind.SPEECH: _speech,
    Kind.PICTURES: _pictures,
}
