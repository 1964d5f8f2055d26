"""What the Loss view says: of baselines, of what is measured, and in its help."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QToolTip

import engine
from engine.number_text import NARROW, grouped
from engine.training.baseline import Baseline
from engine.training.baselines import baselines
from gui.panels.base.curve_view import levels_caption, levels_captions
from gui.panels.loss import LossPanel, ahead_again, estimated, is_sampled, loss_levels, loss_meaning
from gui.panels.metrics import accuracy_levels
from gui.plots.reference_levels import ReferenceLevel
from gui.session.current_run import RunStatus
from gui.session.data import measured_on
from gui.session.progress import Curve
from gui.training.messages import Kept
from gui.widgets.text import NO_BREAK
from tests.gui.conftest import Person
from tests.gui.written import tip_of


def test_baselines_are_drawn_and_always_tell_when_they_were_beaten(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    dataset = person.session.data.dataset
    assert dataset is not None
    person.wait_until(lambda: len(panel.plot.levels) == 3)
    found = baselines(dataset, "one-to-many")
    assert [level.y for level in panel.plot.levels] == [baseline.loss for baseline in found]
    assert not any(level.beaten_at for level in panel.plot.levels)
    levels = person.find(QLabel, "loss-levels")
    assert all(level.name in levels.text() for level in panel.plot.levels)
    assert "none beaten yet" in levels.text()
    assert [tag for tag, _ in panel.plot.level_lines()] == [one.name for one in found], "each line has its name"
    person.click("train")
    person.wait_until(lambda: panel.plot.levels[-1].beaten_at > 0)
    curve, bigram = person.session.run.curve, panel.plot.levels[-1]
    first = next(
        step for step, loss in zip(curve.validation_steps, curve.validation_loss, strict=True) if loss < bigram.y
    )
    assert (bigram.name, bigram.beaten_at) == (f"character pairs {bigram.y:.2f}", first)
    person.wait_until(lambda: levels.text().startswith(levels_caption(panel.plot.levels)))
    assert levels.isVisible()


def test_equal_baselines_have_a_readable_axis_before_there_is_a_curve(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: bool(panel.plot.levels))
    for losses in ([2.08, 2.0794], [0.69, 0.69]):
        panel.baselines = [Baseline("guess", losses[0]), Baseline("most frequent", losses[1])]
        low, high = panel.limits(person.session.run.curve)
        assert low <= min(losses)
        assert max(losses) <= high
        assert high - low > 0.4


def test_names_go_by_height_and_a_line_outside_the_plot_is_said_to_be_there(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    found = [Baseline("high", 9.0), Baseline("middle", 0.7), Baseline("low", 0.5)]
    short = [replace(found[0], short="hi"), *found[1:]]
    assert [(one.tag, one.y) for one in loss_levels(short, Curve())] == [("hi", 9.0), ("middle", 0.7), ("low", 0.5)]
    person.wait_until(lambda: bool(panel.plot.levels))
    curve = person.session.run.curve
    for step in range(1, 40):
        curve.append(step, step / 10, 0.4, 1.0, False)
    curve.append_validation(39, 3.9, 0.4, {})
    panel.baselines = found
    panel.redraw()
    assert "  ·  high 9.00 (above)" in panel.levels_line.text()
    names = [tag for _, tag in panel.plot.level_tags()]
    assert names == ["high", "middle", "low"], "the name of a line outside the plot is at its edge"


def test_each_baseline_tells_its_step_and_what_is_said_of_all_is_said_once() -> None:
    guess, pairs = (
        ReferenceLevel(3.3, "blind guess 3.30", "a", 9),
        ReferenceLevel(2.56, "character pairs 2.56", "b", 20),
    )
    assert levels_caption((guess, pairs)) == ("character pairs 2.56 beaten at step 20  ·  blind guess 3.30 at 9")
    assert levels_caption((guess, replace(pairs, beaten_at=9))) == (
        "all beaten at step 9  ·  character pairs 2.56  ·  blind guess 3.30"
    )
    never = replace(pairs, beaten_at=0)
    assert levels_caption((guess, never)) == ("character pairs 2.56 not yet  ·  blind guess 3.30 beaten at step 9")
    assert levels_caption((replace(guess, beaten_at=0), never)).startswith("none beaten yet  ·  character")
    assert levels_caption((never,)) == "character pairs 2.56, not beaten yet"
    assert levels_caption((guess,)) == "blind guess 3.30 beaten at step 9"
    assert levels_caption((never,), "untrained") == "untrained  ·  character pairs 2.56"
    assert levels_caption(()) == ""
    assert levels_caption((), "untrained") == "untrained"


def test_a_baseline_that_nothing_can_beat_is_reached() -> None:
    curve = Curve()
    for step, accuracy in ((10, 0.6), (20, 1.0), (30, 1.0)):
        curve.append_validation(step, step / 10, 0.5, {"accuracy": accuracy})
    found = [Baseline("most frequent label", 0.7, 0.5), Baseline("bag of words", 0.1, 1.0)]
    levels = accuracy_levels(found, curve)
    percents = [f"{share}{NARROW}%" for share in ("50.0", "100.0")]
    assert levels_caption(levels) == (
        f"bag of words {percents[1]} reached at step 20  ·  most frequent label {percents[0]} at 10"
    )
    assert levels_captions(levels)[-2:] == ["all reached by step 20", "all reached"]
    assert levels[1].tip.endswith(", reached at step 20")
    almost = accuracy_levels([found[0], replace(found[1], accuracy=0.99)], curve)
    assert "reached" not in levels_caption(almost)
    assert levels_captions(accuracy_levels(found[1:], Curve()))[-1] == "not reached yet"


def test_where_there_is_no_room_the_values_go_first_then_the_names_and_the_step_last() -> None:
    guess = ReferenceLevel(3.3, "blind guess 3.30", "guess", 9, "blind guess")
    pairs = ReferenceLevel(2.56, "symbol pairs 2.56", "pairs", 9, "symbol pairs")
    later, never = replace(pairs, beaten_at=1200), replace(pairs, beaten_at=0)
    whole, bare, brief, briefest = levels_captions((guess, pairs))
    assert whole == levels_caption((guess, pairs))
    assert "symbol pairs" in bare
    assert "2.56" not in bare
    assert (brief, briefest) == ("all beaten at step 9", "all beaten")
    assert levels_captions((guess, later))[2:] == ["all beaten by step 1,200", "all beaten"]
    some = "1 of 2 beaten"
    assert levels_captions((guess, never))[2:] == [f"{some}, not yet symbol pairs", f"{some}, not yet pairs", some]
    untouched = replace(guess, beaten_at=0), never
    assert levels_captions(untouched)[1:] == ["none beaten yet"] * 2, "names without values are in the plot"
    assert levels_captions(untouched, "untrained")[1:] == ["untrained", "untrained", "none beaten yet"]
    assert levels_captions((later,))[2:] == ["beaten at step 1,200", "beaten"]
    assert levels_captions((never,))[2:] == ["not beaten yet"]
    assert levels_captions((never,), "untrained")[2:] == ["untrained", "not beaten yet"]
    assert set(levels_captions(())) == {""}


def test_before_the_first_validation_no_baseline_is_said_to_stand(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.levels) == 3)
    assert panel.below(panel.plot.levels)[-1] == "none beaten yet"
    curve = person.session.run.curve
    for step in range(1, 40):
        curve.append(step, step / 10, 0.4, 1.0, False)
    panel.redraw()
    said = panel.below(panel.plot.levels)
    assert said[0].startswith("not validated yet  ·  character pairs")
    assert said[-1] == "not validated yet"
    assert not [text for text in said if "beaten" in text]
    panel.baselines = []
    panel.redraw()
    assert panel.below(panel.plot.levels)[0] == "lower is better", "nor is it said where nothing is to be beaten"
    panel.baselines = [Baseline("blind guess", 0.3)]
    curve.append_validation(39, 3.9, 0.4, {})
    panel.redraw()
    assert panel.below(panel.plot.levels)[0].startswith("blind guess 0.30, not beaten yet")


@pytest.mark.own_window
@pytest.mark.parametrize("sample", ["names", "reviews", "part-of-speech", "waves", "ratings", "french"])
def test_in_a_small_window_every_baseline_has_a_name_beside_its_line(person: Person, sample: str) -> None:
    person.resize(1100, 700)
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.levels) == len(panel.baselines) > 1)
    person.wait_until(lambda: panel.width() < 300)
    boxes, area, names = (
        [box for box, _ in panel.plot.level_tags()],
        panel.plot.area(),
        [one.name for one in panel.baselines],
    )
    for _, name in panel.plot.level_tags():
        assert len(name) >= 3, "a word"
        assert any(name in whole or name == "counts" for whole in names), name
    assert len(boxes) == len(names)
    assert area.width() > 90, "the curves keep most of the room"
    for box in boxes:
        assert box.left() > area.right(), "clear of the curves"
        assert box.right() < panel.plot.width(), "whole"
    assert all(above.bottom() <= below.top() + 0.01 for above, below in pairwise(boxes))


def test_a_validation_that_covers_part_of_the_rows_says_which_part() -> None:
    rows = [f"{k:05d}" for k in range(1300)]
    many = engine.make_dataset(rows[:100], "sequences", unit="character", validation=rows[100:])
    assert measured_on(many) == f"{grouped(1000)} of {grouped(1200)} validation examples"
    assert measured_on(engine.make_dataset(rows[:100], "sequences", unit="character")) == ""
    assert measured_on(None) == ""
    assert estimated(engine.ModelConfig()) == ""
    assert "an estimate from 500 drawn symbols" in estimated(engine.ModelConfig(sampled_words=500))


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_the_training_loss_says_that_it_is_an_average_of_steps_and_no_mean_of_an_epoch(
    person: Person, dropout: float
) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.set_model(dropout=dropout)
    person.wait_ready()
    person.click("step")
    person.wait_until(lambda: "train" in panel.reading.text())
    assert "Train: the average of the latest training steps" in panel.reading.toolTip()
    bar = person.find(QLabel, "progress-loss")
    person.wait_until(lambda: bar.text().startswith("train loss"))
    for tip in map(tip_of, (panel.reading, bar)):
        assert "averaged over whole epochs" in tip, "the message at the end may say 0.572 where this says 0.573"


def test_a_training_loss_that_was_measured_with_dropout_says_so(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.set_model(dropout=0.4)
    person.wait_ready()
    person.click("step")
    person.wait_until(lambda: "train (with dropout)" in panel.reading.text())
    assert "without dropout" in panel.reading.toolTip()
    person.session.run.kept = Kept(1, 3.0, early=True)
    for width in (400, 700):
        panel.resize(width, 300)
        panel.tell()
        assert "train (with dropout)" in panel.reading.text(), "the loss of the notice is another one"
    panel.resize(318, 300)  # as in the middle of a small window
    panel.tell()
    assert f"train{NO_BREAK}(dropout)" in panel.reading.text()
    assert panel.header.heightForWidth(panel.header.geometry().width()) < 40, "one line"
    for width in (224, 299, 305):  # as in a window of 1100 × 700; the values then have the second line for themselves
        panel.resize(width, 300)
        panel.grab()
        assert panel.subtitle.text() == "train: with dropout"
        assert panel.subtitle.width() >= panel.subtitle.sizeHint().width(), "whole"
    person.session.set_model(dropout=0.0)
    person.wait_ready()
    person.click("step")
    person.wait_until(lambda: "train" in panel.reading.text())
    assert "dropout" not in panel.reading.text() + panel.reading.toolTip() + panel.subtitle.text()


@pytest.mark.parametrize(
    ("changes", "forcing", "named", "why"),
    [
        ({"word_dropout": 0.5, "dropout": 0.0}, 1.0, "hidden", "some words are hidden, so it is higher"),
        ({"word_dropout": 0.5, "dropout": 0.4}, 1.0, "dropout", "hides part of the network and some words are hidden"),
        ({"architecture": "one-to-many", "dropout": 0.0}, 0.0, "own", "reads answers of its own"),
        ({"architecture": "one-to-many", "word_dropout": 0.5, "dropout": 0.0}, 1.0, "", "of which the newest count"),
    ],
    ids=["hidden words", "both", "own answers", "none"],
)  # fmt: skip
@pytest.mark.sample("reviews")
def test_what_makes_the_training_loss_higher_is_told_as_it_is(
    person: Person, changes: dict[str, Any], forcing: float, named: str, why: str
) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.set_model(**changes)
    person.session.run.set_training(teacher_forcing=forcing)
    person.wait_ready()
    person.click("step")
    person.wait_until(lambda: "train" in panel.reading.text())
    said = [word for word in ("hidden", "dropout", "own") if word in panel.reading.text().split("<b>")[0]]
    assert said == [named] * bool(named)
    tip = panel.reading.toolTip()
    assert why in tip_of(panel.reading)
    assert ("dropout" in tip) is (changes["dropout"] > 0)
    room = person.window.width() * 2 // 3
    assert QFontMetrics(QToolTip.font()).boundingRect(QRect(), 0, tip).width() < room, "not a line across the window"
    for width in (224, 310, 360, 400, 480):
        panel.resize(width, 300)
        panel.grab()
        panel.outer.activate()
        assert width < 310 or panel.header.geometry().height() < 40, (width, panel.reading.text())


@pytest.mark.parametrize("loss", [0.179, -0.179, -12.345])
def test_words_about_the_training_loss_never_take_a_second_line_from_the_plot(person: Person, loss: float) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.set_model(dropout=0.4)
    person.wait_ready()
    curve = person.session.run.curve
    curve.append(1, 1.0, loss, 1.0, False)
    curve.append_validation(1, 1.0, loss, {})
    panel.redraw()
    for width in (360, *range(386, 420, 2), 480, 520, 700):
        panel.resize(width, 300)
        for panel.mouse in (None, 1.0):
            panel.tell()
            assert "dropout" in panel.reading.text() or panel.mouse
            panel.outer.activate()
            assert panel.header.geometry().height() < 40, (width, panel.reading.text())
    assert "with dropout" in panel.reading.text()


@pytest.mark.parametrize(
    ("kind", "said", "unsaid"),
    [
        ("series", ["bell curve", "negative", "Mean: always", "Last value: ", "gression: "], ["coin toss", "symbol"]),
        ("labelled-series", ["coin toss", "Blind guess: all ", "Most frequent label: "], ["negative", "Symbol pairs"]),
    ],
)  # fmt: skip
def test_the_help_is_about_the_loss_that_is_trained_and_the_baselines_that_are_drawn(
    numbers: Callable[[str], Person], kind: str, said: list[str], unsaid: list[str]
) -> None:
    person = numbers(kind)
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: bool(panel.baselines))
    person.click("loss-help")
    assert panel.popover is not None
    text = panel.popover.text.text()
    assert [part for part in said if part not in text] == []
    assert [part for part in unsaid if part in text] == []
    assert all(f"{one.name[1:]}: " in text for one in panel.baselines)


def test_the_help_of_squared_errors_speaks_of_no_probabilities() -> None:
    series = engine.make_dataset([np.sin(np.arange(200) / 5)[:, None]], "series")
    config = engine.ModelConfig(architecture="many-to-many", number_loss="squared")
    assert "squared errors" in loss_meaning(config, series)
    tagged = engine.make_dataset([("a b", "X Y"), ("b a", "Y X")] * 9, "tagged")
    config = engine.ModelConfig(architecture="many-to-many", read_out="crf")
    assert "whole right sequence" in loss_meaning(config, tagged)
    assert loss_meaning(config, None) == ""


def test_a_loss_is_called_sampled_only_where_there_are_more_symbols_than_are_drawn() -> None:
    dataset = engine.make_dataset([chr(97 + k) * 2 for k in range(20)], "sequences", unit="character")
    few, many = (engine.ModelConfig(architecture="one-to-many", sampled_words=drawn) for drawn in (5, 500))
    assert is_sampled(few, dataset)
    assert not is_sampled(many, dataset)
    assert not is_sampled(engine.ModelConfig(architecture="one-to-many"), dataset)
    labelled = engine.make_dataset([("ab", "x"), ("cd", "y")] * 9, "labelled", unit="character")
    assert not is_sampled(engine.ModelConfig(architecture="many-to-one", sampled_words=5), labelled)


def test_the_training_loss_is_the_same_at_the_top_of_the_window_and_in_the_loss_view(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.click("train")
    person.wait_until(lambda: person.session.run.progress.step > 60)
    person.click("train")
    person.wait_until(lambda: not person.session.run.busy)
    step = len(person.session.run.curve)
    person.wait_until(lambda: len(panel.plot.lines[0].x) == step)
    top = person.find(QLabel, "progress-loss").text().removeprefix("train loss ")
    assert f"<b>{top}</b>" in panel.reading.text()
    assert re.fullmatch(r"\d\.\d{3}", top)


def test_a_loss_that_has_risen_above_baselines_again_is_not_said_to_be_below_them() -> None:
    guess, pairs = ReferenceLevel(0.69, "guess 0.69", "guess", 108), ReferenceLevel(0.66, "pairs 0.66", "pairs", 162)
    assert ahead_again((guess, pairs), np.array([0.5, 0.6])) == ""
    assert ahead_again((guess, pairs), np.array([0.5, 0.68])) == ", only 1 now"
    assert ahead_again((guess, pairs), np.array([0.5, 0.71])) == ", none now"
    assert ahead_again((guess,), np.array([0.71])) == ", not now"
    assert ahead_again((guess, pairs), ()) == "", "the best weights are in use"
    assert ahead_again((replace(guess, beaten_at=0),), np.array([0.71])) == "", "never beaten"


@pytest.mark.sample("reversal")
def test_the_validation_loss_is_the_same_at_the_top_of_the_window_and_in_the_loss_view(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.run.set_training(batch_size=512, epochs=1)
    person.press(Qt.Key.Key_Space)
    person.wait_until(lambda: person.session.run.status is RunStatus.FINISHED)
    loss, figure = (person.find(QLabel, f"progress-{name}") for name in ("loss", "accuracy"))

    def top() -> str:
        said = (label.text() for label in (loss, figure))
        return next((text.removeprefix("val. loss ") for text in said if text.startswith("val. loss ")), "none")

    person.wait_until(lambda: f"<b>{top()}</b>" in panel.reading.text())
