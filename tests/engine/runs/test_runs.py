"""What a run file holds besides the training, and how it finds its data again."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.runs.data_source import DataSource, beside
from engine.runs.looked_at import LookedAt
from engine.runs.measured import Measured
from engine.runs.safetensors_container import read_container, write_container
from tests.engine.small import Case, data, trainer_of

CASE = Case("one-to-many", "labelled", "gru")


def trained(dataset: engine.Dataset, steps: int = 3) -> engine.Trainer:
    model = engine.build_model(engine.ModelConfig(hidden_size=6, cell="gru"), dataset)
    trainer = engine.Trainer(model, dataset, engine.TrainingConfig(epochs=50))
    for _ in range(steps):
        next(trainer)
    return trainer


def names_file(folder: Path, rows: int = 60) -> Path:
    path = folder / "names.csv"
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(("name", "gender"))
        writer.writerows(
            (f"{'abcdefghij'[k % 10]}{'aeiou'[k % 5]}{'lmnr'[k // 10 % 4]}a{k}", "fm"[k % 2]) for k in range(rows)
        )
    return path


def test_a_run_is_used_without_its_data(tmp_path: Path) -> None:
    path = names_file(tmp_path)
    trainer = trained(engine.load_dataset(path))
    engine.save_run(tmp_path / "run", trainer)
    path.unlink()
    run = engine.open_run(tmp_path / "run")
    answers = run.snapshot.model().generate(count=4, label="f", seed=2)
    assert answers == trainer.model.generate(count=4, label="f", seed=2)


def test_a_run_that_was_cut_off_says_what_it_has_and_what_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "half.unroll"
    engine.save_run(path, trained(engine.load_dataset(names_file(tmp_path))))
    whole = path.read_bytes()
    half, header = len(whole) // 2, 8 + int.from_bytes(whole[:8], "little")
    for size, said in (
        (half, f"a damaged run file, perhaps cut off (it has {half:,} bytes; expected {len(whole):,})"),
        (100, f"a damaged run file, perhaps cut off (it has 100 bytes; expected {header:,} for its header alone)"),
        (5, "not a run file, or a damaged one (it has 5 bytes; expected a header and numbers)"),
    ):
        path.write_bytes(whole[:size])
        with pytest.raises(engine.StorageError) as refused:
            engine.open_run(path)
        assert str(refused.value) == f"{path}: {said}."


def test_training_on_without_the_data_says_which_data_it_needs(tmp_path: Path) -> None:
    path = names_file(tmp_path)
    engine.save_run(tmp_path / "run", trained(engine.load_dataset(path)))
    path.unlink()
    with pytest.raises(engine.StorageError, match=r"'names'.*names\.csv is not there"):
        engine.load_run(tmp_path / "run")


def test_a_run_reads_its_file_again_with_the_settings_it_was_read_with(tmp_path: Path) -> None:
    dataset = engine.load_dataset(names_file(tmp_path), lowercase=True, seed=7, validation=0.2)
    trainer = trained(dataset)
    engine.save_run(tmp_path / "run", trainer)
    resumed = engine.load_run(tmp_path / "run")
    assert resumed.dataset.fingerprint == dataset.fingerprint
    assert next(resumed).loss == next(trainer).loss


@pytest.mark.parametrize("unit", ["character", "word"])
def test_a_run_on_a_sample_makes_the_sample_again(tmp_path: Path, unit: str) -> None:
    dataset = engine.load_sample("reviews", unit=unit, seed=5)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=4), dataset)
    engine.save_run(tmp_path / "run", engine.Trainer(model, dataset))
    assert engine.load_run(tmp_path / "run").dataset.fingerprint == dataset.fingerprint


def test_data_that_moved_with_the_run_are_found_beside_it(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    path = names_file(tmp_path / "before")
    engine.save_run(tmp_path / "after" / "run", trained(engine.load_dataset(path)))
    path.rename(tmp_path / "after" / "names.csv")
    assert next(engine.load_run(tmp_path / "after" / "run")).step == 4


def test_changed_data_are_refused_with_the_reason(tmp_path: Path) -> None:
    path = names_file(tmp_path)
    engine.save_run(tmp_path / "run", trained(engine.load_dataset(path)))
    names_file(tmp_path, rows=61)
    with pytest.raises(engine.StorageError, match="its examples, symbols or split have changed"):
        engine.load_run(tmp_path / "run")


def test_other_data_are_refused_even_if_they_are_given(tmp_path: Path) -> None:
    engine.save_run(tmp_path / "run", trained(data("labelled")))
    with pytest.raises(engine.StorageError, match="not that of this run"):
        engine.load_run(tmp_path / "run", data("sequences"))


def test_data_that_cannot_be_read_any_more_are_a_storage_error(tmp_path: Path) -> None:
    path = names_file(tmp_path)
    engine.save_run(tmp_path / "run", trained(engine.load_dataset(path)))
    path.write_text("")
    with pytest.raises(engine.StorageError, match="cannot be read again"):
        engine.load_run(tmp_path / "run")


@pytest.mark.parametrize(
    "path",
    [
        "\\\\server\\share\\names.csv",
        "//server/share/names.csv",
        "/\\server\\share\\names.csv",
        "\\/server/share/names.csv",
        "names\x00.csv",
    ],
)
def test_a_run_from_somebody_else_calls_no_other_machine(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def nothing_there(place: Path) -> bool:
        asked.append(place)
        return False

    for name in ("is_file", "is_dir", "exists"):
        monkeypatch.setattr(Path, name, nothing_there)
    with pytest.raises(engine.StorageError, match="needs the data"):
        DataSource("names", "", path, "0" * 16, engine.DataConfig()).load(tmp_path / "run")
    assert [place for place in asked if place.parent != tmp_path] == []
    assert bool(asked) == ("\x00" not in path), "the folder of the run is looked into"


def test_a_path_longer_than_any_file_is_data_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(engine.StorageError, match="needs the data"):
        DataSource("names", "", "/" + "n" * 5000, "0" * 16, engine.DataConfig()).load(tmp_path / "run")
    with pytest.raises(engine.StorageError, match="no such file"):
        engine.open_run(tmp_path / ("n" * 5000))


def test_a_validation_file_on_another_machine_is_not_asked_for(tmp_path: Path) -> None:
    config = engine.DataConfig(validation_file="/\\server\\share\\names.csv")
    source = DataSource("names", "", str(names_file(tmp_path)), "0" * 16, config)
    with pytest.raises(engine.StorageError, match="is on another machine"):
        source.load()


def test_a_run_names_the_files_that_it_would_have_read(tmp_path: Path) -> None:
    own, validation = names_file(tmp_path), tmp_path / "validation.csv"
    validation.write_bytes(own.read_bytes())
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("a 0.5 1.5\nb 1.0 2.0\n")
    dataset = engine.load_dataset(own, validation=validation)
    config = engine.ModelConfig(hidden_size=4, embedding_size=2, vectors=str(vectors))
    run = engine.Run.of(engine.Trainer(engine.build_model(config, dataset), dataset))
    assert run.files == (str(own), str(validation), str(vectors))
    sample = engine.load_sample("alphabet")
    assert engine.Run.of(engine.Trainer(engine.build_model(engine.ModelConfig(), sample), sample)).files == ()


def test_files_of_one_name_are_not_looked_for_beside_the_run(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("one\ntwo\n")
    both = (str(tmp_path / "source" / "text.txt"), str(tmp_path / "target" / "text.txt"))
    source = DataSource("text", "", "", "0" * 16, engine.DataConfig(), together=both)
    assert source.files == both
    assert beside(both, tmp_path / "run") == source.found(tmp_path / "run") == ()
    with pytest.raises(engine.StorageError, match=r"needs the files text\.txt and text\.txt .*; open them"):
        source.load(tmp_path / "run")


def test_a_run_that_knows_nothing_of_its_files_opens_still() -> None:
    both = (str(Path("a.de").absolute()), str(Path("a.en").absolute()))
    source = DataSource("a", "", "", "0" * 16, engine.DataConfig(), together=both)
    values = source.to_json()
    assert DataSource.from_json(values) == source
    del values["together"]
    assert DataSource.from_json(values).paths == ()
    with pytest.raises(ValueError, match="together"):
        DataSource.from_json(values | {"together": [1]})


@pytest.mark.parametrize(("name", "guessed"), [("reviews", True), ("2024.07.reviews", False)])
def test_a_run_knows_that_its_data_are_a_folder(tmp_path: Path, name: str, guessed: bool) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for label in ("good", "bad"):
        (folder / f"{label}.txt").write_text("".join(f"dish {n} was {label}\n" for n in range(20)), "utf-8")
    source = DataSource.of(engine.load_dataset(folder))
    values = source.to_json()
    assert DataSource.from_json(values) == source
    assert source.folder
    del values["folder"]  # as in older runs
    assert DataSource.from_json(values).folder is guessed
    one = DataSource.of(engine.load_dataset(folder / "good.txt"))
    assert not one.folder
    with pytest.raises(ValueError, match="folder"):
        DataSource.from_json(values | {"folder": 1})


def test_data_from_python_rows_have_no_path_and_can_be_given(tmp_path: Path) -> None:
    engine.save_run(tmp_path / "run", trained(data("labelled")))
    with pytest.raises(engine.StorageError, match="open it to continue training"):
        engine.load_run(tmp_path / "run")
    assert engine.load_run(tmp_path / "run", data("labelled")).step == 3


def test_the_timeline_and_the_best_weights_come_back(tmp_path: Path) -> None:
    trainer = trained(data("labelled"), 0)
    moments = []
    for update in trainer:
        moments.append(trainer.snapshot())
        if update.step == 30:
            break
    engine.save_run(tmp_path / "run", trainer, moments)
    run = engine.open_run(tmp_path / "run")
    assert [moment.step for moment in run.timeline] == list(range(1, 31))
    for old, new in zip(moments, run.timeline, strict=True):
        assert np.array_equal(old.weights, new.weights)
        assert not new.weights.flags.writeable
    assert run.best_snapshot is not None
    assert trainer.best is not None
    assert run.best_snapshot.step == trainer.best.step
    assert np.array_equal(run.best_snapshot.weights, trainer.best.weights)
    assert run.timeline[4].model().generate(seed=1) == moments[4].model().generate(seed=1)


def test_the_curves_come_back_as_they_were(tmp_path: Path) -> None:
    trainer = trained(data("labelled"), 40)
    engine.save_run(tmp_path / "run", trainer)
    history = engine.open_run(tmp_path / "run").history
    for table, before in ((history.steps, trainer.history.steps), (history.validations, trainer.history.validations)):
        assert table.keys() == before.keys()
        assert len(table["loss"]) > 0
        for name, column in before.items():
            assert np.array_equal(table[name], column, equal_nan=True), name


def test_other_tools_read_the_weights_by_name(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    trainer = trained(data("labelled"))
    engine.save_run(tmp_path / "run", trainer)
    arrays = load_file(tmp_path / "run")
    for name, weights in trainer.model.parameters.items():
        assert np.array_equal(arrays[f"weights.{name}"], weights), name


def test_symbols_of_every_script_and_broken_ones_come_back(tmp_path: Path) -> None:
    rows = ["ماء", "水だ", "naïve", "👩‍👩‍👧x", '"\\', "\ud800a", "<unk></s>"] * 3
    dataset = engine.make_dataset([f"{row}{k}" for k, row in enumerate(rows)], "sequences", unit="character")
    engine.save_run(tmp_path / "run", trained(dataset))
    codec = engine.open_run(tmp_path / "run").snapshot.codec
    assert codec.source.symbols == dataset.codec.source.symbols
    assert engine.load_run(tmp_path / "run", dataset).step == 3


def test_a_file_of_text_is_no_run_and_a_run_is_one(tmp_path: Path) -> None:
    engine.save_run(tmp_path / "run", trained(data("labelled")))
    assert engine.is_run(tmp_path / "run")
    assert not engine.is_run(names_file(tmp_path))
    assert not engine.is_run(tmp_path)
    assert not engine.is_run(tmp_path / "nothing")


def test_a_network_whose_weights_are_no_numbers_is_not_saved_over_a_sound_run(tmp_path: Path) -> None:
    trainer = trained(data("labelled"))
    engine.save_run(tmp_path / "run", trainer)
    before = (tmp_path / "run").read_bytes()
    trainer.model.parameters.flat[5] = np.nan
    with pytest.raises(engine.StorageError, match="not finite"):
        engine.save_run(tmp_path / "run", trainer)
    assert (tmp_path / "run").read_bytes() == before


def test_what_a_test_file_gave_is_kept_in_the_run_and_told_in_the_report(tmp_path: Path) -> None:
    run = engine.Run.of(trained(data("labelled")))
    assert run.tested is None
    values = {"accuracy": 0.75, "perplexity": float("inf")}
    tested = Measured("/elsewhere/test.csv", 2, 20, 0.6931, values, "18 of 20 texts are also in the training data")
    assert tested.in_words.startswith("Test on test.csv (step 2, 20 examples; 18 of 20 texts are also in the training")
    engine.write_run(tmp_path / "run", dataclasses.replace(run, tested=tested))
    opened = engine.open_run(tmp_path / "run")
    assert opened.tested == tested
    engine.export_report(opened, tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text("utf-8")
    assert "<h2>Test file</h2>" in report
    assert "test.csv" in report
    assert "0.7500" in report
    assert tested.remark in report
    step = opened.weights_step
    assert f"given with the weights of step {step}; the test file was measured with those of step 2." in report
    assert '<td>2<td class="note">measured with the weights of this step; the answers are those of step' in report
    same = dataclasses.replace(opened, tested=dataclasses.replace(tested, step=step))
    engine.export_report(same, tmp_path / "report.html")
    assert "measured with" not in (tmp_path / "report.html").read_text("utf-8")
    engine.write_run(tmp_path / "without", run)
    assert engine.open_run(tmp_path / "without").tested is None


def test_a_small_loss_is_never_written_as_nothing_in_the_report(tmp_path: Path) -> None:
    run = engine.Run.of(trainer := trained(data("labelled")))
    assert trainer.best is not None
    best = dataclasses.replace(trainer.best, loss=2.04e-5)
    tested = Measured("test.csv", 3, 20, 1.04e-5, {"accuracy": 1.0})
    engine.export_report(dataclasses.replace(run, best=best, tested=tested), tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text("utf-8")
    assert "1.0e−5" in report
    assert "Best validation loss 2.0e−5 at step" in report
    assert "0.0000" not in report


def test_the_figures_of_the_end_are_kept_with_the_run(tmp_path: Path) -> None:
    trainer = trainer_of(epochs=2, patience=2, best_by="accuracy")
    engine.save_run(tmp_path / "early", trainer)
    assert engine.open_run(tmp_path / "early").validated is None
    for _ in trainer:
        pass
    engine.save_run(tmp_path / "run", trainer)
    run = engine.open_run(tmp_path / "run")
    assert run.validated is not None
    assert run.best is not None
    assert trainer.final is not None
    assert (run.validated.loss, run.validated.examples) == (trainer.final.loss, len(trainer.dataset.validation))
    assert run.best.value == trainer.final.accuracy
    again = run.trainer(trainer.dataset)
    assert list(again) == []
    assert again.final is not None
    assert dict(again.final.values) == dict(trainer.final.values)


WALKS = [f"{s},{t},{(t * (2 + s % 2)) % 7},{('slow', 'fast')[s % 2]}" for s in range(12) for t in range(9)]
DRILL = [f"{a}\t{b}" for a, b in zip("abcdef", "uvwxyz", strict=True)] * 20


@pytest.mark.parametrize(
    ("name", "rows", "before"),
    [
        ("walks.csv", ["series,step,x,label", *WALKS], {"source_column": "step + x"}),
        ("drill.tsv", DRILL, {"kind": "labelled", "source_column": "column 2", "target_column": "column 1"}),
    ],
)
def test_data_that_are_recognised_otherwise_than_before_are_read_in_the_columns_of_the_run(
    name: str, rows: list[str], before: dict[str, str], tmp_path: Path
) -> None:
    """A counter of steps was once a value, and drilled words were labels: what was trained so goes on so."""
    data = tmp_path / name
    data.write_text("\n".join(rows) + "\n", "utf-8")
    dataset = engine.load_dataset(data, **before)
    assert dataset.fingerprint != engine.load_dataset(data).fingerprint
    trainer = engine.Trainer(engine.build_model(engine.ModelConfig(architecture="many-to-one"), dataset), dataset)
    next(trainer)
    run = engine.Run.of(trainer)
    earlier = dataclasses.replace(run, data=dataclasses.replace(run.data, config=engine.DataConfig()))
    engine.write_run(tmp_path / "run", earlier)
    again = engine.load_run(tmp_path / "run")
    assert again.dataset.fingerprint == dataset.fingerprint
    next(again)
    engine.save_run(tmp_path / "run", again)
    assert engine.load_run(tmp_path / "run").step == 2
    moved = data.rename(tmp_path / f"moved-{name}")
    assert run.data.read([moved]).fingerprint == dataset.fingerprint
    moved.write_text("\n".join(rows[:-6]) + "\n", "utf-8")
    with pytest.raises(engine.StorageError, match="is not that of this run"):
        earlier.trainer(run.data.read([moved]))


def test_the_text_that_was_looked_at_is_kept_unless_it_is_endless(tmp_path: Path) -> None:
    run = engine.Run.of(trained(data("labelled")))
    for text, kept in (("a \ud800 b\u2028 c", True), ("x" * 10**6, False)):
        looked_at = LookedAt.of(text, "f")
        assert (looked_at is not None) is kept
        engine.write_run(tmp_path / "run", dataclasses.replace(run, looked_at=looked_at))
        assert engine.open_run(tmp_path / "run").looked_at == looked_at
    document, arrays = read_container(tmp_path / "run")
    write_container(tmp_path / "long", document | {"looked_at": {"text": "x" * 10**6, "label": ""}}, arrays)
    assert engine.open_run(tmp_path / "long").looked_at is None
    write_container(tmp_path / "bad", document | {"looked_at": {"text": 5, "label": ""}}, arrays)
    with pytest.raises(engine.StorageError, match="text is not a string"):
        engine.open_run(tmp_path / "bad")
