"""A file of tokens that is tagged comes out as it was, with the tags added."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.data.dataset import Dataset
from engine.data.examples_file import load_examples
from engine.data.files.texts_to_answer import AskedFile, read_inputs
from engine.data.load import load_dataset

SENTENCES = [["Ada", "saw", "Bonn"], ["They", "slept"]]


def conllu(words: list[str], tag: str = "_", misc: str = "_") -> list[str]:
    return [f"{i}\t{word}\t_\t{tag}\t_\t_\t0\tdep\t_\t{misc}" for i, word in enumerate(words, 1)]


def joined(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture
def trained(tmp_path: Path) -> Dataset:
    """Tagged sentences in two columns."""
    rows = [f"{word}{i}\t{'NV'[place % 2]}" for i in range(40) for place, word in enumerate(["Ada", "saw", "Bonn"])]
    path = tmp_path / "train.conll"
    path.write_text("\n".join(row + "\n" * (k % 3 == 2) for k, row in enumerate(rows)), "utf-8")
    return load_dataset(path)


def with_tags(asked: AskedFile) -> str:
    """The file with the tags T1, T2, … in each sentence."""
    written = []
    for row in asked.rows:
        assert row.lines is not None
        written.append(row.lines.tagged([f"T{i}" for i in range(1, len(row.lines.places) + 1)]))
    return "".join(written)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (["-DOCSTART- -X- O", "", "Ada N B-PER", "saw V O", "Bonn N B-LOC", "", "", "They P O", "slept V  O  ", ""],
         ["-DOCSTART- -X- O", "", "Ada N B-PER T1", "saw V O T2", "Bonn N B-LOC T3", "", "", "They P O T1",
          "slept V  O T2", ""]),
        (["# id = 7", "Ada\ta b\tN", "saw\t\tV", "Bonn\tc\tN", "", "# id = 8", "They\td\tP", "slept\te\tV", "# end"],
         ["# id = 7", "Ada\ta b\tN\tT1", "saw\t\tV\tT2", "Bonn\tc\tN\tT3", "", "# id = 8", "They\td\tP\tT1",
          "slept\te\tV\tT2", "# end"]),
        (["sentence,word,pos", "1,Ada,N", "1,saw,V", "1,Bonn,N", "2,They,P", "2,slept,V"],
         ["sentence,word,pos,predicted_tag", "1,Ada,N,T1", "1,saw,V,T2", "1,Bonn,N,T3", "2,They,P,T1", "2,slept,V,T2"]),
        (["Ada", "saw", "Bonn", "", "They", "slept"], ["Ada\tT1", "saw\tT2", "Bonn\tT3", "", "They\tT1", "slept\tT2"]),
        (["Ada\tAda", "saw\tsee", "Bonn\tBonn", "", "They\tthey", "slept\tsleep"],
         ["Ada\tAda\tT1", "saw\tsee\tT2", "Bonn\tBonn\tT3", "", "They\tthey\tT1", "slept\tsleep\tT2"]),
        (["Sentence #,Word,Tag", "Sentence: 1,Ada,O", ",saw,O", ',"Bonn",O', "Sentence: 2,They,O", ",slept,O"],
         ["Sentence #,Word,Tag,predicted_tag", "Sentence: 1,Ada,O,T1", ",saw,O,T2", ',"Bonn",O,T3',
          "Sentence: 2,They,O,T1", ",slept,O,T2"]),
    ],
    ids=["spaces", "tabs", "commas", "tokens alone", "lemmas", "named sentences"],
)  # fmt: skip
def test_every_line_and_column_stays_where_it_is(
    trained: Dataset, tmp_path: Path, source: list[str], expected: list[str]
) -> None:
    path = tmp_path / "new.conll"
    path.write_text("\ufeff" + joined(*source).replace("\n", "\r\n"), "utf-8")
    asked = read_inputs(path, trained.codec, trained.recognition)
    assert asked.texts == [tuple(words) for words in SENTENCES]
    assert with_tags(asked) == joined(*expected)


def test_words_of_conllu_get_their_tag_in_the_last_column_and_other_lines_nothing(
    trained: Dataset, tmp_path: Path
) -> None:
    first, second = conllu(SENTENCES[0], "NOUN"), conllu(SENTENCES[1], "VERB", "SpaceAfter=No|PredictedTag=X")
    lines = ["# text = Ada saw Bonn", "1-2\tAda saw" + 8 * "\t_", *first, "", *second, "2.1\tnot" + 8 * "\t_", ""]
    path = tmp_path / "new.conllu"
    path.write_text(joined(*lines), "utf-8")
    asked = read_inputs(path, trained.codec, trained.recognition)
    assert asked.texts == [tuple(words) for words in SENTENCES]
    tagged = [f"{line[:-1]}PredictedTag=T{i}" for i, line in enumerate(first, 1)]
    other = [line.replace("Tag=X", f"Tag=T{i}") for i, line in enumerate(second, 1)]
    assert with_tags(asked) == joined(*lines[:2], *tagged, "", *other, *lines[-2:])


def test_an_empty_column_of_conllu_is_filled_by_a_network_that_learned_from_it(tmp_path: Path) -> None:
    train, new = tmp_path / "train.conllu", tmp_path / "new.conllu"
    learned = [conllu(words, "NOUN")[:1] + conllu(words, "VERB")[1:] for words in SENTENCES * 20]
    train.write_text("\n".join(joined(*one) for one in learned), "utf-8")
    dataset = load_dataset(train)
    assert dataset.recognition.target_column == "UPOS"
    new.write_text("\n".join(joined(*conllu(words)) for words in SENTENCES), "utf-8")
    filled = with_tags(read_inputs(new, dataset.codec, dataset.recognition))
    assert [line.split("\t")[3] for line in filled.splitlines() if line] == ["T1", "T2", "T3", "T1", "T2"]
    assert "PredictedTag=T3" in with_tags(read_inputs(new, dataset.codec))


def test_true_tags_are_found_beside_those_of_a_network(trained: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "tagged.conll"
    sentence = joined("Ada\tN\tN", "saw\tV\tN", "Bonn\tN\tV")
    path.write_text("\n".join([sentence] * 10), "utf-8")
    found = load_examples(path, trained.codec, trained.config, trained.recognition)
    assert {example.target for example in found.examples} == {("N", "V", "N")}


def test_rows_with_further_columns_keep_them_as_comments(trained: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "new.jsonl"
    whole = {"tokens": SENTENCES[0], "tags": ["N", "V", "N"]}
    rows = [{"id": 7, **whole}, {"id": 8, "tokens": []}, {"id": 9, **whole}]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    written = with_tags(read_inputs(path, trained.codec, trained.recognition))
    sentence = ["# tags = N V N", "Ada\tN\tT1", "saw\tV\tT2", "Bonn\tN\tT3", ""]
    assert written == joined("# id = 7", *sentence, "# id = 8", "", "# id = 9", *sentence)
