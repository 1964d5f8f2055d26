"""One text read by a model: its example, and the parts of the network that read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.data.examples import Example
from engine.models import Model, Pass
from engine.models.model_description import Part

Text = str | Sequence[str] | Example


@dataclass(frozen=True)
class Reading:
    """A forward pass over one text. `targets` are the truth if known, otherwise the network's own answer.

    uncounted: how many predictions at the start never count, see `Model.countable`.
    """

    done: Pass
    parts: tuple[Part, ...]
    symbols: tuple[str, ...]
    targets: tuple[str, ...]
    known: bool
    uncounted: int = 0


def example_of(model: Model, text: Text, label: str | None = None) -> tuple[Example, bool]:
    """The text as an example for this model, and whether its target is the truth; see `Model.example_of`."""
    if isinstance(text, Example):
        return text, True
    return model.example_of(model.tokens_of(text), label)


def read_text(model: Model, text: Text, label: str | None = None) -> Reading:
    """Run the model over one text, keeping everything; arrays are valid until the model is used again."""
    example, known = example_of(model, text, label)
    example = model.legible(example)
    one = model.one(example.source, example.target)
    model.work.reset()
    done = model.forward(one, None, None)
    uncounted = len(one.target.values) - len(model.countable(one).target.values)
    return Reading(done, model.parts(done, example), model.choices, model.targets_of(example), known, uncounted)
