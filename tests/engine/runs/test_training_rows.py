"""Training data are told from others although the validation data that belong to them are missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.runs.training_rows import check_training_rows

WORDS = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]


def labelled(words: list[str]) -> str:
    return "text,label\n" + "".join(f"{word},{'ab'[len(word) % 2]}\n" for word in words)


def pairs(words: list[str]) -> str:
    return "".join(f"{word}\t{word[::-1]}\n" for word in words)


def tagged(words: list[str]) -> str:
    return "".join(f"{word} {'XY'[len(word) % 2]}\nruns V\n. P\n\n" for word in words)


def prose(words: list[str]) -> str:
    return "".join(
        f"Once upon a time there was {word}. Nobody else knew\nof it at all and so it stayed for many a year.\n"
        for word in words
    )


def series(words: list[str]) -> str:
    return "n\n" + "".join(f"{len(word) + np.sin(t):.4f}\n" for word in words for t in range(9))


def rated(words: list[str]) -> str:
    return "text,stars\n" + "".join(f"the {word} was good,{len(word) + k / 10}\n" for k, word in enumerate(words))


@pytest.mark.parametrize(
    ("architecture", "form"),
    [
        ("many-to-one", labelled),
        ("many-to-one", rated),
        ("many-to-many", tagged),
        ("many-to-many", series),
        ("encoder-decoder", pairs),
        ("one-to-many", prose),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_own_training_rows_fit_and_others_do_not(tmp_path: Path, architecture: str, form) -> None:  # type: ignore[no-untyped-def]
    (data := tmp_path / "data.txt").write_text(form(WORDS), "utf-8")
    (validation := tmp_path / "validation.txt").write_text(form(["otto", "hugo", "nora"]), "utf-8")
    (other := tmp_path / "other.txt").write_text(form([*WORDS[:-1], "theodora"]), "utf-8")
    dataset = engine.load_dataset(data, validation=validation)
    config = engine.ModelConfig(architecture=architecture, hidden_size=4)
    engine.save_run(tmp_path / "run", engine.Trainer(engine.build_model(config, dataset), dataset))
    run = engine.open_run(tmp_path / "run")
    validation.unlink()
    check_training_rows(run, [data.rename(tmp_path / "moved.txt")], run.data.config)
    with pytest.raises(engine.StorageError, match="'other' is not that of this run"):
        check_training_rows(run, [other], run.data.config)


def test_a_label_that_only_the_validation_data_have_does_not_matter(tmp_path: Path) -> None:
    (data := tmp_path / "data.csv").write_text(labelled(WORDS), "utf-8")
    (validation := tmp_path / "validation.csv").write_text("text,label\notto,c\nhugo,a\nnora,b\nelsa,a\n", "utf-8")
    dataset = engine.load_dataset(data, validation=validation)
    run = engine.Run.of(engine.Trainer(engine.build_model(engine.ModelConfig("many-to-one"), dataset), dataset))
    assert "c" in dataset.labels
    check_training_rows(run, [data], run.data.config)


def test_two_parallel_files_are_told_from_others_too(tmp_path: Path) -> None:
    def write(name: str, words: list[str]) -> list[Path]:
        sides = [tmp_path / f"{name}.{side}" for side in ("en", "de")]
        for side, text in zip(sides, (words, [word[::-1] for word in words]), strict=True):
            side.write_text("".join(f"{one} goes home now\n" for one in text), "utf-8")
        return sides

    both, held_out, others = write("train", WORDS), write("val", ["otto", "hugo"]), write("others", WORDS[::-1][1:])
    dataset = engine.load_dataset(both, validation=held_out[0])
    run = engine.Run.of(engine.Trainer(engine.build_model(engine.ModelConfig("encoder-decoder"), dataset), dataset))
    check_training_rows(run, both, run.data.config)
    with pytest.raises(engine.StorageError, match="is not that of this run"):
        check_training_rows(run, others, run.data.config)
