"""What Play says below the picture: in as many words as there is room for, and never without its numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from engine.number_text import fixed, percent
from gui.unrolled_view.play_captions import BREVITIES, caption_of
from gui.unrolled_view.playing import Phase, Playing
from gui.widgets.symbols import plain_tip, subscript, visible_text
from gui.widgets.text import height_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle
from tests.gui.panels.test_play import CASES, play, playing_of

pytestmark = pytest.mark.one_window


def numbers_of(playing: Playing) -> list[str]:
    """The numbers that a moment is about, computed without its caption."""
    moment, step, columns = playing.moment, playing.step, playing.diagram.columns
    if moment.phase is Phase.LOSS:
        return [f"{step.loss:.2f}"]
    if moment.phase is Phase.WEIGHTS:
        decimals = 3 if step.loss >= 1 else 4 if step.loss >= 0.1 else 5
        losses = f"{step.loss:.{decimals}f} → {step.loss_after:.{decimals}f}"
        return [f"{step.rate:g} times", losses, *["clipped to norm 1"] * (step.clip < 1)]
    if moment.phase is Phase.BACKWARDS:
        return [f"= {playing.gradient(playing.cell):.2g}."] if playing.cell is not None else []
    attention = playing.diagram.attention
    told = []
    if len(moment.answers) == 1:
        answer = columns[moment.answers[0]]
        told.append(answer.above if playing.diagram.numbers is not None else f"{answer.probability:.2f}")
    if attention is not None and told:
        told.append(percent(float(attention[columns[moment.answers[0]].step - 1].max())))
    if playing.cell is not None:
        told.append("h" + subscript(columns[playing.cell[1]].step))
    return told


@pytest.mark.parametrize("sample", ["names", "french", "reviews", "entities", "waves"])
def test_a_caption_with_little_room_is_said_in_fewer_words_and_keeps_its_numbers(person: Person, sample: str) -> None:
    person.window.resize(960, 600)
    if sample != "names":
        person.choose_sample(sample)
    if sample == "french":
        person.session.set_model(attention=True)
        person.wait_ready()
    panel = play(person)
    label, shortened = person.find(QLabel, "play-caption"), 0
    assert panel.play_line.playing is not None
    for _ in panel.play_line.playing.moments:
        settle(person)
        shown, whole = label.text(), visible_text(caption_of(panel.play_line.playing))
        assert height_of(label, shown, label.width()) <= label.height(), shown
        assert "…" not in shown.replace("…”", "”"), "only a symbol may be cut"
        assert [number for number in numbers_of(panel.play_line.playing) if number not in shown] == [], shown
        assert label.toolTip() == plain_tip(whole)
        shortened += shown != whole
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert shortened
    person.click("play")


@pytest.mark.parametrize("size", [(960, 600), (960, 576)])
def test_the_result_of_a_clipped_step_is_whole_in_the_smallest_window(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.choose_sample("ratings")
    person.session.run.set_training(clip_norm=0.125)
    person.wait_ready()
    person.session.probe.set("the soup was not terrible but the service was far from perfect , once is enough")
    panel = play(person)
    label, line = person.find(QLabel, "play-caption"), panel.play_line
    while line.playing is not None and not line.playing.ended:
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    settle(person)
    assert line.playing is not None
    step, shown = line.playing.step, label.text()
    assert step.clip < 1
    assert not step.known
    assert height_of(label, shown, label.width()) <= label.height(), shown
    assert "clipped to norm 0.125" in shown
    assert "its own answer" in shown
    assert shown.endswith(tuple(f"→ {fixed(step.loss_after, digits)}." for digits in (3, 4)))
    person.click("play")


@pytest.mark.parametrize("case", list(CASES))
def test_a_long_symbol_does_not_take_the_room_of_the_numbers(case: str) -> None:
    kind, rows, options = CASES[case]
    playing = playing_of(kind, rows, **options)
    columns = tuple(
        replace(c, below=c.below and "Donaudampfschiff", above=c.above and "Rhabarberbarbara")
        for c in playing.diagram.columns
    )
    playing = replace(playing, diagram=replace(playing.diagram, columns=columns))
    for at in range(len(playing.moments)):
        moment = playing.go(at)
        whole, *_, brief = (caption_of(moment, brevity) for brevity in BREVITIES)
        assert len(brief) <= 110
        assert len(brief) <= len(whole)
        assert [number for number in numbers_of(moment) if number not in brief] == []


@pytest.mark.parametrize("brevity", BREVITIES)
def test_where_the_other_direction_is_stands_in_the_caption_of_every_cell_forwards_and_backwards(brevity: int) -> None:
    kind, rows, options = CASES["tagger"]
    playing = playing_of(kind, rows, **options)  # reads "a", "b", "c"
    said = [caption_of(playing.go(at), brevity) for at in range(len(playing.moments))]
    of_cells = [text for text, moment in zip(said, playing.moments, strict=True) if moment.cells]
    meanwhile = [text.rpartition("The other direction is at ")[2] for text in of_cells]
    assert meanwhile == ["“c”.", "“b”.", "“a”.", "“a”.", "“b”.", "“c”."]
