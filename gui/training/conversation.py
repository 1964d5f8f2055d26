"""The two ends of the conversation between the window and its training process.

Data is large and sent only once. After that both sides hold it, and messages refer to it by name. A name must never
refer to data that the other side has dropped, so each side follows a rule that relies only on the order of messages:

* A command may name the data that came with the newest network before it. The process keeps this data until other data
  comes, and commands arrive in the order in which they were sent.
* A report may name the data of its own run. The window keeps this data until it has read a report of a run with other
  data, and reports arrive in the order of their runs.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import cast

import engine
from engine.processes.child_process import Channel, Names
from gui.training.messages import Build, BuildRace, Command, Lost, Resume, TrainingReport


class SharedData:
    """The data sets that this side holds for the conversation, each with the run that it first came with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # one thread sends, another one receives
        self._held: tuple[tuple[int, engine.Dataset], ...] = ()  # oldest first

    def add(self, command: Command) -> None:
        """Keep the data of a new network."""
        if not isinstance(command, Build | Resume | BuildRace) or command.dataset is None:
            return
        with self._lock:
            if not self._held or self._held[-1][1] is not command.dataset:
                self._held += ((command.run, command.dataset),)

    def drop_before(self, run: int) -> None:
        """Drop data that only runs before this one used."""
        with self._lock:
            newer = [first for first, _ in self._held if first <= run]
            self._held = tuple((first, data) for first, data in self._held if first >= max(newer, default=0))

    def names(self, run: int | None = None) -> Names:
        """The names of a run's data and of its codec. run: None for the newest network."""
        with self._lock:
            held = [(first, data) for first, data in self._held if run is None or first <= run]
        names: dict[int, tuple[Hashable, object]] = {}
        for first, dataset in held[-1:]:
            names[id(dataset)] = (("data", first), dataset)
            names[id(dataset.codec)] = (("codec", first), dataset.codec)
        return names

    def find(self, name: tuple[str, int]) -> object:
        """The object that the other side has named."""
        what, run = name
        with self._lock:
            dataset = dict(self._held)[run]
        return dataset if what == "data" else dataset.codec


class WindowEnd:
    """Sends commands and receives reports."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._shared = channel, SharedData()

    def send(self, command: Command) -> None:
        """Raises as `Channel.send`."""
        names = self._shared.names()
        self._shared.add(command)  # before it is sent: a report about it may come at once
        self._channel.send(command, names)

    def receive(self) -> TrainingReport | Lost:
        """Raises as `Channel.receive`."""
        message = cast("TrainingReport | Lost", self._channel.receive(self._shared.find))
        self._shared.drop_before(message.run)
        return message


class TrainerEnd:
    """Receives commands and sends reports."""

    def __init__(self, channel: Channel) -> None:
        self._channel, self._shared = channel, SharedData()

    def send(self, message: TrainingReport | Lost) -> None:
        """Raises as `Channel.send`."""
        self._shared.drop_before(message.run)
        self._channel.send(message, self._shared.names(message.run))

    def receive(self) -> Command:
        """Raises as `Channel.receive`."""
        command = cast("Command", self._channel.receive(self._shared.find))
        self._shared.add(command)
        return command
