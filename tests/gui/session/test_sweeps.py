"""A sweep in the session: trained beside everything else, told frame by frame, and gone on with from its folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import engine
from engine.sweeps.executors import Executor
from engine.sweeps.one_run import OutcomeStatus, RunOutcome, train_run
from engine.sweeps.plan import PlannedRun
from gui.session.background import Deadline
from gui.session.notice import Notices
from gui.session.sweeps import Sweeps
from tests.gui.conftest import PATIENCE_MS

PLAN: dict[str, Any] = {
    "data": "alphabet",
    "seeds": [0, 1],
    "model": {"cell": ["rnn", "abacus"], "hidden_size": [3, 4]},
    "training": {"epochs": 1, "batch_size": 64},
}


class InThreads(Executor):
    """Trains in a thread; `gate` holds back all runs after the second until it is open."""

    slots = 1

    def __init__(self, dataset: engine.Dataset, gate: threading.Event) -> None:
        self._dataset, self._gate, self._pool, self._count = dataset, gate, ThreadPoolExecutor(1), 0

    def submit(self, run: PlannedRun, share: float, begun: bytes) -> Future[RunOutcome]:
        self._count += 1
        held = self._count > 2
        return self._pool.submit(self._train, run, share, begun, held)

    def _train(self, run: PlannedRun, share: float, begun: bytes, held: bool) -> RunOutcome:
        if held:
            self._gate.wait()
        return train_run(self._dataset, None, run, share, begun)

    def renew(self) -> None:
        pass

    def close(self) -> None:
        self._gate.set()
        self._pool.shutdown()


def until(qtbot: QtBot, sweeps: Sweeps, holds: Callable[[], bool]) -> None:
    """Take what comes, as frames do, until something is so."""

    def look() -> bool:
        sweeps.pull()
        return holds()

    qtbot.waitUntil(look, timeout=PATIENCE_MS)


@pytest.fixture
def gate() -> threading.Event:
    return threading.Event()


@pytest.fixture
def sweeps(qtbot: QtBot, gate: threading.Event) -> Iterator[Sweeps]:
    made = Sweeps(Notices(), lambda: None, lambda dataset, sample, scheduler, processes: InThreads(dataset, gate))
    yield made
    gate.set()
    assert made.close(Deadline(20))


def test_results_come_while_others_are_trained_and_impossible_runs_are_told_of_first(
    qtbot: QtBot, sweeps: Sweeps, gate: threading.Event, tmp_path: Path
) -> None:
    sweeps.start(PLAN, tmp_path / "out")
    with pytest.raises(engine.ConfigError, match="running already"):
        sweeps.open(tmp_path / "out")
    until(qtbot, sweeps, lambda: len(sweeps.outcomes) == 6)
    assert sweeps.running
    refused = [number for number, one in sweeps.outcomes.items() if one.status is OutcomeStatus.REFUSED]
    assert sorted(refused) == [5, 6, 7, 8]
    assert "abacus" in sweeps.outcomes[5].error
    assert [sweeps.outcomes[number].status for number in (1, 2)] == [OutcomeStatus.DONE] * 2
    gate.set()
    until(qtbot, sweeps, lambda: not sweeps.running)
    assert {one.status for one in sweeps.outcomes.values()} == {OutcomeStatus.DONE, OutcomeStatus.REFUSED}
    assert engine.open_run(tmp_path / "out" / sweeps.runs[3].file_name).snapshot.config.hidden_size == 4


def test_a_cancelled_sweep_keeps_what_it_has_and_goes_on_from_its_folder(
    qtbot: QtBot, sweeps: Sweeps, gate: threading.Event, tmp_path: Path
) -> None:
    sweeps.start(PLAN, tmp_path / "out")
    until(qtbot, sweeps, lambda: len(sweeps.outcomes) == 6)
    sweeps.cancel()
    until(qtbot, sweeps, lambda: not sweeps.running)
    before = dict(sweeps.outcomes)
    assert 6 <= len(before) < 8
    gate.set()
    sweeps.open(tmp_path / "out")
    until(qtbot, sweeps, lambda: not sweeps.running)
    assert len(sweeps.outcomes) == 8
    assert sweeps.outcomes[1].best == before[1].best
    assert sweeps.outcomes[1].seconds == pytest.approx(before[1].seconds, abs=1e-3), "it was not trained again"


def test_what_is_wrong_is_told_and_the_next_sweep_can_begin(qtbot: QtBot, sweeps: Sweeps, tmp_path: Path) -> None:
    with pytest.raises(engine.StorageError, match="holds no sweep"):
        sweeps.open(tmp_path)
    with pytest.raises(engine.ConfigError, match="no setting 'colour'"):
        sweeps.start(PLAN | {"model": {"colour": 1}}, tmp_path)
    sweeps.start(PLAN | {"data": "nowhere"}, tmp_path / "out")
    until(qtbot, sweeps, lambda: not sweeps.running)
    assert sweeps.outcomes == {}


def unreachable(*_: object) -> Executor:
    raise engine.ConfigError("No Dask scheduler answers at tcp://127.0.0.1:1.")


def test_a_scheduler_that_does_not_answer_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    notices, texts = Notices(), []
    notices.posted.connect(lambda notice: texts.append(notice.text))
    sweeps = Sweeps(notices, lambda: None, unreachable)
    sweeps.start(PLAN, tmp_path / "out", "tcp://127.0.0.1:1")
    until(qtbot, sweeps, lambda: not sweeps.running)
    assert texts == ["The sweep cannot start: No Dask scheduler answers at tcp://127.0.0.1:1."]
    assert sweeps.close(Deadline(20))
