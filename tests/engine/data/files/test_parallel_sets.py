"""Validation and test sets for parallel files: one side names the other, and the sides keep the order of training."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.data.codec import Kind
from engine.data.examples_file import load_examples
from engine.data.files.readers import READERS
from engine.data.files.recognition import Recognition
from engine.runs.data_source import DataSource

ENGLISH = [f"the {a} {b} sees a {c}" for a in ("red", "old") for b in ("cat", "dog", "man") for c in ("tree", "car")]
WORDS = {"the": "der", "a": "ein", "sees": "sieht", "red": "rote", "old": "alte", "cat": "Kater", "dog": "Hund",
         "man": "Mann", "tree": "Baum", "car": "Wagen"}  # fmt: skip
GERMAN = [" ".join(WORDS[word] for word in text.split()) for text in ENGLISH]
SIDES = {"en": ENGLISH, "de": GERMAN}


def put(folder: Path, stem: str, repeats: int = 1) -> dict[str, Path]:
    folder.mkdir(exist_ok=True)
    files = {side: folder / f"{stem}.{side}" for side in SIDES}
    for side, path in files.items():
        path.write_text("".join(f"{text}\n" for text in SIDES[side] * repeats), "utf-8")
    return files


def sources(examples: engine.Examples) -> set[str]:
    return {" ".join(map(str, example.source)) for example in examples}


@pytest.mark.parametrize("order", [("en", "de"), ("de", "en")])
@pytest.mark.parametrize("named", ["en", "de", "folder"])
def test_a_set_is_read_in_the_order_of_the_training_files(order: tuple[str, str], named: str, tmp_path: Path) -> None:
    train = put(tmp_path, "train", 4)
    test = put(tmp_path / "other", "newstest")
    given = tmp_path / "other" if named == "folder" else test[named]
    dataset = engine.load_dataset([train[side] for side in order], unit="word", validation=given, test=given)
    assert dataset.kind == "pairs"
    assert sources(dataset.validation) == {*SIDES[order[0]]}
    assert sources(dataset.test) == {*SIDES[order[0]]}
    # a saved run, which knows the names of its files, does the same
    again = DataSource.of(dataset)
    again = DataSource.from_json(again.to_json())
    assert sources(load_examples(given, dataset.codec, again.config, again.layout).examples) == {*SIDES[order[0]]}


def test_one_side_alone_is_refused_with_the_name_of_the_other(tmp_path: Path) -> None:
    train = put(tmp_path, "train", 4)
    lone = put(tmp_path / "other", "test")
    lone["de"].unlink()
    dataset = engine.load_dataset([train["en"], train["de"]], test=lone["en"])
    with pytest.raises(engine.DataError, match=r"test\.en: .*one side of parallel files; expected test\.de beside it"):
        _ = dataset.test


def test_a_table_of_both_sides_does_as_well(tmp_path: Path) -> None:
    train = put(tmp_path, "train", 4)
    table = tmp_path / "both.tsv"
    table.write_text("".join(f"{a}\t{b}\n" for a, b in zip(ENGLISH, GERMAN, strict=True)), "utf-8")
    dataset = engine.load_dataset([train["en"], train["de"]], unit="word", test=table)
    assert sources(dataset.test) == {*ENGLISH}


@pytest.mark.parametrize(
    ("columns", "given", "expected"),
    [
        (("train.en.txt", "train.de.txt"), ["dev_2.de.txt"], ["dev_2.en.txt", "dev_2.de.txt"]),
        (("seq.in", "seq.out"), ["test-seq.out"], ["test-seq.in", "test-seq.out"]),
        (("en.train.en", "en.train.de"), ["en.test.en"], ["en.test.en", "en.test.de"]),
        (("a.en", "b.de"), ["c.en"], ["c.en"]),
        (("a.en", "a.de"), ["pairs.tsv"], ["pairs.tsv"]),
        (("a.en", "a.de"), ["b.de", "b.en"], ["b.en", "b.de"]),
        (("a.en", "a.de"), ["b.de", "b.fr"], ["b.de", "b.fr"]),
    ],
)
def test_the_other_side_is_found_by_what_tells_the_names_apart(
    columns: tuple[str, ...], given: list[str], expected: list[str], tmp_path: Path
) -> None:
    for name in {*given, *expected}:
        (tmp_path / name).touch()
    like = Recognition("parallel", Kind.PAIRS, "", columns)
    found = READERS["parallel"].members([tmp_path / name for name in given], like)
    assert [path.name for path in found] == expected


@pytest.mark.parametrize("first", ["en", "digits"])
def test_a_side_of_plain_numbers_is_one_of_two_sides(first: str, tmp_path: Path) -> None:
    """Two names that say nothing, unlike x.en and x.de: only the lines show that they belong together."""
    tens = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty")
    words = [f"{ten} {ones} {more}".strip() for ten in tens
             for ones in ("one", "two", "five") for more in ("", "thousand")]  # fmt: skip
    numbers = [str(n * 10 ** (3 * (n % 2)) + 21) for n in range(len(words))]
    files = {"en": tmp_path / "num.en", "digits": tmp_path / "num.digits"}
    files["en"].write_text("\n".join(words), "utf-8")
    files["digits"].write_text("\n".join(numbers), "utf-8")
    second = "digits" if first == "en" else "en"
    dataset = engine.load_dataset([files[first], files[second]])
    assert dataset.kind == Kind.PAIRS
    assert dataset.recognition.form == "parallel"
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == (f"num.{first}", f"num.{second}")
    files["digits"].write_text("\n".join(numbers[:30]), "utf-8")
    with pytest.raises(engine.DataError, match="These 2 files cannot be read together; expected files in which each l"):
        engine.load_dataset([files[first], files[second]])


WORDS_OF_TWO = {
    "cat": "chat", "good night": "bonne nuit", "thank you": "merci", "hello": "bonjour", "dog": "chien", "i": "je",
}  # fmt: skip


def put_two(folder: Path, repeats: int, names: tuple[str, str] = ("left.txt", "right.txt")) -> list[Path]:
    sides = zip(*WORDS_OF_TWO.items(), strict=True)
    paths = [folder / name for name in names]
    for path, words in zip(paths, sides, strict=True):
        path.write_text("".join(f"{word}\n" for word in words) * repeats, "utf-8")
    return paths


@pytest.mark.parametrize("repeats", [1, 3, 20])
@pytest.mark.parametrize("first", [0, 1])
def test_two_files_of_a_few_words_are_pairs_in_the_order_given(first: int, repeats: int, tmp_path: Path) -> None:
    """Six different lines, however often they are drilled, are not the labels of six others."""
    given = put_two(tmp_path, repeats)[:: 1 - 2 * first]
    found = engine.load_dataset(given).recognition
    assert (found.form, found.kind) == ("parallel", Kind.PAIRS)
    assert (found.source_column, found.target_column) == (given[0].name, given[1].name)


def test_a_table_of_a_few_words_that_are_drilled_is_pairs(tmp_path: Path) -> None:
    rows = "".join(f"{a}\t{b}\n" for a, b in WORDS_OF_TWO.items()) * 20
    for header in ("", "en\tfr\n", "source\ttarget\n"):
        (tmp_path / "words.tsv").write_text(header + rows, "utf-8")
        found = engine.load_dataset(tmp_path / "words.tsv").recognition
        assert found.kind == Kind.PAIRS, header
        assert (found.source_column, found.target_column) == found.columns, "in their order"


def test_of_two_files_one_of_labels_is_known_by_how_few_there_are_or_by_its_name(tmp_path: Path) -> None:
    text, _ = put_two(tmp_path, 3)
    (tmp_path / "kind.txt").write_text("noun\nphrase\nphrase\nphrase\nnoun\nnoun\n" * 3, "utf-8")
    found = engine.load_dataset([tmp_path / "kind.txt", text]).recognition
    assert (found.kind, found.source_column, found.target_column) == (Kind.LABELLED, "left.txt", "kind.txt")
    texts, labels = put_two(tmp_path, 20, ("text.txt", "label.txt"))
    found = engine.load_dataset([labels, texts]).recognition
    assert (found.kind, found.source_column, found.target_column) == (Kind.LABELLED, "text.txt", "label.txt")


def test_a_few_sentences_with_a_word_each_are_still_labelled(tmp_path: Path) -> None:
    rows = "a good film\tpos\na bad film\tneg\nthe same film\tpos\n" * 20
    (tmp_path / "films.tsv").write_text(rows, "utf-8")
    found = engine.load_dataset(tmp_path / "films.tsv").recognition
    assert (found.kind, found.source_column, found.target_column) == (Kind.LABELLED, "column 1", "column 2")


def test_a_folder_with_as_few_words_in_each_file_is_labelled_by_its_files(tmp_path: Path) -> None:
    put_two(tmp_path, 1)
    assert engine.load_dataset(tmp_path).recognition.form == "folder"
