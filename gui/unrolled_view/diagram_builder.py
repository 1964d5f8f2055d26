"""Makes the picture's values from what a network computed on a text, or from its settings alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

import engine
from engine.cells import CELLS
from engine.config import POOLING_CHOICES
from engine.data.vocabulary import END
from engine.inspection.text_search import as_typed
from engine.models import Model, Prediction, ReadOut, representative
from engine.network.neighbours import Neighbours
from gui.unrolled_view.diagram import (
    EMBEDDING,
    LINEAR,
    NEIGHBOURS,
    NUMBERS,
    ONE_HOT,
    SPELLING,
    Diagram,
    DiagramColumn,
    Entrance,
    LayerRow,
    NumberAnswers,
    Outcomes,
)

UNTRAINED_STEPS = 7  # columns drawn when there is neither a text nor a network yet
MOST_PADDED = 2  # padded places with columns of their own; one more column stands for the rest


def from_trace(
    trace: engine.Trace,
    config: engine.ModelConfig,
    tokens: Sequence[str] = (),
    truth: Sequence[str] = (),
    *,
    ends: bool = False,
    network: type[Model] | None = None,
) -> Diagram:
    """The picture of one text as a network reads it.

    tokens: the text's own symbols, if some are unknown to the network. truth: what should come out of a network that
    reads its own answers, if the trace does not say. ends: whether the text is known to end with its last symbol; one
    that was typed may continue.
    """
    network = network or representative(config.architecture)
    targets = _targets(trace, network, truth, ends)
    answers = _StepAnswers(trace, targets)
    columns = _columns(trace, network, tokens, answers) if trace.layers else _places(trace, tokens, answers)
    first_of: dict[str, int] = {}
    for i, column in enumerate(columns):
        first_of.setdefault(column.part, i)
    rows, levels = [], dict.fromkeys(first_of, 0)
    for index, layer in enumerate(trace.layers):
        if layer.part not in first_of or not len(layer.states):
            continue
        rows.append(
            LayerRow(
                layer.name,
                layer.part,
                levels[layer.part],
                first_of[layer.part],
                len(layer.states),
                layer.direction == "backward",
                layer.layer,
                index,
                layer.states,
            )
        )
        levels[layer.part] += 1
    at = trace.output_steps if trace.layers else tuple(i for i, column in enumerate(columns) if column.above)
    return Diagram(
        columns,
        tuple(rows),
        CELLS[config.cell].title,
        config.architecture,
        trace.attention,
        trace.attention is not None,
        pooling_in_words(config, network),
        network,
        None if trace.means is not None else Outcomes(trace.symbols, trace.probabilities, at, trace.copied),
        {part: _entrance(trace, config, part) for part in first_of},
        config.dropout,
        trace.winners,
        None if trace.layers else trace.read[0],
        trace.scorer,
        config.hidden_size,
        _numbers(trace, at),
        _counts_words(config, network),
        not trace.apart,
        lag=config.lag if trace.means is not None else 0,
        copies=trace.copied is not None,
        tied=_is_tied(config, network),
        drawn=trace.drawn,
        forced=trace.known,
    )


def _numbers(trace: engine.Trace, columns: tuple[int, ...]) -> NumberAnswers | None:
    if trace.means is None or trace.deviations is None:
        return None
    return NumberAnswers(trace.means, trace.deviations, trace.truths, columns, trace.columns, trace.usual)


def _counts_words(config: engine.ModelConfig, network: type[Model]) -> bool:
    return config.word_counts and "word_counts" not in network.unused


def _attends(config: engine.ModelConfig, network: type[Model]) -> bool:
    return config.attention and "attention" not in network.unused


def _is_tied(config: engine.ModelConfig, network: type[Model]) -> bool:
    return config.tied and config.embedding_size > 0 and "tied" not in network.unused


def pooling_in_words(config: engine.ModelConfig, network: type[Model]) -> str:
    """How all states become the one that the answer is read from: "max over time"; "" if that is the last one."""
    return "" if config.pooling == "last" or "pooling" in network.unused else POOLING_CHOICES[config.pooling]


def _entrance(trace: engine.Trace, config: engine.ModelConfig, part: str) -> Entrance:
    vectors = trace.vectors.get(part)
    if vectors is None:
        return Entrance((ONE_HOT,), ())
    learned, frames = config.embedding_size, trace.frames.get(part)
    if frames is not None:
        values, standard = trace.standardised.get(part), part in trace.standardised
        if values is None:  # relative to their mean over time, because what is always there says nothing
            values = frames - frames.mean(axis=0)
        if not learned:
            return Entrance((NUMBERS,), (frames.shape[1],), values, standard)
        both = np.concatenate([vectors, values], axis=1)
        return Entrance((LINEAR, NUMBERS), (learned, frames.shape[1]), both, standard)
    beside = vectors.shape[1] - learned  # nothing for a decoder, which reads what it has written itself
    around = Neighbours.size if config.neighbours and beside else 0
    stretches = {EMBEDDING: learned, SPELLING: beside - around, NEIGHBOURS: around}
    present = {name: size for name, size in stretches.items() if size}
    return Entrance(tuple(present), tuple(present.values()), vectors)


def _empty_entrance(learned: int, numbers: int) -> Entrance:
    if not numbers:
        return Entrance((EMBEDDING,), (learned,)) if learned else Entrance((ONE_HOT,), ())
    return Entrance((LINEAR, NUMBERS), (learned, numbers)) if learned else Entrance((NUMBERS,), (numbers,))


class _StepAnswers:
    """The answer shown above a step, and the right one."""

    def __init__(self, trace: engine.Trace, targets: Mapping[int, str]) -> None:
        self._trace = trace
        wanted = [targets.get(step, "") for step in trace.output_steps]
        losses = trace.losses(wanted).tolist()
        self._wanted = {step: (wanted[row], losses[row]) for row, step in enumerate(trace.output_steps)}

    def at(self, step: int) -> tuple[str, float, str, str, float]:
        """Answer, probability, the right answer if it differs, the right answer, and the loss."""
        above = self._trace.outputs[step]
        if not above:
            return "", math.nan, "", "", math.nan
        right, loss = self._wanted[step]
        if self._trace.means is not None:  # numbers are near or far, not right or wrong
            return above, math.nan, "", right, loss
        return above, float(self._trace.output_probability[step]), "" if right == above else right, right, loss


def _places(trace: engine.Trace, tokens: Sequence[str], answers: _StepAnswers) -> tuple[DiagramColumn, ...]:
    """The columns of a padded network, which reads all symbols at once and answers once: the text, and its padding."""
    above, probability, target, right, loss = answers.at(0)
    columns = [DiagramColumn("", i + 1, token, cut=i >= trace.places) for i, token in enumerate(tokens)]
    at = min(len(columns), trace.places) - 1
    read = columns[at]
    columns[at] = DiagramColumn("", read.step, read.below, above, probability, target=target, truth=right, loss=loss)
    left = trace.places - len(tokens)
    sizes = [1] * left if left <= MOST_PADDED + 1 else [1] * MOST_PADDED + [left - MOST_PADDED]
    for size in sizes:
        columns.append(DiagramColumn("", columns[-1].step + max(1, columns[-1].padding), padding=size))
    return tuple(columns)


def _columns(
    trace: engine.Trace, network: type[Model], tokens: Sequence[str], answers: _StepAnswers
) -> tuple[DiagramColumn, ...]:
    """One column for each input of each part, in the order of time."""
    inputs, unknowns = as_typed(trace.inputs, tokens, network)
    fed_back = {stage.name: stage.fed_back for stage in network.stages}
    continues = (
        trace.known and network.predicts is Prediction.NEXT_SYMBOL
    )  # elsewhere the right answer is not read next
    columns: list[DiagramColumn] = []
    for i, (part, step) in enumerate(_parts(trace)):
        above, probability, target, right, loss = answers.at(i)
        feeds = fed_back[part] and step > 1
        columns.append(
            DiagramColumn(
                part,
                step,
                inputs[i],
                above,
                probability,
                feeds and columns[-1].above == inputs[i],
                target,
                unknowns[i],
                right,
                loss,
                typed=inputs[i + 1] if continues and right and any(unknowns[i + 1 : i + 2]) else "",
            )
        )
    return tuple(columns)


def _targets(trace: engine.Trace, network: type[Model], truth: Sequence[str], ends: bool) -> dict[int, str]:
    """The right answer of each step, as far as it is known.

    A decoder that reads its own words is compared up to its first different one: what follows answers another question.
    """
    if trace.known:
        known = dict(zip(trace.output_steps, trace.targets, strict=False))
        return {step: symbol for step, symbol in known.items() if ends or symbol != END}
    if not truth or not network.feeds_back():
        return {}
    wanted = (*truth, END)
    written = [trace.outputs[step] for step in trace.output_steps]
    pairs = zip(written, wanted, strict=False)
    agreed = next((i for i, (one, other) in enumerate(pairs) if one != other), len(wanted))
    return dict(zip(trace.output_steps[: agreed + 1], wanted, strict=False))


def _parts(trace: engine.Trace) -> list[tuple[str, int]]:
    """Part and step (from 1) of every column."""
    lengths: dict[str, int] = {}
    for layer in trace.layers:
        lengths.setdefault(layer.part, len(layer.inputs))
    return [(part, step + 1) for part, length in lengths.items() for step in range(length)]


def untrained(
    config: engine.ModelConfig, steps: int = UNTRAINED_STEPS, network: type[Model] | None = None, numbers: int = 0
) -> Diagram:
    """The picture of a network that has not read anything yet: its shape, with empty cells. numbers: how many it reads
    at each step, 0 for symbols."""
    network = network or representative(config.architecture)
    stages = network.stages
    length = max(1, steps // max(1, len(stages)))
    columns: list[DiagramColumn] = []
    rows: list[LayerRow] = []
    if not stages:
        columns = [DiagramColumn("", step, "…", "?" * (step == length)) for step in range(1, length + 1)]
    for stage in stages:
        part, first, level = stage.name, len(columns), 0
        for step in range(1, length + 1):
            reads_out = stage.read_out is ReadOut.EVERY or (stage.read_out is ReadOut.LAST and step == length)
            columns.append(
                DiagramColumn(part, step, "…", "?" if reads_out else "", fed_back=stage.fed_back and step > 1)
            )
        both = config.bidirectional and stage.whole_input
        for layer in range(config.num_layers):
            for backward in (False, True) if both else (False,):
                rows.append(LayerRow(f"layer {layer + 1}", part, level, first, length, backward, layer))
                level += 1
    written = {stage.name for stage in stages if stage.fed_back}  # these read the symbols that they write
    return Diagram(
        tuple(columns),
        tuple(rows),
        CELLS[config.cell].title,
        config.architecture,
        attends=_attends(config, network),
        pooling=pooling_in_words(config, network),
        network=network,
        entrances={
            part: _empty_entrance(config.embedding_size, 0 if part in written else numbers)
            for part in dict.fromkeys(column.part for column in columns)
        },
        dropout=config.dropout,
        units=config.hidden_size,
        word_counts=_counts_words(config, network),
        copies=config.copying and _attends(config, network) and "copying" not in network.unused,
        tied=_is_tied(config, network),
    )
