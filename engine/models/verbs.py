"""What people do with a trained network; a model has the verbs of its architecture, and the others refuse in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

from engine.data.codec import Codec
from engine.errors import ConfigError
from engine.models.answer_types import Forecast, Generated, Rating, Tagged, Translation
from engine.models.beam import BeamResult


class Verbs:
    """Every verb of the public face, with the arguments that it takes. ConfigError from those that a model lacks."""

    title: ClassVar[str]  # "one to many"
    task: ClassVar[str]  # what the verb of the architecture does, for messages
    codec: Codec

    def _no(self, verb: str) -> NoReturn:
        data = self.codec.kind.in_words
        raise ConfigError(f"This network cannot {verb}: it is {self.title} on {data} and {self.task}.")

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
        """Probability of each symbol that may follow a beginning (one to many)."""
        self._no("generate")

    def classify(self, text: Any) -> dict[str, float]:
        """Probability of each label (many to one)."""
        self._no("classify")

    def tag(self, text: str | Sequence[str]) -> list[Tagged]:
        """The tag of each token (many to many)."""
        self._no("tag")

    def translate(self, text: str | Sequence[str], beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The most probable answers that begin with `forced`, best first (encoder–decoder)."""
        self._no("translate")

    def forecast(self, values: Any, steps: int = 12, draws: int = 0, seed: int = 0) -> Forecast:
        """How a series continues, in its own units (many to many on series)."""
        self._no("forecast")

    def rate(self, text: str | Sequence[str]) -> Rating:
        """The number that goes with a text (many to one on rated texts)."""
        self._no("rate")

    def transcribe(self, frames: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """The words spoken in a sound, best first (encoder–decoder on speech)."""
        self._no("transcribe")

    def caption(self, picture: Any, beam_size: int = 4, forced: Sequence[str] = ()) -> list[Translation]:
        """Captions of a picture, best first (one to many on pictures)."""
        self._no("caption")

    def search(self, tokens: Sequence[str], beam_size: int = 4, forced: Sequence[str] = ()) -> BeamResult:
        """The beam search behind `translate`, with every symbol that it looked at (encoder–decoder)."""
        self._no("translate")

    def predict(self, text: str | Sequence[str]) -> dict[str, float]:
        """Probability of the next symbol from the last one alone, or of each label (one to one)."""
        self._no("predict")
