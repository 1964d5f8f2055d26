"""Training without a window: `python main.py --train RUN_OR_DATA --output RUN`. Qt is not imported."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import time
from collections.abc import Sequence
from os.path import exists, lexists
from pathlib import Path
from typing import Any

import engine
from engine.cells import CELLS
from engine.data.examples_file import load_examples
from engine.inspection.membership import rows_in_training
from engine.models.metrics import METRICS, metric_in_words, metric_text
from engine.network.word_vectors import vector_size
from engine.number_text import loss_text
from engine.runs.data_source import HELD_OUT, beside, in_words, outside
from engine.runs.measured import Measured
from engine.runs.opening import is_saved_run
from engine.training.baseline import Baseline
from engine.training.baselines import baselines
from engine.training.new_run import new_settings, new_trainer
from engine.training.verdict import verdict, why_early
from engine.training.work import worthwhile_workers
from gui.headless.arguments import CHANGEABLE, SETTINGS, WORKERS, flag_of, given_settings, one_or_all
from gui.headless.exported_files import ExportedFiles
from gui.headless.output import Output
from gui.headless.overview import introduce
from gui.headless.progress_line import ProgressLine
from gui.headless.status import DIVERGED, STOPPED, WRONG, StopRequested
from gui.headless.use_command import metrics_in_words, remarks_on_test

AUTOSAVE_S = 60.0  # at most this much is lost when the machine goes down


class TrainingCommand:
    """One call of the program."""

    def __init__(self, options: argparse.Namespace, out: Output, line: Output) -> None:
        self.options, self.out = options, out
        self.given = Path(options.train[0])
        self.is_run = engine.is_run(self.given)
        if options.file is not None:
            raise engine.ConfigError(f"{options.file} would not be read: put all data files after --train.")
        if len(options.train) > 1 and (self.is_run or not exists(self.given)):
            raise engine.ConfigError(
                f"--train takes several names only for files of data that belong together, such as train.de train.en; "
                f"{self.given} is {'a saved run' if self.is_run else 'no file'}."
            )
        self.output = self._output()
        self.introduction: list[str] = []  # of a new run
        self.line, self.errors = ProgressLine(line), line
        self.exports = ExportedFiles(options)

    def _output(self) -> Path | None:
        """The file for the run; None if nothing is to be saved, because nothing is trained."""
        name = self.options.output
        if name is None:
            if is_saved_run(self.given):
                return self.given
            if self.options.steps == 0:
                return None
            raise engine.ConfigError("Use --output RUN to name the file for the run.")
        output = Path(name)
        _check_name(output)
        same = output.exists() and exists(self.given) and output.samefile(self.given)
        if output.exists() and not (same and is_saved_run(self.given)) and not self.options.overwrite:
            raise engine.StorageError(f"{output} already exists; --overwrite replaces it.")
        if output.is_dir():
            raise engine.StorageError(f"{output} is a folder; expected the name of a file for the run.")
        if not output.absolute().parent.is_dir():  # better known before training than after it
            raise engine.StorageError(f"{output} cannot be written: there is no folder {output.absolute().parent}.")
        return output

    def work(self) -> int:
        """Train and export; returns the exit status."""
        if self.options.steps == 0 and self.is_run:
            self._check_only_exports()
            run = engine.open_run(self.given)
            self.exports.check(run.snapshot.model(), self.output, run.data.files, run.data.layout)
            # Whether the data can be read is better known before anything is written.
            wanted = self.exports.need_data or self.options.from_data is not None
            return 0 if self._export(run, self._data_of(run) if wanted else None) else WRONG
        trainer = self._trainer()
        data = trainer.dataset
        if data.config.test_file and not lexists(data.config.test_file):  # better known before training than after it
            raise engine.StorageError(f"--test-file {data.config.test_file}: there is no such file.")
        self.exports.check(trainer.model, self.output, data.files, data.recognition)
        status = self._train(trainer)
        if status == STOPPED:
            return status
        run, failed = engine.Run.of(trainer), False
        if status == 0 and trainer.dataset.config.test_file:
            try:
                run = dataclasses.replace(run, tested=self._test(trainer))
                if self.output is not None:
                    engine.write_run(self.output, run)
            except engine.UnrollError as error:  # no reason not to export what was trained
                self.errors.write(f"{error}\n")
                failed = True
        failed |= not self._export(run, trainer.dataset)
        return status or (WRONG if failed else 0)

    def _check_only_exports(self) -> None:
        """ConfigError for what has an effect only if something is trained, or if nothing is exported either."""
        given = [flag_of(name, group) for group in SETTINGS for name in given_settings(self.options, group)]
        given += [flag_of(name) for name in ("output", "workers") if getattr(self.options, name) is not None]
        if self.options.from_data is not None:  # these settings say how the data are read
            read = {flag_of(name, "data") for name in given_settings(self.options, "data")}
            given = [flag for flag in given if flag not in read]
        if given:
            raise engine.ConfigError(f"{given[0]} has no effect with --steps 0, which only exports a saved run.")
        if not self.exports.paths:
            raise engine.ConfigError("--steps 0 only exports a saved run; expected one of --export-onnx and the like.")

    def _trainer(self) -> engine.Trainer:
        if self.is_run:
            return self._resumed()
        if self.options.from_data is not None:
            raise engine.ConfigError(f"--from-data has no effect: {self.given} is no saved run, but data themselves.")
        dataset, sample = self._dataset(self.options.train)
        model, learning = (given_settings(self.options, group) for group in ("network", "learning"))
        if model.get("vectors") and "embedding_size" not in model:
            model["embedding_size"] = vector_size(model["vectors"])  # as in the window
        config, training = new_settings(dataset, sample, model, learning)
        self.introduction = [*introduce(dataset, sample, config, training, self.options)]
        chosen = self.options.workers
        workers = WORKERS[chosen] if chosen else worthwhile_workers(config, training, dataset)
        trainer = new_trainer(dataset, config, training, workers)
        self.introduction += [trainer.model.about_vectors] if trainer.model.about_vectors else []
        return trainer

    def _resumed(self) -> engine.Trainer:
        learning = given_settings(self.options, "learning")
        run = engine.open_run(self.given)
        fixed = [flag_of(name, "network") for name in given_settings(self.options, "network")]
        fixed += [flag_of(name, "learning") for name in learning if name not in CHANGEABLE]
        if self.options.from_data is None:
            moved = {name for name in HELD_OUT if getattr(run.data.config, name)}  # they say only where these are now
            fixed += [flag_of(name, "data") for name in given_settings(self.options, "data") if name not in moved]
        fixed += ["--workers"] if self.options.workers else []
        if fixed:
            raise engine.ConfigError(f"A continued run keeps its {', '.join(fixed)}; start a new one to change them.")
        trainer = run.trainer(self._data_of(run), learning.pop("epochs", None))
        trainer.change(**learning)
        if trainer.finished:
            self.introduction = [
                f"This run has already finished: --epochs N, with N above {run.epochs:,}, continues it."
            ]
        return trainer

    def _data_of(self, run: engine.Run) -> engine.Dataset:
        """The data of a saved run: from the given place, or else from its own folder. ConfigError if the run names
        files elsewhere that were not given."""
        given, places = given_settings(self.options, "data"), self.options.from_data
        settings: dict[str, Any] = dict(given)
        if places is None and outside(run.data.paths, self.given):
            places = [str(path) for path in beside(run.data.paths, self.given) if path.exists()]
            if len(places) < len(run.data.paths):
                raise _unasked(self.given, run.data.paths, "--from-data DATA")
        for name in HELD_OUT:
            value = getattr(run.data.config, name)
            if value and name not in given and outside([value], self.given):
                own = [str(path) for path in beside([value], self.given) if path.exists()]
                if not own:
                    raise _unasked(self.given, [value], f"{flag_of(name, 'data')} FILE")
                settings[name] = own[0]
        data = dataclasses.replace(run.data, config=dataclasses.replace(run.data.settings_at(self.given), **settings))
        if places is None and data.fingerprint and not data.sample and not data.found(self.given):
            raise engine.StorageError(f"{data.needed}; use --from-data DATA to say where.")
        if "validation_file" not in settings and data.lacks_validation(self.given):
            raise engine.StorageError(f"{data.validation_needed}; use --validation-file FILE to say where.")
        if places is None and (data.sample or not given):
            return data.load(self.given)
        return data.read(places or data.found(self.given))

    def _dataset(self, names: list[str]) -> tuple[engine.Dataset, Any]:
        settings = given_settings(self.options, "data")
        source, target = settings.get("source_column"), settings.get("target_column")
        if source and source == target:
            raise engine.ConfigError(f"--source-column and --target-column are both {source!r}; expected two columns.")
        if names[0] in engine.SAMPLES and not exists(self.given):
            return engine.load_sample(names[0], **settings), engine.SAMPLES[names[0]]
        return engine.load_dataset(one_or_all(names), **settings), None

    def _train(self, trainer: engine.Trainer) -> int:
        """Train to the end, with an autosave now and then; the run is saved however it ends."""
        last = None if self.options.steps is None else trainer.step + self.options.steps
        saved, status = time.monotonic(), 0
        try:
            self.out.write("\n".join([describe(trainer), *self.introduction, ""]))  # in one piece
            while last is None or trainer.step < last:
                update = next(trainer, None)
                if update is None:
                    break
                if update.diverged:
                    status = DIVERGED
                    break
                self.line.show(trainer, update)
                if time.monotonic() - saved > AUTOSAVE_S:
                    self._save(trainer)
                    saved = time.monotonic()
        except StopRequested:
            status = STOPPED
        self._save(trainer)  # before any output, whose reader may be gone
        self.line.end()
        where = "Nothing was saved" if self.output is None else f"Saved as {self.output}"
        self.out.write(f"{_ending(trainer, status)} {where}.\n")
        if trainer.final is not None and status == 0:
            config = trainer.model.config
            known = baselines(trainer.dataset, config.architecture, config.number_loss, config.lag)
            lines = (
                f"All validation examples: {metrics_in_words(trainer.final, trainer.model.predicts.is_class)}.",
                "Methods without a network, on the same examples:",
                *map(_in_words, known),
                *filter(None, (trainer.final.not_counted,)),
                *trainer.final.not_measured,
                *(finding.text for finding in verdict(trainer, known)),
            )
            self.out.write("".join(f"{line}\n" for line in lines))
        return status

    def _save(self, trainer: engine.Trainer) -> None:
        if self.output is not None:
            engine.save_run(self.output, trainer)

    def _test(self, trainer: engine.Trainer) -> Measured:
        """Measure once on the test file, with the weights that are saved."""
        dataset = trainer.dataset
        found = load_examples(dataset.config.test_file, dataset.codec, dataset.config, dataset.recognition)
        metrics = engine.evaluate(trainer.model, found.examples)
        self.out.write(f"Test: {metrics_in_words(metrics, trainer.model.predicts.is_class)}.\n")
        known = rows_in_training(found.examples, dataset)
        for line in remarks_on_test(found, known, metrics):
            self.out.write(f"{line}\n")
        file, step = str(dataset.config.test_file), trainer.weights_step
        return Measured(file, step, metrics.examples, metrics.loss, metrics.values, known, metrics.predictions)

    def _export(self, run: engine.Run, dataset: engine.Dataset | None) -> bool:
        """Write what was asked for; returns whether none of it failed."""
        if self.options.use_best:
            if run.best_snapshot is None:
                self.errors.write("--use-best has no effect: this run keeps no weights but the last.\n")
            run = dataclasses.replace(run, snapshot=run.best_snapshot or run.snapshot)
        return self.exports.write(run, dataset, self.out, self.errors)


def _check_name(path: Path) -> None:
    """StorageError for a name that no file can have, such as one that is too long."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise engine.StorageError(f"{path} cannot be written ({reason}).") from None


def _unasked(run: Path, names: Sequence[str], option: str) -> engine.ConfigError:
    be, it = ("is", "it") if len(names) == 1 else ("are", "they")
    return engine.ConfigError(
        f"{run} names {in_words(names)}, which {be} outside its own folder, so {it} {be} read only if you name "
        f"{'it' if len(names) == 1 else 'them'}: use {option} where {it} {be}."
    )


def describe(trainer: engine.Trainer) -> str:
    """The network and its data, in one line."""
    config, data = trainer.model.config, trainer.dataset
    sampled = ""
    if trainer.model.scored_share < 1:
        sampled = f"; training losses are estimates from {config.sampled_words:,} drawn symbols, validation is exact"
    sizes, unit = (len(data.train), len(data.validation)), "example"
    if data.kind.is_running:
        sizes, unit = data.running_lengths, data.codec.symbol_name
    return (
        f"{trainer.model.title}, {CELLS[config.cell].title} {config.hidden_size} × {config.num_layers}, "
        f"{trainer.snapshot().size_in_words}, on {data.name}: {sizes[0]:,} training and {sizes[1]:,} validation "
        f"{unit}s; step {trainer.step:,} of {trainer.steps_total:,}{sampled}"
    )


def _in_words(known: Baseline) -> str:
    """A baseline and its figures."""
    figures = [f"loss {loss_text(known.loss, 4)}", *itertools.starmap(metric_in_words, known.metrics.items())]
    return f"  {known.name}: {', '.join(figures)}"


def _ending(trainer: engine.Trainer, status: int) -> str:
    at = f"at step {trainer.step:,} of {trainer.steps_total:,}"
    best, name = "", trainer.training.best_by
    if trainer.best is not None:
        when = "the last step" if trainer.best.step == trainer.step else f"step {trainer.best.step:,}"
        value = loss_text(trainer.best.value, 4) if name == "loss" else metric_text(name, trainer.best.value)
        best = f" Best validation {METRICS[name].title} {value} at {when}."
    if status == DIVERGED:
        slower = trainer.training.learning_rate / 10
        return f"Training diverged {at}; a lower rate may help: --learning-rate {slower:g}.{best}"
    if trainer.ended_early:
        return f"Finished {at}: {why_early(trainer.training)}.{best} These weights are kept."
    if status == STOPPED or not trainer.finished:
        return f"Stopped {at}.{best}"
    kept = " These weights are kept." if trainer.training.patience else " The last weights are kept."
    return f"Finished {at}.{best}{kept if trainer.best is not None else ''}"
