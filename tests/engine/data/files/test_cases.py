"""Small files beside the repository that were once read wrongly: each is read as its maker meant it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.data.vocabulary import Vocabulary
from engine.errors import DataError
from engine.models.entity_f1 import is_entity_scheme
from engine.network.word_vectors import load_vectors

CASES = Path(__file__).resolve().parents[5] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the collected files are not on this machine")


def case(name: str, **choices: object) -> Dataset:
    return load_dataset(CASES / name, **choices)  # type: ignore[arg-type]


def sources(dataset: Dataset) -> list[tuple[str, ...]]:
    return [example.source for part in (dataset.train, dataset.validation) for example in part]


def texts(dataset: Dataset) -> set[str]:
    return {dataset.codec.join(source) for source in sources(dataset)}


def tokens(dataset: Dataset) -> list[str]:
    return [token for source in sources(dataset) for token in source]


def check_labelled(dataset: Dataset, rows: int, labels: set[str] | int) -> None:
    assert dataset.kind == "labelled"
    assert len(dataset.train) + len(dataset.validation) == rows
    assert (len(dataset.labels) if isinstance(labels, int) else set(dataset.labels)) == labels


def test_remarks_as_wide_as_the_columns_are_no_tokens() -> None:
    dataset = case("conll_remark_as_wide_as_columns.conll")
    assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 300, 2_666)
    assert set(dataset.labels) == {"O", "B-PER", "I-PER", "B-LOC"}
    assert dataset.recognition.scheme == "IOB2"


def test_document_marks_may_be_narrower_than_the_columns() -> None:
    dataset = case("conll_docstart_narrower.conll")
    assert (dataset.kind, dataset.report.rows) == ("tagged", 300)
    assert set(dataset.labels) == {"O", "B-PER", "I-PER", "B-LOC"}
    assert not any("DOCSTART" in token for token in tokens(dataset))


def test_spaces_belong_to_tokens_where_tabs_separate_columns() -> None:
    dataset = case("conll_spaces_in_tokens.conll")
    assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 40, 240)
    assert {"Rio Branco", "10 000", "as well as"} <= set(tokens(dataset))


def test_no_break_spaces_belong_to_tokens() -> None:
    dataset = case("conll_nbsp_in_tokens.conll")
    assert (dataset.kind, dataset.report.rows, len(tokens(dataset))) == ("tagged", 40, 210)
    assert "10\u00a0000" in tokens(dataset)


def test_bare_tags_are_entities() -> None:
    dataset = case("conll_bare_bio.conll")
    assert (dataset.kind, dataset.report.rows) == ("tagged", 200)
    assert set(dataset.labels) == {"B", "I", "O"}
    assert is_entity_scheme(dataset.labels)


def test_validation_tags_are_brought_to_the_scheme_of_training() -> None:
    dataset = case("iob2_train.conll", validation=CASES / "iob1_validation.conll")
    seen = {tag for example in dataset.train for tag in example.target}
    assert {tag for example in dataset.validation for tag in example.target} <= seen


@pytest.mark.parametrize(
    ("name", "rows", "labels"),
    [
        ("table_pandas_index.csv", 120, {"good", "poor"}),
        ("table_empty_header_cells_latin1.csv", 120, {"ham", "spam"}),
        ("table_excel_sep_line.csv", 120, 2),
        ("table_many_labels_named.csv", 160, 40),
        ("table_tab_in_some_texts.tsv", 200, {"good", "poor"}),
        ("jsonl_trailing_commas.jsonl", 200, 2),
        ("fasttext_labels.txt", 120, {"good", "poor"}),
        ("labels_in_two_normal_forms.csv", 120, 2),
    ],
)
def test_labelled_rows_are_read_as_such(name: str, rows: int, labels: set[str] | int) -> None:
    check_labelled(case(name), rows, labels)


def test_western_letters_are_right_in_a_table_with_empty_header_cells() -> None:
    assert any("café" in text for text in texts(case("table_empty_header_cells_latin1.csv")))


def test_extra_separators_stay_in_the_text() -> None:
    dataset = case("table_tab_in_some_texts.tsv")
    assert "the room number 0 was cold and we told everybody" in {" ".join(t.split()) for t in texts(dataset)}


def test_real_valued_targets_are_not_spelled() -> None:
    dataset = case("table_real_valued_target.csv")
    assert dataset.kind != "pairs"
    assert any("numbers" in finding for finding in dataset.report.findings)


def test_ordinary_words_in_the_first_row_are_no_header() -> None:
    dataset = case("table_first_row_is_a_word.csv")
    assert dataset.report.rows == 12
    assert "love it" in texts(dataset)
    assert case("pairs_first_row_is_a_word.tsv").report.rows == 12


def test_character_spans_become_tags() -> None:
    dataset = case("jsonl_character_spans.jsonl")
    assert (dataset.kind, dataset.report.rows) == ("tagged", 120)
    assert "B-PER" in dataset.labels
    assert dataset.train[0].target[0] == "B-PER"


def test_several_labels_are_never_joined() -> None:
    with pytest.raises(DataError, match="several labels"):
        case("jsonl_several_labels.jsonl")


def test_one_huge_line_among_items_is_named() -> None:
    dataset = case("lines_one_huge_line.txt")
    assert (dataset.kind, dataset.report.rows_read) == ("sequences", 121)
    assert dataset.report.rows + dataset.report.skipped == 121
    assert dataset.codec.unit == "character"
    assert any("121" in finding for finding in dataset.report.findings)


def test_byte_order_marks_of_joined_files_are_no_letters() -> None:
    dataset = case("lines_two_boms.txt")
    assert not any("\ufeff" in symbol for symbol in dataset.codec.source.symbols)
    assert {"warmsoup", "soupwarm"} <= texts(dataset)


def test_two_normal_forms_are_one() -> None:
    dataset = case("lines_in_two_normal_forms.txt")
    train = {unicodedata.normalize("NFC", "".join(example.source)) for example in dataset.train}
    assert not train & {unicodedata.normalize("NFC", "".join(example.source)) for example in dataset.validation}
    assert "é" in dataset.codec.source.symbols
    assert "e\u0301" not in dataset.codec.source.symbols
    kept = case("lines_in_two_normal_forms.txt", normal_form="keep")
    assert {"é", "e\u0301"} <= set(kept.codec.source.symbols)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("utf8_one_foreign_byte.txt", "Chloé"),
        ("utf8_few_foreign_bytes.csv", "déjà"),
        ("utf8_russian_foreign_byte.txt", "Москва"),
    ],
)
def test_good_utf8_survives_bad_bytes(name: str, good: str) -> None:
    dataset = case(name)
    assert any(good in text for text in texts(dataset))
    assert dataset.report.replaced > 0
    assert any("could not be decoded" in finding for finding in dataset.report.findings)


def test_a_lone_carriage_return_is_no_line_end_beside_line_feeds() -> None:
    dataset = case("pairs_lone_cr_inside.tsv")
    assert (dataset.kind, dataset.report.rows) == ("pairs", 120)


def test_a_blank_last_line_of_a_parallel_file_is_no_pair() -> None:
    dataset = case("parallel_blank_last_line")
    assert (dataset.kind, dataset.report.rows) == ("pairs", 120)


def test_parallel_files_are_no_classifier_of_their_names() -> None:
    """One of them has a line less by the count of its newlines: the last line has none."""
    dataset = case("parallel_one_line_less")
    assert (dataset.kind, dataset.report.rows) == ("pairs", 120)


def test_pairs_of_equal_length_are_pairs() -> None:
    dataset = case("pairs_of_equal_length.tsv")
    assert (dataset.kind, dataset.report.rows) == ("pairs", 400)


def test_words_of_vectors_may_hold_spaces() -> None:
    lines = (CASES / "vectors_blanks_in_words.txt").read_text("utf-8").splitlines()
    words = [line.rsplit(" ", 8)[0] for line in lines]
    table = np.ones((len(words) + 2, 8), np.float32)
    found = load_vectors(CASES / "vectors_blanks_in_words.txt", Vocabulary(("<unk>", "</s>", *words)), 8, table)
    assert found == 12
    assert table[2:, 7] == pytest.approx([float(line.rsplit(" ", 1)[1]) for line in lines])
