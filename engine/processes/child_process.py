"""A second Python process with this package, at the other end of two pipes.

Processes do not share Python's lock, so both can compute without waiting for each other. The child reads from standard
input and answers on standard output. When its input ends, it knows that the program on the other side has ended, for
whatever reason. Only messages from a process that this program has started, over a pipe of their own, are unpickled.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import signal
import struct
import subprocess
import weakref
from collections.abc import Callable, Hashable, Mapping
from types import MappingProxyType
from typing import IO, Any

import numpy as np

from engine.processes.child_command import child_command
from engine.processes.shared_memory import at, shared_place

_PROTOCOL = 5  # the first protocol that stores large arrays separately
_COUNT = struct.Struct("<Q")
_IGNORED = ("SIGINT", "SIGTERM", "SIGHUP")  # meant for the parent, which ends its child itself

# id of an object that both sides hold → its name, and the object itself, so that the id is not reused.
Names = Mapping[int, tuple[Hashable, object]]
_NO_NAMES: Names = MappingProxyType({})


class _Pickler(pickle.Pickler):
    """Writes only the names of objects that the other side already holds."""

    def __init__(self, file: io.BytesIO, names: Names, arrays: list[pickle.PickleBuffer]) -> None:
        super().__init__(file, _PROTOCOL, buffer_callback=arrays.append)
        self._names = names

    def persistent_id(self, value: object) -> Hashable | None:
        name, held = self._names.get(id(value), (None, None))
        return name if held is value else None

    def reducer_override(self, value: object) -> Any:
        """Read-only dictionaries, which pickle does not support, and arrays in shared memory."""
        if isinstance(value, MappingProxyType):
            return _read_only, (dict(value),)
        place = shared_place(value) if isinstance(value, np.ndarray) else None
        return NotImplemented if place is None else (at, (place,))


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


class _Unpickler(pickle.Unpickler):
    """Looks up by name the objects that this side already holds."""

    def __init__(self, data: bytes, arrays: list[bytes], find: Callable[[Any], object]) -> None:
        super().__init__(io.BytesIO(data), buffers=arrays)
        self._find = find

    def persistent_load(self, name: Any) -> object:
        return self._find(name)


def _unknown(name: object) -> object:
    raise LookupError(f"A message refers to {name!r}, which is not known here.")


class Channel:
    """Messages to and from another process. One thread at a time may send, and one receive.

    Arrays arrive read-only; those in shared memory (`engine.processes.shared_memory`) are not copied. Large objects
    that both sides hold can be sent as names; the two sides have to agree on which objects these are.
    """

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink

    def send(self, message: object, names: Names = _NO_NAMES) -> None:
        """Pickle the whole message, then write it.

        BrokenPipeError if the other process has ended. Any other error comes from pickling: then nothing has been
        written, and another message may be sent.
        """
        data, arrays = io.BytesIO(), list[pickle.PickleBuffer]()
        _Pickler(data, names, arrays).dump(message)
        parts = [data.getbuffer(), *(array.raw() for array in arrays)]
        try:
            self._sink.write(_COUNT.pack(len(parts)))
            for part in parts:
                self._sink.write(_COUNT.pack(part.nbytes))
                self._sink.write(part)
            self._sink.flush()
        except (OSError, ValueError) as error:  # ValueError: this side has closed it
            raise BrokenPipeError("The other process has ended.") from error

    def receive(self, find: Callable[[Any], object] = _unknown) -> Any:
        """The next message; `find` looks up objects that were sent as names.

        EOFError if there will be none. After any other error the next message cannot be told from the rest of this one,
        so the conversation has to end.
        """
        data, *arrays = [self._exactly(self._number()) for _ in range(self._number())]
        return _Unpickler(data, arrays, find).load()

    def close(self) -> None:
        """Close both pipes."""
        for pipe in (self._sink, self._source):
            with contextlib.suppress(OSError):  # the other process may have ended
                pipe.close()

    def _number(self) -> int:
        (number,) = _COUNT.unpack(self._exactly(_COUNT.size))
        return int(number)

    def _exactly(self, count: int) -> bytes:
        try:
            data = self._source.read(count)
        except (OSError, ValueError) as error:
            raise EOFError from error
        if len(data) < count:
            raise EOFError
        return data


class Child:
    """The child process as its parent sees it. It is killed when this object is garbage-collected."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        """module: its `serve` is called in the child. environment: additional environment variables.

        The child has the same working folder, so that relative paths mean the same on both sides. OSError if it cannot
        be started.
        """
        (its_input, to_it), (from_it, its_output) = os.pipe(), os.pipe()
        try:
            process = subprocess.Popen(
                child_command(module),
                env={**os.environ, **environment},
                stdin=its_input,
                stdout=its_output,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            os.close(to_it)
            os.close(from_it)
            raise
        finally:
            os.close(its_input)
            os.close(its_output)
        self.channel = Channel(os.fdopen(from_it, "rb"), os.fdopen(to_it, "wb"))
        self.process_id = process.pid
        self._process = process
        self._end = weakref.finalize(self, _end, process, self.channel)

    def wait(self, timeout_s: float | None = None) -> int | None:
        """Wait for the process to end: its exit status, or the negative number of the signal that killed it.

        None if it has not ended in time.
        """
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Kill the process, whatever it is doing."""
        self._end()


def _end(process: subprocess.Popen[bytes], channel: Channel) -> None:
    process.kill()
    process.wait()
    channel.close()


def parent() -> Channel:
    """The channel to the parent process. Must be called exactly once, before anything else."""
    for ignored in signal.Signals:
        if ignored.name in _IGNORED:  # not every system has all of these signals
            signal.signal(ignored, signal.SIG_IGN)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that output of a library does not get between the messages
    return Channel(source, sink)
