"""Tables, report and script of a run."""

from __future__ import annotations

import ast
import csv
import html
import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.export.svg_plot import plot, ticks
from engine.number_text import loss_text
from engine.runs.data_source import DataSource
from engine.training.baselines import baselines
from engine.training.history import History
from engine.training.trainer import Best
from tests.engine.small import Case, data, trainer_of

ROOT = Path(__file__).parents[3]
CASES = {
    "classify": Case("many-to-one", "labelled", "gru"),
    "tag": Case("many-to-many", "tagged", "rnn"),
    "translate": Case("encoder-decoder", "pairs", "gru"),
    "generate": Case("one-to-many", "labelled", "gru"),
    "running text": Case("one-to-many", "stream", "rnn"),
    "predict": Case("one-to-one", "sequences", "gru"),
    "feed forward": Case("one-to-one", "labelled", "rnn"),
}


def trained(case: Case, steps: int = 12) -> engine.Trainer:
    trainer = engine.Trainer(case.model("float32"), case.dataset, engine.TrainingConfig(batch_size=8, window=6))
    for _ in range(steps):
        next(trainer)
    return trainer


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_curves_have_a_row_for_each_step_exact_to_the_last_digit(tmp_path: Path) -> None:
    trainer = trained(CASES["classify"])
    engine.export_curves(trainer.history, tmp_path / "curves.csv")
    rows = rows_of(tmp_path / "curves.csv")
    steps, validations = trainer.history.steps, trainer.history.validations
    assert [int(row["step"]) for row in rows] == list(range(1, 13))
    for name in ("loss", "gradient_norm", "learning_rate", "seconds"):
        assert [float(row[name]) for row in rows] == steps[name].tolist()
    found = {int(row["step"]): float(row["validation_accuracy"]) for row in rows if row["validation_accuracy"]}
    assert found == dict(zip(validations["step"].astype(int).tolist(), validations["accuracy"].tolist(), strict=True))
    assert found


def test_the_curves_of_an_untrained_run_are_a_heading(tmp_path: Path) -> None:
    engine.export_curves(trained(CASES["classify"], 0).history, tmp_path / "curves.csv")
    assert rows_of(tmp_path / "curves.csv") == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_predictions_have_a_row_for_each_validation_example(tmp_path: Path, case: Case) -> None:
    model = case.model("float32")
    engine.export_predictions(model, case.dataset, tmp_path / "answers.csv")
    rows = rows_of(tmp_path / "answers.csv")
    if case.kind != "stream":
        assert len(rows) == len(case.dataset.validation)
    metrics = engine.evaluate(model, case.dataset.validation)
    if "right" in rows[0]:
        share = np.mean([row["right"] == "True" for row in rows])
        if model.verb == "classify":
            assert share == pytest.approx(metrics.accuracy)
    elif case.kind != "stream":
        nats = -sum(float(row["log_probability"]) for row in rows)
        assert nats / sum(int(row["symbols"]) for row in rows) == pytest.approx(metrics.loss, rel=1e-4)


def test_an_answer_that_is_right_for_another_example_of_the_same_source_is_right_as_for_exact_match() -> None:
    pairs = [("ab", "ba"), ("abc", "cba"), ("ba", "ab")] * 4
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=6)
    model = engine.build_model(config, engine.make_dataset(pairs, "pairs", unit="character"), seed=2)
    own = model.translate("ab", beam_size=1)[0].tokens
    wrong = (*own[:-1], "a" if own[-1] != "a" else "b")
    examples = [
        engine.Example(tuple("ab"), wrong),
        engine.Example(tuple("ab"), own),
        engine.Example(tuple("ba"), tuple("abcab")),
    ]
    rows = [dict(zip(model.report_columns, row, strict=True)) for row in model.report_rows(examples)]
    assert [row["right"] for row in rows] == [True, True, False]
    assert [row["target"] for row in rows] == ["".join(wrong), "".join(own), "abcab"]
    metrics = engine.evaluate(model, examples)
    assert metrics.exact_match == pytest.approx(2 / 3)
    errors = sum(row["error_rate"] * length for row, length in zip(rows, (len(own), len(own), 5), strict=True))
    assert metrics.error_rate == pytest.approx(errors / (2 * len(own) + 5))


def test_a_recording_among_the_answers_is_named_and_not_written_out_in_numbers(tmp_path: Path) -> None:
    dataset = engine.load_sample("vowels")
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=3), dataset)
    engine.export_predictions(model, dataset, tmp_path / "answers.csv")
    names = [row["example"] for row in rows_of(tmp_path / "answers.csv")]
    assert names == [f"example {place + 1}" for place in range(len(dataset.validation))]
    training = engine.Trainer(model, dataset, engine.TrainingConfig())
    engine.export_report(engine.Run.of(training), tmp_path / "report.html", dataset)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<td>example 1<td>" in page
    assert max(map(len, re.findall(r"<td>([^<]*)", page))) < 300


def test_predictions_of_a_series_have_a_row_for_each_step_with_its_time(tmp_path: Path) -> None:
    rows = [(2000 + year, round(3 + np.sin(year), 3), round(1e-5 * year, 7)) for year in range(60)]
    table = tmp_path / "series.csv"
    table.write_text("year,water,salt\n" + "".join(f"{year},{water},{salt}\n" for year, water, salt in rows))
    dataset = engine.load_dataset(table, kind="series")
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=3, number_loss="gaussian")
    model = engine.build_model(config, dataset)
    engine.export_predictions(model, dataset, tmp_path / "answers.csv")
    answers, last = rows_of(tmp_path / "answers.csv"), rows[-len(dataset.validation[0].target) :]
    assert [row["time"] for row in answers] == [str(year) for year, _, _ in last]
    assert [(float(row["water"]), float(row["salt"])) for row in answers] == [(water, salt) for _, water, salt in last]
    off = [abs(float(row[name]) - float(row[f"{name} predicted"])) for row in answers for name in ("water", "salt")]
    assert np.mean(off) == pytest.approx(engine.evaluate(model, dataset.validation).mae)
    assert all(float(row["salt deviation"]) > 0 for row in answers)


def test_the_report_of_a_series_rounds_its_numbers_and_says_that_the_deviation_is_predicted(tmp_path: Path) -> None:
    for loss in ("gaussian", "squared"):
        values = [123456.789 + 1234.56789 * np.sin(step / 3) for step in range(80)]
        dataset = engine.make_dataset([values], "series")
        config = engine.ModelConfig(architecture="many-to-many", hidden_size=3, number_loss=loss)
        trainer = engine.Trainer(engine.build_model(config, dataset, seed=0), dataset, engine.TrainingConfig())
        engine.export_report(engine.Run.of(trainer), tmp_path / "report.html", dataset)
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        numbers = re.findall(r"<td class=\"n\">([^<]*)", page.partition("Some validation examples")[2])
        assert len(numbers) > 20
        assert max(len(re.sub(r"\D", "", number)) for number in numbers) == 6, "whole digits, and no more"
        assert ("Deviation: the predicted spread" in page) == (loss == "gaussian")


def test_series_without_times_and_without_deviations_are_numbered(tmp_path: Path) -> None:
    several = [[float(np.sin(k + step)) for step in range(40)] for k in range(2)]
    dataset = engine.make_dataset(several, "series")
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=3, number_loss="squared")
    engine.export_predictions(engine.build_model(config, dataset), dataset, tmp_path / "answers.csv")
    answers = rows_of(tmp_path / "answers.csv")
    lengths = [len(example.target) for example in dataset.validation]
    places = [(str(k), str(step)) for k, length in enumerate(lengths, 1) for step in range(1, length + 1)]
    assert [(row["example"], row["step"]) for row in answers] == places
    assert {row["value deviation"] for row in answers} == {""}


def test_texts_that_look_like_formulas_and_broken_ones_are_written_as_text(tmp_path: Path) -> None:
    texts = ["=1+1", "@SUM(A1)", "-x", "\ud800a", "plain", 'with "quotes", and commas']
    rows = [(f"{text}{k}", "ab"[k % 2]) for k in range(10) for text in texts]
    dataset = engine.make_dataset(rows, "labelled", unit="character", validation=0.5)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=3), dataset)
    engine.export_predictions(model, dataset, tmp_path / "answers.csv")
    written = [row["text"] for row in rows_of(tmp_path / "answers.csv")]
    assert len(written) == len(dataset.validation)
    assert not any(text.startswith(("=", "@", "-")) for text in written)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("steps", [0, 12])
def test_the_report_is_one_page_with_plots_and_nothing_from_elsewhere(tmp_path: Path, case: Case, steps: int) -> None:
    run = engine.Run.of(trained(case, steps))
    engine.export_report(run, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"<title>{run.snapshot.model().title} on " in page  # as in its settings
    assert page.count("<svg") >= (steps > 0)
    assert "http" not in page
    assert "<script" not in page
    for label in ("Hidden units", "Learning rate", "Fingerprint", run.data.fingerprint, f"for {steps} steps"):
        assert label in page


def test_the_report_lists_the_settings_that_have_an_effect_as_the_window_writes_them(tmp_path: Path) -> None:
    case = CASES["classify"]
    run = engine.Run.of(trained(case, 1))
    engine.export_report(run, tmp_path / "report.html", case.dataset)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    listed = dict(re.findall(r"<tr><th>([^<]*)<td>([^<]*)", page))
    assert listed["Read from"] == "last state"
    assert listed["Both directions"] == "off"
    assert not {"Validation file", "Test file", "Text", "Time budget (min)", "Counts from"} & set(listed)
    assert '<td class="note">Size of the hidden state' in page
    assert not {"Word vectors", "Attention", "Teacher forcing", "Window", "Picture side"} & set(listed)


@pytest.mark.parametrize("name", ["classify", "generate", "tag"])
def test_the_report_tells_what_is_possible_without_a_network(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    run = engine.Run.of(trained(case, 1))
    engine.export_report(run, tmp_path / "report.html", case.dataset)
    page = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    known = baselines(case.dataset, run.snapshot.config.architecture)
    assert known
    for one in known:
        assert f"<td>{one.name[0].upper()}{one.name[1:]}<td>{one.method[0].upper()}{one.method[1:]}<td>" in page
        assert f"<td>{loss_text(one.loss, 4)}" in page
        assert one.accuracy is None or f"<td>{one.accuracy:.4f}" in page


@pytest.mark.parametrize(("finished", "step"), [(False, 12), (True, 4)])
def test_the_report_answers_with_the_weights_of_the_run_and_says_of_which_step_they_are(
    tmp_path: Path, finished: bool, step: int
) -> None:
    run = engine.Run.of(trained(CASES["generate"]))
    run = replace(
        run,
        training=replace(run.training, patience=3),
        progress=replace(run.progress, finished=finished),
        best=Best(4, 0.5, run.snapshot.weights + 1, 0.5),
    )
    engine.export_report(run, tmp_path / "report.html")
    page = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert f"with the weights of step {step}." in page
    for written in run.snapshot.model().generate(count=12, seed=0):
        assert f"<td>{written.text}" in page


def test_the_training_curve_of_the_report_is_a_moving_average_over_a_hundredth_on_either_side(tmp_path: Path) -> None:
    run = engine.Run.of(trained(CASES["classify"], 1))
    rng, count = np.random.default_rng(0), 400
    columns = {name: np.zeros(count) for name in run.history.steps}
    columns |= {"step": np.arange(1.0, count + 1), "loss": rng.normal(2.0, 1.0, count)}
    run = replace(
        run, history=History.of(columns, {name: column[:0] for name, column in run.history.validations.items()})
    )
    engine.export_report(run, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    points = re.search(r'<polyline class="curve train" points="([^"]*)"', page)
    assert points is not None
    drawn = np.array([float(point.split(",")[1]) for point in points[1].split()])
    loss = columns["loss"]
    expected = np.array([loss[max(0, i - 4) : i + 5].mean() for i in range(count)])
    # downwards on the page, from the highest to the lowest
    share = (expected.max() - expected) / np.ptp(expected)
    np.testing.assert_allclose((drawn - drawn.min()) / np.ptp(drawn), share, atol=1e-3)


def test_a_name_of_the_data_is_no_html(tmp_path: Path) -> None:
    dataset = engine.make_dataset(["abc", "bcd", "cde"] * 5, "sequences", name="<script>alert(1)</script>")
    model = engine.build_model(engine.ModelConfig(hidden_size=3), dataset)
    engine.export_report(engine.Run.of(engine.Trainer(model, dataset)), tmp_path / "report.html")
    assert "<script" not in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("one-to-many", ["Loss in nats per symbol", "Written by the network"]),
        ("many-to-one", ["Loss in nats per label", "Some validation examples", "Confusion", "truth"]),
        ("many-to-many", ["Loss in nats per tag", "Some validation examples", "Confusion"]),
        ("encoder-decoder", ["Loss in nats per symbol", "Some validation examples"]),
    ],
)
def test_the_report_shows_what_the_network_answers(tmp_path: Path, name: str, shown: list[str]) -> None:
    case = next(case for case in CASES.values() if case.architecture == name)
    trainer = trained(case, 12)
    engine.export_report(engine.Run.of(trainer), tmp_path / "report.html", trainer.dataset)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert [title for title in shown if title not in page] == []
    if "Confusion" not in shown:
        assert "Confusion" not in page
    of_classes = name.startswith("many-to")  # of two labels, a perplexity says what the loss says
    assert ("Perplexity" in page) != of_classes
    first = trainer.dataset.codec.join(trainer.dataset.validation[0].source)
    assert html.escape(first) in page
    assert not re.search("<td>(True|False)|Macro f1", page)


def test_each_validation_example_of_the_report_is_another(tmp_path: Path) -> None:
    rows = [("good day", "yes"), ("bad day", "no")] * 15 + [("fine day", "yes")]
    dataset = engine.make_dataset(rows, "labelled", unit="word", validation=rows)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=3), dataset)
    engine.export_report(engine.Run.of(engine.Trainer(model, dataset)), tmp_path / "report.html", dataset)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    shown = page.partition("Some validation examples")[2].partition("</table>")[0]
    assert [shown.count(text) for text in ("good day", "bad day", "fine day")] == [1, 1, 1]


def test_the_confusions_of_the_report_are_counted(tmp_path: Path) -> None:
    rows = [(word, "ab"[k % 2]) for k, word in enumerate(f"{a}{b}" for a in "cdefgh" for b in "aeiou")]
    dataset = engine.make_dataset(rows, "labelled", unit="character", validation=rows[:10])
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=3), dataset)
    trainer = engine.Trainer(model, dataset)
    engine.export_report(engine.Run.of(trainer), tmp_path / "report.html", dataset)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    answers = [(example.target[0], next(iter(model.classify(example.source)))) for example in dataset.validation]
    for truth in "ab":
        counts = [answers.count((truth, answer)) for answer in "ab"]
        line = re.search(f"<tr><th>{truth}(<td.*?)(<tr|</table)", page)
        assert line is not None
        assert [int(n) for n in re.findall(r'">(\d+)', line.group(1))] == counts


def test_the_figures_and_the_confusions_of_the_report_are_of_the_same_weights(tmp_path: Path) -> None:
    dataset = engine.load_sample("order")
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=4), dataset, seed=0)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=5))
    for _ in range(trainer.steps_per_epoch + 7):  # the last validation was some steps ago
        next(trainer)
    engine.export_report(engine.Run.of(trainer), tmp_path / "report.html", dataset)
    page = html.unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    counts = [int(n) for n in re.findall(r'">(\d+)', page[page.index("<th>truth") :].split("</table>")[0])]
    right, examples = counts[0] + counts[3], len(dataset.validation)
    assert sum(counts) == examples
    whole = page[page.index("All validation examples") :]
    assert f"{trainer.step:,}" in whole[: whole.index("Accuracy")]
    assert re.search(rf"Accuracy<td[^>]*>{right / examples:.4f}", whole)
    assert f"Validation during training, on {examples} examples" in page


@pytest.mark.parametrize(
    ("low", "high", "whole", "expected"),
    [
        (0.0, 1.0, False, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (2.28, 3.41, False, [2.4, 2.6, 2.8, 3.0, 3.2, 3.4]),
        (1.0, 4.0, True, [1, 2, 3, 4]),
        (1.0, 2.0, True, [1, 2]),
        (1.0, 12_345.0, True, [5000, 10000]),
        (-3e-7, 3e-7, False, [-3e-7, -2e-7, -1e-7, 0.0, 1e-7, 2e-7, 3e-7]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, whole: bool, expected: list[float]) -> None:
    assert ticks(low, high, whole=whole) == pytest.approx(expected)


@pytest.mark.parametrize("steps", [1, 3, 12, 457, 12_345, 2_000_000])
def test_the_numbers_around_the_curves_of_the_report_are_whole_steps_that_can_be_read(
    tmp_path: Path, steps: int
) -> None:
    run, count = engine.Run.of(trained(CASES["classify"], 1)), min(steps, 50)
    columns = {name: np.linspace(2.3, 0.7, count) for name in run.history.steps}
    columns["step"] = np.linspace(1, steps, count).round()
    run = replace(
        run, history=History.of(columns, {name: column[:0] for name, column in run.history.validations.items()})
    )
    engine.export_report(run, tmp_path / "report.html")
    drawing = re.search(r"<svg.*?</svg>", (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert drawing is not None
    numbers = [text for text in ET.fromstring(drawing[0]).iter("text") if text.get("class") == "number"]
    below = [text for text in numbers if text.get("text-anchor") == "middle" and text.text != "step"]
    written = [str(text.text) for text in below]
    assert len(set(written)) == len(written) >= 2
    assert all(re.fullmatch(r"\d{1,3}(,\d{3})*", text) for text in written)  # whole, as numbers are written elsewhere
    places, width = [float(str(text.get("x"))) for text in below], 7.0 * max(map(len, written))
    assert all(right - left > width for left, right in itertools.pairwise(places))
    assert places[0] >= width / 2
    assert places[-1] + width / 2 <= 720
    beside = [str(text.text) for text in numbers if text.get("text-anchor") == "end"]
    assert len(beside) >= 3
    assert max(map(len, beside)) <= 6


@pytest.mark.parametrize("seconds", [0.004, 0.7, 1.6, 4.0, 75.0, 9000.0])
def test_an_axis_of_seconds_has_several_numbers_however_short_the_training_was(seconds: float) -> None:
    x = np.linspace(seconds / 8, seconds, 8)
    root = ET.fromstring(plot([("run", "run0", x, np.linspace(2.3, 0.7, 8))], "seconds", whole=False))
    below = [text for text in root.iter("text") if text.get("text-anchor") == "middle" and text.text != "seconds"]
    written = [str(text.text) for text in below]
    assert len(set(written)) == len(written) >= 2
    assert all(text.replace(",", "") == f"{float(text.replace(',', '')):g}" for text in written)
    line = next(iter(root.iter("polyline")))
    ends = [float(point.split(",")[0]) for point in str(line.get("points")).split()]
    assert max(ends) - min(ends) > 600, "the curve has the whole width"


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [2.0] * 5, [np.nan] * 3, [1.0, np.inf, 2.0, np.nan], [1e30, -1e30], list(range(100_000))],
    ids=["none", "one", "level", "no numbers", "gaps", "huge", "many"],
)
def test_a_plot_of_anything_is_drawn_within_its_frame(values: list[float]) -> None:
    y = np.array(values, float)
    drawn = plot([("training", "train", np.arange(len(y), dtype=float), y)])
    if not np.isfinite(y).any():
        assert drawn == "<p>Nothing has been measured yet.</p>"
        return
    root = ET.fromstring(drawn)
    points = [point.split(",") for point in (root[-2].get("points") or "").split()]
    assert 0 < len(points) <= 600
    assert all(0 <= float(a) <= 720 and 0 <= float(b) <= 260 for a, b in points)


def test_report_and_script_have_the_values_that_the_steps_were_made_with(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("\n".join(f"{a}{b}na" for a in "abcdef" for b in "aeiou"))
    dataset = engine.load_dataset(tmp_path / "names.txt", seed=4)
    model = engine.build_model(engine.ModelConfig(hidden_size=5), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(learning_rate=0.02, clip_norm=1.0, batch_size=4))

    def told() -> tuple[dict[str, str], str]:
        """The settings in the report, and the script, both of a run that was saved and opened."""
        engine.save_run(tmp_path / "run.unroll", trainer)
        run = engine.open_run(tmp_path / "run.unroll")
        engine.export_report(run, tmp_path / "report.html", dataset)
        engine.export_script(run, tmp_path / "again.py")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        return dict(re.findall(r"<tr><th>([^<]*)<td>([^<]*)", page)), (tmp_path / "again.py").read_text("utf-8")

    trainer.change(learning_rate=0.01)  # before the first step, so the other was never used
    for _ in range(3):
        next(trainer)
    trainer.change(learning_rate=0.5)
    trainer.change(learning_rate=1.0, clip_norm=0.0)
    listed, script = told()
    assert (listed["Learning rate"], listed["Clip gradient at"]) == ("0.01", "1")
    assert "learning_rate=0.01," in script
    assert "learning_rate was" not in script
    next(trainer)
    listed, script = told()
    assert (listed["Learning rate"], listed["Clip gradient at"]) == (
        "0.01 up to step 3, then 1",
        "1 up to step 3, then off",
    )
    assert "# learning_rate was 0.01 up to step 3.\n" in script
    assert "learning_rate=1.0," in script
    trainer.change(learning_rate=0.5)
    trainer.change(learning_rate=1.0)
    resumed = engine.open_run(tmp_path / "run.unroll").trainer(dataset)
    assert [change.step for change in resumed.changes] == [change.step for change in trainer.changes] == [3, 3]


def run_script(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script again.py in its folder."""
    environment: dict[str, Any] = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "again.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_script_makes_the_same_weights_again(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("\n".join(f"{a}{b}na" for a in "abcdef" for b in "aeiou"))
    dataset = engine.load_dataset(tmp_path / "names.txt", lowercase=True, seed=4)
    model = engine.build_model(engine.ModelConfig(hidden_size=5, cell="gru"), dataset, seed=3)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(seed=3, epochs=9, batch_size=4))
    for _ in range(17):
        next(trainer)
    engine.export_script(engine.Run.of(trainer), tmp_path / "again.py")
    done = run_script(tmp_path)
    assert done.returncode == 0, done.stderr
    again = engine.open_run(tmp_path / "run.unroll")
    assert again.progress.step == 17
    assert np.array_equal(again.snapshot.weights, model.parameters.flat)
    assert str(tmp_path) not in (tmp_path / "again.py").read_text("utf-8"), "no folder of this machine"


def test_the_script_looks_for_files_beside_it_or_where_it_is_told_and_nowhere_else(tmp_path: Path) -> None:
    home, script = tmp_path / "home", tmp_path / "again.py"
    home.mkdir()
    for name in ("names.txt", "held out.txt"):
        (home / name).write_text("\n".join(f"{a}{b}{name[0]}" for a in "abcdef" for b in "aeiou"))
    dataset = engine.load_dataset(home / "names.txt", validation_file=str(home / "held out.txt"))
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(hidden_size=5), dataset), dataset)
    next(trainer)
    engine.export_script(engine.Run.of(trainer), script)
    command = [sys.executable, str(script)]
    environment: dict[str, Any] = os.environ | {"PYTHONPATH": str(ROOT)}
    alone = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert alone.returncode == 1
    assert f"There is no names.txt in {tmp_path}; pass its folder: python {script} FOLDER" in alone.stderr
    result = subprocess.run(
        [*command, "home"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert np.array_equal(engine.open_run(tmp_path / "run.unroll").snapshot.weights, trainer.model.parameters.flat)


def test_the_script_of_a_run_on_two_files_reads_both(tmp_path: Path) -> None:
    files = [tmp_path / "a.de", tmp_path / "a.en"]
    for file, line in zip(files, ("das Haus {}", "the house {}"), strict=True):
        file.write_text("\n".join(line.format(number) for number in range(60)))
    dataset = engine.load_dataset(files)
    config = engine.ModelConfig(architecture="encoder-decoder", hidden_size=4)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset)
    next(trainer)
    engine.export_script(engine.Run.of(trainer), tmp_path / "again.py")
    done = run_script(tmp_path)
    assert done.returncode == 0, done.stderr
    assert np.array_equal(engine.open_run(tmp_path / "run.unroll").snapshot.weights, trainer.model.parameters.flat)


def test_nothing_of_an_untrusted_run_becomes_code_in_the_script(tmp_path: Path) -> None:
    trainer = trained(CASES["generate"], 1)
    run = engine.Run.of(trainer)
    evil = '"""\nimport os\nos.abort()\n"""'
    source = DataSource(evil, "", evil, evil, engine.DataConfig(source_column=evil, encoding=evil))
    object.__setattr__(run, "data", source)
    engine.export_script(run, tmp_path / "again.py")
    tree = ast.parse((tmp_path / "again.py").read_text(encoding="utf-8"))
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    calls = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert set(calls) <= {"file", "Path", "len", "str", "SystemExit", "print"}
    assert imported == ["sys", "engine"]


def test_data_from_python_have_no_script(tmp_path: Path) -> None:
    assert data("labelled").path is None
    with pytest.raises(engine.StorageError, match="neither a sample nor in files"):
        engine.export_script(engine.Run.of(trained(CASES["generate"], 1)), tmp_path / "again.py")


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_axis_of_a_share_that_never_changes_stays_between_0_and_1(share: float) -> None:
    steps = np.array([1.0, 5.0])
    drawn = plot([("validation", "validation", steps, np.full(2, share))], possible=(0.0, 1.0))
    ends = [float(text) for text in re.findall(r'text-anchor="end">([\d.]+)<', drawn)]
    assert min(ends) >= 0
    assert max(ends) <= 1
    assert len(ends) >= 3


def test_a_report_says_what_nats_are_and_has_no_column_of_labels_where_there_are_none(tmp_path: Path) -> None:
    trainer = trainer_of(Case("one-to-many", "sequences", "gru"))
    next(trainer)
    engine.export_report(engine.Run.of(trainer), tmp_path / "report.html", trainer.dataset)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "trained for 1 step in 1 second." in text
    assert "Loss in nats per symbol: −ln of the probability of the right one" in text
    assert "<th>label" not in text
    assert trainer.model.report_columns == ("text", "symbols", "log_probability", "loss")
