"""The progress line of training."""

from __future__ import annotations

import time

import engine
from engine.models.metrics import metric_text, metric_title
from engine.number_text import loss_text
from gui.headless.output import Output

LINE_S = 0.2  # a line that changes more often cannot be read
QUIET_LINE_S = 30.0  # if the output is a file


class ProgressLine:
    """Overwrites itself on a terminal; elsewhere, it writes a new line now and then."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._live = out.isatty()
        self._shown_at = self._began_at = time.monotonic()
        self._first_step: int | None = None
        self._tokens = 0
        self._loss: float | None = None
        self._validation = ""
        self._width = 0

    def show(self, trainer: engine.Trainer, update: engine.Update) -> None:
        """Take note of a step, and write if it is time."""
        if self._first_step is None:
            self._first_step, self._began_at = update.step - 1, time.monotonic() - update.seconds
        self._tokens += update.tokens
        self._loss = update.loss if self._loss is None else 0.98 * self._loss + 0.02 * update.loss
        if update.validation is not None:
            self._validation = _metrics(update.validation)
        now = time.monotonic()
        due = now - self._shown_at >= (LINE_S if self._live else QUIET_LINE_S)
        if due or (update.validation is not None and not self._live) or update.step == trainer.steps_total:
            self._shown_at = now
            self._write(self._text(trainer, update, now))

    def _text(self, trainer: engine.Trainer, update: engine.Update, now: float) -> str:
        assert self._first_step is not None
        assert self._loss is not None
        seconds = max(now - self._began_at, 1e-9)
        left = (trainer.steps_total - update.step) * seconds / (update.step - self._first_step)
        share = update.step / trainer.steps_total
        parts = [f"{share:4.0%} {_bar(share)}"] if self._live else [f"{share:4.0%}"]
        parts += [
            f"epoch {update.epoch + 1}/{-(-trainer.steps_total // trainer.steps_per_epoch)}",
            f"step {update.step:,}",
            f"loss {loss_text(self._loss, 4)}",
        ]
        parts += [self._validation] if self._validation else []
        speed = f"{self._tokens / seconds:,.0f} {trainer.dataset.codec.read_name}s/s"
        return "  ".join([*parts, speed, f"{clock_time(left)} left"])

    def _write(self, text: str) -> None:
        if self._live:
            self._out.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._out.write(text + "\n")

    def end(self) -> None:
        """Leave the line as it is."""
        if self._live and self._width:
            self._out.write("\n")


def _bar(share: float, width: int = 20) -> str:
    full = round(share * width)
    return "█" * full + "░" * (width - full)


def _metrics(found: engine.Metrics) -> str:
    part = f" ({found.examples:,} of {found.of:,} rows)" if found.examples < found.of else ""
    shown = [
        f"{metric_title(name)} {metric_text(name, value)}"
        for name, value in found.values.items()
        if name != "perplexity"
    ]
    return "  ".join([f"validation {loss_text(found.loss, 4)}{part}", *shown[:2]])


def clock_time(seconds: float) -> str:
    """ "2:05", "1:02:05" """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
