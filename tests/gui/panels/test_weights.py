"""Histograms of the weights over the training, and the gradients of the parameters."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

import engine
from engine.training.weight_history import (
    BINS,
    MOST_MOMENTS,
    WEIGHTS_A_STEP,
    WeightHistory,
    WeightMoment,
    is_due,
    spread_of,
    widened,
)
from gui.panels.weights import WeightsPanel, edge_written, even_columns, heat_of, unused_rows, weight_text
from gui.plots.heat_map import HeatMap
from gui.session.current_run import RunStatus
from gui.session.weight_recording import few
from gui.theme import LIGHT
from gui.widgets.weight_names import weight_title
from tests.gui.conftest import Person
from tests.gui.panels.open_views import dataset_of, model_of, open_view, settle, train_a_little
from tests.gui.plots.saving import svg_of

pytestmark = pytest.mark.one_window("weights")


def moment(step: int, weights: list[float]) -> WeightMoment:
    return WeightMoment(step, {"w": spread_of(np.array(weights))}, {"w": spread_of(np.array(weights) / 1000)})


def test_the_history_is_there_when_the_view_is_opened_after_the_training(person: Person) -> None:
    train_a_little(person, 20)
    person.wait_until(lambda: person.session.weights.history.moments[-1].step == person.session.run.progress.step)
    panel = open_view(person, "weights", WeightsPanel)
    moments = panel.history.moments
    assert moments[0].step == 0
    assert len(moments) >= 2
    model = model_of(person)
    assert tuple(panel.history.names()) == tuple(model.parameters)
    for name, values in model.parameters.items():
        weights, gradients = moments[-1].weights[name], moments[-1].gradients[name]
        assert weights.counts.sum() == gradients.counts.sum() == values.size
        assert np.array_equal(weights.counts, np.histogram(values, BINS, (-weights.reach, weights.reach))[0])
        assert weights.norm == pytest.approx(float(np.linalg.norm(values)), rel=1e-5)
    rows = BINS - 2 * unused_rows(panel.history.shares(panel.name)[0])
    assert panel.heat_map.heat.values.shape == (rows, len(even_columns(panel.history)[0]))


def test_the_gradients_are_those_of_the_engine_on_the_same_examples_each_time(person: Person) -> None:
    train_a_little(person, 5)
    history = person.session.weights.history
    person.wait_until(lambda: history.moments[-1].step == person.session.run.progress.step)
    model = model_of(person)
    model.loss_and_gradient(few(dataset_of(person).train))
    for name, values in model.gradients.items():
        spread = history.moments[-1].gradients[name]
        assert spread.norm == pytest.approx(float(np.linalg.norm(values)), rel=1e-5)
        assert np.array_equal(spread.counts, np.histogram(values, BINS, (-spread.reach, spread.reach))[0])
    panel = open_view(person, "weights", WeightsPanel)
    lengths = {bar.name: bar.share for bar in panel.bars.bars}
    assert lengths["U₁"] == history.moments[-1].gradients["network.0.weight_hh"].norm


def steps_of(panel: WeightsPanel) -> list[int]:
    return [moment.step for moment in panel.history.moments]


def trained_quickly(person: Person, panel: WeightsPanel) -> list[int]:
    """Train a small network to its end, as fast as it goes; the steps that are in the picture then."""
    person.wait_ready()
    run = person.session.run
    run.train()
    person.wait_until(lambda: run.status is RunStatus.FINISHED)
    person.wait_until(lambda: steps_of(panel)[-1] == run.progress.step and not person.session.busy)
    return steps_of(panel)


def test_a_quick_run_is_recorded_evenly_over_its_steps_and_the_same_seed_gives_the_same_picture(person: Person) -> None:
    """A quick run was drawn with its initial weights for half its length: few moments of it had been looked at."""
    panel = open_view(person, "weights", WeightsPanel)
    person.session.set_model(hidden_size=8)
    person.session.run.set_training(epochs=7)
    recorded = trained_quickly(person, panel)
    stride = panel.history.stride
    assert recorded == sorted({*range(0, recorded[-1], stride), recorded[-1]})
    assert len(recorded) > MOST_MOMENTS // 2
    picture = panel.heat_map.heat.values
    assert len({picture[:, column].tobytes() for column in range(picture.shape[1])}) > picture.shape[1] // 2
    for column, name in enumerate(panel.heat_map.heat.columns[:-1]):
        assert panel.heat_map.tip_of(0, column).startswith(f"step {name}: ")
    person.session.run.reset()
    assert trained_quickly(person, panel) == recorded
    assert np.array_equal(panel.heat_map.heat.values, picture)
    before = recorded[-1]
    person.session.run.train()  # as many epochs again
    person.wait_until(lambda: steps_of(panel)[-1] == 2 * before and not person.session.busy)
    recorded, stride = steps_of(panel), panel.history.stride
    assert recorded == sorted({*range(0, 2 * before, stride), 2 * before})


def test_a_run_that_continues_from_a_file_is_recorded_from_there(person: Person, tmp_path: Path) -> None:
    panel = open_view(person, "weights", WeightsPanel)
    person.session.set_model(hidden_size=8)
    person.wait_ready()
    train_a_little(person, 21)
    path, captured = tmp_path / "run.unroll", list[engine.Run]()
    person.session.run.capture(lambda saved: captured.append(saved) if saved is not None else None)
    person.wait_until(lambda: bool(captured))
    engine.write_run(path, captured[0])
    begin = captured[0].progress.step
    person.session.run.reset()
    person.wait_until(lambda: steps_of(panel) == [0])
    person.window.run_files.open(path)
    person.wait_until(lambda: steps_of(panel) == [begin])
    train_a_little(person, 30)
    end = person.session.run.progress.step
    person.wait_until(lambda: steps_of(panel)[-1] == end and not person.session.busy)
    stride = panel.history.stride
    assert steps_of(panel) == sorted({*range(begin, end, stride), end})


@pytest.mark.sample("reviews")
def test_counted_words_are_not_among_the_weights(person: Person) -> None:
    person.session.set_model(word_counts=True)
    person.wait_ready()
    train_a_little(person, 5)
    panel = open_view(person, "weights", WeightsPanel)
    names = panel.history.names()
    assert "counts.scale" in names
    assert names == tuple(model_of(person).parameters.learned())
    assert len(names) == len(model_of(person).parameters) - 2
    person.session.set_model(word_counts=True, dropout=0.0)
    person.wait_ready()
    person.wait_until(lambda: bool(panel.history.moments))
    model = model_of(person)
    model.loss_and_gradient(few(dataset_of(person).train), np.random.default_rng(0))  # its own texts left out
    step = float(np.linalg.norm(model.gradients["counts.scale"]))
    assert panel.history.moments[0].gradients["counts.scale"].norm == pytest.approx(step, rel=1e-5)


def test_gradients_are_drawn_over_the_training_as_well(person: Person) -> None:
    train_a_little(person, 5)
    panel = open_view(person, "weights", WeightsPanel)
    weights = panel.heat_map.heat
    person.click("weights-what-gradients")
    gradients = panel.heat_map.heat
    assert gradients.rows != weights.rows
    assert gradients.columns == weights.columns
    assert "of the gradients lie between" in panel.heat_map.tip_of(3, 0)
    kept = panel.choices()
    person.click("weights-what-weights")
    panel.restore(kept)
    assert panel.gradients


def test_a_click_on_a_parameter_shows_its_weights(person: Person) -> None:
    panel = open_view(person, "weights", WeightsPanel)
    person.wait_until(lambda: len(panel.bars.bars) > 2)
    assert panel.name == "network.0.weight_hh"
    person.qtbot.mouseClick(panel.bars, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert panel.name == "network.embedding.weight"
    assert panel.subtitle.text().startswith("embedding")


def test_a_new_run_begins_a_new_history(person: Person) -> None:
    panel = open_view(person, "weights", WeightsPanel)
    train_a_little(person, 5)
    person.wait_until(lambda: len(panel.history.moments) >= 2)
    person.session.run.reset()
    person.wait_ready()
    person.wait_until(lambda: [each.step for each in panel.history.moments] == [0])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("network.0.weight_hh", "U₁"),
        ("network.1.bias", "b₂"),
        ("encoder.0.weight_ih", "encoder W₁"),
        ("network.0.reverse.weight_hh", "U₁←"),
        ("network.embedding.weight", "embedding"),
        ("output.weight", "output W"),
        ("encoder.affix_embedding.weight", "encoder affixes"),
        ("network.neighbour_embedding.weight", "neighbours"),
        ("network.letters.0.reverse.weight_ih", "letters W₁←"),
    ],
)
def test_parameters_have_the_letters_of_the_equations(name: str, title: str) -> None:
    assert weight_title(name) == title


def test_a_histogram_counts_every_finite_weight_once() -> None:
    rng = np.random.default_rng(0)
    for scale in (1e-9, 0.01, 1.0, 300.0, 1e30):
        spread = spread_of(rng.normal(size=1000) * scale)
        assert spread.counts.sum() == 1000
        assert widened(spread, spread.reach * 8).sum() == 1000
    odd = spread_of(np.array([np.nan, np.inf, -np.inf, 0.5]))
    assert odd.counts.sum() == 1
    assert np.isnan(odd.norm)


def test_a_widened_histogram_is_the_histogram_of_the_wider_axis() -> None:
    values = np.random.default_rng(1).normal(size=500) * 0.01
    spread = spread_of(values)
    wide, _ = np.histogram(values, BINS, (-4 * spread.reach, 4 * spread.reach))
    assert np.array_equal(widened(spread, 4 * spread.reach), wide)


def test_a_long_training_keeps_a_bounded_number_of_evenly_chosen_moments_and_the_newest() -> None:
    history = WeightHistory()
    for step in range(10_000):
        history.add(moment(step, [0.1 * step]))
        assert len(history.moments) <= MOST_MOMENTS + 1
        assert history.moments[-1].step == step
    gaps = np.diff([each.step for each in history.moments])
    assert history.moments[0].step == 0
    assert len(set(gaps[:-1].tolist())) == 1
    assert len(history.moments) > MOST_MOMENTS // 3


def test_the_history_is_the_same_in_whatever_order_its_moments_come_and_whatever_else_was_looked_at() -> None:
    recorded = [*(step for step in range(3000) if is_due(step, 1000)), 3000]
    others = [7, 131, 900, 1505, 2999]
    rng = np.random.default_rng(0)
    for seen in (recorded, [0, *rng.permutation([*recorded[1:], *others]).tolist()]):
        history = WeightHistory()
        for step in seen:
            history.add(moment(step, [0.1]))
        assert [each.step for each in history.moments] == [*range(0, 3000, 32), 3000]


def test_recording_copies_a_bounded_number_of_weights_however_long_the_run_and_however_large_the_network() -> None:
    for weights in (100, 20_000, 300_000, 40_000_000):
        for steps in (100, 1000, 100_000):
            copies = sum(is_due(step, weights) for step in range(1, steps + 1))
            assert copies <= MOST_MOMENTS * (1 + np.log2(max(1, steps / MOST_MOMENTS)))
            assert copies * weights <= steps * WEIGHTS_A_STEP
    assert is_due(0, 40_000_000)


def test_no_moment_is_kept_twice() -> None:
    history = WeightHistory()
    for step in (0, 5, 5, 0):
        history.add(moment(step, [1.0]))
    assert [each.step for each in history.moments] == [0, 5]


def test_the_columns_of_the_picture_are_shares_on_one_axis() -> None:
    history = WeightHistory()
    history.add(moment(0, [0.01, -0.01]))
    history.add(moment(7, [3.0, -3.0, 0.0]))
    shares, reach = history.shares("w")
    assert reach == 4.0
    assert shares.sum(axis=0) == pytest.approx([1.0, 1.0])
    assert heat_of(history, "w").columns == ("0", "4")
    assert np.flatnonzero(shares[:, 1])[0] < BINS // 2  # the largest weights are above


@pytest.mark.parametrize("height", [90, 170, 400, 800])
def test_zero_is_among_the_weights_at_the_axis_whatever_its_height(qtbot: QtBot, tmp_path: Path, height: int) -> None:
    history = WeightHistory()
    history.add(moment(5, [0.3, -0.4, 0.01]))
    plot = HeatMap(LIGHT, "h", "h")
    qtbot.addWidget(plot)
    plot.resize(300, height)
    plot.show()
    plot.show_heat(heat_of(history, "w"), LIGHT)
    *weights, step = re.findall(r"[^<>\s]+(?=\s*</text>)", svg_of(plot, tmp_path / "weights.svg"))
    assert step == "5"
    assert "0" in weights
    assert {weight[0] for weight in weights} == set("+0−")


def test_the_columns_are_evenly_spaced_steps_although_moments_are_recorded_at_any() -> None:
    history = WeightHistory()
    recorded = (0, 130, 250, 390, 505, 640, 760)
    for step in recorded:
        history.add(moment(step, [0.01 * step]))
    steps, moments = even_columns(history)
    assert (steps[0], steps[1]) == (0, 64)
    assert [recorded[at] for at in moments] == [0, 130, 130, 250, 250, 390, 390, 505, 505, 640, 640, 760]
    assert heat_of(history, "w").columns[-1] == "704"


def test_columns_of_steps_of_which_nothing_was_recorded_stay_empty() -> None:
    history = WeightHistory()
    for step in (*range(64), *range(200, 251)):
        history.add(moment(step, [0.01 * step]))
    steps, moments = even_columns(history)
    values = heat_of(history, "w").values
    for column, step in enumerate(steps):
        gap = 65 < step < 198
        assert (moments[column] < 0) == gap
        assert values[:, column].any() != gap


def test_a_spread_is_the_same_whether_its_numbers_fit_one_piece_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(40, 25)).astype(np.float32)
    holed = values.copy()
    holed[3, 4] = np.inf
    whole, whole_holed = spread_of(values), spread_of(holed)
    monkeypatch.setattr("engine.training.weight_history.PIECE", 7)
    for parts, at_once in ((spread_of(values), whole), (spread_of(holed), whole_holed)):
        assert parts.counts.tolist() == at_once.counts.tolist()
        assert parts.reach == at_once.reach
        assert parts.norm == pytest.approx(at_once.norm, nan_ok=True)
    assert whole.norm == pytest.approx(float(np.linalg.norm(values.astype(np.float64))))
    assert np.isnan(whole_holed.norm)


@pytest.mark.parametrize(
    ("norm", "text"),
    [
        (0.0, "0"),
        (12.34, "12"),
        (0.234, "0.23"),
        (0.2, "0.20"),
        (0.0123, "0.012"),
        (0.0098, "0.01"),
        (0.0071, "0.007"),
        (0.00076, "8e−4"),
        (3e-12, "3e-12"),
    ],
)
def test_the_length_of_a_gradient_is_written_as_short_as_there_is_room(norm: float, text: str) -> None:
    assert weight_text(norm) == text.replace("-", "−")


@pytest.mark.parametrize(
    ("edge", "reach", "text"),
    [
        (0.0, 2.0, "0"),
        (0.0625, 2.0, "+0.06"),
        (-1.0, 2.0, "−1.00"),
        (0.125, 0.25, "+0.125"),
        (-0.00012, 0.001, "−0.00012"),
        (1e6, 1e7, "+1e6"),
    ],
)
def test_all_weights_at_the_axis_have_as_many_digits(edge: float, reach: float, text: str) -> None:
    assert edge_written(edge, reach) == text


def test_the_numbers_beside_the_parameters_are_whole_in_a_small_window(person: Person) -> None:
    person.window.resize(1100, 700)
    train_a_little(person, 5)
    panel = open_view(person, "weights", WeightsPanel)
    settle(person)
    assert panel.bars.visibleRegion().boundingRect().width() == panel.bars.width()
