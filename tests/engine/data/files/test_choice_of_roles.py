"""Which columns are text, label, source and target where several may be: as published data sets and exports have it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

import engine

ADJECTIVES, NOUNS = (
    ("red", "old", "new", "big", "dear", "small", "wet"),
    ("house", "tree", "car", "boat", "hat", "door"),
)
PHRASES = [f"the {a} {b}" for a, b in itertools.product(ADJECTIVES, NOUNS)]
SENTENCES = [f"{one} stands beside {other}, {k} feet away." for k, (one, other) in
             enumerate(itertools.product(PHRASES[:12], PHRASES[12:24]))]  # fmt: skip


def roles(path: Path, rows: list[dict[str, Any]], form: str) -> tuple[str, str, str]:
    if form == "jsonl":
        text = "\n".join(map(json.dumps, rows))
    else:
        lines = [",".join(rows[0]), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)]
        text = "\n".join(lines)
    path = path / f"x.{form}"
    path.write_text(text, "utf-8")
    found = engine.load_dataset(path).recognition
    return found.kind, found.source_column, found.target_column


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_stars_of_a_review_are_its_label_rather_than_whether_it_was_bought(tmp_path: Path, form: str) -> None:
    rows = [
        {"overall": k * 7 % 5 + 1.0, "verified": k % 3 > 0, "reviewerID": f"A{k * 7919}", "reviewText": text}
        for k, text in enumerate(SENTENCES)
    ]
    if form == "csv":
        rows = [{**row, "overall": int(str(row["overall"])[0])} for row in rows]
    assert roles(tmp_path, rows, form) == ("labelled", "reviewText", "overall")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("other", ["genre", "predicted label"])
def test_gold_labels_of_two_sentences_are_chosen_before_anything_else(tmp_path: Path, form: str, other: str) -> None:
    label = "label" if other != "genre" else "gold_label"
    rows = [
        {
            "captionID": f"{k // 3}.jpg#0",
            other: ("travel", "fiction")[k % 2],
            label: ("neutral", "entailment", "contradiction")[k % 3],
            "pairID": f"{k // 3}.jpg#0r1{'nec'[k % 3]}",
            "sentence1": text,
            "sentence2": SENTENCES[k - 5],
        }
        for k, text in enumerate(SENTENCES)
    ]
    assert roles(tmp_path, rows, form) == ("labelled", "sentence1 + sentence2", label)


@pytest.mark.parametrize(
    "head",
    [
        "Deutsch,Englisch,Lektion",
        "Unit,English,German,Wortart",
        "id,en,de,Thema",
        "french,english,split",
        "Latein,Deutsch,Kapitel",
        "Vokabel,Übersetzung,Lektion",
        "Wort,Bedeutung,Thema",
    ],
)
def test_words_of_two_languages_are_pairs_whatever_lesson_they_stand_in(tmp_path: Path, head: str) -> None:
    names = head.split(",")
    beside = {
        "Lektion": "{}",
        "Unit": "Unit {}",
        "Thema": "topic {}",
        "split": "train{}",
        "Wortart": "noun",
        "Kapitel": "{}",
        "id": "",
    }
    languages = [name for name in names if name not in beside]
    rows = []
    for k, text in enumerate(PHRASES):
        words = dict(zip(languages, (text, f"das {text[::-1]}"), strict=True))
        rows.append(
            {name: words.get(name, str(k) if name == "id" else beside.get(name, "").format(k // 9)) for name in names}
        )
    assert roles(tmp_path, rows, "csv") == ("pairs", *languages)


def test_two_languages_with_a_column_called_label_have_that_label(tmp_path: Path) -> None:
    rows = [{"en": text, "de": f"das {text[::-1]}", "label": ("good", "bad")[k % 2]} for k, text in enumerate(PHRASES)]
    assert roles(tmp_path, rows, "csv")[::2] == ("labelled", "label")


def test_the_text_stands_in_most_rows(tmp_path: Path) -> None:
    rows = [
        {
            "Payee": f"{PHRASES[k % 42]} shop",
            "Note": text if k % 2 else "",
            "Category": ("Food", "Travel", "Media")[k % 3],
        }
        for k, text in enumerate(SENTENCES)
    ]
    assert roles(tmp_path, rows, "csv") == ("labelled", "Payee", "Category")
    other = [dict(zip(("Shop", "Remark", "Category"), row.values(), strict=True)) for row in rows]
    assert roles(tmp_path, other, "csv") == ("labelled", "Shop", "Category")


def test_the_number_of_a_text_is_no_side_of_a_pair(tmp_path: Path) -> None:
    rows = [{"id": str(10184 + 7 * k), "description": text} for k, text in enumerate(SENTENCES)]
    assert roles(tmp_path, rows, "csv") == ("sequences", "description", "")


@pytest.mark.parametrize("header", ["term;translation", "Begriff;Definition", "Fachbegriff;Übersetzung"])
def test_the_names_of_the_columns_of_a_glossary_are_no_pair(header: str, tmp_path: Path) -> None:
    states, parts = ("acute", "chronic", "mild", "severe", "early"), ("burn", "fever", "pain", "rash", "cough")
    german = (
        ("akut", "chronisch", "mild", "schwer", "früh"),
        ("Brand", "Fieber", "Schmerz", "Rötung", "Husten", "Krampf"),
    )
    rows = [f"{a} {b};{german[1][k]} {german[0][i]}" for i, a in enumerate(states) for k, b in enumerate(parts)]
    path = tmp_path / "glossary.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    dataset = engine.load_dataset(path)
    assert (str(dataset.kind), dataset.recognition.columns) == ("pairs", tuple(header.split(";")))
    assert len(dataset.train) + len(dataset.validation) == len(rows)
