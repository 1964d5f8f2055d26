"""The picture in words: for a screen reader, and for the mouse."""

from __future__ import annotations

import math

import numpy as np

from engine.models.snapshot import weights_in_words
from engine.name_list import some_of
from engine.number_text import percent, plus_minus, probability_text
from gui.unrolled_view.attention_painter import LEAST_ALONE
from gui.unrolled_view.cell_names import is_read_both_ways, row_in_words, states_below
from gui.unrolled_view.diagram import ZEROS, Diagram, LayerRow
from gui.unrolled_view.outputs import step_loss_text
from gui.widgets.symbols import meaning_of, visible_symbol

MOST_SPOKEN, MOST_NAMED, MOST_PROBABLE = 30, 8, 5


def diagram_in_words(diagram: Diagram) -> str:
    """The whole picture in words; only the first steps of a long one."""
    read = [c for c in diagram.columns if not c.padding]
    spoken = enumerate(read[:MOST_SPOKEN])
    steps = [f"{c.below} → {c.above}{_copied(diagram, at)}" if c.above else c.below for at, c in spoken]
    cells = "hidden layer over padded positions" if diagram.padded else diagram.cell
    begin = diagram.begins_with(read[0].part) if read else ZEROS
    begun = f", beginning with the {begin}" if begin != ZEROS else ""
    pooled = f", the answer from all states: {diagram.pooling}" if diagram.pools else ""
    pooled += ", with counted words" * diagram.word_counts
    padding = sum(c.padding for c in diagram.columns)
    padded = f", {padding} padded positions" if padding else ""
    return f"{cells} {diagram.shape}, {len(read)} steps{begun}{padded}{pooled}: " + ", ".join(steps)


def _copied(diagram: Diagram, column: int) -> str:
    """How much of the probabilities above a column is copied, in brackets; "" where nothing can be."""
    share = math.nan if diagram.outcomes is None else diagram.outcomes.copied_share(column)
    return f" ({percent(share)} copied)" if math.isfinite(share) else ""


def tip_of(diagram: Diagram, column: int, row: int | None = None) -> str:
    """The contents of one column, as lines of a tooltip. row: of the cell that is pointed at, if it is at one."""
    item = diagram.columns[column]
    if item.padding:
        places = (
            f"positions {item.step} to {item.step + item.padding - 1}" if item.padding > 1 else f"position {item.step}"
        )
        return f"{places}: padding, all zeros. Nothing is computed from it."
    lines = [_read(diagram, column, None if row is None else diagram.rows[row])]
    if item.cut:
        lines.append("past the last input position: the network does not see it")
    if item.unknown:
        lines.append("a symbol the network has not learned")
    entrance = diagram.entrances.get(item.part)
    if entrance is not None and entrance.sizes:
        words = (f"{size} numbers {_STRETCH[name]}" for name, size in zip(entrance.names, entrance.sizes, strict=True))
        lines.append("read as " + " and ".join(words))
        if entrance.standard:
            lines.append("blue above the average of its column in training, orange below")
            lines.append("full colour: two standard deviations from it")
    lines += _attended(diagram, column)
    if diagram.winners is not None:
        units = np.flatnonzero(diagram.winners == column)
        named = some_of(map(str, units.tolist()), MOST_NAMED)
        lines.append(f"{len(units)} of {len(diagram.winners)} units are largest here" + f": {named}" * bool(len(units)))
    if item.above:
        lines.append(_answered(diagram, column))
        if diagram.tied:
            lines.append("scored against the embeddings of the symbols: the input and the output share one matrix")
        if diagram.pools:
            lines.append(f"from the states of all steps: their {diagram.pooling}, unit by unit")
        if diagram.word_counts:
            lines.append("counted words: each word also adds a score of its own, wherever it stands")
        if diagram.outcomes is not None:
            others = diagram.outcomes.top(column, MOST_PROBABLE, item.above)[1:]
            if others:
                lines.append(
                    "then " + ", ".join(f"{visible_symbol(name)} {probability_text(share)}" for name, share in others)
                )
        lines += _mixed(diagram, column)
    if item.above and diagram.joint:
        lines.append("all answers are chosen together; the probabilities are those of this step alone")
    if item.target:
        unlearned = ", which the network has not learned" if item.typed else ""
        lines.append(f"the right answer is {visible_symbol(item.typed or item.target)}{unlearned}")
    if diagram.uncompared is not None and column >= diagram.uncompared:
        lines.append("not compared: an answer before it differs from the right one, and the network goes on from that")
    if column < diagram.uncounted and math.isnan(item.loss):
        lines.append(f"not counted: there is no value {diagram.lag} steps before the next one to predict it from")
    if item.truth and diagram.joint:
        lines.append("its loss is one for all answers together")
    if step_loss_text(item.loss):
        lines.append(f"loss {step_loss_text(item.loss)}: {diagram.charged} {visible_symbol(item.truth_shown)}")
    top = [] if diagram.outcomes is None or not item.above else diagram.outcomes.top(column, MOST_PROBABLE)
    symbols = dict.fromkeys((item.below, item.above, item.truth, *(symbol for symbol, _ in top)))
    lines += filter(None, map(meaning_of, symbols))
    if diagram.trained is not None:
        lines.append(f"computed {weights_in_words(diagram.trained)}")
    return "\n".join(lines)


def _read(diagram: Diagram, column: int, row: LayerRow | None) -> str:
    """The step of a column and what is read there, by the cell of this row if it is one: "step 2: reads sun", "layer 2
    forward, step 2: reads both h₂ of layer 1"."""
    step, read = diagram.columns[column].step, visible_symbol(diagram.symbol_at(column))
    place = f"step {step}"
    if row is not None:
        place = ", ".join(filter(None, (row_in_words(diagram, row), place)))
        if row.depth:
            read = states_below(step, row.depth, both=is_read_both_ways(diagram, row.part))
    return place + f": reads {read}" * bool(read)


def _attended(diagram: Diagram, column: int) -> list[str]:
    """How much any step of the decoder looks at a column of the encoder, which may be too little for a line."""
    attention = diagram.attention
    if attention is None or column >= attention.shape[1] or not len(attention):
        return []
    most = float(attention[:, column].max())
    if not math.isfinite(most):
        return []
    if most <= LEAST_ALONE:
        return [f"gets hardly any attention: {percent(most)} at most"]
    step = int(attention[:, column].argmax())
    return [f"gets most attention at step {step + 1} of the decoder: {percent(most)}"]


def _mixed(diagram: Diagram, column: int) -> list[str]:
    """What is copied and what comes from the softmax; [] where nothing can be copied."""
    outcomes = diagram.outcomes
    share = math.nan if outcomes is None else outcomes.copied_share(column)
    if outcomes is None or not math.isfinite(share):
        return []
    answer = diagram.columns[column].above
    return [
        f"{percent(share)} copied from where attention looks, {percent(1 - share)} from {diagram.scorer}",
        f"of the {probability_text(diagram.columns[column].probability)}, "
        f"{probability_text(outcomes.copied_part(column, answer))} is copied",
    ]


def _answered(diagram: Diagram, column: int) -> str:
    item = diagram.columns[column]
    if diagram.numbers is None:
        return f"answers {visible_symbol(item.above)} with probability {probability_text(item.probability)}"
    deviation = diagram.numbers.at(column, 0)[1]
    spread = plus_minus(deviation) if diagram.numbers.means.shape[1] == 1 else ""
    return f"predicts {item.above}{spread}"


_STRETCH = {
    "embed": "looked up for the symbol",
    "spelling": "from its spelling",
    "beside": "looked up for the symbols before and after it",
    "values": "as they are",
    "linear": "from a linear layer",
}
