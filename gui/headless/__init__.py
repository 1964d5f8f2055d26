"""Unroll without a window: training, and using what was trained. Qt is not imported."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import engine
from gui.headless.arguments import add_arguments
from gui.headless.output import Output
from gui.headless.status import DIVERGED, STOPPED, WRONG, StopRequested
from gui.headless.training import Training

__all__ = ["DIVERGED", "STOPPED", "WRONG", "add_arguments", "main"]


def main(options: argparse.Namespace) -> int:
    """Train as the options say; the exit status: 0, 1 if training diverged, 2 for a mistake, 130 if it was stopped."""
    errors = Output(sys.stderr)
    try:
        with _told_to_stop():
            return Training(options, Output(sys.stdout), errors).work()
    except StopRequested:
        return STOPPED
    except engine.UnrollError as error:
        with suppress(StopRequested):
            errors.write(f"{error}\n")
        return WRONG


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Ctrl+C, a request to end and a closed terminal become StopRequested, so that the run is saved.

    What the program was started to ignore (`nohup`) stays ignored.
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
