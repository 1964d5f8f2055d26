"""Training from the command line, without a window."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.training.baselines import baselines
from gui import headless
from gui.app import arguments, main
from gui.headless import progress_line, train_command
from gui.headless.output import Output

ROOT = Path(__file__).parents[3]
SMALL = ["--hidden-size", "8", "--epochs", "2", "--batch-size", "64"]


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    rows = [f"{a}{b}{c}na,{'fm'[k % 2]}" for k, a in enumerate("abcdefgh") for b in "aeiou" for c in "lmnr"]
    path.write_text("\n".join(["name,gender", *rows]))
    return path


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


def test_a_data_file_becomes_a_run_that_the_engine_opens(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "run"
    assert call("--train", names, "--output", output, "--cell", "gru", "--seed", "5", "--data-seed", "9", *SMALL) == 0
    run = engine.open_run(output)
    assert (run.snapshot.config.cell, run.snapshot.config.hidden_size) == ("gru", 8)
    assert (run.training.seed, run.training.epochs, run.data.config.seed) == (5, 2, 9)
    assert run.progress.finished
    printed = capsys.readouterr()
    assert "GRU 8 × 1" in printed.out
    assert "Finished" in printed.out
    assert "100%" in printed.err
    assert "validation" in printed.err


def test_a_sample_is_trained_with_its_own_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--train", "reversal", "--output", tmp_path / "run", "--steps", "2", "--hidden-size", "8") == 0
    run = engine.open_run(tmp_path / "run")
    assert run.data.sample == "reversal"
    assert run.snapshot.config.architecture == "encoder-decoder"
    assert capsys.readouterr().out.startswith(run.snapshot.model().title)
    assert run.progress.step == 2


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("prose", r"\d,\d{3} training and \d{3} validation characters"),
        ("names", "3,446 training and 382 validation exam"),
    ],
)
def test_what_is_trained_on_is_counted_in_what_it_consists_of(
    sample: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", sample, "--steps", "0") == 0
    assert re.search(said, capsys.readouterr().out)


def test_a_setting_that_has_no_effect_is_said_to_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"{a}{b}{c}a" for a in "klmnp" for b in "aeiou" for c in "rst"))
    assert call("--train", path, "--steps", "0", "--attention", "--lag", "3", "--hidden-size", "9") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  hidden-size 9: as given" in lines
    for name in ("attention True", "lag 3"):
        (line,) = (line for line in lines if line.startswith(f"  {name}: "))
        assert line.startswith(f"  {name}: as given, without effect: ")
    assert call("--train", path, "--steps", "1", "--output", tmp_path / "run", *SMALL) == 0
    assert call(tmp_path / "run", "--generate", "1", "--label", "x") == headless.WRONG
    assert "--label: this network has not learned from texts with labels." in capsys.readouterr().err


def test_stopping_and_going_on_gives_the_same_weights_as_one_run(tmp_path: Path, names: Path) -> None:
    assert call("--train", names, "--output", tmp_path / "whole", *SMALL) == 0
    assert call("--train", names, "--output", tmp_path / "part", "--steps", "3", *SMALL) == 0
    assert engine.open_run(tmp_path / "part").progress.step == 3
    assert call("--train", tmp_path / "part") == 0
    whole, part = (engine.open_run(tmp_path / name) for name in ("whole", "part"))
    assert np.array_equal(whole.snapshot.weights, part.snapshot.weights)


def test_a_finished_run_gets_more_epochs_and_another_rate(tmp_path: Path, names: Path) -> None:
    assert call("--train", names, "--output", tmp_path / "run", *SMALL) == 0
    steps = engine.open_run(tmp_path / "run").progress.step
    assert call("--train", tmp_path / "run", "--epochs", "3", "--learning-rate", "0.001") == 0
    run = engine.open_run(tmp_path / "run")
    assert run.progress.step == steps // 2 * 3
    assert run.training.learning_rate == 0.001


def test_a_finished_run_says_that_it_has_finished_and_how_it_goes_on(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", names, "--output", tmp_path / "run", *SMALL) == 0
    first = capsys.readouterr().out
    assert "already finished" not in first
    assert call("--train", tmp_path / "run") == 0
    again = capsys.readouterr().out
    assert "This run has already finished: --epochs N, with N above 2, continues it." in again
    figures = next(line for line in first.splitlines() if line.startswith("All validation examples"))
    assert "(predictions: " in figures
    assert figures in again
    assert call("--train", tmp_path / "run", "--epochs", "3") == 0
    assert "already finished" not in capsys.readouterr().out


def test_the_figures_stand_beside_those_of_methods_without_a_network(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", names, "--output", tmp_path / "run", *SMALL) == 0
    lines = capsys.readouterr().out.splitlines()
    beside = lines[lines.index("Methods without a network, on the same examples:") + 1 :]
    known = baselines(engine.load_dataset(names), "many-to-one")
    assert {"most frequent label", "naive Bayes"} & {one.name for one in known}
    for one, line in zip(known, beside, strict=False):
        assert line.startswith(f"  {one.name}: loss {one.loss:.4f}")
        assert one.accuracy is None or f"accuracy {100 * one.accuracy:.1f}" in line


def test_data_that_are_only_looked_at_are_not_replaced(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = names.read_bytes()
    assert call("--train", names, "--steps", "0", "--export-report", tmp_path / "report.html", *SMALL) == 0
    assert names.read_bytes() == before
    assert "Stopped at step 0 of 6. Nothing was saved." in capsys.readouterr().out
    assert (tmp_path / "report.html").exists()
    assert call("--train", "reversal", "--steps", "0") == 0
    assert not (tmp_path / "reversal").exists()


def test_data_that_moved_can_be_named(tmp_path: Path, names: Path) -> None:
    (tmp_path / "runs").mkdir()
    run = tmp_path / "runs" / "run"
    assert call("--train", names, "--output", run, "--steps", "2", *SMALL) == 0
    moved = names.rename(tmp_path / "moved.csv")
    assert call("--train", run, "--steps", "1") == headless.WRONG
    assert call("--train", run, "--steps", "1", "--from-data", moved) == 0
    assert engine.open_run(run).progress.step == 3


def received(tmp_path: Path, names: Path, **settings: str) -> Path:
    """A run in a folder of its own, as somebody else might have sent it."""
    dataset = engine.load_dataset(names, **settings)
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(hidden_size=8), dataset), dataset)
    next(trainer)
    run = tmp_path / "received" / "run.unroll"
    run.parent.mkdir()
    engine.save_run(run, trainer)
    return run


def test_data_that_a_run_names_outside_its_folder_are_read_only_when_asked_for(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = received(tmp_path, names)
    assert call("--train", run, "--steps", "1") == headless.WRONG
    assert f"names {names}, which is outside its own folder" in (error := capsys.readouterr().err)
    assert "--from-data DATA" in error
    answers = tmp_path / "answers.csv"
    curves = tmp_path / "curves.csv"
    exports = ["--export-curves", curves, "--export-predictions", answers]
    assert call("--train", run, "--steps", "0", *exports) == headless.WRONG
    assert not answers.exists()
    assert not curves.exists(), "nothing is written if not all of it can be"
    assert call("--train", run, "--steps", "0", "--export-predictions", answers, "--from-data", names) == 0
    assert answers.exists()
    assert call("--train", run, "--steps", "1", "--from-data", names) == 0
    assert engine.open_run(run).progress.step == 2
    (run.parent / names.name).write_bytes(names.read_bytes())
    assert call("--train", run, "--steps", "1") == 0, "its own folder has them now"


def test_two_files_are_found_where_they_were_or_beside_the_run_and_else_asked_for_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    files = [home / "a.de", home / "a.en"]
    for file, line in zip(files, ("das Haus {}", "the house {}"), strict=True):
        file.write_text("\n".join(line.format(number) for number in range(60)), encoding="utf-8")
    run = home / "a.unroll"
    assert call("--train", *files, "--output", run, "--steps", "1", "--hidden-size", "4") == 0
    assert call("--train", run, "--steps", "1") == 0
    home.rename(away)
    run, moved = away / "a.unroll", [away / file.name for file in files]
    assert call("--train", run, "--steps", "1") == 0, "beside the run"
    moved[0].rename(away / "b.de")
    assert call("--train", run, "--steps", "1") == headless.WRONG
    error = capsys.readouterr().err
    assert f"needs the files a.de and a.en (not in {away}); use --from-data DATA" in error
    home.mkdir()
    run = run.rename(home / "a.unroll")
    assert call("--train", run, "--steps", "1") == headless.WRONG
    error = capsys.readouterr().err
    assert f"names {moved[0]} and {moved[1]}, which are outside its own folder" in error
    assert "--from-data DATA" in error
    assert call("--train", run, "--steps", "1", "--from-data", away / "b.de", moved[1]) == 0
    assert engine.open_run(run).progress.step == 4


@pytest.mark.parametrize("name", ["validation_file", "test_file"])
def test_other_files_that_a_run_names_outside_its_folder_are_read_only_when_asked_for(
    tmp_path: Path, names: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held_out = tmp_path / "held out.csv"
    held_out.write_bytes(names.read_bytes())
    run = received(tmp_path, names, **{name: str(held_out)})
    option = f"--{name.replace('_', '-')}"
    assert call("--train", run, "--steps", "1", "--from-data", names) == headless.WRONG
    assert f"names {held_out}" in (error := capsys.readouterr().err)
    assert f"{option} FILE" in error
    assert call("--train", run, "--steps", "1", "--from-data", names, option, held_out) == 0
    assert engine.open_run(run).progress.step == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--train", "NAMES"], "--output"),
        (["--train", "nothing.csv", "--output", "run"], "nothing.csv"),
        (["--train", "NAMES", "--output", "run", "--hidden-size", "0"], "--hidden-size is 0; expected 1 to 4096."),
        (["--train", "NAMES", "--output", "run", "--cell", "transformer"], "'transformer'"),
        (["--train", "NAMES", "--output", "run", "--architecture", "many-to-many"], "needs tokens"),
        (["--train", "NAMES", "--output", "NAMES"], "already exists"),
        (["--train", "NAMES", "--output", ".", "--overwrite"], ". is a folder; expected the name of a file"),
        (["--train", "NAMES", "--output", "x" * 300], "cannot be written (File name too long)"),
        (["--train", "x" * 300, "--output", "run"], "File name too long"),
        (["--train", "NAMES", "--output", "no/such/folder/run", "--steps", "1"], "cannot be written"),
        (["--train", "NAMES", "--steps", "0", "--export-pytorch", "package"], "its model.py belongs to something else"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    tmp_path: Path, names: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "model.py").write_text("# mine")
    before = names.read_bytes()
    assert call(*(word.replace("NAMES", "names.csv") for word in words)) == headless.WRONG
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert names.read_bytes() == before


def test_what_a_run_keeps_is_not_changed_silently(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--train", names, "--output", tmp_path / "run", "--steps", "1", *SMALL) == 0
    assert call("--train", tmp_path / "run", "--cell", "rnn", "--batch-size", "4", "--workers", "2") == headless.WRONG
    assert "keeps its --cell, --batch-size, --workers;" in capsys.readouterr().err


def test_divergence_is_told_and_the_run_is_kept(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = engine.load_dataset(names)
    config = engine.ModelConfig(architecture="one-to-one", hidden_size=8)
    model = engine.build_model(config, dataset)
    model.parameters.flat[:] = 1e30
    model.parameters["output.weight"][0] = 3e38  # eight times that is more than a float32 holds
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig())
    engine.save_run(tmp_path / "run", trainer)
    with np.errstate(all="ignore"):
        status = call("--train", tmp_path / "run")
    assert status == headless.DIVERGED
    assert "--learning-rate" in capsys.readouterr().out
    assert engine.open_run(tmp_path / "run").progress.step == 0


def test_a_run_is_exported_without_its_data(tmp_path: Path, names: Path) -> None:
    pytest.importorskip("onnx")
    assert call("--train", names, "--output", tmp_path / "run", "--steps", "3", *SMALL) == 0
    before = (tmp_path / "run").read_bytes()
    names.unlink()
    files = {kind: tmp_path / kind for kind in ("onnx", "pytorch", "curves", "report", "script")}
    words = [word for kind, path in files.items() for word in (f"--export-{kind}", path)]
    assert call("--train", tmp_path / "run", "--steps", "0", *words) == 0
    assert all(path.exists() for path in files.values())
    assert (tmp_path / "run").read_bytes() == before


def test_a_folder_for_pytorch_comes_back_and_trains_on_into_a_file_of_its_own(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, folder = tmp_path / "run", tmp_path / "folder"
    assert call("--train", names, "--output", run, "--steps", "3", "--export-pytorch", folder, *SMALL) == 0
    assert (folder / "train.py").exists()
    assert call("--train", folder) == headless.WRONG
    assert "Use --output RUN" in capsys.readouterr().err
    assert call("--train", folder, "--output", tmp_path / "back", "--steps", "1") == 0
    assert engine.open_run(tmp_path / "back").progress.step == 4
    assert call(folder / "weights.safetensors", "--evaluate", names) == 0
    without = tmp_path / "without"
    capsys.readouterr()
    assert call("--train", run, "--steps", "0", "--export-pytorch", without) == 0
    assert not (without / "train.py").exists(), "it would need the data"
    assert (
        f"{without}: It has neither the data of the run nor train.py, which needs them: --fr" in capsys.readouterr().out
    )
    assert call("--train", run, "--steps", "0", "--export-pytorch", without, "--from-data", names) == 0
    assert "train.py" not in capsys.readouterr().out
    assert (without / "train.py").exists()


def test_predictions_are_exported_after_training(tmp_path: Path, names: Path) -> None:
    words = ["--output", tmp_path / "run", "--steps", "3", "--architecture", "many-to-one", *SMALL]
    assert call("--train", names, *words, "--export-predictions", tmp_path / "answers.csv", "--use-best") == 0
    assert (tmp_path / "answers.csv").read_text().startswith("text,label,predicted")


def test_what_cannot_be_exported_is_said_before_training(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, curves, page = tmp_path / "run", tmp_path / "curves.csv", tmp_path / "no such folder" / "page.html"
    wanted = ["--train", names, "--output", run, "--export-curves", curves, *SMALL]
    assert call(*wanted, "--cell", "mgu", "--export-pytorch", tmp_path / "folder") == headless.WRONG
    assert capsys.readouterr().err == "--export-pytorch is not possible: PyTorch has no MGU.\n"
    assert call(*wanted, "--export-report", page) == headless.WRONG
    assert capsys.readouterr().err.endswith(f"there is no folder {page.parent}.\n")
    assert call(*wanted, "--export-predictions", curves) == headless.WRONG
    assert capsys.readouterr().err == f"--export-curves and --export-predictions cannot both write {curves}.\n"
    assert not run.exists()
    assert not curves.exists()


def test_a_folder_that_cannot_be_made_is_told_before_training(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--output", tmp_path / "run", "--steps", "1", "--export-pytorch", names / "folder", *SMALL]
    assert call("--train", names, *words) == headless.WRONG
    assert f"there is no folder {names}." in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_what_fails_after_training_keeps_nothing_else_from_being_written(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, blocked = tmp_path / "run", tmp_path / f"{'c' * 300}.csv"  # longer than the name of a file may be
    files = {name: tmp_path / f"{name}.out" for name in ("report", "script", "predictions")}
    words = [word for name, path in files.items() for word in (f"--export-{name}", path)]
    trained = ["--train", names, "--output", run, "--steps", "3", *SMALL]
    assert call(*trained, "--export-curves", blocked, *words) == headless.WRONG
    out, err = capsys.readouterr()
    assert [path for path in files.values() if f"Written: {path}\n" in out and path.exists()] == [*files.values()]
    assert f"{blocked}: cannot be written" in err
    names.unlink()
    for path in files.values():
        path.unlink()
    assert call("--train", run, "--steps", "0", *words) == headless.WRONG, "the answers need the data"
    out, err = capsys.readouterr()
    assert not any(path.exists() for path in files.values()), "which is known before anything is written"
    assert "needs the data 'names'" in err


def test_a_test_file_that_cannot_be_read_keeps_nothing_from_being_exported(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curves, test = tmp_path / "curves.csv", tmp_path / "test.csv"
    test.write_text("name,gender\nanna,x\n")
    words = ["--output", tmp_path / "run", "--steps", "3", "--test-file", test, "--export-curves", curves, *SMALL]
    assert call("--train", names, *words) == headless.WRONG
    assert "test.csv: These are answers to another question" in capsys.readouterr().err
    assert curves.exists()


def test_nothing_that_is_written_takes_the_place_of_data(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    test, run = tmp_path / "test.csv", tmp_path / "run"
    test.write_bytes(names.read_bytes())
    before = names.read_bytes()
    words = ["--train", names, "--test-file", test, "--steps", "3", "--output", run, *SMALL]
    for path in (names, test):
        assert call(*words, "--export-predictions", path) == headless.WRONG
        assert capsys.readouterr().err == f"{path} is not replaced, because it holds data of this run.\n"
    assert not run.exists()
    assert call(*words[: -len(SMALL) - 1], names, "--overwrite", *SMALL) == headless.WRONG
    assert call(*words) == 0
    assert call("--train", run, "--steps", "0", "--export-curves", names) == headless.WRONG
    assert names.read_bytes() == test.read_bytes() == before


def test_a_run_is_saved_now_and_then(tmp_path: Path, names: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_command, "AUTOSAVE_S", 0.0)
    saved = []
    save = engine.save_run
    monkeypatch.setattr(engine, "save_run", lambda path, trainer: (saved.append(trainer.step), save(path, trainer)))
    assert call("--train", names, "--output", tmp_path / "run", "--steps", "3", *SMALL) == 0
    assert saved == [1, 2, 3, 3]


def test_the_line_on_a_terminal_is_written_over_itself(monkeypatch: pytest.MonkeyPatch, names: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(progress_line, "LINE_S", 0.0)
    dataset = engine.load_dataset(names)
    model = engine.build_model(engine.ModelConfig(hidden_size=4), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=1))
    out = Terminal()
    line = progress_line.ProgressLine(Output(out))
    for update in trainer:
        line.show(trainer, update)
    line.end()
    text = out.getvalue()
    assert text.count("\n") == 1
    assert text.count("\r") == trainer.steps_total
    assert "100% " + "█" * 20 in text
    assert "0:00 left" in text


def test_a_loss_below_zero_is_written_with_a_minus_as_elsewhere(names: Path) -> None:
    dataset = engine.load_dataset(names)
    model = engine.build_model(engine.ModelConfig(hidden_size=4), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=1))
    for update in trainer:
        last = update
    out = io.StringIO()
    measured = engine.Metrics(-0.5, 5, {"r2": -0.25})
    progress_line.ProgressLine(Output(out)).show(trainer, replace(last, loss=-1.25, validation=measured))
    assert "loss −1.2500" in out.getvalue()
    assert "validation −0.5000  R² −0.250" in out.getvalue()
    assert "-" not in out.getvalue()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_saves_the_run_and_the_window_is_never_imported(
    tmp_path: Path, names: Path, number: signal.Signals
) -> None:
    program = (
        "import signal, sys\n"  # whoever started the tests may have had these ignored
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "from gui.app import main\nstatus = main(sys.argv[1:])\n"
        "assert not any(name.split('.')[0] in ('PySide6', 'pyqtgraph') for name in sys.modules)\nsys.exit(status)\n"
    )
    words = ["--train", str(names), "--output", str(tmp_path / "run"), "--epochs", "100000", "--hidden-size", "8"]
    with subprocess.Popen(
        [sys.executable, "-c", program, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "validation" in process.stderr.readline()
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == headless.STOPPED
    assert "Stopped at step" in out
    assert engine.open_run(tmp_path / "run").progress.step > 0


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_when_nobody_reads_what_it_says_any_more_it_stops_and_saves_the_run(
    tmp_path: Path, names: Path, closed: str
) -> None:
    words = ["--train", str(names), "--output", str(tmp_path / "run"), "--epochs", "100000", "--hidden-size", "8"]
    words += ["--steps", "300"] if closed == "stdout" else []  # between beginning and end that says nothing
    with subprocess.Popen(
        [sys.executable, "main.py", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "validation examples" in process.stdout.readline()
        gone, other = process.stdout, process.stderr
        if closed == "stderr":
            gone, other = other, gone
        gone.close()
        said = other.read()
    assert process.returncode == headless.STOPPED
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert engine.open_run(tmp_path / "run").progress.step > 0


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for config in (engine.ModelConfig, engine.TrainingConfig, engine.DataConfig):
        for name, declared in config.options().items():
            assert f"--{name.replace('_', '-')}" in text
            assert declared.label in text


def test_what_patience_ended_is_told_with_the_weights_that_are_kept(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "run"
    settings = ["--hidden-size", "32", "--epochs", "500", "--patience", "1", "--learning-rate", "0.05"]
    assert call("--train", names, "--output", output, *settings) == 0
    run = engine.open_run(output)
    assert run.best is not None
    assert run.progress.finished
    assert np.array_equal(run.snapshot.weights, run.best.weights)
    printed = capsys.readouterr().out
    assert "had not improved for 1 epoch" in printed
    last = f"Finished at step {run.best.step:,} of" in printed
    assert f"at {'the last step' if last else f'step {run.best.step:,}'}. These weights are kept." in printed


def test_a_run_may_take_so_many_minutes_and_fits_its_schedule_to_them(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "run"
    settings = ["--hidden-size", "8", "--minutes", "0.02", "--schedule", "cosine", "--patience", "0"]
    assert call("--train", names, "--output", output, *settings) == 0
    run = engine.open_run(output)
    assert run.progress.finished
    assert run.progress.step == run.progress.steps_planned > 1
    assert run.history.steps["learning_rate"][-1] < 0.01 * run.history.steps["learning_rate"][0]
    printed = capsys.readouterr().out
    assert f"Finished at step {run.progress.step:,} of {run.progress.step:,}" in printed
    assert run.validated is not None
    loss = printed.split("All validation examples: loss ")[1].split(",")[0].replace("−", "-")
    assert float(loss) == pytest.approx(run.validated.loss, rel=0.05, abs=5e-5)  # as it is rounded


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
def test_a_console_that_cannot_show_a_character_gets_it_escaped(tmp_path: Path, encoding: str) -> None:
    output = tmp_path / "x.unroll"
    words = ["--train", "names", "--output", str(output), "--steps", "2", "--hidden-size", "8"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "main.py", *words], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"\\xd7" in done.stdout
    assert engine.open_run(output).progress.step == 2
    helped = subprocess.run(
        [sys.executable, "main.py", "--help"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert helped.returncode == 0, helped.stderr
