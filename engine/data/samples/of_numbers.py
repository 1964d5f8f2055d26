"""The samples that read or answer numbers, all of them generated with a seed."""

from __future__ import annotations

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.pictures.pixels import picture_recipe
from engine.data.samples.ratings import ratings
from engine.data.samples.sample import Sample
from engine.data.samples.shapes import SIDE, shapes, unseen_shapes
from engine.data.samples.sunspots import sunspots
from engine.data.samples.telephone import SOUND
from engine.data.samples.tones import tones
from engine.data.samples.vowels import vowels
from engine.data.samples.walking import COLUMNS as AXES
from engine.data.samples.walking import walking
from engine.data.samples.waves import waves
from engine.data.sound.frames import band_names, sound_recipe

# In the order in which the window lists them.
OF_NUMBERS: dict[str, Sample] = {
    "ratings": Sample(
        name="ratings",
        title="Ratings",
        description="Reviews with one to five stars, in which “not”, “far from” and “but” weigh praise against blame.",
        kind=Kind.RATED,
        unit="word",
        architecture="many-to-one",
        how_made="Generated from templates that say what each part of a review is worth and how the parts are weighed.",
        rows=ratings,
        settings={
            "cell": "lstm",
            "hidden_size": 64,
            "embedding_size": 32,
            "bidirectional": True,
            "dropout": 0.3,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 32,
            "epochs": 12,
        },
        probe="the soup was not terrible but the service was far from perfect , once is enough",
    ),
    "waves": Sample(
        name="waves",
        title="Waves",
        description="A sum of two sines in noise, whose phases change now and then: a series to forecast.",
        kind=Kind.SERIES,
        unit="word",
        architecture="many-to-many",
        how_made="Two sines of 24 and 9 steps, their phases changed at random moments, and noise of a known size.",
        rows=waves,
        columns=("height",),
        settings={
            "cell": "lstm",
            "hidden_size": 48,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 16,
            "window": 200,
            "epochs": 30,
        },
    ),
    "sunspots-like": Sample(
        name="sunspots-like",
        title="Cycles like sunspots",
        description="Cycles that rise faster than they fall, no two of equal length and height; one step a quarter.",
        kind=Kind.SERIES,
        unit="word",
        architecture="many-to-many",
        how_made="Cycles of random length and height, and noise of a known size; not the sunspots themselves.",
        rows=sunspots,
        columns=("spots",),
        settings={
            "cell": "lstm",
            "hidden_size": 48,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 16,
            "window": 100,
            "epochs": 30,
        },
    ),
    "walking": Sample(
        name="walking",
        title="Ways of walking",
        description="What an accelerometer measures on people who walk forwards or backwards, limp or run.",
        kind=Kind.LABELLED_SERIES,
        unit="word",
        architecture="many-to-one",
        how_made="A step's impact and swing, repeated unevenly; walking backwards is the same with time reversed.",
        rows=walking,
        columns=AXES,
        settings={
            "cell": "lstm",
            "hidden_size": 48,
            "bidirectional": True,
            "pooling": "mean",
            "dropout": 0.3,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 32,
            "epochs": 25,
        },
    ),
    "vowels": Sample(
        name="vowels",
        title="Spoken vowels",
        description="Vowels of English in high and low voices, as spectrograms; each label is a word with that vowel.",
        kind=Kind.LABELLED_SERIES,
        unit="word",
        architecture="many-to-one",
        how_made="Synthesised: a buzz like that of the throat, filtered by the formants of the mouth.",
        rows=vowels,
        columns=band_names(SOUND),
        recipe=sound_recipe(SOUND),
        settings={
            "cell": "lstm",
            "hidden_size": 48,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 32,
            "epochs": 25,
        },
    ),
    "tones": Sample(
        name="tones",
        title="Telephone tones",
        description="Numbers dialled on a noisy telephone, as spectrograms to write down.",
        kind=Kind.SPEECH,
        unit="character",
        architecture="encoder-decoder",
        how_made="Synthesised: the two tones of each key as the standard says, of random length, in noise.",
        rows=tones,
        columns=band_names(SOUND),
        recipe=sound_recipe(SOUND),
        # A GRU drops repeated digits: 96.4 to 99.7 % right, depending on the seed; an LSTM has 99.7 to 100 %.
        settings={
            "cell": "lstm",
            "hidden_size": 96,
            "embedding_size": 32,
            "bidirectional": True,
            "attention": True,
            "dropout": 0.1,
            "learning_rate": 5e-3,
            "schedule": "cosine",
            "batch_size": 32,
            "epochs": 14,
        },
    ),
    "shapes": Sample(
        name="shapes",
        title="Coloured shapes",
        description="Pictures of one or two shapes, to describe in words; validation shows pairs that training lacks.",
        kind=Kind.PICTURES,
        unit="word",
        architecture="one-to-many",
        how_made="Circles, squares and triangles in four colours, drawn by a program at random sizes and places.",
        rows=shapes,
        held_out=unseen_shapes,
        recipe=picture_recipe(DataConfig(picture_side=SIDE)),
        settings={
            "cell": "lstm",
            "hidden_size": 128,
            "embedding_size": 32,
            "learning_rate": 3e-3,
            "schedule": "cosine",
            "batch_size": 64,
            "epochs": 15,
        },
    ),
}
