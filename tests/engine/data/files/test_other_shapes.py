"""Kinds of files that were once read wrongly, in the other shapes that people and tools give them; all made up."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.data.dataset import Dataset
from engine.data.files.texts_to_answer import read_inputs
from engine.data.load import load_dataset
from engine.errors import DataError

THINGS = "soup room train garden lamp bread clerk museum beach hotel".split()  # noqa: SIM905
KINDS = "warm cold bright dull tasty bland quick slow fresh stale noisy quiet".split()  # noqa: SIM905
TEXTS = [f"the {THINGS[i % 10]} number {i} was {KINDS[i % 12]} and we told everybody" for i in range(120)]
REVIEWS = [(text, "good" if i % 2 else "poor") for i, text in enumerate(TEXTS)]
SENTENCES = [
    [("Jana", "B-PER"), ("Lee", "I-PER"), ("leaves", "O"), ("Turin", "B-LOC"), (KINDS[i % 12], "O"), (".", "O")]
    for i in range(60)
]
TAGS = {"O", "B-PER", "I-PER", "B-LOC"}


def put(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def table(rows: Sequence[Sequence[object]], delimiter: str = ",", header: Sequence[str] | None = None) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([header, *rows] if header else rows)
    return out.getvalue()


def lines(rows: Sequence[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def conll(sentences: Sequence[Sequence[Sequence[str]]], line: str = "{0}\t{1}", before: str = "") -> str:
    return "".join(before.replace("N", str(n)) + "".join(line.format(*word) + "\n" for word in words) + "\n"
                   for n, words in enumerate(sentences))  # fmt: skip


def tokens(dataset: Dataset) -> list[str]:
    return [token for part in (dataset.train, dataset.validation) for example in part for token in example.source]


def check_tagged(path: Path, tags: set[str] = TAGS) -> Dataset:
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 60, 360), dataset.recognition
    assert set(dataset.labels) == tags
    assert "Turin" in tokens(dataset)
    return dataset


def check_reviews(path: Path, text: str = "", label: str = "") -> Dataset:
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.report.rows) == ("labelled", 120), dataset.recognition
    assert set(dataset.labels) == {"good", "poor"}
    found = dataset.recognition
    assert not text or (found.source_column, found.target_column) == (text, label)
    return dataset


class TestTokens:
    @pytest.mark.parametrize("line", ["{1}\t{0}", "{1} {0}"])
    @pytest.mark.parametrize("before", ["", "# doc-N\n"])
    def test_the_tag_may_stand_before_the_token(self, line: str, before: str, tmp_path: Path) -> None:
        check_tagged(put(tmp_path / "x.bio", conll(SENTENCES, line, before)))

    @pytest.mark.parametrize("before", ["%% sentence N\n", "// sentence N\n", "#\thttp://x.org/N [2009-10-17]\n"])
    @pytest.mark.parametrize("line", ["{0} {1}", "{0}\t_\t_\t{1}"])
    def test_remarks_may_begin_and_be_separated_otherwise(self, before: str, line: str, tmp_path: Path) -> None:
        check_tagged(put(tmp_path / "x.conll", conll(SENTENCES, line, before)))

    def test_the_columns_of_ontonotes_hold_the_document_before_the_token(self, tmp_path: Path) -> None:
        for name in ("bc/x", "bc/N"):
            line = f"{name} 0 3   {{0}}  NN   *   - -  - sp  * {{1}}"
            parts = [conll([words], line.replace("N", str(n // 20))) for n, words in enumerate(SENTENCES)]
            whole = f"#begin document ({name}); part 000\n{''.join(parts)}#end document\n"
            assert check_tagged(put(tmp_path / "x.conll", whole)).recognition.source_column == "column 4"

    @pytest.mark.parametrize("line", ["{0} {1} \t", "{0}\t{1}\t", "{0} \t {1}"])
    def test_white_space_at_the_ends_of_lines_is_no_column(self, line: str, tmp_path: Path) -> None:
        dataset = load_dataset(put(tmp_path / "x.conll", conll(SENTENCES, line)))
        assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 60, 360)

    @pytest.mark.parametrize("mark", ["-DOCSTART- O", "-DOCEND- O", "-DOCEND-"])
    def test_documents_end_as_they_begin(self, mark: str, tmp_path: Path) -> None:
        check_tagged(put(tmp_path / "x.conll", "".join(f"{conll([w], '{0} {1}')}{mark}\n\n" for w in SENTENCES)))

    @pytest.mark.parametrize("names", ["word\ttag\n", "Token\tNER\n", "# token\tlabel\n", "tokens\tner_tags\n\n"])
    def test_the_first_line_may_name_the_columns(self, names: str, tmp_path: Path) -> None:
        dataset = check_tagged(put(tmp_path / "x.tsv", names + conll(SENTENCES)))
        assert "tag" not in dataset.labels

    @pytest.mark.parametrize("delimiter", ",;")
    def test_commas_may_separate_tokens_from_tags(self, delimiter: str, tmp_path: Path) -> None:
        dataset = check_tagged(put(tmp_path / "x.csv", conll(SENTENCES, "{0}" + delimiter + "{1}")))
        assert dataset.recognition.form == "conll"
        marked = [[*words[:5], ('","', "O")] for words in SENTENCES]
        assert tokens(load_dataset(put(tmp_path / "y.csv", conll(marked, "{0},{1}")))).count(",") == 60

    @pytest.mark.parametrize("delimiter", ",;\t")
    @pytest.mark.parametrize("every", [True, False])
    @pytest.mark.parametrize(
        "header", [("Sentence #", "Word", "POS", "Tag"), ("sentence_id", "words", "pos", "labels")]
    )
    def test_a_column_may_number_the_sentences(
        self, delimiter: str, every: bool, header: tuple[str, ...], tmp_path: Path
    ) -> None:
        rows = [(f"Sentence: {n}" if i == 0 or every else "", word, "NN", tag)
                for n, words in enumerate(SENTENCES) for i, (word, tag) in enumerate(words)]  # fmt: skip
        dataset = check_tagged(put(tmp_path / "ner.csv", table(rows, delimiter, header)))
        assert dataset.recognition.sentence_column == header[0]
        assert len(read_inputs(tmp_path / "ner.csv", dataset.codec, dataset.recognition).texts) == 60

    @pytest.mark.parametrize(
        "header", [("sentence_id", "token", "tag"), ("Satz", "Wort", "Wortart"), ("Satznummer", "Wort", "Tag")]
    )
    def test_a_column_may_number_the_sentences_beside_parts_of_speech(
        self, header: tuple[str, ...], tmp_path: Path
    ) -> None:
        kinds = ["NN", "VB", "DT", "JJ"]
        rows = [(str(n), f"word{(5 * n + i) % 37}", kinds[(5 * n + i) % 37 % 4]) for n in range(60) for i in range(7)]
        path = put(tmp_path / "pos.csv", table(rows, ",", header))
        for dataset in (load_dataset(path), load_dataset(path, kind="tagged")):
            assert (dataset.kind, dataset.recognition.sentence_column) == ("tagged", header[0])
            assert dataset.report.rows == 60

    def test_names_with_a_label_and_a_blank_line_somewhere_stay_a_table(self, tmp_path: Path) -> None:
        rows = [f"{thing}{kind},{'ab'[len(kind) % 2]}" for thing in THINGS for kind in KINDS]
        rows.insert(50, "")
        dataset = load_dataset(put(tmp_path / "x.csv", "\n".join(rows)))
        assert (dataset.kind, dataset.report.rows) == ("labelled", 120)

    @pytest.mark.parametrize("mark", "/_")
    def test_tags_attached_to_words_are_told_of_with_what_to_do(self, mark: str, tmp_path: Path) -> None:
        rows = [" ".join(f"{word}{mark}{tag}" for word, tag in words) for words in SENTENCES]
        dataset = load_dataset(put(tmp_path / "x.txt", "\n".join(rows)))
        assert dataset.kind == "sequences"
        assert f"as in “Jana{mark}B-PER”" in dataset.report.findings[0]
        assert not load_dataset(put(tmp_path / "y.txt", "\n".join(TEXTS))).recognition.remark

    def test_a_file_of_tokens_alone_is_tagged_sentence_by_sentence(self, tmp_path: Path) -> None:
        trained = load_dataset(put(tmp_path / "train.conll", conll(SENTENCES)))
        path = put(tmp_path / "new.txt", "Jana\nleaves\n\n\nLee\nstays\n")
        assert read_inputs(path, trained.codec, trained.recognition).texts == [("Jana", "leaves"), ("Lee", "stays")]


class TestTables:
    @pytest.mark.parametrize("names", ["1 2 3", "row1 row2", "a-7 b-8"])
    def test_tables_of_r_lack_the_name_of_the_row_names(self, names: str, tmp_path: Path) -> None:
        row_names = [f"{names.split()[0].rstrip('123478')}{i + 1}" for i in range(120)]
        rows = [(name, *row) for name, row in zip(row_names, REVIEWS, strict=True)]
        for delimiter in "\t,;":
            path = put(tmp_path / "x.csv", f"text{delimiter}label\n" + table(rows, delimiter))
            assert check_reviews(path, "text", "label").report.skipped == 0
        quoted = '"text" "label"\n' + "".join(" ".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
        check_reviews(put(tmp_path / "x.txt", quoted), "text", "label")

    @pytest.mark.parametrize(("name", "mark"), [("Semicolon", ";"), ("tab", "\t"), ("Comma", ","), ("|", "|")])
    def test_the_separator_may_be_named_as_anki_does(self, name: str, mark: str, tmp_path: Path) -> None:
        rows = [(f"we saw, {i} {KINDS[i % 12]}", f"nous avons vu, {i} {KINDS[i % 12]}") for i in range(120)]
        dataset = load_dataset(put(tmp_path / "x.txt", f"#separator:{name}\n#html:false\n" + table(rows, mark)))
        assert (dataset.kind, dataset.report.rows) == ("pairs", 120)
        assert dataset.recognition.previews[1][0] == rows[0][1]

    @pytest.mark.parametrize("form", ["${:.2f}", "{:.2f} €", "£{:.2f}"])
    def test_prices_are_numbers(self, form: str, tmp_path: Path) -> None:
        rows = [(text, form.format(i * 1.37)) for i, text in enumerate(TEXTS)]
        dataset = load_dataset(put(tmp_path / "x.csv", table(rows, ",", ("description", "price"))))
        assert (dataset.kind, dataset.report.skipped) == ("rated", 0)

    def test_the_score_of_a_pair_is_told(self, tmp_path: Path) -> None:
        rows = [(text, text.replace("was", "is"), f"{i * 0.037:.3f}") for i, text in enumerate(TEXTS)]
        dataset = load_dataset(put(tmp_path / "x.tsv", table(rows, "\t", ("sentence1", "sentence2", "score"))))
        assert dataset.kind == "pairs"
        assert dataset.report.findings[0].startswith("The numbers of “score” (0.000, 0.037, 0.074, …) are not read")

    @pytest.mark.parametrize("separator", ["|", ",", ";", ", "])
    def test_labels_joined_in_one_cell_are_refused(self, separator: str, tmp_path: Path) -> None:
        rows = [(text, f"{label}{separator}long" if i % 3 == 0 else label) for i, (text, label) in enumerate(REVIEWS)]
        files = {"x.csv": table(rows, ",", ("text", "labels")),
                 "x.jsonl": lines([{"text": text, "labels": label} for text, label in rows])}  # fmt: skip
        for name, data in files.items():
            path = put(tmp_path / name, data)
            with pytest.raises(DataError, match="several labels for one text in 40 of 120 rows"):
                load_dataset(path)
            assert len(load_dataset(path, kind="labelled").labels) == 4

    def test_a_label_with_a_comma_is_one_label(self, tmp_path: Path) -> None:
        rows = [(text, ("Lyon, France", "Rome, Italy", "Nice, France")[i % 3]) for i, text in enumerate(TEXTS)]
        assert len(load_dataset(put(tmp_path / "x.csv", table(rows, ",", ("text", "city")))).labels) == 3

    def test_a_cell_of_many_lines_does_not_hide_the_quotes_of_the_others(self, tmp_path: Path) -> None:
        rows = "".join(f'"{text}"\t"{label}"\n' for text, label in REVIEWS[:119])
        check_reviews(
            put(tmp_path / "x.tsv", f'text\tlabel\n{rows}"{"word and@".replace("@", chr(10)) * 20_000}"\t"good"\n')
        )

    @pytest.mark.parametrize("second", ["{0}", "{0} {1}.", "{0}-{0}"])
    def test_names_with_the_last_name_first_are_items(self, second: str, tmp_path: Path) -> None:
        given = ["Anna", "Ben", "Carla", "Dan", "Eve"]
        names = [f"{thing.title()}{kind}, {second.format(given[(i + j) % 5], 'ABC'[i % 3])}"
                 for i, thing in enumerate(THINGS) for j, kind in enumerate(KINDS)]  # fmt: skip
        dataset = load_dataset(put(tmp_path / "x.txt", "\n".join(names)))
        assert (dataset.kind, dataset.report.rows) == ("sequences", 120)

    def test_a_label_behind_a_comma_and_a_space_is_a_label(self, tmp_path: Path) -> None:
        check_reviews(put(tmp_path / "x.txt", "\n".join(f"{text}, {label}" for text, label in REVIEWS)))

    def test_a_byte_order_mark_that_was_taken_for_letters_is_none(self, tmp_path: Path) -> None:
        check_reviews(put(tmp_path / "x.csv", "ï»¿" + table(REVIEWS, ",", ("text", "label"))), "text", "label")

    def test_quoted_fields_of_several_lines_are_seen_in_a_short_file_too(self, tmp_path: Path) -> None:
        trained = load_dataset(put(tmp_path / "train.csv", table(REVIEWS, ",", ("text", "label"))))
        text = 'text\turl\n"the soup\nwas warm"\tx\n"the ""soup"" was cold"\ty\n'
        path = put(tmp_path / "new.tsv", text.encode("utf-16"))
        assert read_inputs(path, trained.codec, trained.recognition).texts == [
            "the soup\nwas warm",
            'the "soup" was cold',
        ]


OBJECTS = [{"text": text, "label": label} for text, label in REVIEWS]


class TestJson:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("x.json", "".join(map(json.dumps, OBJECTS))),
            ("x.json", "\n".join(json.dumps(one, indent=2) for one in OBJECTS)),
            ("x.jsonl", ";\n".join(map(json.dumps, OBJECTS))),
            ("x.jsonl", "\n".join(map(repr, OBJECTS))),
            ("x.jsonl", "// made by hand\n# and mended\n" + lines(OBJECTS)),
        ],
        ids=["without line ends", "over several lines", "semicolons", "Python", "remarks"],
    )
    def test_objects_are_read_however_they_are_laid_out(self, name: str, data: str, tmp_path: Path) -> None:
        check_reviews(put(tmp_path / name, data), "text", "label")

    @pytest.mark.parametrize(
        ("value", "advice"),
        [
            ({"train": [[text, label] for text, label in REVIEWS], "test": []}, "list under “train”"),
            ({"outer": {"examples": OBJECTS}}, "list under “outer.examples”"),
            (
                [{"messages": [{"role": "user", "content": t}, {"role": "it", "content": t}]} for t in TEXTS],
                "“messages”",
            ),
            ({"text": TEXTS, "label": [label for _, label in REVIEWS]}, 'orient="records"'),
        ],
    )
    def test_one_object_is_refused_with_where_the_rows_may_be(self, value: Any, advice: str, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=advice):
            load_dataset(put(tmp_path / "x.json", json.dumps(value)))

    @pytest.mark.parametrize("number", [str, float, int])
    def test_places_of_entities_may_be_written_as_other_numbers(self, number: Any, tmp_path: Path) -> None:
        rows = [{"text": f"Soup {i} was warm", "entities": [{"start": number(0), "end": number(4), "label": "PER"}]}
                for i in range(60)]  # fmt: skip
        dataset = load_dataset(put(tmp_path / "x.jsonl", lines(rows)))
        assert dataset.train[0].target == ("B-PER", "O", "O", "O")

    @pytest.mark.parametrize(
        "row",
        [
            lambda words, tags: {"id": "7", "tokens": words, "ner_tags": [int(tag != "O") for tag in tags]},
            lambda words, tags: {"tokens": words, "pos": ["NN"] * len(words), "tags": tags},
            lambda words, tags: {"tokens": [{"word": w, "tag": t} for w, t in zip(words, tags, strict=True)]},
            lambda words, tags: [[w, t] for w, t in zip(words, tags, strict=True)],
        ],
        ids=["numbers", "two lists of tags", "objects", "pairs"],
    )
    def test_tokens_with_their_tags_are_found_in_lists(self, row: Any, tmp_path: Path) -> None:
        rows = [row([w for w, _ in words], [t for _, t in words]) for words in SENTENCES]
        numbered = isinstance(rows[0], dict) and "ner_tags" in rows[0]
        for name, data in (("x.jsonl", lines(rows)), ("x.json", json.dumps(rows))):
            check_tagged(put(tmp_path / name, data), {"0", "1"} if numbered else TAGS)

    def test_labels_of_fasttext_may_have_another_prefix(self, tmp_path: Path) -> None:
        check_reviews(put(tmp_path / "x.txt", "".join(f"__cat__{label} {text}\n" for text, label in REVIEWS)))


class TestSeveralFiles:
    def test_a_lost_line_is_told_whatever_the_files_are_called(self, tmp_path: Path) -> None:
        english = [f"we saw the {'very ' * (i % 7)}{KINDS[i % 12]} soup {i}" for i in range(120)]
        french = [f"nous avons vu la soupe {'très ' * (i % 7)}{KINDS[i % 12]} {i}" for i in range(119)]
        put(tmp_path / "english.txt", "\n".join(english))
        put(tmp_path / "french.txt", "\n".join(french))
        with pytest.raises(DataError, match=r"after 119 lines but english\.txt goes on to 120"):
            load_dataset(tmp_path)

    def test_several_sets_in_one_folder_are_named(self, tmp_path: Path) -> None:
        for name in ("train.en", "train.fr", "test.en", "test.fr"):
            put(tmp_path / name, "one\ntwo\n")
        with pytest.raises(DataError, match=r"2 sets of files that belong together: test\.en and test\.fr; train\.en"):
            load_dataset(tmp_path)


class TestValidation:
    """A validation file is read in its own way, and it is told if it does not belong to the training data."""

    @pytest.mark.parametrize("line", ["{0} {1}", "{0} NN X {1}", "{0},{1}"])
    def test_tokens_may_stand_in_other_columns(self, line: str, tmp_path: Path) -> None:
        train = put(tmp_path / "train.conll", conll(SENTENCES))
        other = put(tmp_path / "dev.conll", conll(SENTENCES[:9], line))
        dataset = load_dataset(train, validation=other)
        assert len(dataset.validation) == 9
        assert dataset.validation[0].target == dataset.train[0].target

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("x.tsv", table([row[::-1] for row in REVIEWS[:20]], "\t", ("label", "text"))),
            ("x.csv", table(REVIEWS[:20], ";")),
            ("x.jsonl", lines(OBJECTS[:20])),
            ("x.csv", table(REVIEWS[:20], ",", ("text", "label")).encode("utf-16")),
        ],
        ids=["columns change places", "no header", "JSON Lines", "UTF-16"],
    )
    def test_rows_may_stand_in_another_form(self, name: str, data: str | bytes, tmp_path: Path) -> None:
        train = put(tmp_path / "train.csv", table(REVIEWS, ",", ("text", "label")))
        dataset = load_dataset(train, validation=put(tmp_path / "dev" / name, data))
        assert (len(dataset.train), len(dataset.validation)) == (120, 20)
        assert dataset.validation[0].source[0] == "the"
        assert set(dataset.labels) == {"good", "poor"}

    def test_other_labels_are_told(self, tmp_path: Path) -> None:
        train = put(tmp_path / "train.csv", table(REVIEWS, ",", ("text", "label")))
        others = [(text, "praise" if i % 10 == 0 else label) for i, (text, label) in enumerate(REVIEWS[:40])]
        dataset = load_dataset(train, validation=put(tmp_path / "a.csv", table(others, ",", ("text", "label"))))
        assert any("4 validation rows with a label that never occurs" in found for found in dataset.report.findings)
        others = [(text, label.upper()) for text, label in others]
        with pytest.raises(
            DataError, match=r"other labels than the training data: 40 of 40 rows .* training has 'poor'"
        ):
            load_dataset(train, validation=put(tmp_path / "b.csv", table(others, ",", ("text", "label"))))

    def test_another_language_is_told(self, tmp_path: Path) -> None:
        train = put(tmp_path / "train.csv", table(REVIEWS, ",", ("text", "label")))
        foreign = [(f"das {i}. Zimmer im ersten Stock war leider viel zu kalt", label)
                   for i, (_, label) in enumerate(REVIEWS)]  # fmt: skip
        path = put(tmp_path / "a.csv", table(foreign, ",", ("text", "label")))
        with pytest.raises(DataError, match="another language"):
            load_dataset(train, validation=path)
        with pytest.raises(DataError, match="another language"):
            assert load_dataset(train, test=path).test

    @pytest.mark.parametrize("given", ["validation", "test"])
    def test_few_sentences_of_a_language_with_many_forms_leave_most_words_unknown(
        self, given: str, tmp_path: Path
    ) -> None:
        little = ("ja", "on", "ei", "se", "oli", "joka")

        def sentences(first: int) -> str:
            forms = (f"{stem}{ending}" for stem in range(first, first + 99) for ending in ("ssa", "lla", "ksi"))
            rows = [(f"{form} {little[i % 6]} talo{form}", "good" if i % 2 else "poor") for i, form in enumerate(forms)]
            return table(rows, ",", ("text", "label"))

        train = put(tmp_path / "train.csv", sentences(100))
        dataset = load_dataset(train, **{given: put(tmp_path / "other.csv", sentences(500))}, unit="word")  # type: ignore[arg-type]
        assert len(dataset.validation if given == "validation" else dataset.test) == 297

    @pytest.mark.parametrize("unit", ["word", "character"])
    def test_the_target_side_of_pairs_may_not_be_in_another_language_either(self, unit: str, tmp_path: Path) -> None:
        english = [
            f"we saw the {kind} {thing} near the {other}" for kind in KINDS for thing in THINGS for other in THINGS
        ]
        french = [f"nous avons {kind} cette belle {thing}ette sous {i % 7}" for i, (kind, thing) in
                  enumerate((kind, thing) for kind in KINDS for thing in THINGS for _ in THINGS)]  # fmt: skip
        pairs = list(zip(english, french, strict=True))
        random.Random(0).shuffle(pairs)
        train = put(tmp_path / "train.tsv", table(pairs[:1000], "\t"))
        good = put(tmp_path / "good.tsv", table(pairs[1000:], "\t"))
        dataset = load_dataset(train, validation=good, unit=unit, target_unit=unit)
        assert not any("another language" in finding for finding in dataset.report.findings)
        german = [f"dort standen zwei alte Männer vor {i} Haustüren" for i in range(200)]
        bad = put(tmp_path / "bad.tsv", table(list(zip(english[1000:], german, strict=True)), "\t"))
        with pytest.raises(DataError, match=r"target texts (seem to|may) be in another language"):
            load_dataset(train, validation=bad, unit=unit, target_unit=unit)

    def test_names_that_are_spelled_otherwise_are_told_of_and_read(self, tmp_path: Path) -> None:
        train = put(
            tmp_path / "train.txt", "\n".join(f"{a}{b}{c}" for a in THINGS for b in KINDS for c in ("la", "mo"))
        )
        path = put(tmp_path / "dev.txt", "\n".join(f"{a}{b}"[::-1] for a in THINGS for b in KINDS))
        dataset = load_dataset(train, validation=path)
        assert any("three-letter sequences never occur in training" in found for found in dataset.report.findings)

    def test_another_task_is_told(self, tmp_path: Path) -> None:
        train = put(tmp_path / "train.csv", table(REVIEWS, ",", ("text", "label")))
        with pytest.raises(DataError, match=r"\(one item per line: items\) is not like the training file \(table"):
            load_dataset(train, validation=put(tmp_path / "x.txt", "\n".join(TEXTS)))


def test_that_xml_is_read_as_plain_text_is_told(tmp_path: Path) -> None:
    items = "\n".join(f"<item id='{k}'><text>{text}</text></item>" for k, text in enumerate(TEXTS))
    dataset = load_dataset(put(tmp_path / "x.xml", f'<?xml version="1.0"?>\n<items>\n{items}\n</items>\n'))
    assert dataset.report.remarks == ("This is XML; it is read as plain text, with its tags.",)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("", " INFO [main] app"),
        ("[", "] INFO [main] app"),
        ("INFO ", " [main] app"),
        ("[main] INFO ", " app"),
        ("INFO:", ":root"),
        ("", "Z INFO app"),
        ("", "-INFO app"),
    ],
)
def test_the_milliseconds_of_a_log_make_no_columns_however_they_are_separated(
    opens: str, closes: str, tmp_path: Path
) -> None:
    for mark in ".,":
        lines = [
            f"{opens}2024-06-01 {n % 24:02}:{n % 60:02}:07{mark}{n * 37 % 1000:03}{closes} - {text}"
            for n, text in enumerate(TEXTS)
        ]
        dataset = load_dataset(put(tmp_path / "app.log", "\n".join(lines)))
        assert (dataset.kind, dataset.recognition.form, dataset.report.rows) == ("sequences", "lines", 120), mark
        assert dataset.codec.join(dataset.train[0].source) in lines


def test_a_log_with_bars_is_separated_by_them_whatever_stands_before_its_milliseconds(tmp_path: Path) -> None:
    for mark in ".,":
        rows = [
            (f"2024-06-01 {n % 24:02}:{n % 60:02}:07{mark}{n * 37 % 1000:03}", ("INFO", "WARN")[n % 2], text)
            for n, text in enumerate(TEXTS)
        ]
        dataset = load_dataset(put(tmp_path / "app.log", "\n".join(map("|".join, rows))))
        assert (dataset.recognition.delimiter, set(dataset.labels)) == ("|", {"INFO", "WARN"}), mark


@pytest.mark.parametrize("unit", ["", " MB", " km/h"])
def test_numbers_of_three_figures_behind_times_are_still_a_column(unit: str, tmp_path: Path) -> None:
    rows = [(f"2024-06-01 {n % 24:02}:{n % 60:02}:07", f"{100 + n * 37 % 900}{unit}") for n in range(120)]
    assert load_dataset(put(tmp_path / "x.csv", table(rows))).recognition.columns == ("column 1", "column 2")


@pytest.mark.parametrize("pad", ["\t\t", "\t", "    "])
def test_white_space_that_lines_up_what_follows_a_comma_makes_no_columns(pad: str, tmp_path: Path) -> None:
    chosen = random.Random(1)
    rows = [("+-"[n % 2], f"S{n}", "".join(chosen.choices("acgt", k=57))) for n in range(106)]
    dataset = load_dataset(put(tmp_path / "sites.data", "".join(f"{a},{b},{pad}{c}\n" for a, b, c in rows)))
    assert (dataset.kind, dataset.recognition.delimiter, set(dataset.labels)) == ("labelled", ",", {"+", "-"})
    assert {"".join(example.source) for example in dataset.train} <= {text for _, _, text in rows}


def test_capital_letters_after_commas_and_spaces_are_a_text_where_they_are_too_long_for_a_name(tmp_path: Path) -> None:
    chosen = random.Random(1)
    rows = [(("EI", "IE", "N")[n % 3], f"HUMALB-DONOR-{n}", "".join(chosen.choices("ACGT", k=60))) for n in range(300)]
    dataset = load_dataset(
        put(tmp_path / "sites.data", "".join(f"{a},    {b},               {c}\n" for a, b, c in rows))
    )
    assert (dataset.kind, dataset.recognition.delimiter, set(dataset.labels)) == ("labelled", ",", {"EI", "IE", "N"})
    assert {"".join(example.source) for example in dataset.train} <= {text for _, _, text in rows}
