"""Several columns read as one text, word forms, sentences that are already split: what the symbols become."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.codec import JOINS, SEPARATOR, SPLITS, UNITS
from engine.data.dataset import Dataset, make_dataset
from engine.data.examples_file import load_examples
from engine.data.files.texts_to_answer import read_inputs
from engine.data.files.tokenised import are_spaced_signs, is_tokenised
from engine.data.load import load_dataset
from engine.errors import ConfigError, DataError

LETTERS = random.Random(3)
LEMMAS = sorted({"".join(LETTERS.choices("bdgklmnrst", k=2) + LETTERS.choices("aeiou", k=2)) + "an" for _ in range(90)})
ENDINGS = [("V;PST;3;SG", "ta"), ("V;PRS;3;SG", "t"), ("V;PST;3;PL", "ten"), ("V.PTCP;PST", "end"), ("V;NFIN", "an")]
FORMS = [(lemma, lemma[:-2] + ending, features) for lemma in LEMMAS for features, ending in ENDINGS]


def put(path: Path, rows: Sequence[Sequence[str]], delimiter: str = "\t", header: Sequence[str] | None = None) -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([header, *rows] if header else rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def check_forms(dataset: Dataset, rows: int = len(FORMS)) -> None:
    assert (dataset.kind, dataset.report.rows) == ("pairs", rows), dataset.recognition
    assert (dataset.codec.unit, dataset.codec.target_unit) == ("mixed", "character")
    for example in (*dataset.train, *dataset.validation):
        between = example.source.index(SEPARATOR)
        assert "".join(example.source[:between])[:-2] == "".join(example.target)[: between - 2]
        assert set(example.source[between + 1 :]) <= {"V", "PST", "PRS", "3", "SG", "PL", "V.PTCP", "NFIN"}


class TestWordForms:
    @pytest.mark.parametrize(
        "order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)], ids=["UniMorph", "SIGMORPHON", "features first"]
    )
    @pytest.mark.parametrize("delimiter", "\t,")
    def test_lemma_and_features_are_read_for_the_form(
        self, order: tuple[int, ...], delimiter: str, tmp_path: Path
    ) -> None:
        rows = [[row[i] for i in order] for row in FORMS]
        dataset = load_dataset(put(tmp_path / "x.tsv", rows, delimiter))
        check_forms(dataset)
        assert "alone goes with 5.0 values" in dataset.recognition.reason

    @pytest.mark.parametrize(
        "header", [("lemma", "form", "features"), ("Base", "Inflected", "Tags"), ("lemma", "form", "feats")]
    )
    def test_columns_with_names_are_found_too(self, header: tuple[str, ...], tmp_path: Path) -> None:
        dataset = load_dataset(put(tmp_path / "x.csv", FORMS, ",", header))
        check_forms(dataset)
        assert dataset.recognition.source_column == f"{header[0]} + {header[2]}"
        turned = [(form, lemma, features) for lemma, form, features in FORMS]
        check_forms(load_dataset(put(tmp_path / "y.csv", turned, ",", ("form", "lemma", "feats"))))

    @pytest.mark.parametrize("header", ["", "lemma\tform\tfeatures\n"])
    def test_blank_lines_between_lemmas_do_not_make_sentences(self, header: str, tmp_path: Path) -> None:
        rows = ["\t".join(row) + ("\n" if row[2] == "V;NFIN" else "") for row in FORMS]
        path = tmp_path / "x.tsv"
        path.write_text(header + "\n".join(rows), encoding="utf-8-sig")
        check_forms(load_dataset(path))

    def test_features_that_are_called_like_columns_are_no_header(self, tmp_path: Path) -> None:
        rows = [(lemma, form, features.replace("V;PRS;3;SG", "V;PL;NOM")) for lemma, form, features in FORMS]
        dataset = load_dataset(put(tmp_path / "x.tsv", [rows[4], *rows[:4], *rows[5:]]))
        assert dataset.report.rows == len(rows)

    def test_features_count_even_where_no_lemma_comes_twice(self, tmp_path: Path) -> None:
        some = [FORMS[5 * i + i % 5] for i in range(len(LEMMAS))]
        dataset = load_dataset(put(tmp_path / "x.tsv", some))
        check_forms(dataset, len(some))
        assert "are alike" in dataset.recognition.reason

    @pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2)], ids=["lemma first", "form first"])
    def test_the_endings_tell_the_form_where_a_lemma_comes_hardly_more_often(
        self, order: tuple[int, ...], tmp_path: Path
    ) -> None:
        some = [FORMS[5 * i + i % 5] for i in range(len(LEMMAS))]
        some.append((some[0][0] + "n", some[0][1], some[0][2]))  # one form of two lemmas
        dataset = load_dataset(put(tmp_path / "x.tsv", [[row[i] for i in order] for row in some]))
        assert dataset.recognition.target_column == f"column {1 + order.index(1)}"

    def test_forms_of_several_words_are_spelled_out_too(self, tmp_path: Path) -> None:
        some = [(lemma, f"would have {form}", features) for lemma, form, features in FORMS]
        dataset = load_dataset(put(tmp_path / "x.tsv", some))
        assert (dataset.codec.unit, dataset.codec.target_unit) == ("mixed", "character")
        assert "".join(dataset.train[0].target).startswith("would have ")

    def test_words_that_consist_of_several_are_spelled_out_with_their_forms(self, tmp_path: Path) -> None:
        some = [(f"take good {lemma}", f"take good {form}", features) for lemma, form, features in FORMS]
        check_forms(load_dataset(put(tmp_path / "x.tsv", some)))

    def test_marks_are_apart_from_their_letters(self, tmp_path: Path) -> None:
        some = [(f"{lemma}कि", f"{form}की", features) for lemma, form, features in FORMS]
        dataset = load_dataset(put(tmp_path / "x.tsv", some))
        source, target = (symbols.symbols for symbols in (dataset.codec.source, dataset.codec.vocabulary("target")))
        assert {"क", "ि"} <= set(source)
        assert {"क", "ी"} <= set(target)
        assert not {"कि", "की"} & {*source, *target}
        assert dataset.codec.tokenize("अकी", "target") == ("अ", "क", "ी")

    def test_objects_are_read_like_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        rows = [dict(zip(("lemma", "form", "features"), row, strict=True)) for row in FORMS]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        check_forms(load_dataset(path))

    def test_a_third_column_that_tells_nothing_more_is_not_read(self, tmp_path: Path) -> None:
        rows = [(lemma, lemma + "s", ("A1", "B2", "C1")[i % 3]) for i, lemma in enumerate(LEMMAS)]
        dataset = load_dataset(put(tmp_path / "x.csv", rows, ",", ("word", "plural", "level")))
        assert SEPARATOR not in dataset.recognition.source_column

    def test_labels_that_are_spelled_alike_are_no_word_forms(self, tmp_path: Path) -> None:
        rows = [(f"play{i % 3}", f"play{i % 3}_{i % 4}", f"please play number {i} for me") for i in range(120)]
        dataset = load_dataset(put(tmp_path / "x.csv", rows, ",", ("scenario", "intent", "utterance")))
        assert (dataset.kind, dataset.recognition.source_column) == ("labelled", "utterance")

    def test_columns_are_chosen_by_hand(self, tmp_path: Path) -> None:
        path = put(tmp_path / "x.csv", FORMS, ",", ("lemma", "form", "features"))
        alone = load_dataset(path, columns=("lemma", "form"))
        assert (alone.codec.unit, alone.recognition.source_column) == ("character", "lemma")
        for columns in (
            (("lemma", "features"), "form"),
            ((0, 2), 1),
            {"source": ["lemma", "features"], "target": "form"},
        ):
            check_forms(load_dataset(path, columns=columns))
        check_forms(load_dataset(path, source_column="lemma + features", target_column="form"))
        words = load_dataset(path, unit="word")
        assert words.train[0].source[1] == "+"
        with pytest.raises(ConfigError, match="There is no column 'lemma \\+ tense'"):
            load_dataset(path, source_column="lemma + tense")

    def test_a_validation_file_and_a_file_to_answer_are_read_from_the_same_columns(self, tmp_path: Path) -> None:
        train = put(tmp_path / "x.csv", FORMS[:-25], ",", ("lemma", "form", "features"))
        other = put(tmp_path / "dev.tsv", [row[::-1] for row in FORMS[-25:]], "\t", ("features", "form", "lemma"))
        dataset = load_dataset(train, validation=other)
        check_forms(dataset)
        assert len(dataset.validation) == 25
        wanted = [f"{lemma} + {features}" for lemma, _, features in FORMS[-25:]]
        assert read_inputs(other, dataset.codec, dataset.recognition).texts == wanted
        asked = put(tmp_path / "ask.tsv", [(lemma, features) for lemma, _, features in FORMS[-25:]])
        assert read_inputs(asked, dataset.codec, dataset.recognition).texts == wanted
        assert read_inputs(asked, dataset.codec).texts == wanted
        some = put(tmp_path / "some.tsv", FORMS[-3:])
        assert read_inputs(some, dataset.codec).texts == wanted[-3:]
        measured = load_examples(some, dataset.codec).examples
        assert [dataset.codec.join(example.source) for example in measured] == wanted[-3:]
        assert ["".join(example.target) for example in measured] == [form for _, form, _ in FORMS[-3:]]

    def test_single_words_are_spelled_on_both_sides(self, tmp_path: Path) -> None:
        dataset = load_dataset(put(tmp_path / "x.tsv", [row[:2] for row in FORMS]))
        assert (dataset.codec.unit, dataset.codec.target_unit) == ("character", "character")


class TestTwoTexts:
    @pytest.mark.parametrize("names", [("sentence1", "sentence2"), ("text_a", "text_b"), ("premise", "hypothesis"),
                                       ("Question 1", "Question 2")])  # fmt: skip
    def test_a_label_about_two_texts_is_learned_from_both(self, names: tuple[str, str], tmp_path: Path) -> None:
        rows = [(f"the soup {i} was warm", f"nobody liked the soup {i}", "ab"[i % 2]) for i in range(90)]
        dataset = load_dataset(put(tmp_path / "x.tsv", rows, "\t", (*names, "label")))
        assert (dataset.kind, dataset.codec.unit) == ("labelled", "word")
        assert dataset.recognition.source_column == " + ".join(names)
        assert dataset.train[0].source.count("+") == 1


def load_signs(rows: list[tuple[str, str]]) -> tuple[str, str]:
    codec = make_dataset(rows * 30, "pairs").codec
    return codec.unit, codec.target_unit


SENTENCES = [
    f" mr. <unk> is {word} of the {'dutch' if i % 3 else 'N'} group and does n't like the company 's {word} "
    for i, word in enumerate(["chairman", "head", "fan", "friend", "chief", "a critic"] * 40)
]


class TestTokens:
    def test_sentences_that_are_split_stay_as_they_are(self, tmp_path: Path) -> None:
        path = tmp_path / "ptb.train.txt"
        path.write_text("\n".join(SENTENCES) + "\n")
        dataset = load_dataset(path)
        assert (dataset.kind, dataset.codec.unit, dataset.report.rows) == ("sequences", "token", len(SENTENCES))
        assert "already split into tokens" in dataset.recognition.reason
        total = sum(int(part.source.lengths.sum()) for part in (dataset.train, dataset.validation))
        assert total == sum(len(line.split()) for line in SENTENCES)
        assert {"mr.", "n't", "'s", "N"} <= set(dataset.codec.source.symbols)
        assert dataset.codec.source.symbols.count("<unk>") == 1

    def test_translations_of_sentences_that_are_split_are_written_as_split_too(self, tmp_path: Path) -> None:
        rows = [
            (f"die Suppe , die {word} war , war gut .", f"The soup, which was {word}, was good.") for word in LEMMAS
        ]
        both = load_dataset(put(tmp_path / "x.tsv", [(source, source) for source, _ in rows])).codec
        assert (both.unit, both.target_unit) == ("token", "token")
        assert both.join(both.tokenize(rows[0][0], "target"), "target") == rows[0][0]
        one = load_dataset(put(tmp_path / "y.tsv", rows)).codec
        assert (one.unit, one.target_unit) == ("token", "word")

    def test_marks_between_spaces_show_that_text_is_split(self) -> None:
        assert is_tokenised(["the soup , which was warm , was good ."] * 20)
        assert is_tokenised(["it 's a @-@ sign of the &apos; times &apos; , he said"] * 20)
        assert not is_tokenised(["The soup, which was warm, was good. Mr. Smith said so."] * 20)
        assert not is_tokenised(["turn left at the corner - then right"] * 10 + ["Go on, please, and stop."] * 20)
        assert not is_tokenised(["Rome, Italy", "Lyon, France"] * 20)
        assert is_tokenised(["où est la gare ?", "il est à la gare"] * 20)
        assert not is_tokenised(["où est la gare\u00a0?", "qui est là\u202f?", "il est à la gare"] * 20)
        assert not is_tokenised(["show me all flights from boston to denver"] * 20)

    def test_sounds_with_spaces_between_them_are_read_and_written_whole(self, tmp_path: Path) -> None:
        sounds = ["l eI t2 E k s", "p oU l t r u: n e@ r i", "g r i: t#", "n-: A: tS @-"]
        codec = load_dataset(put(tmp_path / "x.tsv", [(word, sounds[i % 4]) for i, word in enumerate(LEMMAS)])).codec
        assert (codec.unit, codec.target_unit) == ("character", "token")
        assert [codec.join(codec.tokenize(text, "target"), "target") for text in sounds] == sounds

    def test_few_short_signs_are_a_notation_and_short_sentences_are_not(self) -> None:
        assert are_spaced_signs(["C G Am F", "Am F#m7 G7 C"] * 20)
        digits = load_signs([("3 1 4 1 5", "1 1 3 4 5"), ("9 2 6 5 3", "2 3 5 6 9")])
        assert digits == ("token", "token")
        assert load_signs([("12 3 2021", "2021 03 12"), ("5 12 2021", "2021 12 05")]) == ("character", "character")
        assert not are_spaced_signs(["The cat sat.", "The dog ran."] * 20)
        assert not are_spaced_signs(["a b"] * 20)
        assert not are_spaced_signs([f"to {word} it" for word in LEMMAS])
        assert not are_spaced_signs([" "] * 3)

    def test_only_white_space_separates_tokens(self) -> None:
        dataset = make_dataset(["a,b <x> 10\u00a0000", "c"], "sequences", unit="token")
        assert dataset.codec.tokenize(" a,b\t<x>  10\u00a0000 ") == ("a,b", "<x>", "10\u00a0000")
        assert ("a,b", "<x>", "10\u00a0000") in [example.source for example in (*dataset.train, *dataset.validation)]
        assert dataset.codec.join(("a,b", "<x>", ".")) == "a,b <x> ."

    def test_marks_that_a_person_leaves_at_a_word_stand_alone_where_all_parts_are_known(self) -> None:
        rows = [f"the soup , which was ( warm . u.s. {i}" for i in range(20)]
        codec = make_dataset(rows, "sequences", unit="token").codec
        assert codec.tokenize("the soup, (which was).") == ("the", "soup", ",", "(", "which", "was).")
        assert codec.tokenize("u.s. soup? the") == ("u.s.", "soup?", "the")

    def test_every_word_of_a_file_that_marks_unknown_ones_is_known(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_text("\n".join(f"{line} word{i}" for i, line in enumerate(SENTENCES * 4)))
        assert load_dataset(path, validation=0.01).codec.source.index("word7") is not None

    def test_commas_with_spaces_around_them_separate_no_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_text("\n".join(f"die Suppe , die {word} war , war gut ." for word in LEMMAS))
        dataset = load_dataset(path)
        assert (dataset.kind, dataset.codec.unit, dataset.report.rows) == ("sequences", "token", len(LEMMAS))

    def test_prose_and_lists_are_not_taken_for_tokens(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_text(
            "\n".join(["He went home. Then he", "slept, as always, and", "dreamt of mr. Smith; well,"] * 50)
        )
        assert load_dataset(path).kind == "stream"


@pytest.mark.parametrize("unit", SPLITS)
@given(text=st.text(alphabet="ab é+;|,.'\u00a0-", max_size=30))
def test_text_that_was_joined_is_split_the_same_way_again(unit: str, text: str) -> None:
    split, join = SPLITS[unit], JOINS[unit]  # type: ignore[index]
    symbols = split(text)
    again = split(join(symbols))
    assert again == symbols or unit == "word"  # words are joined for people to read
    assert all(symbols)


@pytest.mark.parametrize("unit", UNITS)
@given(rows=st.lists(st.text(alphabet="ab é+;|,.'\u00a0-", min_size=1, max_size=30), min_size=2, max_size=20))
def test_rows_are_split_the_same_way_all_at_once_and_one_by_one(unit: str, rows: list[str]) -> None:
    try:
        dataset = make_dataset(rows, "sequences", unit=unit, normal_form="keep")  # type: ignore[arg-type]
    except DataError:
        return
    found = sorted(example.source for part in (dataset.train, dataset.validation) for example in part)
    stripped = [row.strip(" \u00a0") for row in rows]
    assert found == sorted(dataset.codec.tokenize(row) for row in stripped if row)
