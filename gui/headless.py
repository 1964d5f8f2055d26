"""Training without a window: `python main.py --train RUN_OR_DATA --output RUN`. Qt is not imported."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import engine
from engine.config import Config
from engine.processes.split_batch import WorkerCount
from engine.training import defaults

AUTOSAVE_S = 60.0  # what is lost at most when the machine goes down
LINE_S = 0.2  # a line that changes more often cannot be read
QUIET_LINE_S = 30.0  # where the lines go to a file
STOPPED, DIVERGED, WRONG = 130, 1, 2  # exit statuses

# group → settings, and what precedes the names of those that another group has too
GROUPS: dict[str, tuple[type[Config], str]] = {
    "network": (engine.ModelConfig, ""),
    "learning": (engine.TrainingConfig, ""),
    "data": (engine.DataConfig, "data-"),
}
WORKERS: dict[str, WorkerCount] = {"1": 1, "2": 2, "auto": "auto"}
CHANGEABLE = ("epochs", "learning_rate", "clip_norm")  # when a run goes on


class StopRequested(BaseException):
    """The user or the system wants the program to end."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line about training without a window; every setting from its own declaration."""
    group = parser.add_argument_group("training without a window")
    group.add_argument(
        "--train", metavar="RUN_OR_DATA", help="a saved run to go on with, a data file, or a sample by name"
    )
    group.add_argument("--output", metavar="RUN", help="file for the run; when a run goes on, that run by default")
    group.add_argument("--overwrite", action="store_true", help="replace the output if it is there already")
    group.add_argument("--from-data", metavar="DATA", help="where the data of the run are now, if they have moved")
    group.add_argument("--steps", type=int, metavar="N", help="stop after so many steps; 0 only exports")
    group.add_argument("--workers", default="1", choices=tuple(WORKERS), help="processes that compute each step")
    group.add_argument("--use-best", action="store_true", help="export the weights with the lowest validation loss")
    group.add_argument("--export-onnx", metavar="FILE", help="afterwards write the network as ONNX")
    group.add_argument("--export-pytorch", metavar="FOLDER", help="afterwards write it as a PyTorch folder")
    group.add_argument("--export-curves", metavar="FILE", help="afterwards write the curves as CSV")
    group.add_argument(
        "--export-predictions", metavar="FILE", help="afterwards write the answers on the validation data"
    )
    group.add_argument(
        "--export-report", metavar="FILE", help="afterwards write a page with plots and settings as HTML"
    )
    group.add_argument(
        "--export-script", metavar="FILE", help="afterwards write a Python script that makes the run again"
    )
    taken: set[str] = set()
    for title, (config, prefix) in GROUPS.items():
        settings = parser.add_argument_group(title, "with --train; what is not given is as the window would set it")
        for name, declared in config.options().items():
            flag = f"--{prefix if name in taken else ''}{name.replace('_', '-')}"
            taken.add(name)
            default = config.default(name)
            settings.add_argument(flag, dest=f"{title}.{name}", **_keywords(declared, default))


def _keywords(declared: Any, default: Any) -> dict[str, Any]:
    """How argparse is to take a setting."""
    text = f"{declared.label}: {declared.help}"
    if declared.choices is not None:
        text += f" {', '.join(repr(name) for name in declared.choices)}."
        return {"help": _plain(text), "metavar": "NAME"}
    if isinstance(default, bool):
        return {"help": _plain(text), "action": argparse.BooleanOptionalAction}
    if declared.minimum is not None and declared.maximum is not None:
        text += f" {declared.minimum:g} to {declared.maximum:g}."
    return {"help": _plain(text), "type": type(default), "metavar": "TEXT" if isinstance(default, str) else "NUMBER"}


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def main(options: argparse.Namespace) -> int:
    """Train as the options say; the exit status: 0, 1 if training diverged, 2 for a mistake, 130 if it was stopped."""
    try:
        with _told_to_stop():
            return _Training(options, sys.stdout, sys.stderr).work()
    except engine.UnrollError as error:
        sys.stderr.write(f"{error}\n")
        return WRONG


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Ctrl+C and a request to end become StopRequested, so that the run is saved."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _chosen(options: argparse.Namespace, group: str) -> dict[str, Any]:
    """The settings of a group that were given."""
    start = f"{group}."
    given = ((name.removeprefix(start), v) for name, v in vars(options).items() if name.startswith(start))
    return {name: value for name, value in given if value is not None}


class _Training:
    """One call of the program."""

    def __init__(self, options: argparse.Namespace, out: TextIO, line: TextIO) -> None:
        self.options, self.out = options, out
        self.given = Path(options.train)
        self.is_run = engine.is_run(self.given)
        self.output = self._output()
        self.line = _Line(line)

    def _output(self) -> Path:
        name = self.options.output
        if name is None:
            if self.options.steps == 0 or self.is_run:
                return self.given
            raise engine.ConfigError("Say with --output RUN which file is to hold the run.")
        output = Path(name)
        same = output.exists() and self.given.exists() and output.samefile(self.given)
        if output.exists() and not (same and self.is_run) and not self.options.overwrite:
            raise engine.StorageError(f"{output} is there already; --overwrite replaces it.")
        if not output.absolute().parent.is_dir():  # to be known before training, not after it
            raise engine.StorageError(f"{output} cannot be written: there is no folder {output.absolute().parent}.")
        return output

    def work(self) -> int:
        """Train and export; the exit status."""
        if self.options.steps == 0 and self.is_run:
            self._export(engine.open_run(self.given), None)  # needs no data
            return 0
        trainer = self._trainer()
        status = self._train(trainer)
        if status != STOPPED:
            self._export(engine.Run.of(trainer), trainer.dataset)
        return status

    def _trainer(self) -> engine.Trainer:
        if self.is_run:
            return self._resumed()
        dataset, sample = self._dataset(self.options.train)
        chosen = _chosen(self.options, "network")
        model_config, training = defaults.settings_for(dataset, sample, {}, {})
        shape = chosen.get("architecture", model_config.architecture)
        model_config = defaults.fitting(dataclasses.replace(model_config, architecture=shape))
        model_config = dataclasses.replace(model_config, **chosen)
        training = dataclasses.replace(training, **_chosen(self.options, "learning"))
        model = engine.build_model(model_config, dataset, training.seed)
        return engine.Trainer(model, dataset, training, workers=WORKERS[self.options.workers])

    def _resumed(self) -> engine.Trainer:
        learning = _chosen(self.options, "learning")
        fixed = [*_chosen(self.options, "network"), *(name for name in learning if name not in CHANGEABLE)]
        if self.options.from_data is None:
            fixed += _chosen(self.options, "data")
        if fixed:
            raise engine.ConfigError(
                f"A run that goes on keeps its {', '.join(fixed)}; start a new one to change them."
            )
        run = engine.open_run(self.given)
        dataset = None
        if self.options.from_data is not None:
            settings = dataclasses.replace(run.data.config, **_chosen(self.options, "data"))
            dataset = engine.load_dataset(self.options.from_data, config=settings)
        trainer = run.trainer(dataset, learning.pop("epochs", None))
        trainer.change(**learning)
        return trainer

    def _dataset(self, name: str) -> tuple[engine.Dataset, Any]:
        settings = _chosen(self.options, "data")
        if name in engine.SAMPLES and not self.given.exists():
            return engine.load_sample(name, **settings), engine.SAMPLES[name]
        return engine.load_dataset(name, **settings), None

    def _train(self, trainer: engine.Trainer) -> int:
        """Train until the end, with an autosave now and then; the run is saved whatever ends it."""
        self.out.write(f"{describe(trainer)}\n")
        self.out.flush()
        last = None if self.options.steps is None else trainer.step + self.options.steps
        saved, status = time.monotonic(), 0
        try:
            while last is None or trainer.step < last:
                update = next(trainer, None)
                if update is None:
                    break
                if update.diverged:
                    status = DIVERGED
                    break
                self.line.show(trainer, update)
                if time.monotonic() - saved > AUTOSAVE_S:
                    engine.save_run(self.output, trainer)
                    saved = time.monotonic()
        except StopRequested:
            status = STOPPED
        self.line.end()
        engine.save_run(self.output, trainer)
        self.out.write(f"{_ending(trainer, status)} Saved as {self.output}.\n")
        return status

    def _export(self, run: engine.Run, dataset: engine.Dataset | None) -> None:
        snapshot = run.best_snapshot if self.options.use_best and run.best_snapshot else run.snapshot
        model = snapshot.model()
        options = self.options
        if options.export_onnx:
            engine.export_onnx(model, options.export_onnx)
        if options.export_pytorch:
            engine.export_pytorch(model, options.export_pytorch)
        if options.export_curves:
            engine.export_curves(run.history, options.export_curves)
        if options.export_predictions:
            engine.export_predictions(model, dataset or run.data.load(run.path), options.export_predictions)
        if options.export_report:
            engine.export_report(run, options.export_report)
        if options.export_script:
            engine.export_script(run, options.export_script)
        for name, value in vars(options).items():
            if name.startswith("export_") and value:
                self.out.write(f"Written: {value}\n")


def describe(trainer: engine.Trainer) -> str:
    """What is trained on what, in one line."""
    config, data = trainer.model.config, trainer.dataset
    shape = config.architecture.replace("-", " ")
    return (
        f"{shape}, {config.cell.upper()} {config.hidden_size} × {config.num_layers}, "
        f"{trainer.model.parameters.flat.size:,} weights, on {data.name}: {len(data.train):,} training and "
        f"{len(data.validation):,} validation examples; step {trainer.step:,} of {trainer.steps_total:,}"
    )


def _ending(trainer: engine.Trainer, status: int) -> str:
    at = f"at step {trainer.step:,} of {trainer.steps_total:,}"
    best = (
        "" if trainer.best is None else f" Best validation loss {trainer.best.loss:.4f} at step {trainer.best.step:,}."
    )
    if status == DIVERGED:
        slower = trainer.training.learning_rate / 10
        return f"Training diverged {at}; a lower rate may help: --learning-rate {slower:g}.{best}"
    if trainer.finished and trainer.step < trainer.steps_total:
        why = f"the validation loss has not become lower for {counted(trainer.training.patience)}"
        return f"Finished {at}: {why}.{best} These weights are kept."
    return f"{'Stopped' if status == STOPPED or not trainer.finished else 'Finished'} {at}.{best}"


def counted(epochs: int) -> str:
    """ "1 epoch", "4 epochs"."""
    return f"{epochs:,} epoch{'' if epochs == 1 else 's'}"


class _Line:
    """The line that tells how far the training is; written over itself on a terminal, seldom elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()
        self._shown_at = self._began_at = time.monotonic()
        self._first_step: int | None = None
        self._tokens = 0
        self._loss: float | None = None
        self._validation = ""
        self._width = 0

    def show(self, trainer: engine.Trainer, update: engine.Update) -> None:
        """Take a step in, and write if it is time."""
        if self._first_step is None:
            self._first_step, self._began_at = update.step - 1, time.monotonic() - update.seconds
        self._tokens += update.tokens
        self._loss = update.loss if self._loss is None else 0.98 * self._loss + 0.02 * update.loss
        if update.validation is not None:
            self._validation = _metrics(update.validation.loss, update.validation.values)
        now = time.monotonic()
        due = now - self._shown_at >= (LINE_S if self._live else QUIET_LINE_S)
        if due or (update.validation is not None and not self._live) or update.step == trainer.steps_total:
            self._shown_at = now
            self._write(self._text(trainer, update, now))

    def _text(self, trainer: engine.Trainer, update: engine.Update, now: float) -> str:
        assert self._first_step is not None
        seconds = max(now - self._began_at, 1e-9)
        left = (trainer.steps_total - update.step) * seconds / (update.step - self._first_step)
        share = update.step / trainer.steps_total
        parts = [f"{share:4.0%} {_bar(share)}"] if self._live else [f"{share:4.0%}"]
        parts += [
            f"epoch {update.epoch + 1}/{trainer.training.epochs}",
            f"step {update.step:,}",
            f"loss {self._loss:.4f}",
        ]
        parts += [self._validation] if self._validation else []
        return "  ".join([*parts, f"{self._tokens / seconds:,.0f} symbols/s", f"{_duration(left)} left"])

    def _write(self, text: str) -> None:
        if self._live:
            self._out.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._out.write(text + "\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line as it is."""
        if self._live and self._width:
            self._out.write("\n")
            self._out.flush()


def _bar(share: float, width: int = 20) -> str:
    full = round(share * width)
    return "█" * full + "░" * (width - full)


def _metrics(loss: float, values: Mapping[str, float]) -> str:
    shown = [f"{name.replace('_', ' ')} {value:.3f}" for name, value in values.items() if name != "perplexity"]
    return "  ".join([f"validation {loss:.4f}", *shown[:2]])


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
