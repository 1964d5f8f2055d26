"""A test file is read as the training file was, only when it is asked for, and refused when it asks something else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import engine
from engine.data.examples_file import load_examples
from engine.data.files.textfile import TextFile

WORDS = itertools.product(("fine", "great", "bad", "weak"), ("film", "plot", "cast"), ("indeed", "really"))
TEXTS = [(" ".join(words), "good" if words[0] in ("fine", "great") else "poor") for words in WORDS]


def table(path: Path, rows: list[tuple[str, str]], head: str = "review,verdict") -> Path:
    path.write_text("\n".join([head, *(f"{text},{label}" for text, label in rows)]) + "\n", "utf-8")
    return path


def test_a_test_file_is_not_opened_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train, test = table(tmp_path / "train.csv", TEXTS), table(tmp_path / "test.csv", TEXTS[:5])
    opened: list[str] = []
    before = TextFile.__init__

    def noted(self: TextFile, path: Path, *rest: object, **more: object) -> None:
        opened.append(Path(path).name)
        before(self, path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(TextFile, "__init__", noted)
    dataset = engine.load_dataset(train, test=test)
    assert "test.csv" not in opened
    assert dataset.test is not None
    assert opened[-1] == "test.csv"
    assert [" ".join(example.source) for example in dataset.test] == [text for text, _ in TEXTS[:5]]
    assert [example.target for example in dataset.test] == [(label,) for _, label in TEXTS[:5]]
    assert engine.load_dataset(train).test is None


def test_a_test_file_does_not_change_which_data_they_are(tmp_path: Path) -> None:
    train, test = table(tmp_path / "train.csv", TEXTS), table(tmp_path / "test.csv", TEXTS[:5])
    assert engine.load_dataset(train, test=test).fingerprint == engine.load_dataset(train).fingerprint


def test_a_file_measured_on_its_own_gives_the_figures_it_gives_as_validation_file(tmp_path: Path) -> None:
    train, other = table(tmp_path / "train.csv", TEXTS), table(tmp_path / "other.csv", TEXTS[3:14])
    dataset = engine.load_dataset(train, validation=other)
    model = engine.build_model(engine.ModelConfig(architecture="many-to-one", hidden_size=8), dataset, seed=1)
    found = load_examples(other, dataset.codec, dataset.config, dataset.recognition)
    assert (found.rows, found.left_out) == (11, {})
    expected, measured = engine.evaluate(model, dataset.validation), engine.evaluate(model, found.examples)
    assert measured.loss == pytest.approx(expected.loss)
    assert measured.values == pytest.approx(expected.values)


def test_columns_of_the_training_file_are_found_again_in_another_order(tmp_path: Path) -> None:
    train = table(tmp_path / "train.csv", TEXTS)
    turned = tmp_path / "turned.csv"
    turned.write_text("id,verdict,review\n" + "".join(f"{k},{b},{a}\n" for k, (a, b) in enumerate(TEXTS)), "utf-8")
    dataset = engine.load_dataset(train)
    found = load_examples(turned, dataset.codec, dataset.config, dataset.recognition)
    assert [" ".join(example.source) for example in found.examples] == [text for text, _ in TEXTS]


def test_answers_to_another_question_are_refused_with_both_sets_of_labels(tmp_path: Path) -> None:
    dataset = engine.load_dataset(table(tmp_path / "train.csv", TEXTS))
    other = table(tmp_path / "other.csv", [(text, "spam" if k % 2 else "ham") for k, (text, _) in enumerate(TEXTS)])
    with pytest.raises(engine.DataError, match=r"never learned, such as .*'ham'.*; it knows .*'good'"):
        load_examples(other, dataset.codec, dataset.config, dataset.recognition)


def test_a_few_labels_that_were_never_learned_are_left_out_and_named(tmp_path: Path) -> None:
    dataset = engine.load_dataset(table(tmp_path / "train.csv", TEXTS))
    other = table(tmp_path / "other.csv", [*TEXTS[:20], ("fine film", "mixed")])
    found = load_examples(other, dataset.codec, dataset.config, dataset.recognition)
    assert (len(found.examples), found.rows) == (20, 21)
    assert found.left_out == {"labels never learned: 'mixed'": 1}


LABELS = (
    "no labels: found 2 texts, such as 'good food'; expected a label beside each text, such as 'negative', 'positive'."
)
TAGS = "no tags: found 2 texts, such as 'the dog runs'; expected a tag for each word, such as 'NOUN', "
PAIRS = "no answers: found 2 texts, such as 'i am cold .'; expected the answer beside each text."
NUMBERS = "no numbers to predict: found 2 texts, such as 'good food'; expected a number beside each text."


@pytest.mark.parametrize(
    ("sample", "text", "what"),
    [
        ("reviews", "good food\nbad place\n", LABELS),
        ("reviews", "text,label\ngood food,\nbad place,\n", LABELS),
        ("reviews", '{"text": "good food"}\n{"text": "bad place"}\n', LABELS),
        ("part-of-speech", "the dog runs\na cat sleeps\n", TAGS),
        ("french", "i am cold .\nhe is here .\n", PAIRS),
        ("ratings", "good food\nbad place\n", NUMBERS),
    ],
)
def test_a_file_without_answers_says_that_they_are_what_is_missing(
    tmp_path: Path, sample: str, text: str, what: str
) -> None:
    dataset = engine.load_sample(sample)
    ending = "csv" if text.startswith("text,") else "jsonl" if text.startswith("{") else "txt"
    path = tmp_path / f"questions.{ending}"
    path.write_text(text, "utf-8")
    with pytest.raises(engine.DataError) as raised:
        load_examples(path, dataset.codec, dataset.config, dataset.recognition)
    assert str(raised.value).startswith(f"{path}: The file has {what}")


@pytest.mark.parametrize("head", ["text,price\n", ""])
@pytest.mark.parametrize("count", [1, 4, 40])
def test_numbers_to_predict_may_all_be_different(tmp_path: Path, count: int, head: str) -> None:
    words = list(
        itertools.product(("big", "small", "old", "new"), ("red", "grey", "white"), ("house", "flat", "barn", "hut"))
    )
    rows = [f"a {' '.join(each)},{100_000 + 37 * k * k}\n" for k, each in enumerate(words)]
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    train.write_text("text,price\n" + "".join(rows), "utf-8")
    test.write_text(head + "".join(rows[:count]), "utf-8")
    dataset = engine.load_dataset(train)
    assert dataset.kind == "rated"
    found = load_examples(test, dataset.codec, dataset.config, dataset.recognition)
    assert [float(example.target[0]) for example in found.examples] == [100_000 + 37 * k * k for k in range(count)]


@pytest.mark.parametrize(
    ("sample", "what"), [("tones", "sounds with transcripts"), ("shapes", "pictures with captions")]
)
def test_a_text_is_no_test_of_sounds_or_pictures_and_what_is_expected_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: str, what: str
) -> None:
    monkeypatch.setattr(f"engine.data.samples.{sample}.COUNT", 40)
    dataset = engine.load_sample(sample)
    path = tmp_path / "questions.txt"
    path.write_text("good food\nbad place\n", "utf-8")
    with pytest.raises(engine.DataError, match=f"questions.txt: Found no {what}; expected a table"):
        load_examples(path, dataset.codec, dataset.config, dataset.recognition)


def test_every_kind_of_data_has_test_files(tmp_path: Path) -> None:
    rows = {
        "sequences": "\n".join(f"{a}{b}na" for a in "abcdef" for b in "lmnr"),
        "tagged": "\n\n".join(f"the\tDET\n{word}\tNOUN" for word in ("cat", "dog", "cow", "hen", "fox", "owl")),
        "pairs": "\n".join(f"{a} {b}\t{b} {a}" for a in ("one", "two", "six") for b in ("cat", "dog", "cow")),
        "stream": "the cat sat on the mat. " * 40,
    }
    for kind, text in rows.items():
        path = tmp_path / f"{kind}.{'conll' if kind == 'tagged' else 'tsv' if kind == 'pairs' else 'txt'}"
        path.write_text(text + "\n", "utf-8")
        dataset = engine.load_dataset(path, kind=kind)
        found = load_examples(path, dataset.codec, dataset.config, dataset.recognition)
        together = [*dataset.train, *dataset.validation]
        if kind == "stream":
            assert len(found.examples) == 1
            assert found.examples[0].source == together[0].source + together[1].source
        else:
            assert sorted(map(repr, found.examples)) == sorted(map(repr, together))


def test_columns_chosen_for_training_are_read_even_if_only_the_settings_are_at_hand(tmp_path: Path) -> None:
    rows = [f"{text},note {i % 7},{label}" for i, (text, label) in enumerate(TEXTS * 3)]
    path = tmp_path / "notes.csv"
    path.write_text("\n".join(["review,note,verdict", *rows]), "utf-8")
    dataset = engine.load_dataset(path, columns=("note", "verdict"))
    found = load_examples(path, dataset.codec, dataset.config).examples
    assert dataset.codec.join(found[0].source) == "note 0"


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_file_with_nothing_but_the_names_of_its_columns_says_so(tmp_path: Path, form: str) -> None:
    rows = [(f"text {i} of {'ab'[i % 2]}", "ab"[i % 2]) for i in range(40)]
    train, other = tmp_path / f"train.{form}", tmp_path / "other.csv"
    if form == "csv":
        table(train, rows, "text,team")
    else:
        train.write_text("".join(f'{{"text": "{text}", "team": "{team}"}}\n' for text, team in rows))
    table(other, [], "text,team")
    data = engine.load_dataset(train)
    with pytest.raises(engine.DataError, match=r"other\.csv: The file has no rows below the names of its columns"):
        load_examples(other, data.codec, data.config, data.recognition)
    with pytest.raises(engine.DataError, match=r"other\.csv: The file has no rows below the names of its columns"):
        engine.load_dataset(train, validation=other)


COUNTED = [(f"{text}, order {100 + k * 37 % 89}", label) for k, (text, label) in enumerate(TEXTS)]


def told(tmp_path: Path, train: list[str], test: list[str], **changes: object) -> str:
    """What is said about a test file that holds texts and other columns, but no answers."""
    (tmp_path / "train.csv").write_text("\n".join(train), "utf-8")
    (path := tmp_path / "inbox.csv").write_text("\n".join(test), "utf-8")
    dataset = engine.load_dataset(tmp_path / "train.csv", **changes)  # type: ignore[arg-type]
    with pytest.raises(engine.DataError) as error:
        load_examples(path, dataset.codec, dataset.config, dataset.recognition)
    return str(error.value)


@pytest.mark.parametrize(("head", "cell"), [("id,description", "{}"), ("description,priority", "{}")])
def test_a_number_beside_a_text_is_not_taken_for_its_label(tmp_path: Path, head: str, cell: str) -> None:
    train = ["id,description,category", *(f'{k},"{text}",{label}' for k, (text, label) in enumerate(COUNTED))]
    first = head.startswith("id")
    test = [head, *(f'{10184 + 7 * k},"{t}"' if first else f'"{t}",{"P1" if k % 3 else "P2"}' for k, (t, _) in
                    enumerate(COUNTED))]  # fmt: skip
    said = told(tmp_path, train, test)
    assert "The file has no labels: found 24 texts" in said
    assert "such as 'good', 'poor'" in said or "such as 'poor', 'good'" in said


def test_a_number_beside_a_text_is_not_taken_for_the_number_to_predict(tmp_path: Path) -> None:
    train = ["id,review,rating", *(f'{k},"{t}",{1 + k % 9 / 2}' for k, (t, _) in enumerate(COUNTED))]
    test = ["id,review", *(f'{10184 + 7 * k},"{t}"' for k, (t, _) in enumerate(COUNTED))]
    assert "The file has no numbers to predict" in told(tmp_path, train, test, kind="rated")


def test_a_number_beside_a_sentence_is_not_taken_for_its_translation(tmp_path: Path) -> None:
    train = ["en,de", *(f'"{text}","das ist {text[::-1]}"' for text, _ in COUNTED)]
    test = ["id,en", *(f'A{10184 + 7 * k},"{text}"' for k, (text, _) in enumerate(COUNTED))]
    assert "The file has no answers" in told(tmp_path, train, test, kind="pairs")


@pytest.mark.parametrize("name", ["label", "Kategorie", "what it is"])
def test_labels_under_another_name_are_compared_if_they_mean_the_same_or_are_known(tmp_path: Path, name: str) -> None:
    train = ["id,description,category", *(f'{k},"{text}",{label}' for k, (text, label) in enumerate(COUNTED))]
    test = [f"description,{name}", *(f'"{text}",{label}' for text, label in COUNTED)]
    (tmp_path / "train.csv").write_text("\n".join(train), "utf-8")
    (path := tmp_path / "test.csv").write_text("\n".join(test), "utf-8")
    dataset = engine.load_dataset(tmp_path / "train.csv")
    assert len(load_examples(path, dataset.codec, dataset.config, dataset.recognition).examples) == len(COUNTED)


@pytest.mark.parametrize(
    ("sample", "head", "cells", "compared"),
    [
        ("reviews", "text,label", "red", "answers to another question"),
        ("reviews", "text,what", "positive", ""),
        ("reviews", "id,text", "", "The file has no labels"),
        ("ratings", "text,rating", "4.5", ""),
        ("ratings", "text,what it got", "4.5", ""),
        ("ratings", "id,text", "", "The file has no numbers to predict"),
    ],
)
def test_the_answers_to_a_sample_may_have_any_name_but_that_of_numbers_of_rows(
    tmp_path: Path, sample: str, head: str, cells: str, compared: str
) -> None:
    dataset = engine.load_sample(sample)
    rows = [f'"the food was good, no. {k}",{cells}' if cells else f'{9031 + 7 * k},"it was no. {k}"' for k in range(40)]
    (path := tmp_path / "x.csv").write_text("\n".join([head, *rows]), "utf-8")
    if not compared:
        assert len(load_examples(path, dataset.codec, dataset.config, dataset.recognition).examples) == 40
        return
    with pytest.raises(engine.DataError, match=compared):
        load_examples(path, dataset.codec, dataset.config, dataset.recognition)
