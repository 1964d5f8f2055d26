"""A second Python with this package, at the other end of two pipes.

Two processes share no lock: where both compute, neither waits for the other. The child reads from its standard input,
answers on its standard output, and learns from the end of its input that the program on the other side has ended,
however it ended. What is unpickled comes from a process that this program has started, over a pipe nobody else has.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pickle
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import IO, Any

import numpy as np

from engine.processes.shared_memory import at, place_of

# Asked of the executable of a bundled program (PyInstaller and the like), which is no Python and knows no `-c`.
_SERVE = "--serve-as-child"
_PROTOCOL = 5  # the first that keeps large arrays apart from the rest
_COUNT = struct.Struct("<Q")
_IGNORED = ("SIGINT", "SIGTERM", "SIGHUP")  # meant for the program that started this one, which sees to its child

# id of an object that both sides hold → what it is called, and the object itself, so that the id stays its own.
Names = Mapping[int, tuple[Hashable, object]]
_NO_NAMES: Names = MappingProxyType({})


class _Pickler(pickle.Pickler):
    """Writes the name of what the other side already holds."""

    def __init__(self, file: io.BytesIO, names: Names, arrays: list[pickle.PickleBuffer]) -> None:
        super().__init__(file, _PROTOCOL, buffer_callback=arrays.append)
        self._names = names

    def persistent_id(self, value: object) -> Hashable | None:
        name, held = self._names.get(id(value), (None, None))
        return name if held is value else None

    def reducer_override(self, value: object) -> Any:
        """Read-only dictionaries, which pickle does not know, and arrays that the other process can look into."""
        if isinstance(value, MappingProxyType):
            return _read_only, (dict(value),)
        place = place_of(value) if isinstance(value, np.ndarray) else None
        return NotImplemented if place is None else (at, (place,))


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


class _Unpickler(pickle.Unpickler):
    """Looks up by name what this side already holds."""

    def __init__(self, data: bytes, arrays: list[bytes], find: Callable[[Any], object]) -> None:
        super().__init__(io.BytesIO(data), buffers=arrays)
        self._find = find

    def persistent_load(self, name: Any) -> object:
        return self._find(name)


def _unknown(name: object) -> object:
    raise LookupError(f"A message names {name!r}, which is not known here.")


class Channel:
    """Messages to and from another process. One thread at a time may send, another one receive.

    Arrays arrive read-only; those in shared memory (`engine.processes.shared_memory`) stay there. Large objects that
    both sides hold can be called by a name; which ones these are is for the two sides to agree on.
    """

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink

    def send(self, message: object, names: Names = _NO_NAMES) -> None:
        """Pickle the whole message, then write it.

        Raises BrokenPipeError where the other process has ended. Any other error comes from pickling: nothing has been
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
        """The next message; `find` looks up what is called by a name.

        Raises EOFError where there will be none. After any other error what comes next cannot be told from the rest of
        this message: the conversation has to end.
        """
        data, *arrays = [self._exactly(self._number()) for _ in range(self._number())]
        return _Unpickler(data, arrays, find).load()

    def close(self) -> None:
        """Close both pipes."""
        for pipe in (self._sink, self._source):
            with contextlib.suppress(OSError):  # the other process has ended before
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
    """The other process, seen from this one; it is ended when nobody refers to this any more."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        """module: its `serve` is called there. environment: variables it has besides those of this process.

        The child works in the same folder as this process, so that relative paths mean the same on both sides. OSError
        where the process cannot be started.
        """
        (its_input, to_it), (from_it, its_output) = os.pipe(), os.pipe()
        try:
            process = subprocess.Popen(
                _command(module),
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
        """Wait until the process ends by itself; its status, negative for the signal that ended it.

        None if it has not ended in time.
        """
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """End the process at once, in the middle of whatever it does."""
        self._end()


def _command(module: str) -> list[str]:
    """What starts a process that runs `serve` of a module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, _SERVE, module]
    # -P: no file in the working folder takes the place of a module; they are found where this process finds them.
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import serve; serve()"
    return [sys.executable, "-P", "-c", code]


def serve_if_asked(arguments: Sequence[str]) -> None:
    """Become a child if that is what this bundled program was started for; else return at once.

    arguments: of the command line, the program's name first. To be called before anything else.
    """
    if getattr(sys, "frozen", False) and len(arguments) == 3 and arguments[1] == _SERVE:
        importlib.import_module(arguments[2]).serve()
        sys.exit()


def _end(process: subprocess.Popen[bytes], channel: Channel) -> None:
    process.kill()
    process.wait()
    channel.close()


def parent() -> Channel:
    """The program that started this process; to be called once, first of all."""
    for ignored in signal.Signals:
        if ignored.name in _IGNORED:  # not every system has all of them
            signal.signal(ignored, signal.SIG_IGN)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get between the messages
    return Channel(source, sink)
