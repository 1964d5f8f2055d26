import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.bulk.ragged import Ragged
from engine.data.characters import split_characters
from engine.data.codec import Codec, Unit, join_words, split_words
from engine.data.dataset import make_dataset
from engine.data.examples import Example, Examples
from engine.data.vocabulary import END, UNKNOWN, Vocabulary
from engine.errors import DataError


def words(*symbols: str, extra: tuple[str, ...] = ()) -> Vocabulary:
    return Vocabulary((UNKNOWN, END, *symbols), extra=extra)


def test_known_symbols_follow_the_specials_by_count_and_then_by_code_point() -> None:
    vocabulary = Vocabulary.from_counts(["b", "a", "z", "c"], [2, 2, 5, 1], min_count=2)
    assert vocabulary.symbols == (UNKNOWN, END, "z", "a", "b")
    assert vocabulary.counts.tolist() == [1, 0, 5, 2, 2]
    assert vocabulary.extra == ("c",)


def test_a_symbol_too_rare_keeps_its_text_but_the_model_sees_unknown() -> None:
    vocabulary = words("a", extra=("q",))
    ids = vocabulary.encode(["a", "q", "never"])
    assert ids.tolist() == [2, 3, 0]
    assert vocabulary.decode(ids) == ("a", "q", UNKNOWN)
    assert vocabulary.known(ids).tolist() == [2, 0, 0]
    assert vocabulary.index("q") is None


def test_text_that_spells_the_end_mark_does_not_end_there() -> None:
    assert words("a").encode(["a", END]).tolist() == [2, 0]


def test_an_unknown_label_is_refused_by_name() -> None:
    labels = Vocabulary.from_counts(["no", "yes"], [1, 2], has_specials=False)
    assert labels.symbols == ("yes", "no")
    with pytest.raises(DataError, match=r"'maybe'.*'yes', 'no'"):
        labels.encode(["maybe"])


def test_ragged_rows_come_back_as_they_went_in() -> None:
    rows = Ragged.of([[1, 2], [], [3]])
    assert [row.tolist() for row in rows] == [[1, 2], [], [3]]
    assert rows.lengths.tolist() == [2, 0, 1]
    assert [row.tolist() for row in rows.take([2, 0, 0])] == [[3], [1, 2], [1, 2]]
    assert rows[-1].tolist() == [3]
    with pytest.raises(IndexError):
        rows[3]
    with pytest.raises(ValueError, match="read-only"):
        rows.values[0] = 9


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I don't know, do you?", ["I", "don't", "know", ",", "do", "you", "?"]),
        ("the man 's hat is n't new", ["the", "man", "'s", "hat", "is", "n't", "new"]),
        ("well-known 3.14 at 7:30...", ["well-known", "3.14", "at", "7:30", "..."]),
        ("Cours\u202f! Va\u00a0!", ["Cours", "!", "Va", "!"]),
        ('"It’s (over)" -- he said', ['"', "It’s", "(", "over", ")", '"', "--", "he", "said"]),
        ("नमस्ते दुनिया 👍🏽!", ["नमस्ते", "दुनिया", "👍🏽", "!"]),
    ],
)
def test_words_keep_their_apostrophes_and_marks_stand_alone(text: str, tokens: list[str]) -> None:
    assert split_words(text) == tokens


@pytest.mark.parametrize(
    "text",
    [
        "I don't know, do you?",
        'He said "go home" (now).',
        "It's 3.14, isn't it?",
        "¿Qué tal? Well-done!",
        "Größe € refund",
        "#one gets 5 € from @two, not €5.20 or $20 (€ and £)",
    ],
)
def test_joined_words_read_as_a_human_would_write_them(text: str) -> None:
    assert join_words(split_words(text)) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [("née", 3), ("ne\u0301e", 3), ("👩‍👩‍👧🇫🇷", 2), ("नमस्ते", 3), ("각", 1), ("naïve—“x”", 9), ("กำ", 1)],
)
def test_a_character_is_what_a_reader_sees(text: str, count: int) -> None:
    assert len(split_characters(text)) == count
    assert "".join(split_characters(text)) == text


def test_a_codec_survives_json() -> None:
    codec = make_dataset([("a b c d", "x"), ("b c d e", "y"), ("d e f g", "x")], "labelled").codec
    again = Codec.from_json(json.loads(json.dumps(codec.to_json())))
    assert again == codec
    assert again.encode("a d").tolist() == codec.encode("a d").tolist()


@pytest.mark.parametrize("broken", [None, {}, {"kind": "labelled"}, {"kind": 3, "unit": 1, "target_unit": 2}])
def test_json_that_is_no_codec_is_a_data_error(broken: object) -> None:
    with pytest.raises(DataError):
        Codec.from_json(broken)


def test_typed_text_is_split_as_the_loaded_text_was() -> None:
    rows = ["It's 7:30, naïve e\u0301tude!", "Don't – “stop” 👩‍👧 it", "plain words are here"]
    for unit in ("word", "character"):
        dataset = make_dataset(rows, "sequences", unit=unit, validation=0.3)
        loaded = {example.source for part in (dataset.train, dataset.validation) for example in part}
        assert loaded == {dataset.codec.tokenize(row) for row in rows}


def test_lower_case_holds_for_text_that_is_typed_later() -> None:
    codec = make_dataset([("Good", "yes"), ("BAD", "no"), ("good", "yes")], "labelled", lowercase=True).codec
    assert codec.tokenize("GooD") == ("g", "o", "o", "d")
    assert codec.encode("GOOD").tolist() == codec.encode("good").tolist()
    assert codec.encode(["G"]).tolist() == codec.encode(["g"]).tolist()


POSTS = [("#fun", "with", "@bob", ":)"), ("do", "n't", "e-mail", "St.", "Louis")]


def posts(unit: Unit = "word", lowercase: bool = False) -> Codec:
    """Tokens that are not split as words are."""
    known = words(*(token.lower() if lowercase else token for post in POSTS for token in post), extra=("#rare",))
    return Codec("tagged", unit, "word", lowercase, known, Vocabulary(("O",), has_specials=False))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("#fun with @bob :)", ("#fun", "with", "@bob", ":)")),
        ("do n't\u00a0e-mail\nSt. Louis", ("do", "n't", "e-mail", "St.", "Louis")),
        ("#rare, with @bob!", ("#", "rare", ",", "with", "@", "bob", "!")),
        ("#rare", ("#", "rare")),
        ("</s> <unk>", ("<", "/", "s", ">", "<", "unk", ">")),
        ("  ", ()),
    ],
)
def test_a_token_of_tagged_data_stays_whole_when_it_is_typed(text: str, tokens: tuple[str, ...]) -> None:
    codec = posts()
    assert codec.tokenize(text) == tokens
    assert Codec.from_json(codec.to_json()).tokenize(text) == tokens
    assert codec.encode(text).tolist() == codec.encode(tokens).tolist()


def test_small_letters_and_characters_stay_what_they_are_beside_whole_tokens() -> None:
    assert posts(lowercase=True).tokenize("#FUN St. #New") == ("#fun", "st.", "#", "new")
    assert posts(unit="character").tokenize("#fun bob") == ("#fun", "b", "o", "b")


def test_a_whole_token_is_a_matter_of_tagged_data_alone() -> None:
    for kind in ("sequences", "stream", "labelled", "pairs"):
        target = words("#fun") if kind in ("labelled", "pairs") else None
        codec = Codec(kind, "word", "word", False, words("#fun"), target)
        assert codec.tokenize("#fun a") == ("#", "fun", "a")


@pytest.mark.parametrize("unit", ["word", "character"])
def test_tagged_tokens_are_found_again_in_their_joined_text(unit: Unit) -> None:
    codec = posts(unit=unit)
    for tokens in POSTS:
        assert codec.tokenize(codec.join(tokens)) == tokens
    assert posts().join(["with", "Louis", ",", "Bob", "."]) == "with Louis, Bob."


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8), st.sampled_from(["word", "character"]))
def test_many_rows_at_once_are_split_like_each_alone(texts: list[str], unit: str) -> None:
    from engine.data.bulk.encode import encoder

    texts = [text.replace("\x00", "?") for text in texts]
    split = split_words if unit == "word" else split_characters
    many = encoder("word" if unit == "word" else "character")
    ids, lengths = many.encode(texts)
    rows = np.split([many.symbols[i] for i in ids], np.cumsum(lengths)[:-1])
    assert [list(row) for row in rows] == [split(text) for text in texts]


def test_examples_are_sequences_of_symbols_and_can_be_cut() -> None:
    codec = Codec("labelled", "word", "word", False, words("a", "b"), Vocabulary(("x", "y"), has_specials=False))
    examples = Examples.of(codec, [Example(("a",), ("x",)), (("b", "a"), ("y",)), (("new",), ("x",))])
    assert len(examples) == 3
    assert examples[1] == Example(("b", "a"), ("y",))
    assert list(examples[1:]) == [Example(("b", "a"), ("y",)), Example(("new",), ("x",))]
    assert codec.source.known(examples.source.values).tolist() == [2, 3, 2, 0], "the model does not know it"
    assert examples.take([2, 0])[1] == Example(("a",), ("x",))


FRENCH = [("Go!", "Va !"), ("Really?", "Vraiment\u202f?"), ("He said: yes.", "Il a dit : « oui »."), ("No!", "Non !")]


def test_marks_are_written_with_a_space_where_the_file_has_one() -> None:
    codec = make_dataset(FRENCH * 3, "pairs", unit="word", target_unit="word").codec
    assert set(codec.spaced) == set("!?:«»")
    assert codec.join(("Il", "a", "dit", ":", "«", "oui", "»", "!"), "target") == "Il a dit : « oui » !"
    assert codec.join(("Go", "!"), "source") == "Go!"
    assert type(codec).from_json(codec.to_json()).spaced == codec.spaced
    assert make_dataset([(b, a) for a, b in FRENCH * 3], "pairs", unit="word", target_unit="word").codec.spaced == ""
