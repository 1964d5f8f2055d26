"""The training loop: carries out commands between two steps, and reports. It does not know where it runs."""

from __future__ import annotations

import pickle
import queue
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

import engine
from engine.number_text import loss_text
from engine.processes.freed_memory import give_back_freed
from engine.training.race import Turn, race
from engine.training.verdict import Finding, verdict
from engine.training.weight_history import is_due
from gui.training.messages import (
    Build,
    BuildRace,
    Built,
    Capture,
    Captured,
    Change,
    Close,
    Command,
    Ended,
    Event,
    Failed,
    GoBack,
    Kept,
    Lengthen,
    Lost,
    NameTestFile,
    Pause,
    Recorded,
    Resume,
    Stepped,
    Train,
    TrainingReport,
)

SNAPSHOT_S = 0.125  # weights are copied at most this often, which is as fast as anybody can follow
SNAPSHOT_SHARE = 0.02  # share of the time that copying them may take
REPORT_S = 0.02  # between two reports of steps; the window shows no more than 30 frames a second


@dataclass(eq=False)
class _TrainedRun:
    """A run that is being trained; a race has several of them, otherwise there is one.

    recorded_from: the step at which the history of its weights begins; None if nobody looks at it, as in a race.
    length: steps of the run, as last reported. look_after: when its weights may be copied again. failed: whether an
    error has ended it; it can still be copied.
    """

    run: int
    trainer: engine.Trainer
    recorded_from: int | None = None
    length: int = 0
    look_after: float = 0.0
    failed: bool = False

    def kept(self) -> Kept | None:
        """The weights restored at the end; None if the last weights are the best or are kept."""
        trainer, best = self.trainer, self.trainer.best
        if not trainer.training.patience or best is None:
            return None
        early = trainer.ended_early
        return Kept(best.step, best.loss, early) if early or best.step < trainer.step else None

    def findings(self) -> tuple[Finding, ...]:
        """Conclusions about the settings, and the loss on all validation examples if each validation used only some of
        them."""
        whole, limit = self.trainer.final, self.trainer.progress.validation_limit
        if whole is None:
            return ()
        every = Finding(f"On all {whole.examples:,} validation examples the loss is {loss_text(whole.loss)}.")
        return (*((every,) if 0 < limit < whole.examples else ()), *verdict(self.trainer))


class TrainingLoop:
    """The only owner of trainers, models and weights."""

    def __init__(
        self,
        commands: queue.SimpleQueue[Command],
        tell: Callable[[TrainingReport], object],
        may_look: Callable[[], bool] = lambda: True,
    ) -> None:
        """may_look: returns whether the last weights have been sent, so that newer ones are worth copying."""
        self._commands = commands
        self._tell = tell
        self._may_look = may_look
        self._run = 0
        self._obeyed = 0
        self._left: float = 0  # steps left to make, infinite while training
        self._racers: list[_TrainedRun] = []
        self._racing: list[_TrainedRun] = []  # those that make the steps below
        self._turns: Iterator[Turn] = iter(())
        self._events: list[Event] = []
        self._snapshots: dict[int, engine.Snapshot] = {}  # to go with the next report
        self._reported = 0.0

    def work(self) -> BaseException | None:
        """Work until told to close; returns why, if it was because of an error."""
        while not isinstance(command := self._next_command(), Close):
            self.turn(command)
        self._left, self._obeyed = 0, self._obeyed + 1
        self.report()
        return command.error

    def turn(self, command: Command | None) -> None:
        """Carry out one command; if there is none, make a step if any remain."""
        try:
            if command is not None:
                self._obey(command)
            elif self._left:
                with np.errstate(all="ignore"):  # a diverging run overflows first; the trainer notices it
                    self._step()
        except Exception as error:  # the window tells the user; the loop continues with the next network
            self._turns, self._left = iter(()), 0
            self._events.append(Failed(self._run, sendable(error)))
        self._obeyed += command is not None

    def report(self) -> None:
        """Report the events since the last report."""
        self._reported = time.perf_counter()
        done = self._obeyed - (1 if self._left else 0)
        self._tell(TrainingReport(self._run, done, tuple(self._events), dict(self._snapshots)))
        self._events.clear()
        self._snapshots.clear()

    def last_words(self, error: BaseException) -> Lost:
        """Why there will be no more reports, and what can be saved from the run."""
        captured = self._copy(Capture(0))
        return Lost(self._run, sendable(error), captured.saved)

    def _next_command(self) -> Command | None:
        if self._left and time.perf_counter() - self._reported >= REPORT_S:
            self.report()
        try:
            return self._commands.get(block=False)
        except queue.Empty:
            if self._left:
                return None
        self.report()
        return self._commands.get()

    # ---- commands

    def _obey(self, command: Command) -> None:
        match command:
            case Build():
                self._begin(command.run)
                self._add_recorded(command.run, _new_trainer(command))
            case Resume(saved=saved, dataset=None):
                self._begin(command.run)
                self._snapshots[command.run] = saved.snapshot
            case Resume(saved=saved):
                self._begin(command.run)
                self._add_recorded(command.run, saved.trainer(command.dataset))
            case BuildRace(racers=builds):
                self._begin(command.run)
                for build in builds:
                    self._enter(build)
            case Capture():
                self._events.append(self._copy(command))
            case GoBack(learning_rate=rate):
                for racer in self._racers:
                    racer.trainer.change(learning_rate=rate)
                    racer.trainer.go_back()
                    self._look(racer)
            case Train(steps=steps) if self._racers:
                self._racing = [racer for racer in self._racers if not racer.failed]
                self._turns = race([racer.trainer for racer in self._racing])
                self._left = float("inf") if steps is None else steps
            case Pause():
                for racer in self._racers if self._left else ():
                    self._look(racer)
                self._left = 0
                give_back_freed()  # freed by copies of an earlier network, if that was a large one
            case Change(values=values):
                for racer in self._racers:
                    racer.trainer.change(**values)
                    if "epochs" in values:
                        self._tell_length(racer)
            case NameTestFile(path=path):
                for racer in self._racers:
                    racer.trainer.dataset = racer.trainer.dataset.tested_on(path)
            case Lengthen(epochs=epochs):
                for racer in self._racers:
                    racer.trainer.lengthen(epochs)
                    self._tell_length(racer)
            case _:
                pass  # told to train without a network, whose failure has already been reported

    def _begin(self, run: int) -> None:
        self._left = 0
        if self._events or self._snapshots:
            self.report()  # on the run before
        self._run = run
        self._racers, self._racing, self._turns = [], [], iter(())  # frees their memory before the next ones are made
        give_back_freed()

    def _add_recorded(self, run: int, trainer: engine.Trainer) -> None:
        self._add(_TrainedRun(run, trainer, trainer.step))
        self._events.append(Recorded(run, self._snapshots[run]))

    def _add(self, racer: _TrainedRun) -> None:
        trainer = racer.trainer
        self._racers.append(racer)
        self._tell_length(racer, trainer.model.about_vectors)
        self._look(racer)

    def _enter(self, build: Build) -> None:
        """Add a network to the race; if it cannot be made, the others race without it."""
        try:
            self._add(_TrainedRun(build.run, _new_trainer(build)))
        except Exception as error:
            self._events.append(Failed(build.run, sendable(error)))

    def _copy(self, wanted: Capture) -> Captured:
        """Copy a run; if there is no room for that, training continues."""
        run = wanted.run or self._run
        trainer = next((racer.trainer for racer in self._racers if racer.run == run), None)
        try:
            saved = None if trainer is None else engine.Run.of(trainer)
        except MemoryError as error:
            return Captured(run, wanted.ticket, None, error)
        return Captured(run, wanted.ticket, saved)

    def _tell_length(self, racer: _TrainedRun, about_vectors: str = "") -> None:
        racer.length = racer.trainer.steps_total
        trainer = racer.trainer
        cooling = trainer.progress.cooling_from > 0
        self._events.append(Built(racer.run, racer.length, trainer.steps_per_epoch, cooling, about_vectors))

    # ---- training

    def _step(self) -> None:
        start = time.perf_counter()
        turn = next(self._turns, None)
        if turn is None:  # all are through
            self._left = 0
            return
        racer, update = self._racing[turn.racer], turn.update
        if turn.error is not None:
            racer.failed = True
            self._events.append(Failed(racer.run, sendable(turn.error)))
            return
        if update is not None:
            self._left -= 1
            took = time.perf_counter() - start
            self._events.append(Stepped(racer.run, update, racer.trainer.history.seconds, took))
            if racer.trainer.steps_total != racer.length:
                self._tell_length(racer)
        diverged = update is not None and update.diverged
        if update is None or diverged:
            kept, findings = (None, ()) if diverged else (racer.kept(), racer.findings())
            self._events.append(Ended(racer.run, diverged, kept, racer.trainer.last_good_step, findings))
        if diverged:
            return  # there is nothing to see in weights that are not finite
        if update is not None:
            self._record(racer)
        if self._left == 0 or update is None or (time.perf_counter() >= racer.look_after and self._may_look()):
            self._look(racer)

    def _record(self, racer: _TrainedRun) -> None:
        """Send the current weights for the history if they are due."""
        trainer, begin = racer.trainer, racer.recorded_from
        if begin is not None and is_due(trainer.step - begin, trainer.model.parameters.flat.size):
            self._events.append(Recorded(racer.run, trainer.snapshot()))

    def _look(self, racer: _TrainedRun) -> None:
        """Send the current weights with the next report."""
        began = time.perf_counter()
        self._snapshots[racer.run] = racer.trainer.snapshot()
        now = time.perf_counter()
        racer.look_after = now + max(SNAPSHOT_S, (now - began) / SNAPSHOT_SHARE)


def sendable(error: BaseException) -> Exception:
    """The error together with where it was raised, which would otherwise be lost in the pipe."""
    if error.__traceback__ is not None:
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # its constructor wants something other than a message
        return RuntimeError("".join(traceback.format_exception_only(error)))
    return error if isinstance(error, Exception) else RuntimeError(repr(error))


def _new_trainer(command: Build) -> engine.Trainer:
    """A trainer of a new network. ConfigError if it would take more memory than there is."""
    engine.require_memory(command.model, command.training, command.dataset)
    model = engine.build_model(command.model, command.dataset, seed=command.training.seed)
    return engine.Trainer(model, command.dataset, command.training)
