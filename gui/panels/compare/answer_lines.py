"""One network's answer to a text, as lines for the page of answers. Computed in the background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import engine
from engine.data.numbers.recording import NetworkInput, Recording
from engine.models import Model, Translation, Verb
from engine.number_text import counted, estimate, fixed, percent, plus_minus
from gui.panels.compare.inner_values import NO_TEXT
from gui.widgets.symbols import visible_symbol

MOST_LINES = 12
BEAMS, WRITTEN, NEXT = 4, 5, 5


@dataclass(frozen=True)
class AnswerLine:
    """figure: its probability or the like, which is never cut; "" without one."""

    text: str
    figure: str = ""

    def __str__(self) -> str:
        """The whole line."""
        return "  ".join(filter(None, (self.text, self.figure)))


@dataclass(frozen=True)
class AnswerLines:
    """An answer, line by line. start: what it answers to, or goes on from, in words."""

    lines: tuple[AnswerLine, ...]
    start: str


def answer(snapshot: engine.Snapshot, text: NetworkInput, label: str | None) -> AnswerLines:
    """The network's answer to the text."""
    model = snapshot.model()
    if not text and model.verb is not Verb.GENERATE:
        raise engine.ConfigError(NO_TEXT)
    return AnswerLines(ANSWERS[model.verb](model, text, label)[:MOST_LINES], _start(model, text, label))


def _start(model: Model, text: NetworkInput, label: str | None) -> str:
    given = f"“{_text(text)}”"
    if model.verb is not Verb.GENERATE:
        return f"answers to {given}"
    following = f"next: what follows {given}" if text else f"next: the first {model.codec.symbol_name}"
    return f"{following} · writes: whole texts" + (f" · label: {label}" if label else "")


def _ranked(probabilities: dict[str, float]) -> list[AnswerLine]:
    ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
    return [AnswerLine(visible_symbol(name), percent(share, 1)) for name, share in ranked]


def _predicted(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return tuple(_ranked(model.predict(_text(text))))


def _classified(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return tuple(_ranked(model.classify(model.tokens_of(text))))


def _tagged(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return tuple(
        AnswerLine(f"{visible_symbol(one.token)}  {one.tag}", percent(one.probability))
        for one in model.tag(_text(text))
    )


def _translated(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return _ranked_texts(model.translate(_text(text), beam_size=BEAMS))


def _rated(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    found = model.rate(model.tokens_of(text))
    assert model.codec.values is not None, "it answers numbers"
    scale = model.codec.values.deviation[0]
    return (AnswerLine("", estimate(found.value, found.deviation, scale) + plus_minus(found.deviation)),)


def _forecast(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    found = model.forecast(model.tokens_of(text), MOST_LINES)
    values = model.codec.written(found.mean)
    return tuple(AnswerLine("", f"in {counted(steps, 'step')}: {value}") for steps, value in enumerate(values, 1))


def _transcribed(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return _ranked_texts(model.transcribe(model.tokens_of(text), beam_size=BEAMS))


def _captioned(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    return _ranked_texts(model.caption(model.tokens_of(text), beam_size=BEAMS))


def _ranked_texts(found: Sequence[Translation]) -> tuple[AnswerLine, ...]:
    return tuple(AnswerLine(one.text, f"({fixed(one.log_probability)})") for one in found)


def _text(given: NetworkInput) -> str:
    return given.name if isinstance(given, Recording) else given


def _generated(model: Model, text: NetworkInput, label: str | None) -> tuple[AnswerLine, ...]:
    """The next symbols, then some texts of its own."""
    following = _ranked(model.next_symbols(prefix=_text(text), label=label))[:NEXT]
    written = model.generate(count=WRITTEN, label=label, seed=0)
    return (
        *(replace(line, text=f"next: {line.text}") for line in following),
        *(AnswerLine(f"writes: {one.text}") for one in written),
    )


ANSWERS = {
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
