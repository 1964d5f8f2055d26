"""A race in the session: fair, beside the current run, and all racers are in the list of runs afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest
from pytestqt.qtbot import QtBot

import engine
from engine.cells import CELLS
from gui.session.run_library.race import RaceStatus, settings_of_cells
from gui.session.session import Session
from tests.gui.conftest import PATIENCE_MS

NAMES = engine.load_sample("names")
SMALL = engine.ModelConfig(architecture="one-to-many", hidden_size=4)
SHORT = engine.TrainingConfig(epochs=1, batch_size=1024, seed=5)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(own_process=False)
    made.data.show(NAMES, None)
    made.run.begin(SMALL, SHORT)
    qtbot.waitUntil(lambda: made.run.snapshot is not None, timeout=PATIENCE_MS)
    yield made
    assert made.close()


@pytest.fixture
def posted(session: Session) -> list[str]:
    """What the user is told, in order."""
    texts: list[str] = []
    session.notices.posted.connect(lambda notice: texts.append(notice.text))
    return texts


def over(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.race.status is RaceStatus.OVER and not session.busy, timeout=PATIENCE_MS)


def test_one_click_races_all_cells_and_all_are_in_the_list_with_what_they_would_have_learned_alone(
    qtbot: QtBot, session: Session, posted: list[str]
) -> None:
    session.compared.race_cells()
    over(qtbot, session)
    others = {run.id: run for run in session.runs.others()}
    assert [others[run_id].settings.model.cell for run_id in session.compared.ids] == list(CELLS)
    assert len({run.identity.color for run in others.values()}) == len(CELLS), "each its own colour"
    gru = next(run for run in others.values() if run.settings.model.cell == "gru")
    alone = engine.Trainer(engine.build_model(gru.settings.model, NAMES, seed=5), NAMES, SHORT)
    losses = [update.loss for update in alone]
    assert gru.curve.train_loss.tolist() == losses
    assert gru.capture is not None
    assert (gru.capture.snapshot.weights == alone.model.parameters.flat).all()
    assert session.run.progress.step == 0, "the current run is another one"
    assert posted[-1].startswith("The race is over; all racers are in Runs.")


def test_settings_of_listed_runs_race_from_the_start_under_names_of_their_own(
    qtbot: QtBot, session: Session, posted: list[str]
) -> None:
    session.compared.race_runs([session.runs.current])
    assert posted[-1] == "A race has 2 to 6 runs; these are 1."
    session.race.start([(SMALL, SHORT), (SMALL, replace(SHORT, learning_rate=0.1))])
    assert len({racer.identity.name for racer in session.race.racers}) == 2
    session.compared.race_cells()
    refused = "There is a race already; stop it first."
    assert posted[-1] == refused
    over(qtbot, session)
    with qtbot.waitSignal(session.notices.withdrawn, check_params_cb=refused.__eq__):
        session.compared.race_runs([run.id for run in session.runs.others()])
    rates = [racer.settings.training.learning_rate for racer in session.race.racers]
    assert sorted(rates) == [SHORT.learning_rate, 0.1]


def test_the_free_memory_is_measured_once_for_a_race(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    measured, measure = [], psutil.virtual_memory

    def counted() -> object:
        measured.append(threading.current_thread())
        return measure()

    monkeypatch.setattr(psutil, "virtual_memory", counted)
    session.compared.race_cells()
    assert session.race.running
    assert measured.count(threading.main_thread()) == 1, "the thread that trains measures for itself"


def test_who_diverges_drops_out_with_the_reason_and_stays_in_the_list(
    qtbot: QtBot, session: Session, posted: list[str]
) -> None:
    wild = replace(SHORT, optimizer="adamw", weight_decay=1.0, learning_rate=10.0, clip_norm=0.0, epochs=100)
    session.race.start([(SMALL, SHORT), (SMALL, wild)])
    over(qtbot, session)
    sound, out = session.race.racers
    assert not sound.reason
    assert out.reason.startswith("diverged at step ")
    assert "1 dropped out." in posted[-1]
    kept = session.runs.find(out.identity.id)
    assert kept is not None
    assert kept.end.diverged


def test_race_and_current_run_never_train_at_the_same_time(qtbot: QtBot, session: Session) -> None:
    long = replace(SHORT, epochs=1000)
    session.run.train()
    session.race.start([(SMALL, long), (replace(SMALL, cell="gru"), long)])
    assert not session.run.training
    qtbot.waitUntil(lambda: all(racer.record.progress.step for racer in session.race.racers), timeout=PATIENCE_MS)
    session.run.train()
    assert session.race.status is RaceStatus.PAUSED
    session.race.go_on()
    assert not session.run.training
    session.race.stop()
    qtbot.waitUntil(lambda: len(session.runs.others()) == 2, timeout=PATIENCE_MS)


def test_a_network_without_a_cell_has_none_to_compare() -> None:
    reviews = engine.load_sample("reviews")
    with pytest.raises(engine.ConfigError, match="no cell"):
        settings_of_cells(engine.ModelConfig(architecture="one-to-one"), SHORT, reviews)
