"""Trains the runs of a sweep in processes of this machine or on workers of a Dask cluster.

Both take the same arguments and return futures like those of `concurrent.futures`.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from concurrent import futures  # its pools are imported on first use
from concurrent.futures import Future
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.data.dataset import Dataset
from engine.data.samples import Sample
from engine.errors import ConfigError
from engine.processes.child_process import Channel
from engine.processes.shared_memory import share
from engine.processes.split_batch import keep_blas_to_one_thread
from engine.sweeps.one_run import RunOutcome, train_run
from engine.sweeps.plan import PlannedRun

_START_S = 60  # for a process that is only to start
PATIENCE_S = 20  # seconds for a scheduler to answer and to have a worker
_PACKAGES = ("distributed",)
LOCAL = "local"  # in place of an address: a cluster on this machine


class Executor(ABC):
    """Trains runs on the same data. slots: how many at a time."""

    slots: int

    @abstractmethod
    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        """Train a run up to a share of its steps; see `train_run`. A future that raises an error has lost its
        worker."""

    @abstractmethod
    def renew(self) -> None:
        """Start over after workers have been lost. Runs submitted before are lost too."""

    @abstractmethod
    def close(self) -> None:
        """Stop everything that is still running."""


class LocalProcesses(Executor):
    """Processes of this machine. Each reads the data once from a temporary file; large arrays are in shared memory."""

    def __init__(self, dataset: Dataset, sample: Sample | None, processes: int) -> None:
        self.slots = processes
        self._held = share(dataset)  # keeps the shared memory alive
        self._folder = tempfile.TemporaryDirectory(prefix="unroll-")
        self._data = Path(self._folder.name, "data")
        with self._data.open("wb") as opened:
            Channel(opened, opened).send((self._held, sample))
        self._pool = self._new_pool()

    def _new_pool(self) -> futures.ProcessPoolExecutor:
        # A copy of this process ("fork") would inherit locks that its other threads hold.
        context = multiprocessing.get_context("spawn")
        pool = futures.ProcessPoolExecutor(self.slots, context, _begin_process)
        # all of them start now, while the first tasks are prepared
        self._ready = [pool.submit(_is_ready) for _ in range(self.slots)]
        return pool

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        try:
            return self._pool.submit(_train_on_file, str(self._data), run, share, begun)
        except futures.BrokenExecutor as error:  # a process has died and has not been reported yet
            lost: Future[RunOutcome] = Future()
            lost.set_exception(error)
            return lost

    def renew(self) -> None:
        """ConfigError if no process has started, and none can."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if all(one.cancelled() or one.exception() is not None for one in self._ready):
            _require_start()
        self._pool = self._new_pool()

    def close(self) -> None:
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        self._folder.cleanup()


def _require_start() -> None:
    """ConfigError with the reason if a process that is started like those of the pool cannot even begin."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import _begin_process; _begin_process()"
    try:
        subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True, timeout=_START_S)
    except subprocess.CalledProcessError as error:
        error_lines = (error.stderr or "").strip().splitlines() or [f"exit status {error.returncode}"]
        raise ConfigError(f"The processes that train the runs cannot start: {error_lines[-1]}") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(f"The processes that train the runs cannot start: {error}") from None


def _is_ready() -> None:
    """The first task of a process: importing the engine, which takes half a second."""


def _begin_process() -> None:
    """Use one core per process, and end the process if its parent dies: it would wait for tasks forever."""
    keep_blas_to_one_thread()
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _train_on_file(data: str, run: PlannedRun, share: float, begun: bytes) -> RunOutcome:
    dataset, sample = _unpickled(data)
    return train_run(dataset, sample, run, share, begun)


@lru_cache(maxsize=1)
def _unpickled(path: str) -> tuple[Dataset, Sample | None]:
    """The data that the parent process has written for this one."""
    with open(path, "rb") as opened:
        dataset, sample = Channel(opened, opened).receive()
    return dataset, sample


class DaskCluster(Executor):
    """Workers of a Dask cluster, which hold the data in memory. Needs the package `distributed`."""

    def __init__(self, dataset: Dataset, sample: Sample | None, address: str, processes: int) -> None:
        """address: of a scheduler that runs already, such as tcp://192.168.0.7:8786; "": a cluster on this machine.

        ConfigError if no scheduler answers, it has no workers, or they run other versions than this process does.
        """
        if address:
            _require_listener(address)
        distributed: Any = import_module("distributed")  # only when needed: it takes half a second
        self._cluster: Any = None
        if not address:
            self._cluster = distributed.LocalCluster(
                n_workers=processes, threads_per_worker=1, dashboard_address=None, silence_logs=50
            )
        try:
            self._client: Any = distributed.Client(address or self._cluster, timeout=PATIENCE_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ConfigError(f"No Dask scheduler answers at {address} ({error}).") from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
            self._check_versions()
        except TimeoutError:
            self.close()
            raise ConfigError(f"The scheduler at {address} has no workers.") from None
        except ConfigError:
            self.close()
            raise
        self._values = (dataset, sample)
        self.renew()

    def _check_versions(self) -> None:
        """ConfigError unless all machines use the same packages: otherwise results would differ or be unreadable."""
        here = versions()
        for worker, there in self._client.run(versions).items():
            for name, version in here.items():
                if there.get(name) != version:
                    raise ConfigError(
                        f"The worker {worker} has {name} {there.get(name, 'not installed')}, this machine {version}."
                    )

    def renew(self) -> None:
        self._client.wait_for_workers(1)
        self.slots = sum(self._client.nthreads().values())
        self._data = [self._client.scatter(value, broadcast=True, hash=False) for value in self._values]
        self._executor = self._client.get_executor(pure=False)

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        future: Future[RunOutcome] = self._executor.submit(train_run, *self._data, run, share, begun)
        return future

    def close(self) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _require_listener(address: str) -> None:
    """ConfigError at once if nothing listens there; Dask itself would keep trying until its time-out."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        if parts.scheme in ("tcp", "tls") and parts.hostname and parts.port:
            socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S).close()
    except (OSError, ValueError) as error:
        raise ConfigError(f"No Dask scheduler answers at {address} ({error}).") from None


def versions() -> dict[str, str]:
    """The versions that must agree between machines."""
    import platform
    from importlib.metadata import version

    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, **{name: version(name) for name in ("numpy", "distributed")}}


def has_dask() -> bool:
    """Whether the package for clusters is installed."""
    return all(find_spec(name) is not None for name in _PACKAGES)


def executor_for(dataset: Dataset, sample: Sample | None, scheduler: str, processes: int) -> Executor:
    """Where a sweep is trained. scheduler: "" for processes of this machine, the quickest to start; LOCAL for a Dask
    cluster on it; otherwise the address of a Dask scheduler.

    ConfigError if the package for clusters is not installed, or if the scheduler cannot be used.
    """
    if not scheduler:
        return LocalProcesses(dataset, sample, processes)
    if not has_dask():
        raise ConfigError("A scheduler needs the package distributed: pip install 'unroll[cluster]'.")
    return DaskCluster(dataset, sample, "" if scheduler == LOCAL else scheduler, processes)
