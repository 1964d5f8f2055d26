"""Arguments that have no effect, and impossible values, are refused in one line before anything is done."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

import engine
from gui import headless
from gui.app import main
from gui.headless.arguments import ARGUMENTS, SETTINGS, VERBS, WORKS, flag_of
from gui.headless.checks import check_given

OPTIONS = [("", name) for name in ARGUMENTS if name not in WORKS]
OPTIONS += [(group, name) for group, settings in SETTINGS.items() for name in settings.config.options()]
BOUNDED = [
    (group, name, settings.config.options()[name])
    for group, settings in SETTINGS.items()
    for name in settings.config.options()
    if settings.config.options()[name].minimum is not None
]


def call(*words: str | Path) -> int:
    return main([str(word) for word in words])


def some(name: str) -> Any:
    """A value of an argument."""
    return ["x"] if ARGUMENTS[name].several else 1


def given(work: str, **values: Any) -> argparse.Namespace:
    """A command line for this work, with some arguments."""
    names = [*ARGUMENTS, *(f"{group}.{name}" for group in SETTINGS for name in SETTINGS[group].config.options())]
    return argparse.Namespace(**{**dict.fromkeys(("file", *names)), **({work: some(work)} if work else {}), **values})


def works_of(group: str, name: str) -> tuple[str, ...]:
    if not group:
        return ARGUMENTS[name].works
    return *SETTINGS[group].works, *SETTINGS[group].also.get(name, ())


@pytest.mark.parametrize(("group", "name"), OPTIONS, ids=lambda part: part)
def test_an_argument_is_refused_with_everything_that_it_is_not_for(group: str, name: str) -> None:
    dest, flag, works = (f"{group}.{name}" if group else name), flag_of(name, group), works_of(group, name)
    default = SETTINGS[group].config.default(name) if group else some(name)
    assert works
    for work in ("", *WORKS):
        if work in works:
            needed = ARGUMENTS[name].needs.get(work, ())[:1] if not group else ()
            check_given(given(work, **{dest: default}, **dict.fromkeys(needed, "x")))
            continue
        with pytest.raises(engine.ConfigError) as refused:
            check_given(given(work, **{dest: default}))
        assert str(refused.value).startswith(f"{flag} has no effect {f'with --{work}' if work else 'in the window'}; ")
        assert all(flag_of(each) in str(refused.value) for each in works)


@pytest.mark.parametrize(
    ("group", "name", "declared"), BOUNDED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_impossible_value_is_refused_by_the_name_of_its_argument(group: str, name: str, declared: Any) -> None:
    work, flag = works_of(group, name)[0], flag_of(name, group)
    for value in (declared.minimum - 1, declared.maximum + 1):
        like = type(SETTINGS[group].config.default(name))(value)
        with pytest.raises(engine.ConfigError, match=f"^{flag} is .*; expected .* to "):
            check_given(given(work, **{f"{group}.{name}": like}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--train", "names", "--evaluate", "x"], "--train and --evaluate cannot be used together."),
        (["run", "--generate", "0"], "--generate is 0; expected 1 or more."),
        (["run", "--forecast", "x", "--ahead", "-1"], "--ahead is -1; expected 1 or more."),
        (["--train", "names", "--steps", "-2"], "--steps is -2; expected 0 or more."),
        (["--train", "names", "--cell", "x"], "--cell is 'x'; expected one of 'rnn', "),
        (["--train", "names", "--data-seed", "-1"], "--data-seed is -1; expected 0 to 2,147,483,647."),
        (["run", "--generate", "1", "--temperature", "nan"], "--temperature is nan; expected a finite number."),
        (["--train", "names", "--overwrite"], "--overwrite has no effect without --output."),
        (["--train", "names", "--use-best"], "--use-best has no effect without one of --export-onnx, "),
        (["--train", "names", "--steps", "0", "--from-data", "x"], "--from-data has no effect: names is no saved run"),
        (["run", "--classify", ""], "--classify is empty; expected FILE."),
        (["--train", "names", "", "--output", "x"], "--train is empty; expected DATA."),
        (["--train", "names", "--output", ""], "--output is empty; expected RUN."),
        (["--train", "names", "--output", "x", "--export-curves", ""], "--export-curves is empty; expected FILE."),
        (["", "--generate", "1"], "The name of the file is empty; expected FILE."),
        (["--train", "x.csv", "--output", "x", "--source-column", "a", "--target-column", "a"], "--source-column and "),
        (["--train", "names", "--output", "x", "--export-curves", "."], ". cannot be written: it is a folder."),
        (["names.csv", "--epochs", "3"], "--epochs has no effect in the window; it goes with --train."),
        (["--train", "names", "--output", "x", "--test-file", "none.csv"], "--test-file none.csv: there is no "),
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_told_before_anything_is_done(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(*words) == headless.WRONG
    printed = capsys.readouterr()
    assert printed.err.startswith(said)
    assert printed.err.count("\n") == 1
    assert (printed.out, [*tmp_path.iterdir()]) == ("", [])


@pytest.mark.parametrize("words", [["--epochs", "many"], ["--no-such-option"], ["--format", "xml"], ["--train"]])
def test_what_cannot_be_parsed_is_told_in_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call(*words)
    assert ended.value.code == headless.WRONG
    said = capsys.readouterr().err
    assert words[0] in said
    assert said.count("\n") == 1


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run"
    assert call("--train", "alphabet", "--output", path, "--steps", "2", "--hidden-size", "8") == 0
    return path


def test_what_has_no_effect_on_this_run_is_said_in_a_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert call(run, "--generate", "2", "--temperature", "0", "--top-k", "3", "--seed", "1", "--use-best") == 0
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 2
    assert [line.split(" has no effect: ")[0] for line in printed.err.splitlines()] == [
        "--use-best",
        "--top-k",
        "--seed",
    ]
    assert call(run, "--generate", "2", "--top-k", "3", "--seed", "1") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("also", [["--output", "x"], ["--epochs", "9"], ["--workers", "2"]], ids=lambda also: also[0])
def test_exporting_alone_takes_nothing_that_is_for_training(
    run: Path, also: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert call("--train", run, "--steps", "0", "--export-curves", tmp_path / "c.csv", *also) == headless.WRONG
    assert capsys.readouterr().err.startswith(f"{also[0]} has no effect with --steps 0")
    assert not (tmp_path / "c.csv").exists()
    assert call("--train", run, "--steps", "0") == headless.WRONG
    assert "--export-onnx" in capsys.readouterr().err


def test_a_setting_of_the_data_that_has_no_effect_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"{a}{b}{c}a" for a in "klmnp" for b in "aeiou" for c in "rst"))
    words = ["--target-column", "text", "--delimiter", ";", "--data-seed", "3", "--epochs", "5", "--minutes", "1"]
    assert call("--train", path, "--steps", "0", "--output", tmp_path / "run", *words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "  data-seed 3: as given" in lines
    for name in ("target-column text", "delimiter ;", "epochs 5"):
        assert any(line.startswith(f"  {name}: as given, without effect: ") for line in lines)
    assert not any("longest" in line for line in lines), "of the data, only what was given"


@pytest.mark.parametrize("written", ["\t", "\\t", "tab"])
def test_a_tab_can_be_typed_as_the_help_writes_it(
    written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "moods.tsv"
    path.write_text("text\tmood\n" + "".join(f"{a} {b}\t{a}\n" for a in ("good", "bad") for b in "klmnoprst"))
    assert call("--train", path, "--steps", "0", "--output", tmp_path / "run", "--delimiter", written) == 0
    assert "  delimiter \\t: as given\n" in capsys.readouterr().out


def test_a_delimiter_that_no_line_has_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "moods.csv"
    path.write_text("text,mood\n" + "".join(f"{a} {b},{a}\n" for a in ("good", "bad") for b in "klmnoprst"))
    words = ["--delimiter", "tab", "--kind", "labelled"]
    assert call("--train", path, "--steps", "0", "--output", tmp_path / "run", *words) == 2
    assert "No line holds a tab, which was chosen as the delimiter." in capsys.readouterr().err


def test_texts_with_one_number_are_told_of_no_column_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "stars.csv"
    path.write_text("review,stars\n" + "".join(f"day {a}{b},5.3\n" for a in "klmno" for b in "aeiou"))
    assert call("--train", path, "--kind", "rated", "--steps", "0", "--output", tmp_path / "run") == 2
    assert "Every training row has the same number, 5.3; expected numbers that vary." in capsys.readouterr().err


def test_every_verb_has_a_declaration() -> None:
    assert {*VERBS} <= {*ARGUMENTS}


def test_a_test_file_has_an_effect_on_a_sample_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    test = tmp_path / "test.txt"
    test.write_text("abcdef\nmnopqrs\n")
    words = ["--hidden-size", "8", "--epochs", "1", "--test-file", str(test), "--encoding", "utf-8"]
    assert call("--train", "alphabet", "--output", tmp_path / "run", *words) == 0
    printed = capsys.readouterr().out
    assert f"  test-file {test}: as given\n" in printed
    assert "  encoding utf-8: as given, without effect: A sample is built in" in printed
    assert "Test: loss " in printed
