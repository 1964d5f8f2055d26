"""Tables of numbers with a label in each row are no sequences, and are refused in words that are true."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from engine import load_dataset
from engine.errors import DataError

SPECIES = ("setosa", "versicolor", "virginica")
HEADER = ("length_cm", "width_cm", "weight_g", "age", "species")
SAID = (
    "The table has 4 columns of numbers ({}) and a label ({}); expected texts, or numbers over time. The numbers of a "
    "row measure different things and are no sequence."
)
NAMED = SAID.format("length_cm, width_cm, weight_g, age", "species")


def flowers(count: int) -> list[tuple[float | str, ...]]:
    chance = random.Random(1)
    return [
        (
            round(4 + 3 * chance.random(), 1),
            round(2 + 2 * chance.random(), 1),
            chance.randint(16, 60),
            chance.randint(1, 8),
            SPECIES[k % 3],
        )
        for k in range(count)
    ]


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as refused:
        load_dataset(path)
    return str(refused.value).partition(": ")[2]


@pytest.mark.parametrize("count", [24, 300])
@pytest.mark.parametrize("between", [",", ", ", "\t", ";"])
def test_numbers_beside_a_label_are_refused_and_neither_pairs_nor_items(
    count: int, between: str, tmp_path: Path
) -> None:
    rows = [between.join(map(str, row)) for row in flowers(count)]
    path = tmp_path / "flowers.csv"
    path.write_text("\n".join([between.join(HEADER), *rows]), "utf-8")
    assert refusal(path) == NAMED
    path.write_text("\n".join(rows), "utf-8")
    assert refusal(path) == SAID.format("column 1, column 2, column 3, column 4", "column 5")


def test_no_other_form_is_offered_for_them(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("\n".join([",".join(HEADER), *(",".join(map(str, row)) for row in flowers(60))]), "utf-8")
    with pytest.raises(DataError) as refused:
        load_dataset(path)
    assert refused.value.other_forms == ()


def test_so_are_objects_with_numbers_and_a_label(tmp_path: Path) -> None:
    path = tmp_path / "flowers.json"
    path.write_text(json.dumps([dict(zip(HEADER, row, strict=True)) for row in flowers(60)]), "utf-8")
    assert refusal(path) == NAMED


def test_the_digits_are_read_as_text_if_the_columns_are_chosen(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("\n".join([",".join(HEADER), *(",".join(map(str, row)) for row in flowers(60))]), "utf-8")
    chosen = load_dataset(path, kind="labelled", source_column=" + ".join(HEADER[:4]), target_column="species")
    assert chosen.kind == "labelled"
    assert {example.target for example in chosen.train} == {(name,) for name in SPECIES}


def test_a_number_with_its_word_is_a_pair_and_names_beside_numbers_are_texts(tmp_path: Path) -> None:
    words = ("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
    pairs = tmp_path / "numbers.tsv"
    pairs.write_text("\n".join(f"{k}\t{words[k // 10]} {words[k % 10]}" for k in range(3, 100)), "utf-8")
    found = load_dataset(pairs)
    assert found.kind == "pairs"
    assert found.train[0].source[0].isdigit()
    names = tmp_path / "names.csv"
    rows = [f"{chr(97 + k % 26)}{'aeiou'[k % 5]}n,{1900 + k % 90},{k * 7 % 13}" for k in range(200)]
    names.write_text("\n".join(["name,year,rank", *rows]), "utf-8")
    assert load_dataset(names).train[0].source[0].isalpha()
