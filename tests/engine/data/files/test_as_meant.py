"""Files as people and tools really write them, made up here: each is read as its maker meant it, in many variations."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.errors import DataError

THINGS = "soup room train garden lamp bread clerk museum beach hotel".split()  # noqa: SIM905
KINDS = "warm cold bright dull tasty bland quick slow fresh stale noisy quiet".split()  # noqa: SIM905
TEXTS = [f"the {THINGS[i % 10]} number {i} was {KINDS[i % 12]} and we told everybody" for i in range(120)]
REVIEWS = [(text, "good" if i % 2 else "poor") for i, text in enumerate(TEXTS)]
HEADERS = [
    ("text", "label"), ("Text", "Klasse"), ("texte", "étiquette"), ("texto", "etiqueta"), ("текст", "метка"),
    ("文本", "标签"), ("テキスト", "ラベル"), ("نص", "تصنيف"), ("वाक्य", "लेबल"), ("Cümle", "Duygu"),
    ("v2", "v1"), ("tweetText", "airline_sentiment"), ("Customer Review", "Rating Class"), ("sms", "spam?"), ("0", "1"),
]  # fmt: skip


def put(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def table(rows: Sequence[Sequence[object]], delimiter: str = ",", header: Sequence[str] | None = None) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows] if header else rows)
    return out.getvalue()


def tokens(dataset: Dataset) -> list[str]:
    return [token for part in (dataset.train, dataset.validation) for example in part for token in example.source]


def check_reviews(path: Path) -> Dataset:
    dataset = load_dataset(path)
    assert (dataset.kind, dataset.report.rows) == ("labelled", 120), dataset.recognition
    assert set(dataset.labels) == {"good", "poor"}
    return dataset


class TestHeaders:
    @pytest.mark.parametrize("header", HEADERS, ids=" ".join)
    def test_names_in_many_languages_name_the_columns(self, header: tuple[str, str], tmp_path: Path) -> None:
        for delimiter in ",;\t|":
            check_reviews(put(tmp_path / "x.csv", table(REVIEWS, delimiter, header)))
        check_reviews(put(tmp_path / "x.csv", table([row[::-1] for row in REVIEWS], ",", header[::-1])))

    @pytest.mark.parametrize("header", HEADERS[:12:3], ids=" ".join)
    @pytest.mark.parametrize("delimiter", ",;\t")
    def test_index_columns_empty_cells_remarks_and_sep_lines_do_no_harm(
        self, header: tuple[str, str], delimiter: str, tmp_path: Path
    ) -> None:
        path, plain = tmp_path / "x.csv", table(REVIEWS, delimiter, header)
        numbered = table([(i, *row) for i, row in enumerate(REVIEWS)], delimiter, ("", *header))
        trailing = table([(*row, "", "") for row in REVIEWS], delimiter, (*header, "", ""))
        twice = table([(*row, row[1]) for row in REVIEWS], delimiter, (*header, header[1]))
        for text in (numbered, trailing, twice, f"sep={delimiter}\n{plain}", f"# exported, today\n#\n{plain}"):
            check_reviews(put(path, text))
            check_reviews(put(path, text.replace("\n", "\r\n").encode("utf-16")))
        dataset = load_dataset(put(path, numbered))
        assert dataset.recognition.has_header
        assert dataset.recognition.source_column == header[0]

    @pytest.mark.parametrize("above", [",,\n", "Report of today\n\n", "Report of today,\nMade by,me\n,\n"])
    def test_titles_above_the_names_are_no_rows(self, above: str, tmp_path: Path) -> None:
        dataset = check_reviews(put(tmp_path / "x.csv", above + table(REVIEWS, ",", ("text", "label"))))
        assert dataset.report.skipped == 0

    def test_the_names_of_joined_files_are_no_rows(self, tmp_path: Path) -> None:
        text = table(REVIEWS[:60], ",", ("text", "label")) + table(REVIEWS[60:], ",", ("text", "label"))
        check_reviews(put(tmp_path / "x.csv", text))

    @pytest.mark.parametrize(
        "names",
        [
            "Nr.;Datum;Text;Kategorie;Stunden bis Antwort",
            "No.;Date;Review;Kind;Hours",
            "Kunden-Nr.;Dat.;Text;Kat.;Betrag in EUR inkl. MwSt.",
            "id;Timestamp;Please tell us what you think.;Label;Stars!",
        ],
    )
    def test_names_may_end_in_a_full_stop(self, names: str, tmp_path: Path) -> None:
        rows = [(i, f"2024-03-{i % 28 + 1:02}", *review, f"{i % 7},5") for i, review in enumerate(REVIEWS)]
        check_reviews(put(tmp_path / "x.csv", table(rows, ";", names.split(";"))))

    @pytest.mark.parametrize("first", ["It was great.", "Great.", "The text is good…", "Never again!"])
    @pytest.mark.parametrize("label", ["good", "n/a", "excellent"])
    def test_a_sentence_above_others_is_one_of_them(self, first: str, label: str, tmp_path: Path) -> None:
        rows = [(first, label), *((f"The {THINGS[i % 10]} was {KINDS[i % 12]}.", f"{i % 5}") for i in range(99))]
        assert load_dataset(put(tmp_path / "x.csv", table(rows))).report.rows == 100

    @pytest.mark.parametrize("first", ["love it", "hi", "en", "it", "no", "not good", "is it", "type", "class act"])
    def test_an_ordinary_word_above_others_is_one_of_them(self, first: str, tmp_path: Path) -> None:
        lines = [first, *(f"{kind} {thing}" for kind, thing in zip(KINDS, THINGS, strict=False))]
        assert load_dataset(put(tmp_path / "x.csv", "\n".join(lines))).report.rows == 11

    @pytest.mark.parametrize(
        "first",
        ["hi ciao", "en in", "it es", "name nome", "text testo", "title titolo", "class classe", "Hi. Ciao!", "to a"],
    )
    def test_the_first_words_of_a_dictionary_are_a_pair(self, first: str, tmp_path: Path) -> None:
        rows = [
            first.split(),
            *(line.split() for line in ["run corri", "go va", "no no", "sit siedi", "eat mangia", "ok bene"]),
        ]
        for delimiter in ",;\t":
            dataset = load_dataset(put(tmp_path / "x.tsv", table(rows, delimiter)))
            assert (dataset.kind, dataset.report.rows) == ("pairs", 7)


class TestTables:
    @pytest.mark.parametrize(("labels", "times"), [(40, 4), (77, 3), (350, 4), (60, 2), (350, 2)])
    def test_a_header_outweighs_the_number_of_labels(self, labels: int, times: int, tmp_path: Path) -> None:
        rows = [(f"please tell me about {THINGS[i % 10]} {i} that is {KINDS[k]} now", f"intent_{i}")
                for i in range(labels) for k in range(times)]  # fmt: skip
        files = [table(rows, ",", ("text", "label")), table(rows, "\t", ("utterance", "intent"))]
        files += [table(rows), table(rows, "\t")] if times > 2 else []
        for text in files:
            dataset = load_dataset(put(tmp_path / "x.csv", text))
            assert (dataset.kind, len(dataset.labels), dataset.report.rows) == ("labelled", labels, labels * times)
        lines = "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows)
        assert len(load_dataset(put(tmp_path / "x.jsonl", lines)).labels) == labels

    @pytest.mark.parametrize("delimiter", "\t,;")
    @pytest.mark.parametrize("every", [10, 3, 2])
    @pytest.mark.parametrize("header", [("text", "label"), None])
    def test_extra_separators_belong_to_the_text(
        self, delimiter: str, every: int, header: tuple[str, str] | None, tmp_path: Path
    ) -> None:
        rows = [(text.replace(" number", f"{delimiter} number") if i % every == 0 else text, label)
                for i, (text, label) in enumerate(REVIEWS)]  # fmt: skip
        lines = [header, *rows] if header else rows
        for some in (lines, [row[::-1] for row in lines], [(str(i), *row) for i, row in enumerate(lines)]):
            dataset = check_reviews(put(tmp_path / "x.csv", "\n".join(delimiter.join(row) for row in some)))
            assert dataset.report.mended == len(range(0, 120, every))
            assert any("read as part of the text" in finding for finding in dataset.report.findings)

    def test_extra_separators_between_quoted_fields_belong_to_the_text_without_the_marks(self, tmp_path: Path) -> None:
        rows = [f'"the soup {i}, warm",{"ab"[i % 2]}' for i in range(60)]
        rows += [
            '"soup",warm café,a',
            '"a ""soup""","cold, grey",é,b',
        ]  # which begin with a mark and do not end with one
        dataset = load_dataset(put(tmp_path / "x.csv", "text,label\n" + "\n".join(rows)), unit="character")
        texts = {dataset.codec.join(e.source) for e in (*dataset.train, *dataset.validation)}
        assert {text for text in texts if "é" in text} == {"soup,warm café", 'a "soup",cold, grey,é'}
        assert dataset.report.mended == 2

    @pytest.mark.parametrize("size", [150_000, 600_000])
    @pytest.mark.parametrize("at", [0, 60])
    def test_a_cell_may_be_as_long_as_it_is(self, size: int, at: int, tmp_path: Path) -> None:
        rows = [f'"{text}",{label}' for text, label in REVIEWS]
        rows.insert(at, '"' + "word, and " * (size // 10) + '",good')
        dataset = load_dataset(put(tmp_path / "x.csv", "text,label\n" + "\n".join(rows)))
        assert (dataset.kind, dataset.report.rows, dataset.report.cut) == ("labelled", 121, 1)

    @pytest.mark.parametrize("form", ["{:.4f}", "-{:.3f}", "{:.2e}", "{:.1%}"])
    @pytest.mark.parametrize("header", [("text", "score"), ("Text", "Bewertung"), None])
    def test_measured_numbers_are_predicted_not_spelled(
        self, form: str, header: tuple[str, str] | None, tmp_path: Path
    ) -> None:
        numbers = [form.format(random.Random(i).random()) for i in range(len(TEXTS))]
        path = put(tmp_path / "x.csv", table(list(zip(TEXTS, numbers, strict=True)), ";", header))
        dataset = load_dataset(path)
        assert dataset.kind == "rated"
        assert dataset.recognition is not None
        assert "holds numbers: text, number" in dataset.recognition.reason
        (learned,) = dataset.train[0].target
        assert float(learned) == pytest.approx(
            float(numbers[TEXTS.index(" ".join(dataset.train[0].source))].strip("%")), rel=1e-4
        )
        assert load_dataset(path, kind="labelled").kind == "labelled"

    def test_numbers_that_count_the_texts_are_not_predicted(self, tmp_path: Path) -> None:
        rows = [(text, str(random.Random(i).randrange(10_000))) for i, text in enumerate(TEXTS)]
        dataset = load_dataset(put(tmp_path / "x.csv", table(rows, ",", ("text", "count"))))
        assert dataset.kind == "sequences"
        assert (
            "are not read: to predict them instead, choose “text and number” for Content." in dataset.report.findings[0]
        )

    @pytest.mark.parametrize("header", [("source", "target"), ("en", "de"), None])
    def test_pairs_of_equal_length_are_no_tags(self, header: tuple[str, str] | None, tmp_path: Path) -> None:
        sources = [random.Random(i).choices(THINGS + KINDS, k=6) for i in range(200)]
        for change in (lambda words: words[::-1], lambda words: [word[::-1] for word in words],
                       lambda words: [word + "en" if word in THINGS else word for word in words]):  # fmt: skip
            rows = [(" ".join(words), " ".join(change(words))) for words in sources]
            assert load_dataset(put(tmp_path / "x.tsv", table(rows, "\t", header))).kind == "pairs"


SENTENCES = [
    [("Jana", "B-PER"), ("Lee", "I-PER"), ("leaves", "O"), ("Turin", "B-LOC"), (KINDS[i % 12], "O"), (".", "O")]
    for i in range(60)
]


def conll(sentences: Sequence[Sequence[tuple[str, str]]], line: str = "{0}\t{1}", before: str = "") -> str:
    return "".join(before.replace("N", str(n)) + "".join(line.format(*word) + "\n" for word in words) + "\n"
                   for n, words in enumerate(sentences))  # fmt: skip


class TestTagged:
    @pytest.mark.parametrize("line", ["{0}\t{1}", "{0} {1}", "{0} _ _ {1}", "{0}\t_\t_\t{1}", "{0} NN I-NP {1}"])
    @pytest.mark.parametrize(
        "above",
        ["# id Nabc\tdomain=en\n", "# sent_id = N\n", "#begin document (bc/N); part 000\n", "# N\n", "#\tid\tN\tx\n",
         "# newdoc id = N\n", "-DOCSTART-\n\n", "-DOCSTART- (N Oslo)\n", "-DOCSTART- -X- O\n", "#end document\n"],
    )  # fmt: skip
    def test_remarks_and_document_marks_of_any_width_are_no_tokens(self, line: str, above: str, tmp_path: Path) -> None:
        dataset = load_dataset(put(tmp_path / "x.conll", conll(SENTENCES, line, above)))
        assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 60, 360)
        assert set(dataset.labels) == {"O", "B-PER", "I-PER", "B-LOC"}

    @pytest.mark.parametrize("line", ["{0}\t{1}", "{0} {1}", "{0} _ _ {1}"])
    def test_number_signs_and_hashtags_among_tokens_are_tokens(self, line: str, tmp_path: Path) -> None:
        marked = [[("#", "O") if i % 2 else ("#tag", "O"), *words] for i, words in enumerate(SENTENCES)]
        assert len(tokens(load_dataset(put(tmp_path / "x.conll", conll(marked, line))))) == 420

    @pytest.mark.parametrize("token", ["Rio Branco", "as well as", "10\u00a0000", "\u00a0", "\u3000", "New\u2009York"])
    def test_spaces_may_belong_to_tokens(self, token: str, tmp_path: Path) -> None:
        for first in (0, 59):
            words = [[*words, (token, "O")] if i >= first else words for i, words in enumerate(SENTENCES)]
            lines = ["{0}\t{1}"] if " " in token else ["{0}\t{1}", "{0} {1}"]
            for line in lines:
                dataset = load_dataset(put(tmp_path / "x.conll", conll(words, line)))
                assert tokens(dataset).count(token) == 60 - first

    def test_every_scheme_of_validation_becomes_that_of_training(self, tmp_path: Path) -> None:
        tags = {
            "IOB2": "B-PER I-PER O B-LOC O O", "IOB1": "I-PER I-PER O I-LOC O O",
            "BIOES": "B-PER E-PER O S-LOC O O", "BILOU": "B-PER L-PER O U-LOC O O",
        }  # fmt: skip
        files = {}
        for scheme, row in tags.items():
            retagged = [[(word, tag) for (word, _), tag in zip(w, row.split(), strict=True)] for w in SENTENCES]
            files[scheme] = put(tmp_path / scheme, conll(retagged))
        for trained, path in files.items():
            for other in files.values():
                dataset = load_dataset(path, validation=other)
                wanted = tags["IOB2" if trained == "IOB1" else trained].split()
                assert list(dataset.train[0].target) == list(dataset.validation[0].target) == wanted

    def test_a_change_of_scheme_is_told(self, tmp_path: Path) -> None:
        iob1 = [[("Jana", "I-PER"), ("left", "O"), (f"w{i}", "O")] for i in range(20)]
        dataset = load_dataset(put(tmp_path / "x.conll", conll(iob1)))
        assert "Tags written in IOB1 were read as IOB2." in dataset.report.findings


MET = [f"Soup number {i} met {kind} yesterday" for i in range(30) for kind in ("warm", "cold")]
SPANS = {
    "doccano": lambda text: {"text": text, "label": [[0, 4, "PER"]]},
    "doccano relations": lambda text: {
        "text": text, "entities": [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 4}], "relations": [],
    },
    "objects": lambda text: {"text": text, "entities": [{"start": 0, "end": 4, "label": "PER"}]},
    "spaCy": lambda text: [text, {"entities": [[0, 4, "PER"]]}],
    "Prodigy": lambda text: {
        "text": text, "spans": [{"start": 0, "end": 4, "label": "PER", "token_start": 0}],
        "tokens": [{"text": "Soup", "start": 0, "end": 4, "id": 0}], "answer": "accept",
    },
    "Label Studio": lambda text: {"id": 1, "data": {"text": text}, "annotations": [{"result": [
        {"from_name": "label", "type": "labels", "value": {"start": 0, "end": 4, "text": "Soup", "labels": ["PER"]}}
    ]}]},
    "Label Studio, small": lambda text: {"text": text, "label": [{"start": 0, "end": 4, "labels": ["PER"]}]},
    "offset and length": lambda text: {"text": text, "ents": [{"offset": 0, "length": 4, "type": "PER"}]},
}  # fmt: skip


class TestJson:
    @pytest.mark.parametrize("tool", SPANS)
    def test_characters_that_are_marked_become_tags(self, tool: str, tmp_path: Path) -> None:
        rows = [SPANS[tool](text) for text in MET]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        for name, data in (("x.jsonl", lines), ("x.json", json.dumps(rows)), ("x.json", json.dumps(rows, indent=1))):
            dataset = load_dataset(put(tmp_path / name, data))
            assert (dataset.kind, dataset.report.rows) == ("tagged", 60)
            assert dataset.train[0].target == ("B-PER", "O", "O", "O", "O", "O")

    def test_spans_that_are_out_of_place_are_mended_and_named(self, tmp_path: Path) -> None:
        rows = [{"text": text, "label": [[0, 4, "PER"]]} for text in MET]
        rows[4]["label"] = [[1, 3, "PER"]]
        rows[5]["label"] = [[0, 999, "PER"]]
        rows[6]["label"] = [[0, 4, "PER"], [0, 4, "LOC"]]
        report = load_dataset(put(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows)))).report
        assert [note.line for note in report.mended_first] == [5, 6, 7]
        assert "“ou” ends inside a word and was read as “Soup”" in report.mended_first[0].reason

    def test_accents_do_not_move_the_marks(self, tmp_path: Path) -> None:
        heads = [f"Cafe\u0301 {i} met " for i in range(20)]
        rows = [{"text": f"{head}Zoe\u0301 now", "label": [[len(head), len(head) + 4, "PER"]]} for head in heads]
        for ascii_only in (True, False):
            lines = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in rows)
            example = load_dataset(put(tmp_path / "x.jsonl", lines)).train[0]
            assert example.source[example.target.index("B-PER")] == "Zoé"

    def test_a_list_with_one_label_is_that_label(self, tmp_path: Path) -> None:
        rows = [{"text": text, "label": ["good" if i % 2 else "poor"]} for i, text in enumerate(TEXTS)]
        check_reviews(put(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows))))
        rows[7]["label"] = ["good", "long"]
        dataset = load_dataset(put(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows))))
        assert dataset.report.skipped_first[0].reason == "several labels: good, long"
        for row in rows[:60]:
            row["label"] = ["poor", "long"]
        with pytest.raises(DataError, match="several labels for one text in 60 of 120 rows"):
            load_dataset(put(tmp_path / "x.jsonl", "\n".join(map(json.dumps, rows))))

    @pytest.mark.parametrize("end", [",", ", ", ""])
    def test_commas_too_many_are_overlooked(self, end: str, tmp_path: Path) -> None:
        lines = [json.dumps({"text": text, "label": label}) for text, label in REVIEWS]
        check_reviews(put(tmp_path / "x.jsonl", f"{end}\n".join(lines) + end))
        check_reviews(put(tmp_path / "x.jsonl", f"{end}\n".join(line[:-1] + ",}" for line in lines)))
        check_reviews(put(tmp_path / "x.json", "[\n" + ",\n".join(line[:-1] + ", }" for line in lines) + ",\n]"))

    @pytest.mark.parametrize(
        "line",
        ["__label__{1} {0}", "__label__{1}, {0}", "__label__{1} , {0}", "__label__{1}\t{0}", "__label__{1},{0}",
         "{0} __label__{1}"],
    )  # fmt: skip
    def test_labels_of_fasttext_are_labels(self, line: str, tmp_path: Path) -> None:
        path = put(tmp_path / "x.txt", "\n".join(line.format(*row) for row in REVIEWS))
        dataset = check_reviews(path)
        assert not any("__label__" in token for token in tokens(dataset))
        several = put(tmp_path / "y.txt", "\n".join(f"__label__a __label__b {text}" for text in TEXTS))
        with pytest.raises(DataError, match="several labels"):
            load_dataset(several)


NAMES = "Zoé Noël Anaïs Chloé Jérôme Hélène Élodie André René Gaël Inès Maël Loïc Célia Rémi Théo".split()  # noqa: SIM905


class TestSigns:
    @pytest.mark.parametrize("bad", [b"O\x92Brien", b"caf\xe9", b"na\xefve", b"\x80uro", b"x\xc3"])
    @pytest.mark.parametrize("at", [0, 8, 16])
    def test_good_letters_survive_bad_bytes(self, bad: bytes, at: int, tmp_path: Path) -> None:
        lines = [name.encode() for name in NAMES]
        dataset = load_dataset(put(tmp_path / "x.txt", b"\n".join([*lines[:at], bad, *lines[at:]]) + b"\n"))
        assert dataset.recognition.encoding == "UTF-8"
        assert set(NAMES) <= {"".join(e.source) for part in (dataset.train, dataset.validation) for e in part}
        assert dataset.report.replaced == 1

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
    def test_a_lone_cr_is_text_where_lines_end_otherwise(self, encoding: str, end: str, tmp_path: Path) -> None:
        rows = "".join(
            f"we saw{chr(13) * (i % 3 == 0)} the {i} today\tnous avons \rvu {i} ici{end}" for i in range(120)
        )
        dataset = load_dataset(put(tmp_path / "x.tsv", rows.encode(encoding)))
        assert (dataset.kind, dataset.report.rows) == ("pairs", 120)

    @pytest.mark.parametrize(
        "other", ["cafe\u0301", "\u200bcafé", "café\u00a0", "\ufeffcafé", "café\u200b", "\u200ecafé"]
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_what_looks_the_same_is_one_label(self, other: str, encoding: str, tmp_path: Path) -> None:
        rows = [(f"the room {i} was fine and quiet", ("café", other, "bar")[i % 3]) for i in range(90)]
        for text in (table(rows, ",", ("text", "label")), table(rows, "\t"),
                     "\n".join(json.dumps({"text": a, "label": b}) for a, b in rows)):  # fmt: skip
            assert set(load_dataset(put(tmp_path / "x.csv", text.encode(encoding))).labels) == {"café", "bar"}

    def test_a_byte_order_mark_is_no_letter_anywhere(self, tmp_path: Path) -> None:
        text = "".join(f"\ufeff{name}\n" for name in NAMES)
        for encoding in ("utf-8", "utf-16"):
            dataset = load_dataset(put(tmp_path / "x.txt", text.encode(encoding)))
            assert not any("\ufeff" in symbol for symbol in dataset.codec.source.symbols)

    def test_accents_can_be_kept_as_they_are_and_else_are_told_of(self, tmp_path: Path) -> None:
        path = put(tmp_path / "x.txt", "\n".join([*NAMES, *(f"Zoe\u0301{name}" for name in NAMES)]))
        assert any("16 lines" in finding for finding in load_dataset(path).report.findings)
        kept = load_dataset(path, normal_form="keep")
        assert "e\u0301" in kept.codec.source.symbols
        assert kept.codec.tokenize("e\u0301") == ("e\u0301",)
        assert load_dataset(path).codec.tokenize("e\u0301") == ("é",)

    @pytest.mark.parametrize("huge", ["QUJD" * 10_000, "word " * 8_000, "a sentence. Another one. " * 2_000])
    def test_one_huge_line_among_items_is_left_out_and_named(self, huge: str, tmp_path: Path) -> None:
        for at in (0, 20, 50):
            lines = [f"{thing}{kind}" for thing in THINGS for kind in KINDS]
            lines.insert(at, huge)
            report = load_dataset(put(tmp_path / "x.txt", "\n".join(lines))).report
            assert (report.rows, report.skipped, report.skipped_first[0].line) == (120, 1, at + 1)


ENGLISH = [f"we saw the {KINDS[i % 12]} {THINGS[i % 10]} number {i} today" for i in range(120)]
FRENCH = [f"nous avons vu {THINGS[i % 10]} {i} ici" for i in range(120)]


class TestParallel:
    @pytest.mark.parametrize("names", [("x.en", "x.fr"), ("train.de", "train.en"), ("a_en.txt", "a_fr.txt"),
                                       ("source.txt", "target.txt"), ("seq.in", "seq.out")])  # fmt: skip
    def test_files_of_unequal_length_are_refused_with_both_counts(self, names: tuple[str, str], tmp_path: Path) -> None:
        first, second = (tmp_path / name for name in names)
        put(first, "\n".join(ENGLISH))
        put(second, "\n".join(FRENCH) + "\n\n\n")
        dataset = load_dataset(tmp_path)
        assert (dataset.kind, dataset.report.rows) == ("pairs", 120)
        put(second, "\n".join(FRENCH[:-3]))
        with pytest.raises(DataError, match=r"after 117 lines but .* goes on to 120"):
            load_dataset(tmp_path)
