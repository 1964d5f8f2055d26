"""What a sweep's TOML file says, and the error when it says something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import NumberRange, Sweep, read_sweep
from engine.sweeps.ranking import ranked
from engine.sweeps.results import SweepFolder, sweep_in

PLAN = """
data = "names"
seeds = [0, 1]
[model]
cell = ["rnn", "gru"]
hidden_size = 16
[training]
learning_rate = {from = 1e-4, to = 1e-2, count = 3, scale = "log"}
"""


def read(tmp_path: Path, text: str) -> Sweep:
    path = tmp_path / "sweep.toml"
    path.write_text(text)
    return read_sweep(path)


def test_a_grid_is_every_combination_with_every_seed(tmp_path: Path) -> None:
    runs = read(tmp_path, PLAN).runs()
    assert [run.number for run in runs] == list(range(1, 13))
    assert [run.settings for run in runs[:3]] == [
        {"cell": "rnn", "hidden_size": 16, "learning_rate": 1e-4, "seed": 0},
        {"cell": "rnn", "hidden_size": 16, "learning_rate": 1e-4, "seed": 1},
        {"cell": "rnn", "hidden_size": 16, "learning_rate": 1e-3, "seed": 0},
    ]
    assert len({tuple(run.settings.items()) for run in runs}) == 12


def test_ranges_have_their_ends_and_even_distances_on_their_scale() -> None:
    assert NumberRange(1, 9, whole=True, log=False, count=3).grid() == [1, 5, 9]
    assert NumberRange(0.1, 10, whole=False, log=True, count=3).grid() == [0.1, 1.0, 10.0]
    assert NumberRange(8, 8, whole=True, log=True, count=4).grid() == [8]
    assert NumberRange(2, 4, whole=True, log=False, count=1).grid() == [3]


def test_drawing_takes_as_many_as_asked_for_and_the_same_ones_again(tmp_path: Path) -> None:
    plan = PLAN.replace("seeds", "random = 20\nseeds").replace(", count = 3", "")
    sweep = read(tmp_path, plan)
    rates = [run.settings["learning_rate"] for run in sweep.runs()]
    assert len(rates) == 40
    assert rates[::2] == rates[1::2]  # the seeds of one combination
    assert all(1e-4 <= rate <= 1e-2 for rate in rates)
    assert 0.2 < np.mean(np.array(rates) < 1e-3) < 0.8  # the middle of a log scale
    assert read(tmp_path, plan).runs() == sweep.runs()
    assert read(tmp_path, "draw_seed = 1\n" + plan).runs() != sweep.runs()


def test_the_rounds_of_halving_end_with_all_steps(tmp_path: Path) -> None:
    assert read(tmp_path, PLAN).shares == (1.0,)
    assert read(tmp_path, "halving = 3\n" + PLAN).shares == (1 / 9, 1 / 3, 1.0)


def test_data_beside_the_file_are_found_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_text("one\ntwo\n")
    assert read(tmp_path, 'data = "few.txt"').data == str(tmp_path / "few.txt")


@pytest.mark.parametrize("name", ["x" * 5000, "\\u0000"], ids=["too long", "NUL"])
def test_a_name_that_no_file_can_have_is_refused_like_any_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(engine.DataError, match="cannot be opened"):
        read(tmp_path, f'data = "{name}"').load()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "data is missing"),
        ("data = 3", "data is missing"),
        (r"data = '\\host\share\names.csv'", "on another machine; expected a file or folder of this one"),
        ('data = "//host/share/names.csv"', "on another machine"),
        ("data = ", "not a TOML file"),
        ('data = "names"\ncells = ["rnn"]', "'cells' is not known; expected data, seeds"),
        ('data = "names"\nmodel = 3', "expected a table of settings"),
        ('data = "names"\n[model]\nunits = 3', "has no setting 'units'; there are architecture, cell, hidden_size"),
        ('data = "names"\n[training]\nseed = [1, 2]', r"seeds = \[0, 1\]"),
        ('data = "names"\n[model]\ncell = []', r"\[model\] cell has no values"),
        ('data = "names"\nseeds = [1, 1]', "expected different whole numbers"),
        ('data = "names"\nseeds = []', "expected different whole numbers"),
        ('data = "names"\nseeds = [true]', "expected different whole numbers"),
        ('data = "names"\nrandom = -1', "random is -1"),
        ('data = "names"\nhalving = 1', "would stop no run"),
        ('data = "names"\n[model]\nhidden_size = {from = 8}', "expected a range such as"),
        ('data = "names"\n[model]\nhidden_size = {from = 8, to = inf}', "expected a range such as"),
        ('data = "names"\n[model]\nhidden_size = {from = 8, to = 9, by = 1}', "expected a range such as"),
        ('data = "names"\n[model]\nhidden_size = {from = 8, to = 9, scale = "ln"}', "'linear' or 'log'"),
        ('data = "names"\n[model]\nhidden_size = {from = 9, to = 8}', "expected rising numbers"),
        ('data = "names"\n[model]\ndropout = {from = 0, to = 1, scale = "log"}', "above 0 on a log scale"),
        ('data = "names"\n[model]\nhidden_size = {from = 8, to = 9}', "a grid needs its count"),
        ('data = "names"\nrandom = 1000000', "1,000,000 runs; expected at most 100,000"),
        ('data = "names"\n[model]\ncell = ' + "[" * 5000 + "]" * 5000, "not a TOML file"),
        ('data = "names"\n[training]\nepochs = ' + "9" * 5000, "not a TOML file"),
        ('data = "names"\n[model]\nhidden_size = {from = 1, to = ' + "9" * 400 + "}", "1,329 bits; expected"),
        ('data = "names"\nseeds = [0x' + "f" * 5000 + "]", "20,000 bits; expected at most 64"),
        ('data = "names"\n[training]\nepochs = 2020-01-01', "epochs is 2020-01-01; expected a text, a number"),
        ('data = "names"\n[model]\ncell = [["lstm"]]', r"cell is \['lstm'\]; expected a text, a number"),
    ],
    ids=lambda value: value[:60],
)
def test_a_mistake_is_reported_with_the_file_and_what_is_expected(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(engine.ConfigError, match=f"sweep.toml: .*{message}"):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(engine.ConfigError, match="cannot be read"):
        read_sweep(tmp_path / "none.toml")


def test_a_folder_tells_its_sweep_again_with_ranges_seeds_and_how_the_data_are_read(tmp_path: Path) -> None:
    (tmp_path / "rows.txt").write_text("ab\nba\nab\n" * 9, encoding="utf-8")
    plan = """
        data = "rows.txt"
        seeds = [3, 4]
        random = 2
        [reading]
        unit = "word"
        [model]
        cell = "gru"
        [training]
        learning_rate = {from = 1e-4, to = 1e-2, scale = "log"}
    """
    sweep = read(tmp_path, plan)
    dataset, sample = sweep.load()
    assert (dataset.codec.unit, sample) == ("word", None)
    SweepFolder(tmp_path / "out", sweep, dataset.fingerprint)
    again = sweep_in(tmp_path / "out")
    assert again == sweep
    assert again.runs() == sweep.runs()
    with pytest.raises(engine.StorageError, match="holds no sweep"):
        sweep_in(tmp_path)


def test_combinations_are_ranked_by_their_mean_over_seeds_with_its_spread() -> None:
    sweep = Sweep("rows", {"cell": ("rnn", "gru")}, {}, seeds=(0, 1))
    losses = {1: 2.0, 2: 4.0, 3: 2.5, 4: 2.5}
    outcomes = {number: RunOutcome(number, OutcomeStatus.DONE, loss) for number, loss in losses.items()}
    best, second = ranked(sweep.runs(), outcomes)
    assert (best.settings, best.mean, best.spread, best.seeds) == ({"cell": "gru"}, 2.5, 0.0, 2)
    assert (second.mean, round(second.spread, 3)) == (3.0, 1.414)
    assert ranked(sweep.runs(), {1: RunOutcome(1, OutcomeStatus.DIVERGED, 1.0)}) == []
