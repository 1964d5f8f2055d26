"""The collected data sets beside the repository: each is recognised as what its README says, with its row counts."""

from pathlib import Path

import pytest

from engine.data.load import load_dataset

DATA = Path(__file__).resolve().parents[5] / "shared" / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the collected data sets are not on this machine"),
]

# file, form, kind, units of source and target, rows
FILES = [
    ("names/makemore_names.txt", "lines", "sequences", "character", 32_033),
    ("names/names_by_sex.csv", "table", "labelled", "character", 7_944),
    ("names/names_by_language.tsv", "table", "labelled", "character", 20_050),
    ("names/nltk_names_female.txt", "lines", "sequences", "character", 5_001),
    ("names/nltk_names_male.txt", "lines", "sequences", "character", 2_943),
    ("names/ssa_yob2010.txt", "table", "labelled", "character", 33_838),
    ("names_by_language", "folder", "labelled", "character", 20_050),
    ("text/tinyshakespeare.txt", "prose", "stream", "character", 1),
    ("ud/en_ewt-ud-train.conllu", "conllu", "tagged", "word", 12_544),
    ("ud/en_ewt-ud-dev.conllu", "conllu", "tagged", "word", 2_001),
    ("ud/en_ewt-ud-test.conllu", "conllu", "tagged", "word", 2_077),
    ("ud/en_partut-ud-train.conllu", "conllu", "tagged", "word", 1_781),
    ("ud/en_partut-ud-dev.conllu", "conllu", "tagged", "word", 156),
    ("ud/en_partut-ud-test.conllu", "conllu", "tagged", "word", 153),
    ("ner/wnut17.train.conll", "conll", "tagged", "word", 3_394),
    ("ner/wnut17.dev.conll", "conll", "tagged", "word", 1_009),
    ("ner/wnut17.test.conll", "conll", "tagged", "word", 1_287),
    ("slots/atis.train.conll", "conll", "tagged", "word", 4_478),
    ("slots/atis.valid.conll", "conll", "tagged", "word", 500),
    ("slots/atis.test.conll", "conll", "tagged", "word", 893),
    ("slots/snips.train.conll", "conll", "tagged", "word", 13_084),
    ("slots/snips.valid.conll", "conll", "tagged", "word", 700),
    ("slots/snips.test.conll", "conll", "tagged", "word", 700),
    ("slots/atis_intent.train.tsv", "table", "labelled", "word", 4_478),
    ("slots/atis_intent.valid.tsv", "table", "labelled", "word", 500),
    ("slots/atis_intent.test.tsv", "table", "labelled", "word", 893),
    ("slots/snips_intent.train.tsv", "table", "labelled", "word", 13_084),
    ("slots/snips_intent.valid.tsv", "table", "labelled", "word", 700),
    ("slots/snips_intent.test.tsv", "table", "labelled", "word", 700),
    ("slots/atis_slotgated/train", "parallel", "tagged", "word", 4_478),
    ("slots/atis_slotgated/valid", "parallel", "tagged", "word", 500),
    ("slots/atis_slotgated/test", "parallel", "tagged", "word", 893),
    ("slots/atis_jointslu/atis.train.w-intent.iob", "table", "tagged", "word", 4_978),
    ("slots/atis_jointslu/atis.test.w-intent.iob", "table", "tagged", "word", 893),
    ("sentiment/sst2.train.tsv", "table", "labelled", "word", 6_920),
    ("sentiment/sst2.dev.tsv", "table", "labelled", "word", 872),
    ("sentiment/sst2.test.tsv", "table", "labelled", "word", 1_821),
    ("sentiment/rt-polarity.pos", "lines", "sequences", "token", 5_331),
    ("sentiment/rt-polarity.neg", "lines", "sequences", "token", 5_331),
    ("pairs/eng-fra.first30000.txt", "table", "pairs", "word", 30_000),
    ("pairs/eng-fra.random20000.txt", "table", "pairs", "word", 20_000),
    ("pairs/eng-fra.tutorial-filter.txt", "table", "pairs", "word", 11_822),
]


@pytest.mark.parametrize(("name", "form", "kind", "unit", "rows"), FILES, ids=[row[0] for row in FILES])
def test_a_collected_file_is_recognised_as_what_it_is(name: str, form: str, kind: str, unit: str, rows: int) -> None:
    dataset = load_dataset(DATA / name)
    assert (dataset.recognition.form, dataset.kind, dataset.codec.unit, dataset.report.rows) == (form, kind, unit, rows)
    assert dataset.report.skipped == 0
    assert dataset.kind == "stream" or len(dataset.train) + len(dataset.validation) == rows
    if kind in ("labelled", "sequences", "pairs"):
        seen = {example.source for example in dataset.train}
        assert not any(example.source in seen for example in dataset.validation)


def test_two_polarity_files_opened_together_are_labelled() -> None:
    dataset = load_dataset([DATA / "sentiment/rt-polarity.pos", DATA / "sentiment/rt-polarity.neg"])
    assert dataset.report.label_counts == {"pos": 5_331, "neg": 5_331}


def test_word_and_tag_counts_of_a_treebank_agree() -> None:
    dataset = load_dataset(DATA / "ud/en_ewt-ud-train.conllu")
    assert sum(dataset.report.label_counts.values()) == 204_577
    assert len(dataset.labels) == 17


def test_number_signs_are_tokens_and_tab_lines_are_breaks_in_wnut() -> None:
    dataset = load_dataset(DATA / "ner/wnut17.train.conll")
    tokens = [token for part in (dataset.train, dataset.validation) for example in part for token in example.source]
    assert len(tokens) == 62_730
    assert any(token == "#" for token in tokens)
    assert len(dataset.labels) == 13


def test_french_no_break_spaces_are_no_words() -> None:
    dataset = load_dataset(DATA / "pairs/eng-fra.first30000.txt")
    assert dataset.codec.target is not None
    assert not any("\u00a0" in symbol or "\u202f" in symbol for symbol in dataset.codec.target.symbols)


def test_repeated_names_stay_on_one_side() -> None:
    report = load_dataset(DATA / "names/makemore_names.txt").report
    assert report.duplicates == 2_539
    assert report.leaks == 0
    assert 400 < report.leaks_avoided < 520


def test_the_traps_of_line_ends_headers_and_stray_quotation_marks_are_known() -> None:
    births = load_dataset(DATA / "names/ssa_yob2010.txt")
    assert births.report.line_ends == "CRLF"
    assert not births.recognition.has_header
    assert "Isabella" in {"".join(example.source) for part in (births.train, births.validation) for example in part}
    for name in ("names/names_by_sex.csv", "names/names_by_language.tsv"):
        assert load_dataset(DATA / name).recognition.has_header
    for name in ("pairs/eng-fra.first30000.txt", "slots/snips_intent.train.tsv", "sentiment/sst2.train.tsv"):
        found = load_dataset(DATA / name).recognition
        assert not found.has_header
        assert not found.quoted
    assert not (DATA / "names/makemore_names.txt").read_bytes().endswith(b"\n")
    names = load_dataset(DATA / "names/makemore_names.txt")
    last = (DATA / "names/makemore_names.txt").read_text().splitlines()[-1]
    assert last in {"".join(example.source) for part in (names.train, names.validation) for example in part}


def test_the_many_translations_of_a_sentence_stay_on_one_side() -> None:
    report = load_dataset(DATA / "pairs/eng-fra.first30000.txt").report
    assert report.duplicates == 30_000 - 18_649
    assert report.leaks == 0
