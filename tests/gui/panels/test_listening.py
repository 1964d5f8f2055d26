"""Sounds, series and pictures are read moment by moment, and the answer grows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QWidget

import engine
from engine.data.numbers.recording import Recording
from engine.data.sound.wav import wav_bytes
from gui.panels.try_it.caption import CaptionView
from gui.panels.try_it.classify_frames import HELP, ClassifyFramesView
from gui.panels.try_it.transcribe import TranscribeView
from gui.widgets.frames_picture import FRAMES_PX, MOST_FRAMES_PX
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, settle
from tests.gui.panels.opening import open_file
from tests.gui.panels.test_settings_without_use import folder_of_sounds
from tests.gui.panels.trying import choose_path, panel, shown, train_and_stop

NONE = Qt.KeyboardModifier.NoModifier


def given(person: Person) -> Recording:
    found = person.session.probe.given
    assert isinstance(found, Recording)
    return found


def shares_shown(view: ClassifyFramesView) -> dict[str, float]:
    return {bar.name: bar.share for bar in view.bars.bars}


def test_the_probabilities_of_labels_grow_frame_by_frame(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    train_and_stop(person, 8)
    view = shown(person, ClassifyFramesView)
    person.wait_until(lambda: view.answers() is not None)
    model, frames = model_of(person), given(person).values
    seen: dict[int, dict[str, float]] = {}
    view.play.moved.connect(lambda: seen.update({view.field.picture.end or len(frames): shares_shown(view)}))
    person.click("try-play")
    person.wait_until(lambda: not view.play.playing)
    assert len(seen) == len(frames)
    for end, shares in seen.items():
        assert shares == pytest.approx(model.classify(frames[:end]), abs=1e-5)
    assert np.ptp([shares["a"] for shares in seen.values()]) > 0.01  # it did grow


def test_pointing_at_a_moment_shows_the_answer_so_far_and_leaving_the_whole_one(
    numbers: Callable[[str], Person],
) -> None:
    person = numbers("labelled-series")
    view = shown(person, ClassifyFramesView)
    person.wait_until(lambda: view.answers() is not None)
    whole = shares_shown(view)
    person.qtbot.mouseMove(view.bars, QPoint(5, 5))
    person.qtbot.mouseMove(view.grown, QPoint(view.grown.width() // 2, 20))
    assert view.field.picture.end == 3  # of six frames
    assert "after 3 of 6 steps" in view.verdict.text()
    assert shares_shown(view) != whole
    person.qtbot.mouseMove(view.bars, QPoint(5, 5))
    person.wait_until(lambda: view.field.picture.end is None)
    assert shares_shown(view) == whole


def test_the_bands_of_a_picture_are_named_and_it_takes_the_room_there_is(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    person.window.resize(1440, 900)
    view = shown(person, ClassifyFramesView)
    person.wait_until(lambda: view.answers() is not None)
    assert view.field.legend.text().startswith("From column 1 at the bottom to column 8 at the top;")
    assert view.field.legend.isVisible()
    person.wait_until(lambda: view.field.picture.height() > MOST_FRAMES_PX)
    assert view.field.legend.y() - view.grown.geometry().bottom() < 10
    assert 0.5 < view.field.picture.height() / view.grown.height() < 2.0
    bottom = view.explained.mapTo(panel(person), view.explained.rect().bottomLeft()).y()
    assert panel(person).height() - bottom < 20, "nothing below is empty"
    person.window.resize(900, 500)
    person.wait_until(lambda: FRAMES_PX <= view.field.picture.height() < MOST_FRAMES_PX)


def test_a_sound_file_is_opened_or_dropped_and_heard_by_all_views(empty_person: Person, tmp_path: Path) -> None:
    person = empty_person
    open_file(person, folder_of_sounds(tmp_path / "sounds"))
    assert person.find(QLabel, "data-content").text() == "12 sounds · 2 labels"
    assert person.find(QLabel, "data-vocabulary").text().startswith("40 bands, ")
    view = shown(person, ClassifyFramesView)
    model, sound = model_of(person), np.sin(np.arange(8000) / 3).astype(np.float32) / 2
    (tmp_path / "mine.wav").write_bytes(wav_bytes(sound, 16_000))
    (tmp_path / "other.wav").write_bytes(wav_bytes(sound[:4000], 16_000))
    person.click("try-open")
    choose_path(person, "try-open-dialog", tmp_path / "mine.wav")
    person.wait_until(lambda: person.session.probe.text == "mine.wav")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "mine.wav")
    assert shares_shown(view) == pytest.approx(model.classify(tmp_path / "mine.wav"), abs=1e-5)
    assert person.drop(tmp_path / "other.wav", view.field) == Qt.DropAction.CopyAction
    person.wait_until(lambda: person.session.probe.text == "other.wav")
    assert len(given(person).values) < len(model.codec.source_of(tmp_path / "mine.wav"))
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.name == "sounds"  # what is dropped there is read, not trained on


def test_a_series_of_ones_own_is_opened_as_a_table_with_the_columns_of_the_data(
    numbers: Callable[[str], Person], tmp_path: Path
) -> None:
    person = numbers("labelled-series")
    view = shown(person, ClassifyFramesView)
    mine = np.random.default_rng(2).normal(size=(9, 8)).round(3)
    lines = [",".join(f"column {k + 1}" for k in range(8)), *(",".join(map(str, row)) for row in mine)]
    (tmp_path / "mine.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1.5,2.5\n2.5,1.5\n", encoding="utf-8")
    person.click("try-open")
    choose_path(person, "try-open-dialog", tmp_path / "mine.csv")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "mine.csv")
    assert given(person).values.tolist() == mine.tolist()
    assert shares_shown(view) == pytest.approx(model_of(person).classify(mine), abs=1e-5)
    person.click("try-open")
    choose_path(person, "try-open-dialog", tmp_path / "other.csv")
    message = person.find(QLabel, "try-frames-message")
    person.wait_until(message.isVisible)
    assert "found a, b" in message.text()


def test_a_file_that_is_no_sound_is_refused_in_words_beside_the_picture(empty_person: Person, tmp_path: Path) -> None:
    person = empty_person
    open_file(person, folder_of_sounds(tmp_path / "sounds"))
    before = given(person)
    (tmp_path / "bad.wav").write_bytes(b"RIFF no more")
    person.click("try-open")
    choose_path(person, "try-open-dialog", tmp_path / "bad.wav")
    message = person.find(QLabel, "try-frames-message")
    person.wait_until(message.isVisible)
    assert "bad.wav" in message.text()
    assert given(person) is before
    title = person.find(QLabel, "try-frames-name")
    named = title.text()
    person.drop(tmp_path / "bad.wav", person.find(QWidget, "try-frames"))
    assert title.text() == named  # and no longer the invitation to drop it


REFUSED = {
    "silent.wav": wav_bytes(np.zeros(0), 16_000),
    "notes.wav": b"this is no sound",
    "a_file_with_quite_a_long_name_that_takes_a_line_of_its_own.wav": b"this is no sound",
}


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_the_buttons_stay_where_they_are_when_a_sound_is_refused(
    empty_person: Person, tmp_path: Path, size: tuple[int, int]
) -> None:
    person = empty_person
    person.window.resize(*size)
    open_file(person, folder_of_sounds(tmp_path / "sounds"))
    view = shown(person, ClassifyFramesView)
    person.wait_until(lambda: view.answers() is not None)
    settle(person)
    moving = (view.field.picture, view.grown, view.field.open, view.field.another)
    places = [widget.geometry() for widget in moving]
    message = person.find(QLabel, "try-frames-message")
    for name, content in REFUSED.items():
        (tmp_path / name).write_bytes(content)
        person.click("try-open")
        choose_path(person, "try-open-dialog", tmp_path / name)
        person.wait_until(lambda name=name: name in message.text())
        settle(person)
        assert [widget.geometry() for widget in moving] == places
        assert message.height() == message.heightForWidth(message.width()), "all of it is in sight"
        assert panel(person).rect().contains(message.mapTo(panel(person), message.rect().bottomRight()))
    person.click("try-another")
    person.wait_until(lambda: not message.isVisible() and view.explained.text() == HELP)
    settle(person)
    assert [widget.geometry() for widget in moving] == places
    assert view.bars.visibleRegion().boundingRect().height() == view.bars.height()


def test_letters_come_as_the_sound_is_heard_and_each_marks_its_frames(numbers: Callable[[str], Person]) -> None:
    person = numbers("speech")
    train_and_stop(person, 8)
    view = shown(person, TranscribeView)
    person.wait_until(lambda: view.answers() is not None and bool(view.alignment.attention.symbols))
    model, frames = model_of(person), given(person).values
    best = view.translations[0]
    assert best.attention is not None
    assert view.alignment.attention.symbols[: len(best.tokens)] == best.tokens
    person.qtbot.mouseMove(view.alignment, view.alignment.box_of(0).center().toPoint())
    assert view.field.picture.weights is not None
    assert view.field.picture.weights.tolist() == best.attention[0].tolist()
    unmarked = view.field.picture.grab().toImage()
    person.qtbot.mouseMove(view.results, QPoint(3, 3))
    person.wait_until(lambda: view.field.picture.weights is None)
    assert view.field.picture.grab().toImage() != unmarked
    seen: dict[int, tuple[str, ...]] = {}

    def hear() -> None:
        if view.field.picture.end is not None:
            seen[view.field.picture.end] = view.alignment.attention.symbols

    view.play.moved.connect(hear)
    person.click("try-play")
    person.wait_until(lambda: len(seen) == len(frames) and not view.play.playing)
    for end, symbols in seen.items():
        written = model.transcribe(frames[:end], beam_size=1)[0].tokens
        assert symbols[: len(written)] == written[: len(symbols)]
    assert view.field.picture.end is None
    assert view.alignment.attention.symbols[: len(best.tokens)] == best.tokens


def test_a_caption_is_written_word_by_word_with_the_probability_of_each(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    person.session.run.set_training(epochs=16)  # after four, some captions are still empty
    person.wait_ready()
    train_and_stop(person, 80)
    view = shown(person, CaptionView)
    person.wait_until(lambda: view.answers() is not None and not person.session.questions.busy)
    best = view.translations[0]
    shares = [bar.share for bar in view.bars.bars]
    if len(best.tokens) < len(view.bars.bars):  # all of it is shown
        assert float(np.log(shares).sum()) == pytest.approx(best.log_probability, abs=1e-3)
    person.click("try-play")
    assert len(view.bars.bars) == 1
    assert view.verdict.text() == best.tokens[0]
    person.wait_until(lambda: len(view.bars.bars) == 2)
    person.click("try-play")  # stops
    assert [bar.share for bar in view.bars.bars] == shares


def test_a_fast_stroke_of_the_brush_leaves_no_gap(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    view = shown(person, CaptionView)
    person.click("brush-white")
    person.click("brush-fill")
    person.click("brush-black")
    picture = view.field.picture
    pixel = picture.height() / 6
    start, end = (QPointF((k + 0.5) * pixel, (k + 0.5) * pixel).toPoint() for k in (0, 4))
    person.qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=start)
    person.qtbot.mouseMove(picture, end)
    person.qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=end)
    assert [tuple(place) for place in np.argwhere(given(person).values.sum(axis=2) == 0)] == [(k, k) for k in range(5)]


def test_the_sample_of_pictures_says_how_a_file_becomes_one_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.data.samples.shapes.COUNT", 2)
    pillow = pytest.importorskip("PIL.Image")
    pillow.new("RGB", (64, 64), (255, 0, 0)).save(tmp_path / "red.png")
    sample = engine.SAMPLES["shapes"]
    picture, caption = sample.rows()[0]
    data = engine.make_dataset([(picture, caption), (picture * 0.5, "dark")], "pictures", recipe=sample.recipe)
    assert data.codec.frames is not None
    read = data.codec.frames.read(tmp_path / "red.png")
    assert read.shape == picture.shape
    assert read[0, 0].tolist() == [1.0, 0.0, 0.0]
