"""What happens at each moment of a played example, in plain words and with the real numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.number_text import SMALL_LOSS, change_of_loss, grouped, in_figures, loss_text, percent, plus_minus
from gui.unrolled_view.cell_names import has_layers, is_read_both_ways, name_of_state, states_below
from gui.unrolled_view.diagram import ZEROS, CellPlace, Diagram
from gui.unrolled_view.playing import Phase, Playing, PlayMoment
from gui.widgets.symbols import visible_symbol

BREVITIES = range(5)  # from everything that can be said to the numbers that the moment is about
MOST_LETTERS = 10  # of a symbol in the shortest caption


def caption_of(playing: Playing, brevity: int = 0) -> str:
    """The caption of the current moment; a greater brevity leaves out words, but none of the numbers that matter."""
    caption, moment = _Caption(playing, brevity), playing.moment
    if moment.phase is Phase.LOSS:
        return caption.loss()
    if moment.phase is Phase.WEIGHTS:
        return caption.weights()
    return caption.forwards(moment) if moment.phase is Phase.FORWARDS else caption.backwards(moment)


@dataclass(frozen=True, eq=False)
class _Caption:
    playing: Playing
    brevity: int

    @property
    def diagram(self) -> Diagram:
        return self.playing.diagram

    def _pick(self, *wordings: str) -> str:
        """The wording of this brevity, of those from long to short."""
        return wordings[min(self.brevity, len(wordings) - 1)]

    def _name(self, place: CellPlace) -> str:
        """The step of a cell, and its layer; a first layer that is computed together with the others needs no name."""
        row, item = self.diagram.rows[place[0]], self.diagram.columns[place[1]]
        of = f" of {sum(c.part == item.part for c in self.diagram.columns)}" * (self.brevity < BREVITIES[-1])
        alone = is_read_both_ways(self.diagram, row.part) and has_layers(self.diagram, row.part)
        layer = f"layer {row.depth + 1}" if row.depth or alone else ""
        return ", ".join(filter(None, (item.part, layer, f"step {item.step}{of}"))).capitalize()

    def _quoted(self, symbol: str) -> str:
        shown = visible_symbol(symbol)
        return f"“{shown[: MOST_LETTERS - 1]}…”" if self.brevity >= 2 and len(shown) > MOST_LETTERS else f"“{shown}”"

    def _symbol_or(self, column: int, other: str = "") -> str:
        """The symbol that a column reads, in quotation marks; where it reads numbers, `other` or the step."""
        symbol = self.diagram.symbol_at(column)
        return self._quoted(symbol) if symbol else other or f"step {self.diagram.columns[column].step}"

    # ---- forwards

    def forwards(self, moment: PlayMoment) -> str:
        """What the cells of a moment read and compute, and what is answered."""
        diagram = self.diagram
        if moment.gathers:
            padded = "Every place of the padded text is added up."
            return padded if diagram.padded else f"All states become one: {diagram.pooling}."
        sentences = []
        if (place := self.playing.cell) is not None:
            sentences += [self._read(place), *self._read_in_training(place), *self._other_direction(moment)]
        if len(moment.answers) == 1:
            sentences += [*self._attended(diagram.columns[moment.answers[0]].step), self._answered(moment.answers[0])]
        elif moment.answers and diagram.numbers is not None:
            sentences.append("The network predicts numbers at every step.")
        elif moment.answers:
            turn = "turn the states of both directions into probabilities at every step"
            sentences.append(f"The output layer and {diagram.scorer} {turn}.")
        return " ".join(sentences)

    def _read(self, place: CellPlace) -> str:
        """What a cell reads and computes."""
        diagram, column, row = self.diagram, place[1], self.diagram.rows[place[0]]
        step, name, part = diagram.columns[column].step, self._name(place), row.part
        h, read = name_of_state(step), self._symbol_or(column, "the values of this step")
        if row.depth:
            read = states_below(step, row.depth, both=is_read_both_ways(diagram, part))
        if step > 1 and diagram.remembers:
            before = name_of_state(step - 1)
            other = self._pick(f"the state before, {before},", before)
        elif diagram.takes_over(part):
            last = "last states" if diagram.both_ways else "last state"
            other = self._pick(f"the encoder’s {last},", f"the encoder’s {last}")
        elif diagram.begins_with(part) != ZEROS:
            made = f"the state made from the {diagram.begins_with(part)}"
            other = self._pick(f"{made},", made)
        else:
            other = self._pick("a state of zeros,", "zeros")
        shorter = f"{name}: {read} and {other} give {h}."
        return self._pick(f"{name}: the cell reads {read} and {other} and computes {h}.", shorter, f"{name}: {h}.")

    def _read_in_training(self, place: CellPlace) -> list[str]:
        """What a training step may read there instead of the right symbol; [] if nothing else."""
        row, step, forcing = self.diagram.rows[place[0]], self.diagram.columns[place[1]].step, self.playing.forcing
        if self.brevity or row.depth or step == 1 or forcing == 1 or not self.diagram.feeds_back(row.part):
            return []
        often = f" with a probability of {percent(1 - forcing)}" if forcing else ""
        return [f"Training, with teacher forcing {forcing:g}, reads the network’s own last answer instead{often}."]

    def _other_direction(self, moment: PlayMoment) -> list[str]:
        """Where the cells are meanwhile that read the text backwards; [] if none do."""
        rows, columns = self.diagram.rows, self.diagram.columns
        there = [(rows[index], column) for index, column in moment.cells if rows[index].backward]
        if not there:
            return []
        row, column = there[0]
        at = f"step {columns[column].step}" if row.depth else self._symbol_or(column)
        return [f"Other direction: {at}." if self.brevity == BREVITIES[-1] else f"The other direction is at {at}."]

    def _attended(self, step: int) -> list[str]:
        """What a step of the decoder looks at; [] without attention."""
        attention = self.diagram.attention
        if attention is None:
            return []
        weights = attention[step - 1]
        most = int(weights.argmax())
        symbol, share = self._symbol_or(most), percent(float(weights[most]))
        where = self._which(most, len(weights))
        whole = f"Attention looks most at {symbol}{where and f' in {where} of the encoder'} ({share})."
        return [self._pick(whole, whole, f"Attention: {symbol}{where and f' in {where}'} {share}.")]

    def _which(self, column: int, count: int) -> str:
        """The step of a symbol that several of the first `count` columns read; "" where it is the only one."""
        symbols = [self.diagram.symbol_at(each) for each in range(count)]
        alike = bool(symbols[column]) and symbols.count(symbols[column]) > 1
        return f"step {self.diagram.columns[column].step}" if alike else ""

    @property
    def _scorer(self) -> str:
        return self.diagram.scorer[:1].upper() + self.diagram.scorer[1:]

    def _answered(self, column: int) -> str:
        diagram, item = self.diagram, self.diagram.columns[column]
        if diagram.numbers is not None:
            return f"From it the network predicts {item.above}{self._spread(column)}."
        turns = self._pick(f"The output layer and {diagram.scorer} turn it into probabilities", self._scorer)
        if diagram.copies and diagram.outcomes is not None:
            copied = percent(diagram.outcomes.copied_share(column))
            rest = f"the rest comes from {diagram.scorer}"
            turns = self._pick(f"{copied} is copied from where it looks, {rest}", f"{copied} copied")
        return f"{turns}: {self._quoted(item.above)} {item.probability:.2f}."

    def _spread(self, column: int) -> str:
        """How far off a prediction may be, as " ± 0.31"; "" if that is not learned, or for several numbers."""
        numbers = self.diagram.numbers
        if numbers is None or numbers.several:
            return ""
        return plus_minus(numbers.at(column, 0)[1])

    # ---- the loss, and backwards

    def loss(self) -> str:
        """What the loss is."""
        step, count = self.playing.step, len(self.playing.step.losses)
        if count == 1:
            truth = "the right answer" if step.known else "its own answer (the right one is unknown)"
            whole = f"The loss: {self.diagram.charged} {truth}, {loss_text(step.loss, 2)}."
            own = "The loss" if step.known else "The loss of its own answer"
            return self._pick(f"{whole} Training makes it smaller.", whole, f"{own}: {loss_text(step.loss, 2)}.")
        truth = "each right answer" if step.known else "its own answers (the right ones are unknown)"
        if not step.trace.apart:
            truth = "all answers together"
        mean = f"the mean of all {count} is {loss_text(step.loss, 2)}"
        flow = " The errors of all steps now flow back together." if self.diagram.remembers else ""
        whole = f"The loss: {self.diagram.charged} {truth}; {mean}."
        own = "The loss" if step.known else "The loss of its own answers"
        return self._pick(whole + flow, whole, f"{own}: {mean}.")

    def backwards(self, moment: PlayMoment) -> str:
        """Where the gradient comes from, how large it is, and where it flows."""
        diagram, sentences = self.diagram, []
        if moment.answers:
            several = len(moment.answers) > 1
            step = "the answer" if diagram.answers_once else f"step {diagram.columns[moment.answers[0]].step}"
            which = "every answer" if several else step
            sentences.append(f"Backwards: the error of {which}{self._error(moment.answers[0])}.")
        if moment.gathers:
            at_sum = self.playing.step.sum_gradient
            sentences.append(
                f"Backwards: the gradient is handed back to the states it came from ({diagram.pooling})."
                if at_sum is None
                else f"Backwards: every place gets the same gradient, ‖∂loss/∂sum‖ = {in_figures(at_sum, 2)}."
            )
        if (place := self.playing.cell) is not None:
            name, h = self._name(place), name_of_state(diagram.columns[place[1]].step)
            norm = f"‖∂loss/∂{h}‖ = {in_figures(self.playing.gradient(place), 2)}"
            other = self._other_direction(moment)
            if self.brevity >= 3:
                return " ".join([f"{name}, backwards: {norm}.", *other])
            sentences += [f"{name}: {norm}. {self._flows_on(place[0], place[1])}", *other]
        return " ".join(sentences)

    def _error(self, column: int) -> str:
        """How the error of an answer comes in: what it is with respect to the scores, or how it is shared between what
        is copied and what is scored."""
        diagram, own = self.diagram, self.diagram.own_targets
        right = "its own answer" if own else "the target"
        if diagram.numbers is not None:
            error = "as if it were right" if own else "how far off it is"
            return self._pick(f" ({error}) comes in", " comes in")
        outcomes, truth = diagram.outcomes, diagram.columns[column].truth
        copied = math.nan if outcomes is None else outcomes.shared_error(column, truth)
        if math.isfinite(copied):
            scored, copying = f"{percent(1 - copied)} to {diagram.scorer}", f"{percent(copied)} to attention"
            shared, alone = f" comes in, shared as the probability of {right}", "its own probabilities, minus 1 there"
            whole = f"{shared}: {scored} ({alone}), {copying}"
            return self._pick(whole, f"{shared}: {scored}, {copying}", f" comes in: {scored}, {copying}")
        drawn = f"; training estimates them from {grouped(diagram.drawn)} symbols" * bool(diagram.drawn)
        return self._pick(f" (its probabilities, minus 1 at {right}{drawn}) comes in", " comes in")

    def _flows_on(self, index: int, column: int) -> str:
        """Where the gradient of a cell goes: from a higher layer to the one below, and to the step before."""
        diagram, row = self.diagram, self.diagram.rows[index]
        first, handed = column == row.first, diagram.takes_over(row.part)
        ways = [f"down to layer {row.depth}"] if row.depth and self.brevity == 0 else []
        if not diagram.remembers:
            return f"{f'It flows {ways[0]} only' if ways else 'Nothing flows on'}: each symbol starts from zeros."
        if not first:
            ways.append(f"on to {name_of_state(diagram.columns[column].step - 1)}")
        elif handed:
            ways.append("on to the encoder" + ", also by attention" * diagram.attends)
        flows = f"It flows {' and '.join(ways)}." if ways else ""
        return " ".join(filter(None, (flows, "This is the first step." * (first and not handed))))

    def weights(self) -> str:
        """What a step does to the weights."""
        step, other = self.playing.step, self.playing.optimizer
        norm, limit = in_figures(step.gradient_norm), in_figures(step.clip * step.gradient_norm)
        clipped = f" (norm {norm}, clipped to norm {limit})" if step.clip < 1 else ""
        kind = f"plain gradient descent, not {other}" if other else "plain gradient descent"
        losses = change_of_loss(step.loss, step.loss_after)
        own = "its own answer" + "s" * (len(step.losses) > 1)
        of, shortly = ("this example", "") if step.known else (own, f" of {own}")
        learned = " Hardly anything is left to learn from it." * (step.known and 0 <= step.loss < SMALL_LOSS)
        moves = f"The weights: each moves by −{step.rate:g} times its gradient{clipped}."
        whole = f"{moves} Loss of {of}: {losses}.{learned}"
        shorter = f"The weights: −{step.rate:g} times the gradient{clipped}. Loss{shortly}: {losses}."
        limited = f", clipped to norm {limit}" * (step.clip < 1)
        times, rest = f"−{step.rate:g} times the gradient{limited}.", f"Loss{shortly}: {losses}."
        factor = f"−{step.rate:g} × gradient{limited}."
        return self._pick(f"{whole} This is {kind}.", whole, shorter, f"{times} {rest}", f"{factor} {rest}")
