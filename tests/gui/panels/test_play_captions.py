"""What Play says below the picture: in as many words as there is room for, and never without its numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.number_text import fixed, percent
from gui.unrolled_view.play_captions import BREVITIES, caption_of
from gui.unrolled_view.playing import Phase, Playing
from gui.widgets.symbols import plain_tip, subscript, visible_text
from gui.widgets.text import height_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, settle
from tests.gui.panels.test_play import CASES, canvas_of, play, playing_of

pytestmark = pytest.mark.one_window


def numbers_of(playing: Playing) -> list[str]:
    """The numbers that a moment is about, computed without its caption."""
    moment, step, columns = playing.moment, playing.step, playing.diagram.columns
    if moment.phase is Phase.LOSS:
        return [f"{step.loss:.2f}"]
    if moment.phase is Phase.WEIGHTS:
        decimals = 3 if step.loss >= 1 else 4 if step.loss >= 0.1 else 5
        losses = f"{step.loss:.{decimals}f} → {step.loss_after:.{decimals}f}"
        return [f"−{step.rate:g} ", losses, *["clipped to norm 1"] * (step.clip < 1)]
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


@pytest.mark.parametrize("sample", ["names", "french", "reviews", "entities", "waves", "part-of-speech"])
def test_a_caption_with_little_room_is_said_in_fewer_words_and_keeps_its_numbers(person: Person, sample: str) -> None:
    person.resize(960, 600)
    if sample == "french":
        person.session.set_model(attention=True)
        person.wait_ready()
    if sample == "part-of-speech":
        person.session.set_model(bidirectional=True, num_layers=2)
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


@pytest.mark.sample("ratings")
@pytest.mark.parametrize("size", [(960, 600), (960, 576)])
def test_the_result_of_a_clipped_step_is_whole_in_the_smallest_window(person: Person, size: tuple[int, int]) -> None:
    person.resize(*size)
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
    meanwhile = [re.split("The other direction is at |Other direction: ", text)[-1] for text in of_cells]
    assert meanwhile == ["“c”.", "“b”.", "“a”.", "“a”.", "“b”.", "“c”."]


def place_in(part: str, layer: int, step: int, steps: int, brevity: int) -> str:
    """How a caption names a cell where the layers come one after the other."""
    return f"{part}layer {layer}, step {step}{f' of {steps}' * (brevity < BREVITIES[-1])}".capitalize()


@pytest.mark.parametrize("brevity", BREVITIES)
@pytest.mark.parametrize(("case", "part"), [("tagger", ""), ("translator", "encoder, ")])
def test_where_layers_come_one_after_the_other_the_caption_names_the_layer_forwards_and_backwards(
    case: str, part: str, brevity: int
) -> None:
    kind, rows, options = CASES[case]
    playing = playing_of(kind, rows, **options | {"bidirectional": True, "num_layers": 2})
    both_ways = [row for row in playing.diagram.rows if row.part == part.removesuffix(", ")]
    assert [(row.depth, row.backward) for row in both_ways] == [(0, False), (0, True), (1, False), (1, True)]
    steps = both_ways[0].steps
    said = [
        caption_of(at, brevity)
        for at in map(playing.go, range(len(playing.moments)))
        if at.cell is not None and playing.diagram.rows[at.cell[0]] in both_ways
    ]
    places = [(layer, step) for layer in (1, 2) for step in range(1, steps + 1)]
    # the gradient is told of the cell that reads forwards, and comes to it in the reverse order
    there_and_back = places + places[::-1]
    assert [text.partition(":")[0].removesuffix(", backwards") for text in said] == [
        place_in(part, *place, steps, brevity) for place in there_and_back
    ]


@pytest.mark.parametrize("brevity", BREVITIES[:2])
def test_a_cell_above_the_first_layer_reads_the_states_of_the_layer_below_and_no_symbol(brevity: int) -> None:
    kind, rows, options = CASES["tagger"]
    playing = playing_of(kind, rows, **options | {"num_layers": 2})  # reads "a", "b", "c"
    moments = [(playing.go(at), moment) for at, moment in enumerate(playing.moments) if moment.phase is Phase.FORWARDS]
    said = [caption_of(at, brevity) for at, moment in moments if moment.cells]
    for step, symbol in enumerate("abc", start=1):
        assert f"“{symbol}”" in said[step - 1].partition("The other direction")[0]
        deeper = said[step + 2]
        assert f"both h{subscript(step)} of layer 1" in deeper
        assert "“" not in deeper
        assert deeper.endswith(f"The other direction is at step {4 - step}.")


def test_the_gradient_of_layers_that_are_computed_together_is_told_of_the_last_one_by_name() -> None:
    kind, rows, options = CASES["writer"]
    playing = playing_of(kind, rows, **options)
    told = [playing.go(at) for at, moment in enumerate(playing.moments) if moment.phase is Phase.BACKWARDS]
    for at in told:
        assert at.cell is not None
        row, column = at.cell
        assert playing.diagram.rows[row].depth == 1
        assert f"Layer 2, step {playing.diagram.columns[column].step} of" in caption_of(at)


def test_the_tooltip_over_a_cell_names_its_layer_and_direction_and_what_that_cell_reads(qtbot: QtBot) -> None:
    kind, rows, options = CASES["tagger"]

    def told(**more: object) -> list[str]:
        """The first lines over the cells of the second step, from the lowest cell up, and that below them."""
        playing = playing_of(kind, rows, **options | more)
        canvas = canvas_of(playing, qtbot, 900, 500)
        layout = canvas.placed()
        points = [layout.cell(1, level).center() for level in range(playing.diagram.levels)]
        points.append(layout.input(1).center())
        return [canvas.pointer.tip_at(point).partition("\n")[0] for point in points]

    second = "reads both h₂ of layer 1"
    assert told(num_layers=2) == [
        "layer 1 forward, step 2: reads b",
        "layer 1 backward, step 2: reads b",
        f"layer 2 forward, step 2: {second}",
        f"layer 2 backward, step 2: {second}",
        "step 2: reads b",
    ]
    one_way = ["layer 1, step 2: reads b", "layer 2, step 2: reads h₂ of layer 1", "step 2: reads b"]
    assert told(num_layers=2, bidirectional=False) == one_way
    assert told() == ["forward, step 2: reads b", "backward, step 2: reads b", "step 2: reads b"]
    assert told(bidirectional=False) == ["step 2: reads b"] * 2


def test_in_the_second_layer_of_a_tagger_play_says_what_inside_a_cell_shows(person: Person) -> None:
    person.choose_sample("part-of-speech")
    person.session.set_model(bidirectional=True, num_layers=2)
    person.wait_ready()
    panel = play(person)
    steps, label = len(panel.canvas.diagram.columns), person.find(QLabel, "play-caption")
    for _ in range(steps + 1):  # to the second step of the second layer
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert label.text().startswith(f"Layer 2, step 2 of {steps}: ")
    assert "both h₂ of layer 1" in label.text()
    assert "the state before, h₁," in visible_text(caption_of(panel.play_line.playing))  # type: ignore[arg-type]
    person.click("play")


@pytest.mark.parametrize("both", [False, True], ids=["one", "both"])
@pytest.mark.parametrize(
    ("case", "first"),
    [
        ("tagger", "It flows down to layer 1. This is the first step."),
        ("translator", "It flows down to layer 1 and on to the encoder, also by attention."),
    ],
)
def test_the_gradient_of_a_higher_layer_flows_down_too(case: str, first: str, both: bool) -> None:
    kind, rows, options = CASES[case]
    playing, told = playing_of(kind, rows, **{**options, "num_layers": 2, "bidirectional": both}), []
    for at in range(playing.loss_at + 1, len(playing.moments)):
        playing = playing.go(at)
        if playing.cell is None:
            continue
        row, column = playing.diagram.rows[playing.cell[0]], playing.cell[1]
        caption = caption_of(playing)
        assert ("down to layer" in caption) is bool(row.depth)
        assert ("It flows down to layer 1 and on to h" in caption) is (row.depth == 1 and column > row.first)
        told.append(first in caption)
    assert sum(told) == 1


@pytest.mark.parametrize("forcing", [0.0, 0.25, 1.0])
def test_play_says_where_training_reads_an_answer_of_its_own_instead_of_the_right_symbol(forcing: float) -> None:
    for case in ("translator", "writer", "last"):
        kind, rows, options = CASES[case]
        playing = replace(playing_of(kind, rows, **options), forcing=forcing)
        forwards = [playing.go(at) for at in range(playing.loss_at) if playing.go(at).cell is not None]
        told = [each for each in forwards if f"teacher forcing {forcing:g}" in caption_of(each)]
        fed_back = [
            each
            for each in forwards
            if (place := each.cell) is not None
            and each.diagram.feeds_back(each.diagram.rows[place[0]].part)
            and each.diagram.columns[place[1]].step > 1
            and each.diagram.rows[place[0]].depth == 0
        ]
        assert told == (fed_back if forcing < 1 else [])
        assert all(("probability of 75" in caption_of(each)) is (forcing > 0) for each in told)


@pytest.mark.sample("reversal")
def test_play_knows_the_teacher_forcing_of_the_run(person: Person) -> None:
    person.session.run.set_training(teacher_forcing=0.0)
    person.wait_ready()
    person.session.probe.set("".join(dataset_of(person).train[0].source))
    panel = play(person)
    assert panel.play_line.playing is not None
    assert panel.play_line.playing.step.known
    while "“<s>”" not in caption_of(panel.play_line.playing):
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert "Training, with teacher forcing 0, reads" in person.find(QLabel, "play-caption").toolTip()
    person.click("play")
