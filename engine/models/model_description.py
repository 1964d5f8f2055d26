"""The types an architecture describes itself with, to the code that shows, measures or exports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.network.sequence_network import SymbolTape
from engine.network.states import StackStates


class Verb(StrEnum):
    """What a trained network does, and the name of the method that does it."""

    GENERATE = "generate"
    PREDICT = "predict"
    CLASSIFY = "classify"
    TAG = "tag"
    TRANSLATE = "translate"
    FORECAST = "forecast"
    RATE = "rate"
    TRANSCRIBE = "transcribe"
    CAPTION = "caption"


class Prediction(StrEnum):
    """What a prediction is."""

    NEXT_SYMBOL = "next symbol"  # of the text that is read
    LABEL = "label"  # one for the whole text
    TAG = "tag"  # one for each token
    TARGET_SYMBOL = "target symbol"  # of another text
    NEXT_VALUE = "next value"  # of the series that is read: a number, not a choice
    NUMBER = "number"  # one for the whole text

    @property
    def is_number(self) -> bool:
        """Whether predictions are numbers, which are near or far instead of right or wrong."""
        return self in (Prediction.NEXT_VALUE, Prediction.NUMBER)

    @property
    def is_one(self) -> bool:
        """Whether a whole example gets a single prediction."""
        return self in (Prediction.LABEL, Prediction.NUMBER)

    @property
    def is_class(self) -> bool:
        """Whether the answer is a label or a tag, so that a confusion matrix makes sense."""
        return self in (Prediction.LABEL, Prediction.TAG)

    @property
    def short(self) -> str:
        """ "symbol", "label" or "tag": the unit of a loss."""
        return self.value.rsplit(" ", 1)[-1]


class ReadOut(StrEnum):
    """The steps at which a part of the network gives an answer."""

    NEVER = "never"
    LAST = "after the last step"
    EVERY = "at every step"


class ExportForm(StrEnum):
    """The forms of network that exporters have a writer for; an architecture names the one it has."""

    WRITER = "writer"  # each output is the next input
    PREDICTOR = "predictor"  # the next symbol from one symbol alone
    CLASSIFIER = "classifier"
    TAGGER = "tagger"
    FEED_FORWARD = "feed-forward"
    TRANSLATOR = "translator"
    FORECASTER = "forecaster"
    SERIES_CLASSIFIER = "series classifier"
    RATER = "rater"


@dataclass(frozen=True)
class Stage:
    """A recurrent part as a picture shows it before anything has been read.

    fed_back: each output is the next input. whole_input: all of its input is known before the first answer, so it can
    be read in both directions. begins_with: what its first state is made from, in a word; "" for zeros, or for the last
    state of the part before it.
    """

    name: str  # "" where there is only one
    read_out: ReadOut
    fed_back: bool = False
    whole_input: bool = False
    begins_with: str = ""


@dataclass(frozen=True)
class HeadStart:
    """Why a network already answers well before any training: in a few words, and in sentences."""

    caption: str
    why: str


@dataclass(frozen=True)
class Pictogram:
    """The card's picture: a row of cells, with an input below and an output above some of the columns."""

    cells: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """A recurrent part after it has read one example, with the label under each of its steps.

    made: what the thing that its first states are made from contributes to them, which are this plus a bias; None where
    they are zeros or those of another part.
    """

    name: str  # as in `Model.networks`
    tape: SymbolTape
    inputs: tuple[str, ...]
    made: StackStates | None = None
