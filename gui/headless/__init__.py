"""Unroll without a window: training, sweeps and using saved runs. Qt is not imported."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING

import engine
from gui.headless.output import Output
from gui.headless.status import DIVERGED, STATUSES, STOPPED, WRONG, StopRequested

if TYPE_CHECKING:
    from gui.headless.sweep_command import SweepCommand
    from gui.headless.train_command import TrainingCommand
    from gui.headless.use_command import UsingCommand

__all__ = ["DIVERGED", "STATUSES", "STOPPED", "WRONG", "is_wanted", "run_command"]

_OPENED = ("file", "more")  # what a window opens


def is_wanted(options: argparse.Namespace) -> bool:
    """Whether the command line asks for something that needs no window, or says anything that the window ignores."""
    return any(value is not None for name, value in vars(options).items() if name not in _OPENED)


def run_command(options: argparse.Namespace) -> int:
    """Train or use a saved run, according to the options; returns the exit status, see `STATUSES`."""
    from gui.headless.checks import check_given  # which needs the engine, unlike opening files in a window

    errors = Output(sys.stderr)
    try:
        check_given(options)
        with _stopping_on_signal():
            return _kind_of_work(options)(options, Output(sys.stdout), errors).work()
    except StopRequested:
        return STOPPED
    except engine.UnrollError as error:
        with suppress(StopRequested):
            errors.write(f"{error}\n")
        return WRONG


def _kind_of_work(options: argparse.Namespace) -> type[TrainingCommand | SweepCommand | UsingCommand]:
    """The command to run, imported only now because a window needs none of them."""
    if options.sweep is not None:
        from gui.headless.sweep_command import SweepCommand

        return SweepCommand
    if options.train is not None:
        from gui.headless.train_command import TrainingCommand

        return TrainingCommand
    from gui.headless.use_command import UsingCommand

    return UsingCommand


@contextmanager
def _stopping_on_signal() -> Iterator[None]:
    """Turn Ctrl+C, a request to end and a closed terminal into StopRequested, so that the run is saved.

    Signals that the program was started to ignore (`nohup`) stay ignored.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise StopRequested

    stopping = [one for one in signal.Signals if one.name in ("SIGINT", "SIGTERM", "SIGHUP")]
    before = {one: signal.getsignal(one) for one in stopping if signal.getsignal(one) is not signal.SIG_IGN}
    for one in before:
        signal.signal(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
