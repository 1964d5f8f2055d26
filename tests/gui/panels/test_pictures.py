"""Hidden state, gradient and memory: what they show is the engine's, for any text, and nothing while hidden."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MethodType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.inspection.text_search import text_to_look_at
from gui.panels.base.panel import Panel
from gui.panels.compare.inner_values import memory_curve
from gui.panels.gradient import GradientPanel
from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.memory import MOST_PARTS, MemoryPanel, Remembered, ring_parts
from gui.plots.bar_plot import BarValue, StepBars
from gui.plots.donut import Donut
from gui.plots.heat_map import Heat, HeatMap
from gui.session.questions import Question
from gui.theme import DARK, LIGHT
from gui.widgets.bars import Bar, Bars
from gui.widgets.chips import Chip, Chips
from gui.widgets.result_list import Result, ResultList
from tests.gui.conftest import Person
from tests.gui.plots.mouse import canvas, is_drawn

pytestmark = pytest.mark.one_window

ODD = [[], [0.5], [math.nan], [math.inf, 0.1], [1e300, 1e-300], [0.0, 0.0], list(np.linspace(0, 1, 10_000))]
ODD_NAMES = ["empty", "one", "nan", "infinite", "huge", "zero", "long"]


def the(person: Person, kind: type[Panel]) -> Panel:
    return next(panel for panel in person.window.panels.values() if isinstance(panel, kind))


def settle(person: Person) -> None:
    """Wait until everything that was asked has been answered."""
    person.wait_until(lambda: not person.session.questions.busy)


def test_the_heat_map_shows_the_states_of_the_probe(person: Person) -> None:
    panel = the(person, HiddenStatePanel)
    assert isinstance(panel, HiddenStatePanel)
    person.type("probe", "mia")
    person.wait_until(lambda: panel.found is not None and panel.heat_map.heat.columns[1:] == ("m", "i", "a"))
    session = person.session
    assert session.run.snapshot is not None
    states = engine.trace(session.run.snapshot.model(), "mia", label=session.probe.label).layers[0].states
    assert np.array_equal(panel.heat_map.heat.values, states.T)


def test_the_heat_map_moves_while_the_network_trains(person: Person) -> None:
    panel = the(person, HiddenStatePanel)
    assert isinstance(panel, HiddenStatePanel)
    person.wait_until(lambda: panel.found is not None)
    before = panel.heat_map.heat.values.copy()
    person.click("train")
    person.wait_until(
        lambda: (
            panel.heat_map.heat.values.shape == before.shape
            and bool(np.abs(panel.heat_map.heat.values - before).max() > 0.05)
        )
    )
    assert person.session.run.status == "running"


def test_gates_can_be_chosen_by_name(person: Person) -> None:
    panel = the(person, HiddenStatePanel)
    assert isinstance(panel, HiddenStatePanel)
    person.wait_until(lambda: panel.what.count() == 6)
    at = panel.what.findText("forget gate")
    panel.what.setCurrentIndex(at)
    panel.what.activated.emit(at)
    person.wait_until(lambda: bool((panel.heat_map.heat.values > 0).all()))
    settle(person)
    assert panel.what.currentText() == "forget gate"


def test_the_gradient_and_its_verdict_are_the_engines(person: Person) -> None:
    panel = the(person, GradientPanel)
    assert isinstance(panel, GradientPanel)
    person.wait_until(lambda: panel.flow is not None)
    settle(person)
    session = person.session
    assert session.run.snapshot is not None
    assert panel.flow is not None
    flow = engine.gradient_flow(session.run.snapshot.model(), session.probe.text, label=session.probe.label)
    assert [v.value for v in panel.bars.values] == pytest.approx(flow.carried.tolist())
    assert panel.verdict.text() == flow.headline
    assert panel.verdict.toolTip().startswith(flow.verdict)
    radii = engine.spectral_radius(session.run.snapshot.model())
    assert f"recurrent strength: input {next(iter(radii.values())):.2f}, forget " in panel.health.text()
    assert "stretch" not in panel.health.text(), "gates and activations shrink what passes"
    assert "spectral radius" in panel.health.toolTip()
    person.click("gradient-scale-log")
    assert panel.bars.logarithmic


def test_the_shares_of_memory_are_the_engines_and_sum_to_one(person: Person) -> None:
    panel = the(person, MemoryPanel)
    assert isinstance(panel, MemoryPanel)
    person.wait_until(lambda: panel.found is not None)
    settle(person)
    session = person.session
    assert session.run.snapshot is not None
    assert panel.found is not None
    found = engine.memory(session.run.snapshot.model(), session.probe.text, label=session.probe.label)
    assert panel.found.shares == pytest.approx(found.shares.tolist())
    assert sum(bar.share for bar in panel.bars.bars) == pytest.approx(1.0)


def test_a_saturated_state_has_no_shares(person: Person) -> None:
    panel = the(person, MemoryPanel)
    assert isinstance(panel, MemoryPanel)
    person.session.set_model(cell="rnn")
    person.wait_ready()
    person.session.run.set_training(clip_norm=0.0, learning_rate=10.0, epochs=1)
    person.window.docking.show_view("memory")
    person.session.run.train()
    person.wait_until(lambda: person.session.run.status == "finished")
    settle(person)
    person.wait_until(panel.hint.isVisible)
    assert panel.hint.text() == "The last state no longer responds to any input: all units are saturated or zero."
    assert not panel.box.isVisible()
    assert not panel.table().rows
    assert person.session.run.snapshot is not None
    with pytest.raises(engine.ConfigError, match="no longer responds"):  # as Compare then says
        memory_curve(person.session.run.snapshot, person.session.probe.given, person.session.probe.label)


def test_the_picture_that_a_captioner_begins_with_has_the_first_share(person: Person) -> None:
    panel = the(person, MemoryPanel)
    assert isinstance(panel, MemoryPanel)
    person.choose_sample("shapes")
    person.window.docking.show_view("memory")
    person.wait_until(lambda: panel.found is not None and panel.box.isVisible() and bool(panel.bars.bars))
    settle(person)
    session = person.session
    assert session.run.snapshot is not None
    model = session.run.snapshot.model()
    text = text_to_look_at(model, session.run.snapshot, session.probe.given, session.probe.label)
    found = engine.memory(model, text)
    first, *others = panel.bars.bars
    assert (first.name, first.share) == ("picture", pytest.approx(found.begun))
    assert 0 < first.share < 1
    assert sum(bar.share for bar in others) == pytest.approx(1 - found.begun)
    assert panel.table().rows[0] == (0, "picture", pytest.approx(found.begun))


@pytest.mark.parametrize(
    ("sample", "chosen", "shown", "note"),
    [
        ("reviews", {"bidirectional": False}, "shares of the last state, by input", ""),
        ("entities", {}, "shares of two last states", "h₇, read forwards, and h₁, read backwards"),
        ("reviews", {"pooling": "max"}, "shares of the last state, by input", "all states (max over time)"),
        ("french", {"pooling": "max"}, "shares of the last state, in the encoder", ""),
    ],
)
def test_memory_says_which_last_state_it_is_about(
    person: Person, sample: str, chosen: dict[str, object], shown: str, note: str
) -> None:
    panel = the(person, MemoryPanel)
    assert isinstance(panel, MemoryPanel)
    person.choose_sample(sample)
    person.session.set_model(**chosen)
    person.wait_ready()
    person.window.docking.show_view("memory")
    person.wait_until(lambda: panel.found is not None and panel.box.isVisible())
    settle(person)
    assert panel.subtitle.text() == shown
    assert panel.note.isVisible() == bool(note)
    assert note in panel.note.text()


def test_the_first_input_and_the_largest_shares_are_named_wherever_they_stand() -> None:
    shares = [0.02] * 20
    shares[3], shares[11], shares[19] = 0.3, 0.2, 0.16
    parts = ring_parts(Remembered(tuple("abcdefghijklmnopqrst"), tuple(shares)), LIGHT)
    assert {"1 a", "4 d", "12 l", "20 t"} <= {part.name for part in parts}
    assert [part.share for part in parts if part.name == "4 d"] == [0.3]
    assert parts[-1].name == "the other 16"
    assert parts[-1].share == pytest.approx(16 * 0.02)


def test_an_input_that_has_no_name_but_its_place_is_not_numbered_again() -> None:
    places = Remembered(tuple(str(step + 1) for step in range(20)), (0.05,) * 20, numbered=True)
    assert ring_parts(places, LIGHT)[0].name == "1"


def test_a_digit_that_stands_at_the_place_of_its_number_has_its_place_before_it_as_all_symbols_have(
    person: Person,
) -> None:
    panel = the(person, MemoryPanel)
    assert isinstance(panel, MemoryPanel)
    person.window.docking.show_view("memory")
    person.type("probe", "234567892345")  # after the label
    person.wait_until(lambda: panel.found is not None and panel.found.inputs[-3:] == ("3", "4", "5"))
    settle(person)
    assert panel.found is not None
    named = {f"{place} {symbol}" for place, symbol in enumerate(panel.found.inputs, 1)}
    assert {bar.name for bar in panel.bars.bars[:-1]} < named
    assert panel.bars.bars[-1].name.startswith("the other ")


def test_inputs_that_have_no_part_of_their_own_are_one_part() -> None:
    parts = ring_parts(Remembered(tuple("abcdefghijklmno"), (1 / 15,) * 15), LIGHT)
    assert len(parts) == MOST_PARTS + 1
    assert sum(part.share for part in parts) == pytest.approx(1.0)
    assert len({part.color for part in parts}) == len(parts)


@pytest.mark.parametrize("kind", [HiddenStatePanel, GradientPanel, MemoryPanel])
def test_a_hidden_panel_asks_nothing_until_it_is_shown_again(
    person: Person, kind: type[Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = the(person, kind)
    settle(person)
    panel.hide()
    asked: list[object] = []
    ask = person.session.questions.ask

    def listen(question: Question[object]) -> None:
        if isinstance(question.done, MethodType):
            asked.append(question.done.__self__)
        ask(question)

    monkeypatch.setattr(person.session.questions, "ask", listen)
    person.session.probe.set("zoe")
    person.session.run.snapshot_changed.emit()
    assert len(asked) >= 3  # the others do
    assert panel not in asked
    panel.show()
    person.wait_until(lambda: panel in asked)  # that of the gradient first hears what the data say about the text


def test_any_probe_is_looked_at(person: Person) -> None:
    panel = the(person, HiddenStatePanel)
    assert isinstance(panel, HiddenStatePanel)
    person.wait_until(lambda: panel.found is not None)
    for text in ("", "a", "z" * 10_000, "漢字", "שלום"):
        before = panel.found
        person.session.probe.set(text)
        person.wait_until(lambda before=before: panel.found is not before)
        if text:
            steps = len(text) + 1
            person.wait_until(lambda steps=steps: panel.found is not None and panel.found.values.shape[0] == steps)
        settle(person)
        assert not person.window.grab().isNull()


def test_the_colours_change_with_the_theme(person: Person) -> None:
    settle(person)
    person.change_theme(DARK)
    settle(person)
    dark = person.window.grab().toImage().pixelColor(700, 100)
    assert dark.lightness() < 80


@pytest.mark.parametrize("numbers", ODD, ids=ODD_NAMES)
@pytest.mark.parametrize(
    "show",
    [
        lambda n: _bars(n),
        lambda n: _steps(n),
        lambda n: _steps(n, logarithmic=True),
        lambda n: _donut(n),
        lambda n: _heat(n),
        lambda n: _chips(n),
        lambda n: _results(n),
    ],
    ids=["bars", "steps", "log-steps", "donut", "heat", "chips", "results"],
)
def test_every_picture_draws_odd_numbers(
    qtbot: QtBot, show: Callable[[list[float]], QWidget], numbers: list[float]
) -> None:
    widget = show(numbers)
    qtbot.addWidget(widget)
    widget.resize(300, 180)
    assert is_drawn(widget) == (bool(numbers) or type(widget).__name__ in ("Donut", "HeatMap", "Chips"))


def _bars(numbers: list[float]) -> QWidget:
    bars = Bars(LIGHT, "bars", "bars", swatch=True)
    bars.show_bars([Bar(f"name {i}", n) for i, n in enumerate(numbers[:300])], LIGHT)
    return bars


def _steps(numbers: list[float], logarithmic: bool = False) -> QWidget:
    bars = StepBars(LIGHT, "steps", "steps")
    bars.show_steps(tuple(BarValue(str(i), n) for i, n in enumerate(numbers)), LIGHT, logarithmic=logarithmic)
    return bars


def _donut(numbers: list[float]) -> QWidget:
    donut = Donut(LIGHT, "donut", "donut")
    donut.show_parts([Bar(str(i), n) for i, n in enumerate(numbers[:20])], "middle", LIGHT)
    return donut


def _heat(numbers: list[float]) -> QWidget:
    heat_map = HeatMap(LIGHT, "heat", "heat")
    values = np.array([numbers] * 3, np.float64).reshape(3, len(numbers)) if numbers else np.zeros((0, 0))
    heat_map.show_heat(Heat(values, tuple(map(str, range(len(numbers)))), ("a", "b", "c")), LIGHT)
    return heat_map


def _chips(numbers: list[float]) -> QWidget:
    chips = Chips(LIGHT, "chips", "chips")
    strengths = np.clip(np.nan_to_num(numbers), 0, 1).tolist()
    chips.show_chips([Chip(f"word{i}", "tag", "#0877bd", strength) for i, strength in enumerate(strengths)], LIGHT)
    return chips


def _results(numbers: list[float]) -> QWidget:
    results = ResultList(LIGHT, "results", "results")
    results.show_results(
        [Result(f"text {n}", "new", "good", f"{n:.2f}", symbols=("t",), shades=(0.5,)) for n in numbers[:500]], LIGHT
    )
    return results


def test_a_tile_tells_its_number(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    heat_map = HeatMap(LIGHT, "heat", "heat")
    heat_map.setParent(host)
    heat_map.resize(300, 200)
    heat_map.show_heat(Heat(np.array([[0.1, 0.2], [0.3, 0.4]]), ("a", "b")), LIGHT)
    host.show()
    with qtbot.waitSignal(heat_map.pointed, check_params_cb=lambda at: at == (1, 1)):
        qtbot.mouseMove(canvas(heat_map), QPoint(250, 150))


def test_a_bar_is_chosen_by_mouse_or_keyboard(qtbot: QtBot) -> None:
    bars = Bars(LIGHT, "bars", "bars", clickable=True)
    qtbot.addWidget(bars)
    bars.show_bars([Bar("a", 0.5), Bar("b", 0.5)], LIGHT)
    with qtbot.waitSignal(bars.chosen, check_params_cb=lambda name: name == "b"):
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(5, 25))
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    with qtbot.waitSignal(bars.chosen):
        qtbot.keyClick(bars, Qt.Key.Key_Return)
