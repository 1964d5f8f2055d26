"""The inner values of one network while it reads a text, for the pages that look inside. Computed in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import engine
from engine.data.examples import SideValue
from engine.data.numbers.recording import NetworkInput, Recording
from engine.inspection.memory import no_response
from engine.inspection.text_search import as_typed, compared, inputs_before, text_to_look_at
from engine.models import Model
from engine.number_text import percent
from engine.types import DoubleArray
from gui.panels.hidden_state import LayerStates, layer_states
from gui.widgets.symbols import visible_symbol

MOST_STEPS = 200  # only the last ones of a long text
NO_TEXT = "Type a text above."
STATELESS = "It has no state."


@dataclass(frozen=True, eq=False)
class TextCurve:
    """Numbers y (T,) along the text. names (T,): the inputs. summary: one line about them. symbols: whether the inputs
    are symbols; numbers are named by their steps. before: how many of the inputs come before the text."""

    names: tuple[str, ...]
    y: DoubleArray
    summary: str
    symbols: bool = True
    before: int = 0

    def label(self, step: int) -> str:
        """What stands below a step (from 0); "" before the first one and after the last."""
        if not 0 <= step < len(self.names):
            return ""
        return self.names[step] if self.symbols else str(step + 1)


def states(snapshot: engine.Snapshot, text: NetworkInput, label: str | None) -> LayerStates:
    """The hidden state of the first layer after each symbol. ConfigError if the network has none."""
    found = layer_states(snapshot, _end(text), label, "")
    if found is None:
        raise engine.ConfigError(STATELESS if text else NO_TEXT)
    return found


def _end(text: NetworkInput) -> NetworkInput:
    return replace(text, values=text.values[-MOST_STEPS:]) if isinstance(text, Recording) else text[-MOST_STEPS:]


def gradient_curve(
    snapshot: engine.Snapshot, text: NetworkInput, label: str | None, truth: SideValue = ()
) -> TextCurve:
    """The share of the gradient at the last step that reaches each step. truth: the right answer, () if unknown."""
    model, tokens = _read(snapshot, text, label)
    flow = engine.gradient_flow(model, compared(model, text, tokens, truth, label), label=label)
    last = float(flow.carried[-1])
    y = np.asarray(flow.carried, np.float64) / last if last > 0 else np.full(len(flow.inputs), np.nan)
    return replace(_along(model, flow.inputs, tokens), y=y, summary=flow.verdict)


def memory_curve(snapshot: engine.Snapshot, text: NetworkInput, label: str | None) -> TextCurve:
    """The share of each input in the last state, or in both of a network that reads in two directions."""
    model, tokens = _read(snapshot, text, label)
    found = engine.memory(model, tokens, label=label)
    if not found.responds:
        raise engine.ConfigError(no_response(found, model))
    curve, largest = _along(model, found.inputs, tokens), int(np.argmax(found.shares))
    symbol = f"“{curve.names[largest]}”, " * curve.symbols
    both = "in both directions " * (found.directions > 1)
    summary = f"{both}most from {symbol}step {largest + 1}: {percent(found.shares[largest])}"
    return replace(curve, y=np.asarray(found.shares, np.float64), summary=summary)


def _along(model: Model, inputs: Sequence[str], tokens: Sequence[str]) -> TextCurve:
    """A curve along what a network reads, still without numbers."""
    names, _ = as_typed(inputs, tokens, type(model))
    before = inputs_before(inputs, tokens, type(model))
    return TextCurve(tuple(map(visible_symbol, names)), np.empty(0), "", model.codec.frames is None, before)


def _read(snapshot: engine.Snapshot, text: NetworkInput, label: str | None) -> tuple[Model, tuple[str, ...]]:
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, text, label)[-MOST_STEPS:]
    if len(tokens) == 0:
        raise engine.ConfigError(NO_TEXT)
    return model, tokens
