"""The state without a window: what each part does, and what they do together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

import engine
from gui.session.current_run import RunStatus
from gui.session.notice import Level, Notice
from gui.session.session import Session
from gui.session.shared_settings import SharedSettings
from tests.gui.conftest import PATIENCE_MS

Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait(qtbot: QtBot) -> Wait:
    return lambda holds: qtbot.waitUntil(holds, timeout=PATIENCE_MS)


@pytest.fixture
def session(wait: Wait) -> Iterator[Session]:
    """A session with the names sample and a network."""
    made = Session()
    made.data.load_sample("names")
    wait(lambda: made.run.snapshot is not None and not made.busy)
    yield made
    assert made.close()


def notices_of(session: Session) -> list[Notice]:
    notices: list[Notice] = []
    session.notices.posted.connect(notices.append)
    return notices


def test_a_reset_while_training_begins_an_idle_run_without_weights_or_steps(session: Session, wait: Wait) -> None:
    session.run.train()
    wait(lambda: session.run.progress.step >= 5)
    assert session.run.status is RunStatus.RUNNING
    number = session.run.number
    session.run.reset()
    assert session.run.status is RunStatus.IDLE
    assert session.run.number == number + 1
    assert session.run.snapshot is None
    assert session.run.progress.step == len(session.run.curve) == 0
    wait(lambda: session.run.snapshot is not None and not session.busy)
    assert session.run.status is RunStatus.IDLE
    assert session.run.progress.step == 0


def test_one_step_leaves_the_run_paused_and_the_last_one_finishes_it(session: Session, wait: Wait) -> None:
    session.run.set_training(epochs=1, batch_size=512)
    session.run.step()
    wait(lambda: session.run.progress.step == 1 and not session.busy)
    assert session.run.status is RunStatus.PAUSED
    session.run.toggle()
    wait(lambda: session.run.status is RunStatus.FINISHED)
    session.run.step()
    assert session.run.status is RunStatus.FINISHED


def test_another_network_is_told_of_only_when_something_was_learned(session: Session, wait: Wait) -> None:
    notices = notices_of(session)
    session.set_model(hidden_size=32)
    assert notices == []
    session.run.step()
    wait(lambda: session.run.progress.step == 1)
    session.set_model(hidden_size=16)
    assert [notice.level for notice in notices] == [Level.INFO]
    assert "32 → 16" in notices[0].text
    assert session.run.model_config.hidden_size == 16


def test_the_probe_follows_when_the_network_begins_or_ceases_to_start_from_a_label(session: Session) -> None:
    assert session.probe.label is not None
    session.set_model(architecture="many-to-one")
    assert session.probe.label is None
    session.set_model(architecture="one-to-many")
    assert session.probe.label is not None


def test_two_changes_to_the_data_in_a_row_are_both_meant(session: Session, wait: Wait) -> None:
    session.data.change(validation=0.3)
    assert session.data.loading
    session.data.change(min_count=3)
    wait(lambda: not session.data.loading and session.run.snapshot is not None)
    assert session.data.dataset is not None
    assert (session.data.dataset.config.validation, session.data.dataset.config.min_count) == (0.3, 3)
    assert session.data.sample is engine.SAMPLES["names"]


def test_reading_that_is_cancelled_leaves_data_and_run_as_they_were(session: Session, wait: Wait) -> None:
    notices, dataset, number = notices_of(session), session.data.dataset, session.run.number
    session.data.load_sample("reviews")
    name = session.data.loading
    session.data.cancel()
    assert not session.data.loading
    wait(lambda: not session.busy)
    assert session.data.dataset is dataset
    assert session.run.number == number
    assert [notice.text for notice in notices] == [f"Reading {name} was cancelled; the data has not changed."]


def test_settings_that_are_pasted_take_their_sample_along_and_others_are_refused(session: Session, wait: Wait) -> None:
    model = engine.ModelConfig(architecture="many-to-one", hidden_size=20)
    training = engine.TrainingConfig(epochs=7)
    session.apply(SharedSettings(model, training, {"validation": 0.2}, "reviews"))
    wait(lambda: not session.data.loading and session.run.snapshot is not None)
    assert session.data.sample is engine.SAMPLES["reviews"]
    assert session.data.dataset is not None
    assert session.data.dataset.config.validation == 0.2
    assert session.run.model_config.hidden_size == 20
    assert session.run.training_config.epochs == 7
    translator = engine.ModelConfig(architecture="encoder-decoder")
    before = session.run.model_config
    with pytest.raises(engine.ConfigError, match="do not fit the current data"):
        session.apply(SharedSettings(translator, training))
    assert session.run.model_config == before


def test_news_are_sent_once_and_only_when_something_changed(session: Session) -> None:
    news: list[str] = []
    session.probe.changed.connect(lambda: news.append("probe"))
    session.probe.selection_changed.connect(lambda: news.append("selection"))
    session.theme_changed.connect(lambda: news.append("theme"))
    session.probe.set("mia")
    session.probe.set("mia")
    session.probe.choose_unit(3)
    session.probe.choose_unit(3)
    session.set_theme(session.theme)
    assert news == ["probe", "selection"]


def test_after_closing_nothing_is_pulled_any_more_and_closing_again_is_harmless(wait: Wait) -> None:
    session = Session()
    session.data.load_sample("names")
    assert session.close()
    assert session.close()
    assert session.data.dataset is None
