"""Round trips and recognition: what is written in a form comes back as the same rows."""

import gzip
import json
from pathlib import Path

import pytest

from engine.data.data_config import FORM_CHOICES
from engine.data.dataset import Dataset
from engine.data.files.readers import READERS
from engine.data.load import load_dataset
from engine.data.numbers.loaders import LOADERS
from engine.errors import ConfigError, DataError
from tests.engine.data.files.forms import FORMS, LABELLED, PAIRS, SENTENCES, TAGGED, csv_text, rows_of, write


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("name", FORMS)
def test_what_is_written_in_a_form_is_recognised_and_read_back(name: str, tmp_path: Path) -> None:
    _, form, rows, _ = FORMS[name]
    dataset = load_dataset(write(tmp_path, name))
    assert dataset.recognition.form == form
    assert rows_of(dataset) == sorted(rows)
    assert dataset.report.rows == len(rows)


@pytest.mark.parametrize("name", FORMS)
def test_a_gzip_file_is_read_like_the_file_in_it(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, name)
    packed = tmp_path / (path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert load_dataset(packed).fingerprint == load_dataset(path).fingerprint


@pytest.mark.parametrize("name", FORMS)
def test_line_ends_and_the_last_newline_make_no_difference(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, name)
    expected = load_dataset(path)
    text = path.read_text(encoding="utf-8")
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), text.rstrip("\n")):
        path.write_bytes(other.encode())
        again = load_dataset(path)
        assert again.fingerprint == expected.fingerprint
    lines = text.split("\n")
    path.write_bytes(("\r\n".join(lines[:3]) + "\r\n" + "\n".join(lines[3:])).encode())
    mixed = load_dataset(path)
    assert mixed.fingerprint == expected.fingerprint
    assert mixed.recognition.line_ends == "mixed"


def test_every_form_of_the_settings_has_a_reader_or_a_loader_and_the_other_way_round() -> None:
    assert set(FORM_CHOICES) - {"auto"} == set(READERS) | set(LOADERS)


def test_a_folder_of_files_is_labelled_by_their_names(tmp_path: Path) -> None:
    for label in ("male", "female"):
        put(tmp_path / f"{label}.txt", "".join(f"{text}\n" for text, of in LABELLED if of == label))
    put(tmp_path / "README.txt", "Names from everywhere.\n")
    dataset = load_dataset(tmp_path)
    assert (dataset.recognition.form, dataset.kind) == ("folder", "labelled")
    assert rows_of(dataset) == sorted(LABELLED)


def test_two_files_of_lines_that_belong_together_are_pairs(tmp_path: Path) -> None:
    english = put(tmp_path / "x.en", "".join(f"{a}{' indeed' * (i % 4)}\n" for i, (a, _) in enumerate(PAIRS)))
    french = put(tmp_path / "x.fr", "".join(f"{b}{' vraiment' * (i % 4)}\n" for i, (_, b) in enumerate(PAIRS)))
    for dataset in (load_dataset([english, french]), load_dataset(tmp_path)):
        assert (dataset.recognition.form, dataset.kind) == ("parallel", "pairs")
        assert dataset.report.rows == len(PAIRS)
        assert dataset.recognition.columns == ("x.en", "x.fr")


def test_words_in_one_file_and_tags_in_another_are_tagged(tmp_path: Path) -> None:
    put(tmp_path / "seq.in", "".join(f"{a}\n" for a, _ in TAGGED))
    put(tmp_path / "seq.out", "".join(f"{b}\n" for _, b in TAGGED))
    dataset = load_dataset(tmp_path)
    assert (dataset.recognition.form, dataset.kind) == ("parallel", "tagged")
    assert rows_of(dataset) == sorted(TAGGED)


def test_parallel_files_of_different_lengths_are_refused_with_the_line(tmp_path: Path) -> None:
    first = put(tmp_path / "x.en", "a b c\nd e f g\nh i j k l\n")
    second = put(tmp_path / "x.fr", "a b c\nd e f g\n")
    with pytest.raises(DataError, match=r"x\.fr, line 3: .*x\.en goes on"):
        load_dataset([first, second], form="parallel")


def test_files_with_nothing_in_common_are_one_file_a_label(tmp_path: Path) -> None:
    good = put(tmp_path / "r.pos", "".join(f"a fine film number {i}{' indeed' * (i * 7 % 5)}\n" for i in range(40)))
    bad = put(tmp_path / "r.neg", "".join(f"a poor film number {i}{' really' * (i * 3 % 7)}\n" for i in range(40)))
    dataset = load_dataset([good, bad])
    assert (dataset.recognition.form, set(dataset.labels)) == ("folder", {"pos", "neg"})


@pytest.mark.parametrize(
    ("text", "form", "kind"),
    [
        ("First Citizen:\nBefore we proceed, hear me.\n\nAll:\nSpeak, speak.\n\n" * 5, "prose", "stream"),
        ("It was a dark night. The wind\nblew hard and nobody. Nobody at\nall was there. And then\nit fell\n" * 5,
         "prose", "stream"),
        ("a single line of text that goes on and on", "prose", "stream"),
        ("The plot is thin .\nActors are fine .\nI was bored , really .\n" * 5, "lines", "sequences"),
        ("Smith, John\nMiller, Ann\nBrown, Kim\nJones, Bo\n", "lines", "sequences"),
        ("Isabella,F,22731\nSophia,F,20477\nJacob,M,22110\nEthan,M,18014\n" * 3, "table", "labelled"),
    ],
)  # fmt: skip
def test_lines_prose_and_tables_are_told_apart(text: str, form: str, kind: str, tmp_path: Path) -> None:
    recognition = load_dataset(put(tmp_path / "x.txt", text)).recognition
    assert (recognition.form, recognition.kind) == (form, kind)


def test_recognition_says_why_and_which_columns_there_are(tmp_path: Path) -> None:
    recognition = load_dataset(put(tmp_path / "x.csv", csv_text(LABELLED))).recognition
    assert recognition.reason == "2 comma-separated columns; second column has 2 distinct values: text, label"
    assert recognition.columns == ("text", "label")
    assert (recognition.source_column, recognition.target_column) == ("text", "label")
    assert recognition.previews[1][:2] == ("male", "female")
    assert recognition.has_header
    assert recognition.delimiter == ","
    assert {"table", "lines", "prose"} <= set(recognition.alternatives)


def test_a_table_may_have_columns_that_nobody_asked_for(tmp_path: Path) -> None:
    text = "id,author,review,stars,date\n" + "".join(
        f'{i},"Doe, J","a {"fine, long" if i % 2 else "poor"} film {i}",{5 if i % 2 else 1},2020-01-{i % 28 + 1:02d}\n'
        for i in range(60)
    )
    dataset = load_dataset(put(tmp_path / "x.csv", text))
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("review", "stars")
    assert sorted(dataset.labels) == ["1", "5"]
    other = load_dataset(tmp_path / "x.csv", columns={"text": "review", "label": "author"}, kind="pairs")
    assert other.recognition.target_column == "author"


def test_columns_are_chosen_by_name_or_by_place(tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", csv_text(SENTENCES))
    for columns in (("label", "text"), (1, 0), {"source": "label", "target": 0}):
        dataset = load_dataset(path, columns=columns, kind="pairs")  # type: ignore[arg-type]
        assert rows_of(dataset)[0][0] in {"good", "bad", "neutral"}
    with pytest.raises(ConfigError, match="no column 'nobody'; the columns are 'text', 'label'"):
        load_dataset(path, source_column="nobody")
    with pytest.raises(ConfigError, match="no column 7"):
        load_dataset(path, columns=(7,))


def test_quoted_fields_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    rows = [(f'He said "no, {i}",\nand left, then came back', ("a", "b")[i % 2]) for i in range(30)]
    dataset = load_dataset(put(tmp_path / "x.csv", csv_text(rows)), unit="character")
    assert rows_of(dataset) == sorted(rows)


def test_rows_of_another_width_are_left_out_and_named_by_line(tmp_path: Path) -> None:
    text = csv_text(LABELLED) + "one,two,three\nalone\n"
    report = load_dataset(put(tmp_path / "x.csv", text)).report
    assert report.skipped == 2
    assert [(s.line, s.reason) for s in report.skipped_first] == [
        (62, "3 columns where 2 are expected"), (63, "1 column where 2 are expected")
    ]  # fmt: skip
    assert any("line 62" in finding for finding in report.findings)


def test_line_numbers_count_lines_inside_quoted_fields(tmp_path: Path) -> None:
    text = 'text,label\n"two\nlines",a\nfine,b\nbroken\n"three\n\nlines",a\nok,b\nanother,a\nwell,b\n'
    report = load_dataset(put(tmp_path / "x.csv", text), form="table", target_column="label", kind="labelled").report
    assert [(s.line, s.reason) for s in report.skipped_first] == [(5, "1 column where 2 are expected")]


def test_stray_quotes_in_tab_separated_text_are_text(tmp_path: Path) -> None:
    rows = [*PAIRS, ('"How are you?" he asked', '"Comment vas-tu ?"'), ('play " hello', "joue")]
    text = "".join(f"{a}\t{b}\n" for a, b in rows)
    dataset = load_dataset(put(tmp_path / "x.txt", text), unit="character", target_unit="character")
    assert rows_of(dataset) == sorted(rows)


def test_a_line_that_begins_with_a_number_sign_and_a_tab_is_a_token(tmp_path: Path) -> None:
    text = "# sent_id = 1\n#\tO\nAnna\tB-PER\n\n# remark of several words\n#\tO\nBo\tB-PER\nis\tO\n\n"
    dataset = load_dataset(put(tmp_path / "x.conll", text))
    assert rows_of(dataset) == [("# Anna", "O B-PER"), ("# Bo is", "O B-PER O")]


def test_iob1_tags_are_read_as_iob2(tmp_path: Path) -> None:
    text = "Anna I-PER\nLee I-PER\nsaw O\nBonn I-LOC\nBerlin B-LOC\n\n" * 3 + "He O\nsaw O\nAcme I-ORG\n\n"
    dataset = load_dataset(put(tmp_path / "x.conll", text))
    assert dataset.recognition.scheme == "IOB1"
    assert ("Anna Lee saw Bonn Berlin", "B-PER I-PER O B-LOC B-LOC") in rows_of(dataset)


def test_bioes_tags_are_recognised_and_kept(tmp_path: Path) -> None:
    text = "Anna B-PER\nLee E-PER\nsaw O\nBonn S-LOC\n\n" * 2 + "He O\nleft O\nBonn S-LOC\n\n"
    dataset = load_dataset(put(tmp_path / "x.conll", text))
    assert dataset.recognition.scheme == "BIOES"
    assert "E-PER" in dataset.labels


def test_any_column_can_be_the_tag(tmp_path: Path) -> None:
    path = write(tmp_path, "conllu")
    assert load_dataset(path, target_column="DEPREL", columns=("LEMMA", "UPOS")).labels[0] == "O"
    with pytest.raises(DataError, match="same tag, 'root'"):
        load_dataset(path, target_column="DEPREL")
    four = write(tmp_path, "conll of four columns")
    with pytest.raises(DataError, match="same tag, 'NN'"):
        load_dataset(four, target_column="column 2")


def test_pronunciations_of_one_word_are_kept_apart(tmp_path: Path) -> None:
    words = (("READ", "R IY1"), ("LEAD", "L EH1"), ("BAT", "B AE1"), ("CUT", "K AH1"), ("HIT", "HH IH1"))
    text = ";;; remark\n" + "".join(f"{w}{n}  {s} T\n" for w, s in words for n in ("", "(1)"))
    dataset = load_dataset(put(tmp_path / "cmu.dict", text))
    assert dataset.recognition.form == "pronunciation"
    assert (dataset.codec.unit, dataset.codec.target_unit) == ("character", "word")
    assert ("READ", "R IY1 T") in rows_of(dataset)
    assert dataset.report.duplicates == 5


def test_json_lines_may_hold_numbers_nested_objects_and_broken_lines(tmp_path: Path) -> None:
    lines = [json.dumps({"meta": {"id": i}, "text": f"text number {i} is here", "stars": i % 2}) for i in range(30)]
    lines[4] = '{"text": "broken'
    lines[7] = "[1, 2]"
    dataset = load_dataset(put(tmp_path / "x.jsonl", "\n".join(lines)))
    assert set(dataset.labels) == {"0", "1"}
    assert [s.line for s in dataset.report.skipped_first] == [5, 8]
    assert "meta.id" in dataset.recognition.columns


def test_a_validation_file_of_ones_own_is_used(tmp_path: Path) -> None:
    train = put(tmp_path / "train.tsv", "".join(f"{a}\t{b}\n" for a, b in LABELLED))
    dev = put(tmp_path / "dev.tsv", "new\tmale\nnewer\tfemale\n")
    dataset = load_dataset(train, validation=dev)
    assert [e.source for e in dataset.validation] == [tuple("new"), tuple("newer")]
    assert len(dataset.train) == len(LABELLED)
    stream = put(tmp_path / "a.txt", "It was late. It was\ndark and cold. We saw\nnothing at all. The\n" * 4)
    own = put(tmp_path / "b.txt", "and then the sun rose")
    both = load_dataset(stream, kind="stream", validation=str(own))
    assert "".join(both.validation[0].source) == "and then the sun rose"


def test_choices_made_by_hand_are_kept(tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", csv_text(LABELLED))
    assert load_dataset(path, form="lines").kind == "sequences"
    assert load_dataset(path, kind="stream").recognition.form == "prose"
    assert load_dataset(path, kind="pairs").kind == "pairs"
    assert load_dataset(path, header="no").report.rows == len(LABELLED) + 1
    assert load_dataset(path, unit="word", lowercase=True).codec.unit == "word"
    assert load_dataset(path, validation=0.5).config.validation == 0.5
    with pytest.raises(ConfigError, match="no setting 'colour'"):
        load_dataset(path, colour="red")
    with pytest.raises(DataError, match="line 1: Found 1 column; expected the ten of CoNLL-U"):
        load_dataset(path, form="conllu")
    with pytest.raises(DataError, match="cannot be read as JSON Lines; expected a JSON object on each line"):
        load_dataset(path, form="jsonl")


def test_progress_is_told_and_may_stop_the_loading(tmp_path: Path) -> None:
    path = put(tmp_path / "x.txt", "name\nother\n" * 200_000)
    shares: list[float] = []
    load_dataset(path, progress=lambda share, doing: shares.append(share))
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1

    class StopError(Exception):
        pass

    def stop(share: float, doing: str) -> None:
        if share > 0.3:
            raise StopError

    with pytest.raises(StopError):
        load_dataset(path, progress=stop)


def test_no_break_spaces_part_words(tmp_path: Path) -> None:
    rows = "".join(f"Come on {i}!\tViens{space}{i} vite{space}!\n" for i, space in enumerate(("\u00a0", "\u202f") * 6))
    dataset = load_dataset(put(tmp_path / "x.txt", rows), target_unit="word", unit="word")
    assert all(e.target[-2:] == ("vite", "!") for e in dataset.train)


def test_the_first_example_of_a_label_sorted_file_does_not_hide_the_others(tmp_path: Path) -> None:
    text = "".join(f"Name{i},F,{i}\n" for i in range(60_000)) + "".join(f"Nom{i},M,{i}\n" for i in range(60_000))
    dataset = load_dataset(put(tmp_path / "yob.txt", text))
    assert set(dataset.labels) == {"F", "M"}
    assert dataset.report.rows == 120_000
    rows = {"".join(example.source): example.target for part in (dataset.train, dataset.validation) for example in part}
    assert (rows["Name0"], rows["Name59999"], rows["Nom0"], rows["Nom59999"]) == (("F",), ("F",), ("M",), ("M",))


def test_a_folder_may_be_validated_on_another_folder(tmp_path: Path) -> None:
    for folder in ("train", "dev"):
        (tmp_path / folder).mkdir()
        for label in ("male", "female"):
            names = [text + folder[0] for text, of in LABELLED if of == label]
            put(tmp_path / folder / f"{label}.txt", "\n".join(names))
    dataset = load_dataset(tmp_path / "train", validation=tmp_path / "dev")
    assert len(dataset.train) == len(dataset.validation) == len(LABELLED)
    assert set(dataset.labels) == {"male", "female"}
    with pytest.raises(DataError, match="form of the training data, folder; found 1 file"):
        load_dataset(tmp_path / "train", validation=tmp_path / "dev" / "male.txt")


def test_rows_left_out_before_the_first_good_one_are_reported(tmp_path: Path) -> None:
    text = "\n" * 300_000 + "anna\nbo\ncarl\n"
    report = load_dataset(put(tmp_path / "x.txt", text), form="lines").report
    assert (report.rows, report.empty) == (3, 300_000)
    assert report.skipped_first[0].line == 1


@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_of_json_objects_is_read_like_json_lines(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "x.json"
    items = [{"text": f"some text {i} here", "label": "ab"[i % 2]} for i in range(20_000)]
    path.write_text(json.dumps(items, indent=indent), encoding="utf-8")
    dataset = load_dataset(path)
    assert (dataset.recognition.form, dataset.kind) == ("json", "labelled")
    assert rows_of(dataset) == sorted((item["text"], item["label"]) for item in items)


def test_arrays_of_texts_and_of_lists_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([name for name, _ in LABELLED]), encoding="utf-8")
    assert rows_of(load_dataset(path)) == sorted((name, "") for name, _ in LABELLED)
    path.write_text(json.dumps([*LABELLED, 7]), encoding="utf-8")
    dataset = load_dataset(path)
    assert rows_of(dataset) == sorted(LABELLED)
    assert dataset.report.skipped_first[0].reason == "found a JSON int, expected an object, a list or a text"


def test_a_json_list_on_each_line_is_a_row(tmp_path: Path) -> None:
    path = put(tmp_path / "x.jsonl", "".join(json.dumps(row) + "\n" for row in LABELLED))
    dataset = load_dataset(path)
    assert (dataset.recognition.form, dataset.kind) == ("jsonl", "labelled")
    assert rows_of(dataset) == sorted(LABELLED)


def test_one_column_of_quoted_texts_is_not_parted_at_its_commas(tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", "text\n" + "".join(f'"one, {i} and ""two"""\n' for i in range(60)))
    dataset = load_dataset(path, unit="character")
    assert (dataset.recognition.form, dataset.kind) == ("table", "sequences")
    assert rows_of(dataset) == sorted((f'one, {i} and "two"', "") for i in range(60))


NAMES = ["Anna", "Bert", "Clara", "Dora", "Emil", "Fritz", "Greta", "Hans", "Ida", "Jan"]


def texts_of(dataset: Dataset) -> set[str]:
    return {dataset.codec.join(e.source) for part in (dataset.train, dataset.validation) for e in part}


@pytest.mark.parametrize("title", ["name", "Name", "text", "word", "sentence", "names"])
def test_the_title_of_a_single_column_is_no_item(title: str, tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", "\n".join([title, *NAMES]))
    dataset = load_dataset(path)
    assert texts_of(dataset) == set(NAMES)
    assert dataset.recognition.has_header
    assert dataset.recognition.columns == (title,)
    assert f"the first line, “{title}”, is its title" in dataset.recognition.reason


def test_whether_a_single_column_has_a_title_can_be_said_by_hand(tmp_path: Path) -> None:
    path = put(tmp_path / "x.csv", "\n".join(["name", *NAMES]))
    for chosen in (load_dataset(path, header="no"), load_dataset(path, form="lines")):
        assert texts_of(chosen) == {"name", *NAMES}
        assert "title" not in chosen.recognition.reason
    assert texts_of(load_dataset(path, header="yes")) == set(NAMES)


@pytest.mark.parametrize(
    ("file", "lines"),
    [
        ("x.txt", ["name", *NAMES]),  # no table by its name
        ("x.csv", ["name", *NAMES, "name"]),  # an item among others
        ("x.csv", ["Zoe", *NAMES]),  # nothing that columns are called
    ],
)
def test_a_first_line_that_may_be_an_item_is_one(file: str, lines: list[str], tmp_path: Path) -> None:
    dataset = load_dataset(put(tmp_path / file, "\n".join(lines)))
    assert texts_of(dataset) == set(lines)
    assert dataset.recognition.form == "lines"


def test_a_single_column_may_hold_commas_enclosed_or_not(tmp_path: Path) -> None:
    enclosed = ["text", *(f'"Well, {name} said ""no"" again"' if name < "D" else f"{name} went" for name in NAMES)]
    dataset = load_dataset(put(tmp_path / "x.csv", "\n".join(enclosed)), unit="character")
    assert texts_of(dataset) == {f'Well, {n} said "no" again' if n < "D" else f"{n} went" for n in NAMES}
    bare = ["name", "Smith, Anna", *NAMES]
    assert texts_of(load_dataset(put(tmp_path / "y.csv", "\n".join(bare)))) == {"Smith, Anna", *NAMES}


@pytest.mark.parametrize("kind", ["labelled", "rated", "auto"])
def test_a_table_of_prices_is_read_as_its_remark_says(kind: str, tmp_path: Path) -> None:
    """Some texts recur and no number does: the column of numbers is the label all the same."""
    words = ("old", "new", "red", "oak", "steel", "glass", "small", "large", "plain", "heavy", "light", "round")
    rows = [(f"{words[i % 12]} {words[i // 12 % 12]} chair", f"{i + 5}.{i % 10}5") for i in range(160)]
    path = put(tmp_path / "prices.csv", "text,price\n" + "".join(f"{text},{price}\n" for text, price in rows))
    dataset = load_dataset(path, kind=kind)
    assert dataset.kind == ("labelled" if kind == "labelled" else "rated")
    assert (dataset.recognition.source_column, dataset.recognition.target_column) == ("text", "price")
    if kind == "auto":
        assert "as text and label, each number is a label" in dataset.recognition.remark


def test_a_reason_for_which_all_rows_are_left_out_is_given_once(tmp_path: Path) -> None:
    path = put(tmp_path / "x.tsv", "price\tname\n" + "".join(f"{i}.5\tlamp {chr(97 + i)}\n" for i in range(20)))
    with pytest.raises(DataError, match=r"20 were left out: no number\.$"):
        load_dataset(path, kind="rated", source_column="price", target_column="name")


def test_columns_of_tokens_are_read_as_they_are_chosen_even_the_other_way_round(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    words = [f"word{n}" for n in range(60)]
    path.write_text("".join(f"{word} {'AB'[n % 2]}\n" + "\n" * (n % 5 == 4) for n, word in enumerate(words)))
    assert load_dataset(path).recognition.source_column == "column 1"
    turned = load_dataset(path, source_column="column 2", target_column="column 1")
    assert (turned.recognition.source_column, turned.recognition.target_column) == ("column 2", "column 1")
    assert set(turned.train[0].source) <= {"A", "B"}
    assert load_dataset(path, source_column="column 2").recognition.source_column == "column 2"
