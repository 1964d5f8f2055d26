"""The same rows written in each form that can be read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.data.dataset import Dataset


def rows_of(dataset: Dataset) -> list[tuple[str, ...]]:
    """All rows, sorted, as the texts that were written."""
    codec = dataset.codec
    rows: list[tuple[str, ...]] = []
    for part in (dataset.train, dataset.validation):
        for example in part:
            source = "".join(example.source) if codec.unit == "character" else " ".join(example.source)
            between = "" if dataset.kind == "pairs" and codec.target_unit == "character" else " "
            rows.append((source, between.join(example.target)))
    return sorted(rows)


def lines(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{text}\n" for text, _ in rows)


def csv_text(rows: Sequence[tuple[str, str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(("text", "label"))
    writer.writerows(rows)
    return out.getvalue()


def semicolons(rows: Sequence[tuple[str, str]]) -> str:
    return csv_text(rows, ";")


def tsv(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{text}\t{label}\n" for text, label in rows)


def label_first(rows: Sequence[tuple[str, str]]) -> str:
    return "label\ttext\n" + "".join(f"{label}\t{text}\n" for text, label in rows)


def anki(rows: Sequence[tuple[str, str]]) -> str:
    credit = "CC-BY 2.0 (France) Attribution: tatoeba.org #538123 (CM) & #629296 (sacredceltic)"
    return "".join(f"{source}\t{target}\t{credit}\n" for source, target in rows)


def json_lines(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(json.dumps({"id": i, "text": a, "label": b}) + "\n" for i, (a, b) in enumerate(rows))


def json_pairs(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(json.dumps({"translation": {"en": a, "fr": b}}) + "\n" for a, b in rows)


def json_tagged(rows: Sequence[tuple[str, str]]) -> str:
    return "".join(json.dumps({"tokens": a.split(), "tags": b.split()}) + "\n" for a, b in rows)


def conll(rows: Sequence[tuple[str, str]], delimiter: str = "\t", gap: str = "") -> str:
    return "".join(
        "".join(f"{word}{delimiter}{tag}\n" for word, tag in zip(a.split(), b.split(), strict=True)) + f"{gap}\n"
        for a, b in rows
    )


def conll_spaces(rows: Sequence[tuple[str, str]]) -> str:
    return "-DOCSTART- O\n\n" + conll(rows, " ")


def conll_four_columns(rows: Sequence[tuple[str, str]]) -> str:
    return "-DOCSTART- -X- O O\n\n" + conll(rows, " NN I-NP ")


def conll_tab_breaks(rows: Sequence[tuple[str, str]]) -> str:
    return conll(rows, "\t", "\t")


def conllu(rows: Sequence[tuple[str, str]]) -> str:
    sentences = []
    for number, (a, b) in enumerate(rows):
        words = [
            f"{i + 1}\t{word}\t{word}\t{tag}\t_\t_\t0\troot\t_\t_"
            for i, (word, tag) in enumerate(zip(a.split(), b.split(), strict=True))
        ]
        words.insert(0, "1-2\tdu\t_\t_\t_\t_\t_\t_\t_\t_")
        words.append("9.1\tempty\t_\tX\t_\t_\t_\t_\t_\t_")
        sentences.append(f"# sent_id = {number}\n# text = {a}\n" + "\n".join(words) + "\n\n")
    return "".join(sentences)


def tags_in_line(rows: Sequence[tuple[str, str]]) -> str:
    return tsv(rows)


def pronunciation(rows: Sequence[tuple[str, str]]) -> str:
    return ";;; a dictionary\n" + "".join(f"{word}  {sounds}\n" for word, sounds in rows)


def tune_book(rows: Sequence[tuple[str, str]]) -> str:
    tunes = []
    for number, (music, label) in enumerate(rows, 1):
        metre, key = label.split(" ", 1)
        first, second = music[: music.index("|") + 1], music[music.index("|") + 1 :]
        tunes.append(f"X:{number}\nT:Tune {number}\nM:{metre}\nK:{key}\n{first}\n% a remark\n{second}\n")
    return "\n".join(tunes)


LABELLED = [(f"name{chr(97 + i % 26)}{chr(97 + i // 26)}", ("male", "female")[i % 2]) for i in range(60)]
SENTENCES = [(f"the {a} saw a {b} here", label) for i, (a, b, label) in enumerate(
    (a, b, ("good", "bad", "neutral")[(i + j) % 3])
    for i, a in enumerate(("cat", "dog", "man", "bird", "child", "cook"))
    for j, b in enumerate(("house", "tree", "river", "boat", "street", "cake"))
)]  # fmt: skip
PAIRS = [(f"i see the {a} {n}", f"je vois le {b} {n}") for a, b in (("cat", "chat"), ("dog", "chien"), ("man", "homme"))
         for n in ("now", "here", "there", "again", "well", "too", "often", "once")]  # fmt: skip
TAGGED = [(f"{name} works at {place} .", "B-PER O O B-ORG O") for name in ("Anna", "Chirag", "Li", "#", "Omar")
          for place in ("Acme", "Initech", "Globex", "Umbrella")]  # fmt: skip
SPOKEN = [(f"{a}{b}T", f"{x} {y} T") for a, x in (("C", "K"), ("B", "B"), ("P", "P"), ("S", "S"))
          for b, y in (("A", "AE1"), ("U", "AH1"), ("I", "IH1"))]  # fmt: skip

TUNES = [(f"{a}{b}|{b}{a} c2|]", ("3/4 G major", "4/4 E minor", "3/4 D dorian")[(i + j) % 3])
         for i, a in enumerate(("GA", "Bc", "dB", "E^F")) for j, b in enumerate(("D2", "A/B/c", "g'e", "z2", "B,"))
         ]  # fmt: skip

# name → (what is written, the form it is recognised as, the rows, how they are written)
FORMS: dict[str, tuple[str, str, list[tuple[str, str]], Callable[[Any], str]]] = {
    "lines": ("names.txt", "lines", [(text, "") for text, _ in LABELLED], lines),
    "csv": ("names.csv", "table", LABELLED, csv_text),
    "csv of sentences": ("reviews.csv", "table", SENTENCES, csv_text),
    "semicolons": ("names.csv", "table", LABELLED, semicolons),
    "tsv": ("names.tsv", "table", LABELLED, tsv),
    "label first": ("names.tsv", "table", LABELLED, label_first),
    "pairs": ("pairs.txt", "table", PAIRS, tsv),
    "pairs with attribution": ("fra.txt", "table", PAIRS, anki),
    "json lines": ("names.jsonl", "jsonl", LABELLED, json_lines),
    "json pairs": ("pairs.jsonl", "jsonl", PAIRS, json_pairs),
    "json tags": ("tags.jsonl", "jsonl", TAGGED, json_tagged),
    "conll": ("ner.conll", "conll", TAGGED, conll),
    "conll with spaces": ("ner.txt", "conll", TAGGED, conll_spaces),
    "conll of four columns": ("ner.txt", "conll", TAGGED, conll_four_columns),
    "conll with tab breaks": ("ner.conll", "conll", TAGGED, conll_tab_breaks),
    "conllu": ("ud.conllu", "conllu", TAGGED, conllu),
    "tags in the line": ("slots.iob", "table", TAGGED, tags_in_line),
    "tune book": ("tunes.abc", "abc", TUNES, tune_book),
    "pronunciation": ("dict.txt", "pronunciation", SPOKEN, pronunciation),
}


def write(folder: Path, name: str) -> Path:
    """The file of one form."""
    file, _, rows, writer = FORMS[name]
    path = folder / file
    path.write_text(writer(rows), encoding="utf-8", newline="")
    return path
