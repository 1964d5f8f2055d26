"""What Play shows: one step of training on the text that all views look at. Computed in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import engine
from engine.data.examples import Examples
from engine.data.numbers.recording import NetworkInput
from engine.inspection.one_step import OneStep, example_for, one_step
from engine.inspection.text_search import text_to_look_at, truth_of
from engine.models import Model
from engine.training.optimizers import OPTIMIZERS
from gui.session.session import Session
from gui.unrolled_view.diagram import Diagram
from gui.unrolled_view.diagram_builder import from_trace

MOST_PLAYED = 300  # symbols: nobody would watch more


@dataclass(frozen=True, eq=False)
class Played:
    """A training step, and what is needed to draw it."""

    step: OneStep
    snapshot: engine.Snapshot  # the weights that it looks at
    model: type[Model]
    optimizer: str = ""  # in words; "" if it would take this very step
    forcing: float = 1.0  # share of the right symbols that training reads where this step reads all

    def diagram(self) -> Diagram:
        """The picture of the example, of which a decoder reads the right words."""
        given, config = self.step.example.source, self.snapshot.config
        diagram = from_trace(self.step.trace, config, given, ends=True, network=self.model)
        return replace(diagram, own_targets=not self.step.known, forced=self.step.known)


def example_to_play(session: Session) -> Callable[[engine.Snapshot], Played | None]:
    """The function that plays the current text; it runs in the background."""
    training, dataset = session.run.training_config, session.data.dataset
    separate = dataset is not None and not dataset.kind.is_running
    return partial(
        _play,
        probe=session.probe.given,
        label=session.probe.label,
        data=(dataset.validation, dataset.train) if dataset is not None and separate else (),
        rate=training.learning_rate,
        clip_norm=training.clip_norm,
        optimizer=training.optimizer,
        forcing=training.teacher_forcing,
    )


def _play(
    snapshot: engine.Snapshot,
    *,
    probe: NetworkInput,
    label: str | None,
    data: Sequence[Examples],
    rate: float,
    clip_norm: float,
    optimizer: str,
    forcing: float,
) -> Played | None:
    """One plain step on the probe with these weights; None when there is nothing to read.

    data: examples in which to look up the right answer, if the network does not start from a label.
    """
    model = snapshot.model()
    tokens = text_to_look_at(model, snapshot, probe, label)[:MOST_PLAYED]
    if len(tokens) == 0:
        return None
    truth = truth_of(tokens, data) if label is None else ()
    example, known = example_for(model, tokens, truth, label)
    step = one_step(model, example, known, rate, clip_norm)
    titles = engine.TrainingConfig.options()["optimizer"].choices or {}
    other = titles.get(optimizer, optimizer) if OPTIMIZERS[optimizer].names else ""  # an optimizer that keeps moments
    return Played(step, snapshot, type(model), other, forcing if known else 1.0)
