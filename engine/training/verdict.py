"""Judges the settings of a finished run: network too small, too few epochs, memorizing, or good."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.cells import CELLS
from engine.config import ModelConfig, TrainingConfig
from engine.inspection.gradient_flow import gradient_flow
from engine.models.metrics import METRICS
from engine.number_text import counted, in_figures, percent, run_loss
from engine.training.baseline import Baseline
from engine.training.baselines import baselines
from engine.training.evaluation import Metrics
from engine.training.optimizers import OPTIMIZERS
from engine.training.schedules import SCHEDULES
from engine.training.trainer import Trainer

_SAME = 0.03  # difference of the losses, as a share of the validation loss: up to this, nothing is memorized
_FAR = 0.5  # the same: above this, a lot is memorized
_NEARLY_ALL = 0.97  # share of right answers: above this, memorizing costs too little to be told
_LOW = 0.02  # nats: with so little loss left, the difference means nothing, and the share counts as middling
_MIDDLING = 0.2
_ROSE = 0.1  # share of its lowest value by which the validation loss has risen once memorizing has begun
_LITTLE = 0.1  # share of a baseline's loss: a network that is not this much below it is hardly better
_POINTS = 0.02  # share of right answers: with this many more than a baseline, it is better whatever the loss
_DROPPED = 0.3  # dropout from which less of it may let a network learn more
_AGAINST_MEMORIZING = "more examples or more dropout may help."
_LONG_MEMORY = "chrono"  # the initial weights with which gates hold on to what they have read
_TEXTS = 9  # validation texts; the gradient has to vanish in more than half of them
_EXPLODED, _LEAST_EXPLODED = 3.0, 1.0  # above the worst baseline, as a multiple of its loss, and at least in nats
_SLOWER = 10  # by this factor, the rate to try after that is lower
_STILL_FALLS = 0.01  # share of the validation loss that the last quarter of a run takes off, if it could go on


@dataclass(frozen=True)
class Finding:
    """text: one sentence. setting, value: a change that would help, if the program can make it; for "epochs" the number
    to add."""

    text: str
    setting: str = ""
    value: float | str = 0


def verdict(trainer: Trainer, known: Sequence[Baseline] | None = None) -> tuple[Finding, ...]:
    """The findings, most useful first; () before the end of a run, or if there is nothing to say. known: the baselines
    of this run; None to compute them."""
    final, train = trainer.final, trainer.train_loss
    if final is None or train is None or not math.isfinite(final.loss):
        return ()
    found, gap = [], _gap(trainer, train, final.loss)
    # how it was measured, as the loss of the training steps, which is shown too, is usually higher
    model = trainer.model
    dropped, hidden = model.config.dropout > 0, model.hides_words(model.config)
    own = model.reads_own_answers(trainer.training)
    without = "without dropout" if dropped else "without hidden words" if hidden else "reading right answers" * own
    how, end = (f" ({without})", "") if without else ("", ", with these weights")
    losses = f"loss {run_loss(train)} on training{how} and {run_loss(final.loss)} on validation examples{end}"
    if known is None:
        config = trainer.model.config
        known = baselines(trainer.dataset, config.architecture, config.number_loss, config.lag)
    if exploded := _exploded(trainer, known, train, final.loss):
        return (exploded,)
    better = _better_baseline(trainer, known, final)
    too_fast = trainer.training.learning_rate >= OPTIMIZERS[trainer.training.optimizer].high_rate
    high = f"learning rate, {in_figures(trainer.training.learning_rate)}, may be too high."
    if better:
        found.append(Finding(better))
        if too_fast:
            return (*found, Finding(f"The {high}", "learning_rate", _slower(trainer)))
    fell = _still_fell(trainer)
    improves = _still_improved(trainer) or (fell and (gap < _SAME or bool(better)))
    all_right = _share_right(final) == 1  # then nothing is left to gain, whatever the losses
    worst = max(one.loss for one in known)  # at it, the network guesses, and what falls may be mere ups and downs
    goes_on = _last_is_best(trainer) and improves and not all_right and final.loss < worst
    memorized = gap > _FAR and _share_right(final) < _NEARLY_ALL
    if goes_on and not memorized:
        more = "minutes" if trainer.training.minutes else "epochs"
        text = f"Validation was still improving when the run ended: more {more} would help."
        found.append(Finding(text, *(("epochs", trainer.training.epochs) if more == "epochs" else ())))
    has_stopped = not goes_on and not fell  # only then is it known how much this network can learn
    equal = gap < _SAME and has_stopped and not all_right
    in_brackets = "" if better else f" ({losses})"
    learned = not better and not _hardly_better(trainer, known, final)
    guesses = _gap(trainer, final.loss, worst) < _LITTLE
    if equal and too_fast:
        return (*found, Finding(f"Perhaps underfitted ({losses}): the {high}", "learning_rate", _slower(trainer)))
    untaught = _longer_memory(trainer, in_brackets, learned, guesses) if equal or (better and not goes_on) else None
    if untaught:
        found.append(untaught)
    elif memorized:
        found.append(Finding(f"A lot was memorized ({losses}): {_AGAINST_MEMORIZING}"))
    elif (equal or (better and not goes_on)) and (later := _memorized_later(trainer)):
        found.append(Finding(later))
    elif equal:
        found.append(_larger(trainer, in_brackets, noise=not better))
    elif better and not goes_on:
        ways = "Another learning rate, less dropout or" if dropped else "Another learning rate or"
        found.append(Finding(f"{ways} more examples may help."))
    if not found and trainer.ended_early:  # `why_early` has already been given as the reason
        found.append(Finding(_hardly_better(trainer, known, final) or _nothing_wrong(final, losses)))
    return tuple(found)


def why_early(training: TrainingConfig) -> str:
    """Why patience ended a run, as a clause that is also true where the last step is the best after all."""
    title, since = METRICS[training.best_by].title, counted(training.patience, "epoch")
    lowered = ", so the rate was lowered to end the run" if SCHEDULES[training.schedule].ends_low else ""
    return f"the validation {title} had not improved for {since}{lowered}"


def _gap(trainer: Trainer, train: float, validation: float) -> float:
    """How much worse the network is on what it was not trained on, as a share of its loss there.

    The loss of a predicted density has no zero, as it depends on the unit of the numbers: its nats count as they are.
    """
    config = trainer.model.config
    if trainer.model.predicts.is_number and config.number_loss == "gaussian":
        return validation - train
    return (validation - train) / validation if validation > _LOW else _MIDDLING


def _share_right(final: Metrics) -> float:
    """The share of the validation examples that are answered right, by the strictest metric that counts right answers;
    0 if there is none. A network sure of its answers has so little loss on training examples that the gap alone would
    call it overfitted."""
    shares = [final.by(name) for name, metric in METRICS.items() if metric.decides and metric.rises and metric.is_share]
    counted_ones = [share for share in shares if not math.isnan(share)]
    return min(counted_ones, default=0.0)


def _better_baseline(trainer: Trainer, known: Sequence[Baseline], final: Metrics) -> str:
    """That a baseline does better than the network, in a sentence; "" if none does. Where answers are right or wrong,
    more right ones are better whatever the loss: that of naive Bayes is poor although its answers are good. The loss
    decides where as many are right."""
    own, right = final.by("accuracy"), {one.name: one.accuracy for one in known if one.accuracy is not None}
    most = max(right, key=right.__getitem__, default="")
    if most and not math.isnan(own) and right[most] != own:
        figures = f"accuracy {percent(right[most], 1)} against {percent(own, 1)}"
        if right[most] < own:
            return ""
        return f"A baseline does better, {most}: {figures}.{_at_its_best(trainer, final, 'accuracy', right[most])}"
    best = min(known, key=lambda one: one.loss)
    if best.loss >= final.loss or _share_right(final) >= _NEARLY_ALL:
        return ""
    figures = f"loss {run_loss(best.loss)} against {run_loss(final.loss)}"
    return f"A baseline does better, {best.name}: {figures}.{_at_its_best(trainer, final, 'loss', best.loss)}"


def _at_its_best(trainer: Trainer, final: Metrics, name: str, baseline: float) -> str:
    """A sentence on the step at which this metric was best, and whether it beat the baseline then; "" if the weights
    that are kept are as good, to the digits shown. With a space before it."""
    validations, sign = trainer.history.validations, -1 if METRICS[name].rises else 1
    values = sign * validations.get(name, np.empty(0))
    if np.isnan(values).all():
        return ""
    at = int(np.nanargmin(values))
    step, value = int(validations["step"][at]), sign * float(values[at])
    written, last = (run_loss(v) if name == "loss" else percent(v, 1) for v in (value, final.by(name)))
    if step == trainer.weights_step or sign * value >= sign * final.by(name) or written == last:
        return ""
    beaten = ", better than the baseline" if sign * value < sign * baseline else ""
    return f" The network’s {name} was best at step {step:,}: {written}{beaten}."


def _exploded(trainer: Trainer, known: Sequence[Baseline], train: float, validation: float) -> Finding | None:
    """A lower rate, if both losses are so far above that of the worst method without a network that the steps must have
    been too large; None if they are not."""
    worst = max(known, key=lambda one: one.loss)
    if min(train, validation) - worst.loss < max(_LEAST_EXPLODED, _EXPLODED * abs(worst.loss)):
        return None
    ways = "A lower learning rate" if trainer.training.clip_norm else "A lower learning rate, or clipping the gradient,"
    return Finding(
        f"The loss has exploded: {run_loss(train)} on training and {run_loss(validation)} on validation examples, far "
        f"above {worst.name} ({run_loss(worst.loss)}). {ways} may help.",
        "learning_rate",
        _slower(trainer),
    )


def _slower(trainer: Trainer) -> float:
    return float(f"{trainer.training.learning_rate / _SLOWER:.1g}")


def _nothing_wrong(final: Metrics, losses: str) -> str:
    """What is said of a run that ended early with nothing to find fault with, in a sentence: it is good only where
    nearly all is right, as another run may reach far more."""
    if _share_right(final) >= _NEARLY_ALL:
        return f"Good enough for these settings: {losses}."
    return (
        f"No sign of a network too small or of much memorizing: {losses}. More patience or another learning rate may "
        "do better."
    )


def _hardly_better(trainer: Trainer, known: Sequence[Baseline], final: Metrics) -> str:
    """That the network is hardly better than the best method without one, in a sentence; "" if it is clearly better."""
    best, right = min(known, key=lambda one: one.loss), [one.accuracy for one in known if one.accuracy is not None]
    if _gap(trainer, final.loss, best.loss) >= _LITTLE or (right and final.by("accuracy") - max(right) >= _POINTS):
        return ""
    return (
        f"Hardly better than the best method without a network, {best.name}: loss {run_loss(final.loss)} against "
        f"{run_loss(best.loss)}."
    )


def _memorized_later(trainer: Trainer) -> str:
    """That the run went on from its best step to memorize the training examples, in a sentence; "" if it did not.

    The best weights may do equally well on training and validation examples, but a network that then learned the
    training examples better still was not too small.
    """
    steps, validations = trainer.history.steps, trainer.history.validations
    losses = validations["loss"]
    if len(losses) < 2 or not np.isfinite(losses).all():
        return ""
    lowest, last = float(losses.min()), float(losses[-1])
    best = validations["step"][losses.argmin()]
    until, since = steps["loss"][steps["step"] <= best], steps["loss"][steps["step"] > best]
    if not len(until) or not len(since) or _gap(trainer, lowest, last) < _ROSE:
        return ""
    rows = max(1, trainer.steps_per_epoch // trainer.history.stride)  # an epoch
    before, after = float(until[-rows:].mean()), float(since[-rows:].mean())
    if _gap(trainer, after, before) < _SAME:
        return ""
    return (
        f"It began to memorize after step {best:,.0f}: the validation loss rose from {run_loss(lowest)} to "
        f"{run_loss(last)}, and the mean training loss of an epoch fell from {run_loss(before)} to "
        f"{run_loss(after)}. {_AGAINST_MEMORIZING.capitalize()}"
    )


def _longer_memory(trainer: Trainer, losses: str, learned: bool, guesses: bool) -> Finding | None:
    """A cell with gates in place of one without, or initial weights for a long memory, if the gradient vanishes before
    it reaches the first step of most texts: no number of units brings it there. None otherwise.

    losses: as for `_larger`. learned: whether it is better than the methods without a network. guesses: whether it is
    hardly better than the worst of them: one that is may have learned from early steps before the gradient vanished.
    """
    config = trainer.model.config
    gated = CELLS[config.cell].is_gated()
    # Where a gate protects the memory, a network that has learned to hold on to something passes little back, too.
    if gated and (learned or config.initialization == _LONG_MEMORY):
        return None
    if not trainer.model.remembers or trainer.dataset.kind.is_running:
        return None
    model, texts = trainer.snapshot().model(), trainer.dataset.validation
    looked_at = min(len(texts), _TEXTS)
    if 2 * sum(gradient_flow(model, texts[k]).starts_untaught for k in range(looked_at)) <= looked_at:
        return None
    why = "little of the gradient reaches early steps"
    if guesses:
        why = "the gradient vanishes on its way back, so hardly anything is learned from early steps"
    if gated:
        return Finding(
            f"Perhaps underfitted{losses}: {why}. Initial weights for a long memory, with which the cell holds "
            "on to what it has read, may help.",
            "initialization",
            _LONG_MEMORY,
        )
    name, cell = next((name, cell) for name, cell in CELLS.items() if cell.is_gated())
    return Finding(
        f"Perhaps underfitted{losses}: {why}. A cell with gates, such as {cell.title}, may help.", "cell", name
    )


def _larger(trainer: Trainer, losses: str, noise: bool) -> Finding:
    """Equal losses mean that the network may be too small for what there is to learn, or held back by dropout. Where
    numbers are predicted, what is left may also be noise, which nothing can predict.

    losses: both, in brackets; "" where others have been told. noise: whether it may be, as no baseline does better.
    """
    config = trainer.model.config
    units = 2 * config.hidden_size
    possible = units <= (ModelConfig.options()["hidden_size"].maximum or units)
    ways = [f"{units:,} hidden units"] * possible + ["less dropout"] * (config.dropout >= _DROPPED)
    change = ("hidden_size", units) if possible else ()
    if trainer.model.predicts.is_number and noise:
        more = f"; {' or '.join(ways)} would show whether there is more to learn" if ways else ""
        return Finding(f"Nothing was memorized{losses}. What is left may be noise{more}.", *change)
    return Finding(f"Perhaps underfitted{losses}: {' or '.join(ways) or 'a larger network'} may help.", *change)


def _last_is_best(trainer: Trainer) -> bool:
    """Whether no validation was better than the last one."""
    steps, best = trainer.history.validations["step"], trainer.best
    return best is not None and len(steps) > 0 and best.step >= steps[-1]


def _still_improved(trainer: Trainer) -> bool:
    """Whether the run reached its last step while validation was still getting better."""
    patient = bool(trainer.training.patience) and SCHEDULES[trainer.training.schedule].ends_low
    return patient and not trainer.ended_early


def _still_fell(trainer: Trainer) -> bool:
    """Whether the validation loss was falling at the end of a run, so that it is too early to call a network small."""
    if trainer.ended_early:
        return False
    losses = trainer.history.validations["loss"]
    if len(losses) < 2:
        return trainer.step <= trainer.steps_per_epoch
    before = float(losses[-1 - max(1, len(losses) // 4)])
    return before - float(losses[-1]) > _STILL_FALLS * abs(before)
