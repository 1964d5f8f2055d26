"""The process in which the training loop usually runs.

Python runs one thread at a time. If training ran in a thread of the window, it would stop while anything is drawn, and
the window would freeze while training holds Python's lock.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import NoReturn

from engine.processes.child_process import parent
from gui.training.conversation import TrainerEnd
from gui.training.messages import Close, Command, Lost, TrainingReport
from gui.training.training_loop import TrainingLoop, sendable

# How many reports may wait for the window; if it takes none, because it was suspended, training waits, too.
MOST_WAITING = 64


def serve() -> NoReturn:
    """Run the process until it ends."""
    end = TrainerEnd(parent())
    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(end, commands), daemon=True).start()
    sender = Sender(end)
    loop = TrainingLoop(commands, sender.put, sender.is_idle)
    error = loop.work()
    if error is not None:
        sender.put(loop.last_words(error))
    sender.finish()
    os._exit(0)  # the listener is waiting for commands that will not come


def listen(end: TrainerEnd, commands: queue.SimpleQueue[Command]) -> None:
    """Pass on commands from the window. If they can no longer be understood, tell training to end, and why."""
    try:
        while True:
            commands.put(end.receive())
    except EOFError:
        os._exit(0)  # the window is gone, and nobody else wants the results
    except BaseException as error:
        try:
            commands.put(Close(error))
        except BaseException:
            os._exit(1)  # nobody would receive commands any more


class Sender:
    """Sends reports in a thread, so that training does not wait if the window is slow to read; a pipe holds little."""

    def __init__(self, end: TrainerEnd) -> None:
        self._end = end
        self._waiting: queue.Queue[TrainingReport | Lost | None] = queue.Queue(MOST_WAITING)
        self._run = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def put(self, message: TrainingReport | Lost) -> None:
        """Queue a message for sending."""
        self._waiting.put(message)

    def is_idle(self) -> bool:
        """Whether no message is waiting to be sent."""
        return self._waiting.empty()

    def finish(self) -> None:
        """Wait until everything has been sent."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            while (message := self._waiting.get()) is not None:
                self._run = message.run
                self._send(message)
        except BrokenPipeError:
            os._exit(0)  # the window is gone
        except BaseException as error:
            self._give_up(error)

    def _send(self, message: TrainingReport | Lost) -> None:
        try:
            self._end.send(message)
        except BrokenPipeError:
            raise
        except Exception as error:  # no part of it has been sent
            if isinstance(message, Lost):
                self._end.send(Lost(message.run, message.error, None))
            else:
                self._end.send(message.without_copies(sendable(error)))

    def _give_up(self, error: BaseException) -> NoReturn:
        """End the process, because a window without reports would wait forever."""
        try:
            self._end.send(Lost(self._run, sendable(error), None))
        finally:
            os._exit(1)
