"""How a run ends, and the messages about it, with remedies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import engine
from engine.cells import cell_titles
from engine.models.metrics import METRICS, metric_text
from engine.number_text import counted, grouped, in_figures, run_loss
from gui.session.progress import Curve
from gui.training.messages import Ended, Kept

if TYPE_CHECKING:
    from engine.runs.measured import Measured
    from engine.training.verdict import Finding


@dataclass(frozen=True)
class End:
    """How a run has ended, which is not part of its copy."""

    diverged: bool = False
    kept: Kept | None = None


NO_END = End()
COMPLETE = "all epochs are complete"
# The training loss while a run trains is a running mean; the message at its end has other figures of it.
AT_THE_END = "The message at the end of a run has it measured with the final weights, or averaged over whole epochs."


def end_of(saved: engine.Run) -> End:
    """How a run has ended, as far as its file tells."""
    best, progress = saved.best, saved.progress
    if best is None or not progress.finished or not saved.training.patience:
        return NO_END
    early = saved.ended_early
    return End(kept=Kept(best.step, best.loss, early) if early or best.step < progress.step else None)


def end_in_words(
    ended: Ended, training: engine.TrainingConfig, curve: Curve, step: int, tested: Measured | None = None
) -> str:
    """What is said when a run has ended; "" if it diverged, of which is told elsewhere. tested: on a test file."""
    if ended.diverged:
        return ""
    parts = [] if ended.kept is None else [restored(ended.kept, training, curve, step)]
    if not parts and not ended.findings:
        parts.append(completed(training, curve, step))
    if tested is not None:
        parts.append(tested_before(tested, step if ended.kept is None else ended.kept.step))
    parts += [finding.text for finding in ended.findings]
    return " ".join(filter(None, parts))


def tested_before(tested: Measured, weights_step: int) -> str:
    """That a test was made with other weights than those of this step, which the network has now; "" if not, or if it
    was made before training."""
    if tested.step in (0, weights_step):
        return ""
    return f"{Path(tested.file).name} was tested at step {tested.step:,}, with other weights than these."


def restored(kept: Kept, training: engine.TrainingConfig, curve: Curve, step: int) -> str:
    """Why a run ended at this step, and which weights the network has now: the best, by the metric that decides."""
    from engine.training.verdict import why_early

    why = why_early(training) if kept.early else COMPLETE
    value = kept.loss if training.best_by == "loss" else _measured(curve, training.best_by, kept.step)
    if kept.step != step:
        best = f"Restored the best weights, from step {kept.step:,}"
    elif kept.early:  # at the lowered rate
        best = "It has improved since: the last step is the best"
    else:
        best = "The last step is the best"
    return f"Training stopped at step {step:,}: {why}. {best} ({_in_words(training.best_by, value)})."


def completed(training: engine.TrainingConfig, curve: Curve, step: int) -> str:
    """That a run has ended as planned at this step, with the last figure of the metric that decides."""
    name, losses = training.best_by, curve.validation_loss
    value = _measured(curve, name, step) if name != "loss" else float(losses[-1]) if len(losses) else math.nan
    measured = f" ({_in_words(name, value)})" if math.isfinite(value) else ""
    return f"Training stopped at step {step:,}: {COMPLETE}{measured}."


def _in_words(name: str, value: float) -> str:
    return f"validation {METRICS[name].title} {run_loss(value) if name == 'loss' else metric_text(name, value)}"


def shortened(training: engine.TrainingConfig, epochs: int, planned: int) -> str:
    """That a run will end sooner, at the moment when its patience begins to lower the rate."""
    title, since = METRICS[training.best_by].title, counted(training.patience, "epoch")
    return (
        f"The validation {title} has not improved for {since}: the learning rate now falls, and training ends after "
        f"epoch {grouped(epochs)} instead of {grouped(planned)}."
    )


def step_held(step: int, weights_step: int) -> str:
    """Where a run stands, and which weights it holds: earlier ones if the best were restored."""
    weights = "" if weights_step == step else f", with the weights of step {weights_step:,}"
    return f"step {step:,}{weights}"


def lowest_loss(curve: Curve) -> tuple[float, int] | None:
    """The lowest validation loss, and the step at which it was measured; None before the first evaluation."""
    losses = curve.validation_loss
    if not np.isfinite(losses).any():
        return None
    at = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan)))
    return float(losses[at]), int(curve.validation_steps[at])


def loss_held(curve: Curve, weights_step: int) -> str:
    """ " (validation loss 0.527; the lowest was 0.415, at step 342)": how good the weights of this step are, by the
    last evaluation up to it; "" before the first one."""
    lowest, upto = lowest_loss(curve), np.flatnonzero(curve.validation_steps <= weights_step)
    if lowest is None or not len(upto):
        return ""
    loss, step = float(curve.validation_loss[upto[-1]]), int(curve.validation_steps[upto[-1]])
    when = "" if step == weights_step else f" at step {grouped(step)}"
    better = "" if lowest[1] == step else f"; the lowest was {run_loss(lowest[0])}, at step {grouped(lowest[1])}"
    return f" (validation loss {run_loss(loss)}{when}{better})"


def _measured(curve: Curve, name: str, step: int) -> float:
    """A metric at the validation nearest to a step; NaN if it was not measured."""
    values, steps = curve.validation_metrics.get(name), curve.validation_steps
    if values is None or not len(values):
        return float("nan")
    return float(values[int(np.abs(steps - step).argmin())])


def divergence(step: int, good_step: int, slower: float) -> tuple[str, str]:
    """The message about a run that diverged at this step, and the label of the button to go back."""
    text = f"Training diverged at step {step + 1:,}: the loss or gradient is no longer finite."
    if good_step:
        return (
            f"{text} The last good weights are those of step {good_step:,}.",
            f"Go back to step {good_step:,}, at learning rate {in_figures(slower)}",
        )
    return (
        f"{text} No later weights were as good as the first ones, so only these can be restored.",
        f"Go back to the first weights, at learning rate {in_figures(slower)}",
    )


def remedy(finding: Finding) -> str:
    """The label of the button for a finding; "" if the program can do nothing about it."""
    match finding.setting:
        case "hidden_size":
            return f"Train {finding.value:,} units"
        case "cell":
            return f"Train {cell_titles()[str(finding.value)]}"
        case "initialization":
            return f"Train with {engine.ModelConfig.options()['initialization'].written(finding.value)}"
        case "learning_rate":
            return f"Train anew at learning rate {in_figures(float(finding.value))}"
        case "epochs":
            return "Train on"
    return ""
