"""A network that copies: what is copied is in the picture, in the distribution and in what Play says, as computed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import engine
from engine.number_text import percent
from gui.panels.unrolled.distribution import DistributionPopover
from gui.panels.unrolled.saved_network import network_table
from gui.unrolled_view.descriptions import diagram_in_words, tip_of
from gui.unrolled_view.diagram_builder import untrained
from gui.unrolled_view.layout import DiagramLayout
from gui.unrolled_view.outputs import share_text
from gui.unrolled_view.play_captions import BREVITIES, caption_of
from gui.unrolled_view.playing import Phase, Playing
from gui.unrolled_view.row_names import names_above
from tests.gui.conftest import Person
from tests.gui.panels.test_play import PAIRS, canvas_of, play, playing_of
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.unrolled_view.test_canvas import drawn_words

pytestmark = pytest.mark.one_window


def copying() -> Playing:
    return playing_of("pairs", PAIRS, architecture="encoder-decoder", attention=True, copying=True)


def shares_of(playing: Playing) -> dict[int, tuple[float, float]]:
    """For each step of the decoder, from the engine alone: how much is copied, and of its target."""
    trace = playing.step.trace
    assert trace.copied is not None
    rows = enumerate(trace.output_steps)
    at = [trace.symbols.index(target) for target in trace.targets]
    return {
        column: (float(trace.copied[row].sum()), float(trace.copied[row, at[row]] / trace.probabilities[row, at[row]]))
        for row, column in rows
    }


def test_play_says_what_is_copied_forwards_and_how_the_error_is_shared_backwards() -> None:
    playing = copying()
    for at, moment in enumerate(playing.moments):
        if not moment.answers:
            continue
        copied, of_target = shares_of(playing)[moment.answers[0]]
        said = [caption_of(playing.go(at), brevity) for brevity in BREVITIES]
        if moment.phase is Phase.FORWARDS:
            assert f"{percent(copied)} is copied from where it looks, the rest comes from softmax: “" in said[0]
            assert all(f"{percent(copied)} copied: “" in text for text in said[1:])
        else:
            parts = f"{percent(1 - of_target)} to softmax"
            assert f"{parts} (its own probabilities, minus 1 there), {percent(of_target)} to attention" in said[0]
            assert f"shared as the probability of the target: {parts}, {percent(of_target)} to attention." in said[1]
            assert f" comes in: {parts}, {percent(of_target)} to attention." in said[2]
        assert not any("turn it into probabilities" in text for text in said)
        assert not any("(its probabilities, minus 1 at" in text for text in said)


def test_the_share_that_is_copied_stands_above_the_softmax_in_columns_of_any_width(qtbot: QtBot) -> None:
    playing = copying()
    diagram = playing.diagram
    canvas = canvas_of(playing, qtbot, 700, 300)
    wide = DiagramLayout(diagram)
    shares = [share_text(copied, brief=True) for copied, _ in shares_of(playing).values()]
    assert [word for word in drawn_words(diagram, wide, canvas) if word.startswith("copy")] == [
        f"copy {share}" for share in shares
    ]
    narrow = DiagramLayout(diagram, column_width=30)
    assert [word for word in drawn_words(diagram, narrow, canvas) if word in shares] == shares
    column = min(shares_of(playing))
    for layout, named in ((wide, False), (narrow, True)):
        assert ("copied" in {name.text for name in names_above(layout, column)}) is named
        assert layout.copied(column).bottom() <= layout.softmax(column).top()
        assert layout.bar(column, layout.lines - 1).bottom() <= layout.copied(column).top()


def test_a_network_that_has_read_nothing_is_drawn_as_one_that_copies_and_any_other_is_not(qtbot: QtBot) -> None:
    canvas = canvas_of(copying(), qtbot, 700, 300)
    for attention, copies in ((True, True), (True, False)):
        config = engine.ModelConfig("encoder-decoder", hidden_size=6, attention=attention, copying=copies)
        diagram = untrained(config, 6)
        assert ("copy" in drawn_words(diagram, DiagramLayout(diagram), canvas)) is copies


def test_screen_readers_tooltips_and_saved_numbers_tell_what_is_copied() -> None:
    playing = copying()
    diagram, trace = playing.diagram, playing.step.trace
    assert trace.copied is not None
    table = network_table(diagram, None)
    for row, (column, (copied, _)) in enumerate(shares_of(playing).items()):
        assert f" → {diagram.columns[column].above} ({percent(copied)} copied)" in diagram_in_words(diagram)
        tip = tip_of(diagram, column)
        assert f"{percent(copied)} copied from where attention looks, {percent(1 - copied)} from softmax" in tip
        part = trace.copied[row, trace.symbols.index(diagram.columns[column].above)]
        assert f"of the {diagram.columns[column].probability:.3f}, {part:.3f} is copied" in tip
        assert list(table.rows)[column][table.columns.index("copied")] == pytest.approx(copied)


def test_training_with_a_sampled_softmax_estimates_what_play_computes() -> None:
    texts = ["".join(letters) for letters in ("abcdefgh", "hgfedcba", "ijklmnop")] * 4
    for drawn, expected in ((3, "; training estimates them from 3 symbols"), (500, "")):
        playing = playing_of("sequences", texts, architecture="one-to-many", sampled_words=drawn)
        back = [at for at, moment in enumerate(playing.moments) if moment.phase is Phase.BACKWARDS and moment.answers]
        assert f"(its probabilities, minus 1 at the target{expected})" in caption_of(playing.go(back[0]))


def test_a_person_sees_in_the_window_what_is_copied(person: Person) -> None:
    person.choose_sample("reversal")
    assert "copies" not in panel_of(person).help()
    person.session.set_model(attention=True, copying=True)
    person.wait_ready()
    assert "This network also copies" in panel_of(person).help()
    person.session.probe.set("ab")
    panel = play(person)
    person.wait_until(lambda: panel.canvas.playing is not None)
    playing = panel.canvas.playing
    assert playing is not None
    label, seen = person.find(QLabel, "play-caption"), ""
    while panel.canvas.playing is not None and not panel.canvas.playing.ended:
        seen += label.text()
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    for copied, of_target in shares_of(playing).values():
        assert f"{percent(copied)} is copied from where it looks" in seen or f"{percent(copied)} copied" in seen
        assert f"{percent(of_target)} to attention" in seen
    person.click("play")
    canvas = panel.canvas
    column = min(shares_of(playing))
    at = canvas.placed().output(column).center() * canvas.scale + canvas.origin()
    person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    popover = person.find(DistributionPopover, "distribution")
    assert popover.title.text() == "Softmax and copying, step 1"
    assert canvas.diagram.outcomes is not None
    share = canvas.diagram.outcomes.copied_share(column)
    assert f"Copied from where attention looks (pale): {percent(share)}. The rest is softmax." in popover.note.text()
    assert sum(bar.pale for bar in popover.bars.bars) == pytest.approx(share, abs=1e-5)
    assert "copied)" in popover.bars.accessibleDescription()
    assert np.all([bar.pale <= bar.share for bar in popover.bars.bars])
    popover.close()
