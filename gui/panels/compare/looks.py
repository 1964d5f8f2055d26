"""What is computed from the weights of one run for the pages that look inside; in the background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import engine
from engine.inspection.text_search import as_typed, text_to_look_at
from engine.models import Model, Verb
from gui.panels.hidden_state import see
from gui.plots.heat_map import Heat
from gui.session.progress import Numbers
from gui.widgets.symbols import visible_symbol

MOST_STEPS = 200  # of a long text its last ones
MOST_LINES = 12  # of an answer
NO_TEXT = "Type a text above."
STATELESS = "It has no state."
BEAMS, WRITTEN, NEXT = 4, 5, 5


@dataclass(frozen=True, eq=False)
class Course:
    """Numbers along the text. names: of the inputs (T,). y: (T,). told: about them, in one line."""

    names: tuple[str, ...]
    y: Numbers
    told: str


def states(snapshot: engine.Snapshot, text: str, label: str | None) -> Heat:
    """The hidden state of the top layer after each symbol. ConfigError where there is none."""
    found = see(snapshot, text[-MOST_STEPS:], label, "")
    if found is None:
        raise engine.ConfigError(STATELESS if text else NO_TEXT)
    return found.heat


def gradient(snapshot: engine.Snapshot, text: str, label: str | None) -> Course:
    """The share of the last error that reaches each step."""
    model, tokens = _read(snapshot, text, label)
    flow = engine.gradient_flow(model, tokens, label=label)
    names, _ = as_typed(flow.inputs, tokens, snapshot.model_class)
    last = float(flow.carried[-1])
    y = np.asarray(flow.carried, np.float64) / last if last > 0 else np.full(len(names), np.nan)
    return Course(tuple(map(visible_symbol, names)), y, flow.verdict)


def memory(snapshot: engine.Snapshot, text: str, label: str | None) -> Course:
    """The share of each input in the last state."""
    model, tokens = _read(snapshot, text, label)
    found = engine.memory(model, tokens, label=label)
    names, _ = as_typed(found.inputs, tokens, snapshot.model_class)
    largest = int(np.argmax(found.shares))
    told = f"most of {visible_symbol(names[largest])} at step {largest + 1}: {100 * found.shares[largest]:.0f} %"
    return Course(tuple(map(visible_symbol, names)), np.asarray(found.shares, np.float64), told)


def _read(snapshot: engine.Snapshot, text: str, label: str | None) -> tuple[Model, tuple[str, ...]]:
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, text, label)[-MOST_STEPS:]
    if not tokens:
        raise engine.ConfigError(NO_TEXT)
    return model, tokens


def answer(snapshot: engine.Snapshot, text: str, label: str | None) -> tuple[str, ...]:
    """What the network makes of the text, line by line."""
    model = snapshot.model()
    if not text and model.verb is not Verb.GENERATE:
        raise engine.ConfigError(NO_TEXT)
    return _ANSWERS[model.verb](model, text, label)[:MOST_LINES]


def _ranked(probabilities: dict[str, float]) -> list[str]:
    ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return [f"{visible_symbol(name)}  {100 * share:.1f} %" for name, share in ranked]


def _predicted(model: Model, text: str, label: str | None) -> tuple[str, ...]:
    return tuple(_ranked(model.predict(text)))


def _classified(model: Model, text: str, label: str | None) -> tuple[str, ...]:
    return tuple(_ranked(model.classify(text)))


def _tagged(model: Model, text: str, label: str | None) -> tuple[str, ...]:
    return tuple(f"{visible_symbol(one.token)}  {one.tag}  {100 * one.probability:.0f} %" for one in model.tag(text))


def _translated(model: Model, text: str, label: str | None) -> tuple[str, ...]:
    return tuple(f"{one.text}  ({one.log_probability:.2f})" for one in model.translate(text, beam_size=BEAMS))


def _generated(model: Model, text: str, label: str | None) -> tuple[str, ...]:
    """What would come next, then some texts of its own."""
    following = _ranked(model.next_symbols(prefix=text, label=label))[:NEXT]
    written = model.generate(count=WRITTEN, label=label, seed=0)
    return (*(f"next: {line}" for line in following), *(one.text for one in written))


_ANSWERS = {
    Verb.PREDICT: _predicted,
    Verb.CLASSIFY: _classified,
    Verb.TAG: _tagged,
    Verb.TRANSLATE: _translated,
    Verb.GENERATE: _generated,
}
