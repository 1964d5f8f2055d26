"""What is computed from the weights of one run for the pages that look inside; in the background."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import engine
from engine.data.numbers.recording import Given, Recording
from engine.inspection.text_search import as_typed, text_to_look_at
from engine.models import Model, Translation, Verb
from engine.percent import percent
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


def states(snapshot: engine.Snapshot, text: Given, label: str | None) -> Heat:
    """The hidden state of the top layer after each symbol. ConfigError where there is none."""
    found = see(snapshot, _end(text), label, "")
    if found is None:
        raise engine.ConfigError(STATELESS if text else NO_TEXT)
    return found.heat


def _end(text: Given) -> Given:
    return replace(text, values=text.values[-MOST_STEPS:]) if isinstance(text, Recording) else text[-MOST_STEPS:]


def gradient(snapshot: engine.Snapshot, text: Given, label: str | None) -> Course:
    """The share of the last error that reaches each step."""
    model, tokens = _read(snapshot, text, label)
    flow = engine.gradient_flow(model, tokens, label=label)
    names, _ = as_typed(flow.inputs, tokens, snapshot.model_class)
    last = float(flow.carried[-1])
    y = np.asarray(flow.carried, np.float64) / last if last > 0 else np.full(len(names), np.nan)
    return Course(tuple(map(visible_symbol, names)), y, flow.verdict)


def memory(snapshot: engine.Snapshot, text: Given, label: str | None) -> Course:
    """The share of each input in the last state."""
    model, tokens = _read(snapshot, text, label)
    found = engine.memory(model, tokens, label=label)
    names, _ = as_typed(found.inputs, tokens, snapshot.model_class)
    largest = int(np.argmax(found.shares))
    told = f"most from “{visible_symbol(names[largest])}”, step {largest + 1}: {percent(found.shares[largest])}"
    return Course(tuple(map(visible_symbol, names)), np.asarray(found.shares, np.float64), told)


def _read(snapshot: engine.Snapshot, text: Given, label: str | None) -> tuple[Model, tuple[str, ...]]:
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, text, label)[-MOST_STEPS:]
    if len(tokens) == 0:
        raise engine.ConfigError(NO_TEXT)
    return model, tokens


def answer(snapshot: engine.Snapshot, text: Given, label: str | None) -> tuple[str, ...]:
    """What the network makes of the text, line by line."""
    model = snapshot.model()
    if not text and model.verb is not Verb.GENERATE:
        raise engine.ConfigError(NO_TEXT)
    return _ANSWERS[model.verb](model, text, label)[:MOST_LINES]


def _ranked(probabilities: dict[str, float]) -> list[str]:
    ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return [f"{visible_symbol(name)}  {100 * share:.1f} %" for name, share in ranked]


def _predicted(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return tuple(_ranked(model.predict(_text(text))))


def _classified(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return tuple(_ranked(model.classify(model.tokens_of(text))))


def _tagged(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return tuple(
        f"{visible_symbol(one.token)}  {one.tag}  {100 * one.probability:.0f} %" for one in model.tag(_text(text))
    )


def _translated(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return _ranked_texts(model.translate(_text(text), beam_size=BEAMS))


def _rated(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    found = model.rate(model.tokens_of(text))
    return (f"{found.value:.3g} ± {found.deviation:.2g}" if math.isfinite(found.deviation) else f"{found.value:.3g}",)


def _forecast(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    found = model.forecast(model.tokens_of(text), MOST_LINES)
    return tuple(f"in {t + 1}: {written}" for t, written in enumerate(model.codec.written(found.mean)))


def _transcribed(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return _ranked_texts(model.transcribe(model.tokens_of(text), beam_size=BEAMS))


def _captioned(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    return _ranked_texts(model.caption(model.tokens_of(text), beam_size=BEAMS))


def _ranked_texts(found: Sequence[Translation]) -> tuple[str, ...]:
    return tuple(f"{one.text}  ({one.log_probability:.2f})" for one in found)


def _text(given: Given) -> str:
    return given.name if isinstance(given, Recording) else given


def _generated(model: Model, text: Given, label: str | None) -> tuple[str, ...]:
    """What would come next, then some texts of its own."""
    following = _ranked(model.next_symbols(prefix=_text(text), label=label))[:NEXT]
    written = model.generate(count=WRITTEN, label=label, seed=0)
    return (*(f"next: {line}" for line in following), *(one.text for one in written))


_ANSWERS = {
    Verb.PREDICT: _predicted,
    Verb.CLASSIFY: _classified,
    Verb.TAG: _tagged,
    Verb.TRANSLATE: _translated,
    Verb.GENERATE: _generated,
    Verb.RATE: _rated,
    Verb.FORECAST: _forecast,
    Verb.TRANSCRIBE: _transcribed,
    Verb.CAPTION: _captioned,
}
