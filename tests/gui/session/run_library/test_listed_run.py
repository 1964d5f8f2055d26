"""A run in the list is a value: what is kept of it beside its weights, what it is called, in what it differs."""

from __future__ import annotations

import copy
import json
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.data.codec import Kind
from engine.runs.data_source import DataSource
from engine.runs.differences import differences
from gui.session.progress import Curve
from gui.session.run_endings import End
from gui.session.run_library.identities import name_beside, parted_colors, telling_name, told_apart
from gui.session.run_library.listed_run import (
    MOST_POINTS,
    Identity,
    ListedRun,
    RunSettings,
    thinned_curve,
)
from gui.session.run_library.run_names import cut_more_and_more, short_name, usual_name
from gui.session.run_library.run_store import MOST_UNKNOWN, RunStore, card_of
from gui.theme import RUN_COLORS
from gui.training.messages import Kept


def listed(run_id: str = "a", step: int = 3, **model: object) -> ListedRun:
    dataset = engine.load_sample("alphabet")
    config = engine.ModelConfig.from_json({"hidden_size": 8, **model})
    trainer = engine.Trainer(engine.build_model(config, dataset, seed=0), dataset, engine.TrainingConfig(batch_size=2))
    for _ in range(step):
        next(trainer)
    settings = RunSettings(config, engine.TrainingConfig(), DataSource.of(dataset))
    identity = Identity(run_id, usual_name(settings), 2)
    return ListedRun.of(identity, engine.Run.of(trainer), trainer.steps_per_epoch, True, End(kept=Kept(2, 1.5, False)))


def test_the_figure_of_numbers_is_their_mean_error_at_the_best_evaluation_where_less_is_better() -> None:
    curve = Curve()
    for step, (loss, error) in enumerate([(0.5, 90.0), (-0.8, 51.3), (-0.6, 48.0)], 1):
        curve.append_validation(step, 0.1 * step, loss, {"rmse": 2 * error, "mae": error, "coverage": 0.9})
    run = replace(listed(), curve=curve)
    assert run.headline == ("mae", 51.3)
    by_error = replace(run.settings, training=engine.TrainingConfig(best_by="mae"))
    assert replace(run, settings=by_error).headline == ("mae", 48.0)


def test_a_card_says_what_the_run_does_without_its_weights() -> None:
    run = replace(listed(step=30), identity=Identity("a", "mine", 2, pinned=True, shown=False))
    card = ListedRun.from_json(json.loads(json.dumps(run.to_json())))
    assert (card.identity, card.settings, card.step, card.end) == (run.identity, run.settings, run.step, run.end)
    assert card.capture is None
    assert run.headline is not None
    assert card.headline == (run.headline[0], pytest.approx(run.headline[1], rel=1e-6))
    np.testing.assert_allclose(card.curve.validation_loss, run.curve.validation_loss, rtol=1e-6)
    np.testing.assert_allclose(card.curve.train_loss, run.curve.train_loss, rtol=1e-6)


@pytest.mark.parametrize(
    ("decides", "expected"),
    [
        ("loss", (20, 0.3, ("entity_f1", 0.38))),
        ("entity_f1", (40, 0.4, ("entity_f1", 0.45))),
        ("accuracy", (20, 0.3, 0.9)),
    ],
)
def test_the_best_evaluation_is_that_of_the_metric_that_decides(
    decides: str, expected: tuple[int, float, object]
) -> None:
    curve = Curve()
    for step, loss, f1 in ((10, 0.5, 0.1), (20, 0.3, 0.38), (30, 0.6, 0.45), (40, 0.4, 0.45), (50, math.nan, 0.9)):
        curve.append_validation(step, 1.0, loss, {"accuracy": 0.9, "entity_f1": f1})
    run = listed()
    run = replace(
        run, curve=curve, settings=replace(run.settings, training=replace(run.settings.training, best_by=decides))
    )
    step, loss, headline = expected
    assert (run.best_step, run.loss_at_best) == (step, loss)
    assert run.best_loss == 0.3
    assert run.headline == (headline if isinstance(headline, tuple) else ("accuracy", headline))


def test_a_long_curve_is_thinned_to_means_and_ends_where_it_ended() -> None:
    curve = Curve()
    for step in range(1, 10 * MOST_POINTS + 1):
        curve.append(step, step / 10, float(step % 10), 1.0, False)
    curve.append_validation(500, 50.0, 1.25, {"accuracy": 0.5})
    thin = thinned_curve(curve)
    assert len(thin) == MOST_POINTS
    assert thin.steps[-1] == 10 * MOST_POINTS
    np.testing.assert_allclose(thin.train_loss, 4.5)
    assert (thin.validation_loss.tolist(), thin.validation_metrics["accuracy"].tolist()) == ([1.25], [0.5])


def test_a_run_is_called_by_what_tells_it_from_the_current_one() -> None:
    lstm, gru, rnn = listed("a"), listed("b", cell="gru"), listed("c", architecture="one-to-one", cell="rnn")
    assert lstm.name == "alphabet · one to many · LSTM 8"
    assert short_name(gru, [lstm, gru]) == "GRU 8"
    assert short_name(rnn, [lstm, rnn]) == "one to one · RNN 8"
    other = replace(gru, settings=replace(gru.settings, data=replace(gru.settings.data, name="names")))
    assert short_name(lstm, [lstm, other]) == "alphabet · LSTM 8"
    padded = RunSettings(
        rnn.settings.model, rnn.settings.training, rnn.settings.data, Kind.LABELLED
    )  # a feed-forward network, whose cell is not used
    assert usual_name(padded) == "alphabet · one to one · 8 units"
    assert RunSettings.from_json(json.loads(json.dumps(padded.to_json()))) == padded
    named = replace(gru, identity=replace(gru.identity, name="the good one"))
    assert short_name(named, [lstm, named]) == "the good one"
    assert name_beside(named, [named, gru], gru) == "the good one"
    assert name_beside(lstm, [lstm, gru], gru) == "LSTM 8"
    both = replace(lstm, settings=replace(lstm.settings, model=replace(lstm.settings.model, dropout=0.25)))
    assert name_beside(lstm, [lstm, both], both) == "LSTM 8 · dropout 0"
    assert name_beside(lstm, [lstm, lstm], lstm) == "LSTM 8"
    assert name_beside(lstm, [lstm], None) == "LSTM 8"


def test_a_new_run_takes_a_colour_that_no_run_has_or_the_one_that_was_given_longest_ago() -> None:
    def new(wanted: int, *given: int) -> int:
        others = [Identity(str(at), str(at), color) for at, color in enumerate(given)]
        return told_apart(Identity("new", "new", wanted), others).color

    assert new(7, 0, 1, 2) == 7, "its own, if it is free"
    assert new(0, 2, *(0, 1, 3, 4, 5, 6, 7, 8, 0, 1)) == 9, "an old run still has 2"
    assert new(0, 9, 2, 10, *(0, 1, 3, 4, 5, 6, 7, 8, 0, 1)) == 9


def test_a_new_run_does_not_take_the_colour_of_an_old_one_whose_curve_is_drawn() -> None:
    given = [9, 2, 10, 0, 1, 3, 4, 5, 6, 7, 8, 0, 1]
    others = [Identity(str(at), str(at), color, shown=at in (0, 1)) for at, color in enumerate(given)]
    assert told_apart(Identity("new", "new", 9), others).color == 10
    assert told_apart(Identity("new", "new", 0), others).color == 10, "9 was given longest ago, but is drawn"


def test_runs_that_are_drawn_in_the_colour_of_the_current_one_or_of_an_older_one_get_another() -> None:
    def run(run_id: str, color: int) -> Identity:
        return Identity(run_id, run_id, color)

    now, rest = run("now", 3), [run(f"old{at}", at) for at in range(RUN_COLORS)]
    assert parted_colors(now, [], rest) == {}, "what is not drawn keeps its colour"
    assert parted_colors(now, [rest[3]], rest) == {"old3": 0}, "the colour that was given longest ago"
    assert parted_colors(now, [run("old", 3)], [run("old", 3)]) == {"old": 0}, "one that no run has"
    drawn = [run("first", 5), run("second", 5), run("third", 3)]
    changed = parted_colors(now, drawn, [*drawn, run("old", 0), run("other", 5)])
    assert set(changed) == {"second", "third"}, "what is drawn nowhere may share a colour with what is drawn"
    assert len({3, 5, *changed.values()}) == 4
    assert 0 not in changed.values(), "there are colours that no run has"
    many = [run(f"drawn{at}", at % RUN_COLORS) for at in range(RUN_COLORS + 3)]
    assert parted_colors(now, many, many) == {}, "there are no more colours"


def test_a_new_run_takes_no_colour_of_those_drawn_beside_it_without_having_been_asked_for() -> None:
    others = [Identity(f"old{at}", f"old{at}", at % RUN_COLORS) for at in range(RUN_COLORS + 2)]
    assert told_apart(Identity("new", "new", 0), others).color == 2, "the one that was given longest ago"
    assert told_apart(Identity("new", "new", 0), others, ["old2", "old3"]).color == 4


def test_a_run_with_a_test_file_is_told_apart_by_the_name_of_the_file_and_not_by_its_whole_path() -> None:
    def tested(path: str) -> RunSettings:
        settings = listed().settings
        return replace(settings, data=replace(settings.data, config=replace(settings.data.config, test_file=path)))

    plain, one = listed().settings, tested("/home/someone/data of this year/test.csv")
    assert telling_name(plain, []) == "alphabet · one to many · LSTM 8"
    assert telling_name(one, [plain]) == "alphabet · one to many · LSTM 8 · test file test.csv"
    other = tested("/home/someone/data of last year/test.csv")
    end = str(Path("data of last year", "test.csv"))
    assert telling_name(other, [one]) == f"alphabet · one to many · LSTM 8 · test file {end}"
    (difference,) = differences([settings.made for settings in (plain, one, tested("/elsewhere/other.csv"))])
    assert difference.values == ("none", "test.csv", "other.csv")


def test_differences_name_only_what_is_not_the_same_in_all_runs() -> None:
    runs = [listed("a"), listed("b", cell="gru", attention=False), listed("c", cell="gru", num_layers=2)]
    assert [(each.label, each.values) for each in differences([run.settings.made for run in runs])] == [
        ("Cell", ("LSTM", "GRU", "GRU")),
        ("Layers", ("1", "1", "2")),
    ]
    assert differences([run.settings.made for run in (runs[0], listed("d"))]) == []


def test_a_setting_that_one_of_the_runs_has_no_use_for_is_told_of_the_others_only() -> None:
    plain = replace(listed("a").settings, kind=Kind.LABELLED)
    feed_forward = replace(plain.model, architecture="one-to-one", cell="rnn", hidden_size=32)
    runs = [replace(plain, model=feed_forward), plain, replace(plain, model=replace(plain.model, cell="gru"))]
    found = {each.label: each.values for each in differences([run.made for run in runs])}
    assert found["Cell"] == ("–", "LSTM", "GRU")
    assert "Cell" not in {each.label for each in differences([run.made for run in runs[:2]])}, "one uses none"
    assert found["Hidden units"] == ("32", "8", "8")


def test_runs_on_disk_are_private_and_a_damaged_card_hides_only_its_own_run(tmp_path: Path) -> None:
    store = RunStore(tmp_path / "state")
    for run_id in ("a", "b"):
        store.write(listed(run_id))
    files = list((tmp_path / "state" / "kept").iterdir())
    assert len(files) == 4
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    store.path_of("a").with_suffix(".json").write_text('{"identity": 3}', encoding="utf-8")
    assert [run.id for run in store.cards()] == ["b"]
    assert store.left_out.startswith("1 kept run cannot be read, and the list of runs leaves it out.")
    assert card_of(store.path_of("a")) is None
    store.release()


# What stands where in a card, and what nobody could use there.
HOSTILE = [
    (("identity", "id"), "../../elsewhere"),
    (("identity", "id"), ["a"]),
    (("identity", "name"), None),
    (("identity", "color"), "red"),
    (("identity", "color"), -1),
    (("identity", "pinned"), 3),
    (("identity", "shown"), "yes"),
    (("step",), math.inf),
    (("step",), -1),
    (("steps_per_epoch",), -math.inf),
    (("trains",), "false"),
    (("kept", "loss"), "low"),
    (("kept", "step"), None),
    (("size",), math.inf),
    (("size",), 10**40),
    (("changed_s",), 10**400),
    (("train", 0, 0), math.inf),
    (("validation", 0, 0), "1e999"),
    (("metrics", "perplexity", 0), 10**400),
    (("settings", "data", "name"), 3),
]


@pytest.mark.parametrize(("place", "value"), HOSTILE, ids=[f"{'-'.join(map(str, p))} {v!s:.9}" for p, v in HOSTILE])
def test_a_card_with_a_value_that_nobody_can_use_hides_its_run(
    tmp_path: Path, a_card: dict[str, Any], place: tuple[str | int, ...], value: object
) -> None:
    card = copy.deepcopy(a_card)
    *inside, last = place
    at: Any = card
    for name in inside:
        at = at[name]
    assert at[last] is not None
    at[last] = value
    (tmp_path / "a.json").write_text(json.dumps(card), encoding="utf-8")
    assert card_of(tmp_path / "a.unroll") is None


@pytest.fixture(scope="module")
def a_card() -> dict[str, Any]:
    run = listed(step=30)
    card = json.loads(json.dumps(replace(run, identity=replace(run.identity, shown=True)).to_json()))
    assert isinstance(card, dict)
    assert ListedRun.from_json(card).id == "a"
    return card


def test_foreign_things_in_the_store_neither_hide_runs_nor_stop_the_start(
    tmp_path: Path, a_card: dict[str, Any]
) -> None:
    before = RunStore(tmp_path / "state")
    before.write(listed("b"))
    before.release()
    kept, opened = tmp_path / "state" / "kept", tmp_path / "state" / "open"
    for number in range(2 * MOST_UNKNOWN):  # runs without a card are tidied away, but these are none
        (kept / f"folder{number}.unroll").mkdir()
    (opened / "folder.unroll").mkdir()
    (kept / "other.unroll").write_bytes(b"not the run of its card")
    (kept / "other.json").write_text(json.dumps(a_card), encoding="utf-8")
    (kept / "huge.unroll").write_bytes(b"x")
    huge = {**a_card, "identity": {**a_card["identity"], "id": "huge"}, "size": 2**53}
    (kept / "huge.json").write_text(json.dumps(huge), encoding="utf-8")
    (kept / "alone.json").write_text(json.dumps(a_card), encoding="utf-8")
    (kept / "folder1.json").mkdir()
    if hasattr(os, "mkfifo"):
        (kept / "pipe.unroll").write_bytes(b"x")
        os.mkfifo(kept / "pipe.json")  # opening it would wait for ever
    store = RunStore(tmp_path / "state")
    store.rescue()
    cards = {run.id: run.size for run in store.cards()}
    assert cards == {"huge": 1, "b": store.path_of("b").stat().st_size}, "the size is that of the file"
    store.keep_autosave()
    store.release()


def test_an_autosave_that_is_older_than_the_kept_copy_of_its_run_does_not_replace_it(tmp_path: Path) -> None:
    crashed = RunStore(tmp_path / "state")
    crashed.write(listed("a", step=2), crashed.autosave)
    crashed.write(listed("a", step=5))
    crashed.release()
    store = RunStore(tmp_path / "state")
    (path,) = store.rescue()
    assert engine.open_run(path).progress.step == 5
    assert not list((tmp_path / "state" / "open").glob("*.unroll"))
    store.release()


def test_a_name_is_cut_where_it_tells_least_and_keeps_cell_and_size() -> None:
    names = tuple(f"reviews · many to one · LSTM 64 · dropout {share}" for share in (0.5, 0.2))
    cuts = cut_more_and_more(names[0], names)
    assert cuts[:2] == (names[0], "reviews … LSTM 64 · dropout 0.5")
    assert cuts[2:5] == tuple(f"reviews … LSTM 64 · {name}… 0.5" for name in ("drop", "dro", "dr"))
    assert cuts[5:9] == tuple(f"revi… LSTM 64 · {name} 0.5" for name in ("dropout", "drop…", "dro…", "dr…"))
    assert cuts[9:16] == (
        "revi…LSTM 64 · dr… 0.5", "reviews · LSTM 64 … 0.5", "review… LSTM 64 … 0.5", "revie… LSTM 64 … 0.5",
        "revi… LSTM 64 … 0.5", "revi…LSTM 64…0.5", "LSTM 64 … 0.5",
    )  # fmt: skip
    assert cuts[-1] == "LSTM 64 …"
    assert cut_more_and_more("names · one to many · LSTM 64 (2)")[-3:] == ("…LSTM 64 (2)", "…64 (2)", "…(2)")
    read = cut_more_and_more("LSTM 64 · read from max over time", ("LSTM 64",))
    assert read[4:7] == tuple(f"LSTM 64 · {name}… max over time" for name in ("read", "rea", "re"))
    assert cut_more_and_more("mine") == ("mine",)
    beside = cut_more_and_more("names · LSTM 128 (2)", ("names · LSTM 128 (2)", "names · GRU 128 (2)"))
    tight = tuple(f"{begin}…LSTM 128 (2)" for begin in ("name", "nam", "na", ""))
    assert beside[-7:] == ("name… LSTM 128 (2)", *tight, "…128 (2)", "…(2)")
    beside = cut_more_and_more("2024 · many to one · LSTM 64", ("2023 · many to one · LSTM 64",))
    assert beside[1:4] == ("2024 … LSTM 64", "2024…LSTM 64", "…LSTM 64"), "half a number would be another"


def test_a_setting_is_written_briefly_before_it_is_left_out() -> None:
    name = "reviews · many to one · GRU 64 · read from max over time"
    assert cut_more_and_more(name, (name, "reviews · one to one · 64 units"))[:4] == (
        name, "reviews … GRU 64 · read from max over time", "reviews … GRU 64 · read… max over time",
        "reviews · GRU 64 …",
    )  # fmt: skip
    scaled = "recall · many to one · LSTM 32 · initial weights uniform ±1/√H"
    assert cut_more_and_more(scaled)[2:4] == ("recall … LSTM 32 · init… uniform ±1/√H", "recall · LSTM 32 …")


def test_a_setting_that_tells_a_name_from_none_is_left_out_as_a_whole_and_the_data_stay() -> None:
    begin = "reversal · encoder–decoder · LSTM 128"
    name = f"{begin} · attention on · teacher forcing 0"
    alone = cut_more_and_more(name, (name, "reversal · encoder–decoder · GRU 128"))
    assert alone == (
        name, "reversal … LSTM 128 · attention on · teacher forcing 0", "reversal … LSTM 128 · attention on · teac… 0",
        "reversal · LSTM 128 · attention on …", "reversal · LSTM 128 · atte… on …", "reversal · LSTM 128 …",
        "reversa… LSTM 128 …", "revers… LSTM 128 …", "rever… LSTM 128 …", "reve… LSTM 128 …",
        "reve…LSTM 128 …", "rev…LSTM 128 …", "re…LSTM 128 …", "LSTM 128 …",
    )  # fmt: skip
    beside = cut_more_and_more(name, (name, f"{begin} · attention on", begin))
    assert beside[3:5] == ("reversal · LSTM 128 … teacher forcing 0", "reversal · LSTM 128 … teac… forcing 0")
    assert "reve… LSTM 128 … te… 0" in beside
    short = cut_more_and_more("LSTM 128 · attention on · teacher forcing 0", ("LSTM 128 · attention on",))
    assert short[2:4] == ("LSTM 128 … teacher forcing 0", "LSTM 128 … teac… forcing 0")
    assert short[-3:] == ("LSTM 128 … te… 0", "LSTM 128 … 0", "LSTM 128 …")


def test_names_of_a_sweep_differ_however_little_is_left_of_them() -> None:
    begin = "reviews · many to one · LSTM 64"
    names = tuple(f"{begin} · {first} · attention on" for first in ("dropout 0.2", "dropout 0.5", "read from mean"))
    names += (*(f"{begin} · dropout {share}" for share in (0.2, 0.5)), begin)
    for room in range(len("LSTM 64 … 0.2 · on"), 60):
        shown = [next(text for text in cut_more_and_more(name, names) if len(text) <= room) for name in names]
        assert len(set(shown)) == len(names), shown


def test_a_cut_name_loses_the_file_of_a_setting_before_its_data_and_values_that_may_tell_it_apart_last() -> None:
    begin, file = "reviews · many to one · LSTM 64", "validation file files/reviews_valid.csv"
    cuts = cut_more_and_more(f"{begin} · {file}", (begin,))
    assert cuts[-8:] == (
        "reviews · LSTM 64 …", "review… LSTM 64 …", "revie… LSTM 64 …", "revi… LSTM 64 …",
        "revi…LSTM 64 …", "rev…LSTM 64 …", "re…LSTM 64 …", "LSTM 64 …",
    )  # fmt: skip
    assert "reviews · LSTM 64 … (2)" in cut_more_and_more(f"{begin} · {file} (2)")
    both = cut_more_and_more(f"{begin} · dropout 0.3 · {file}", (begin,))
    first = both.index("reviews · LSTM 64 · dropout 0.3 …")
    assert not any("validation" in cut for cut in both[first:])
    assert "LSTM 64 … 0.3 …" in both


@pytest.mark.parametrize("begin", ["", "many to many · ", "tags · many to many · "])
def test_a_cut_name_keeps_the_number_that_another_of_the_same_name_has_not(begin: str) -> None:
    name = f"{begin}GRU 64 · dropout 0.3 · both directions on"
    cuts = cut_more_and_more(f"{name} (2)", (name, f"{begin}GRU 64"))
    assert cuts[-1] == "GRU 64 …"
    assert "GRU 64 … (2)" in cuts
    assert all("GRU 64" in cut for cut in cuts)
    assert all(cut.endswith("(2)") for cut in cuts[:-1])
