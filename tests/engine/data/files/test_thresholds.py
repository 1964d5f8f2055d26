"""Recognition weighs shares of lines: on either side of each threshold, by one line, a file is read differently."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from engine.data.dataset import Dataset
from engine.data.files.columns import Column
from engine.data.files.several_columns import two_texts
from engine.data.files.several_labels import several_in_texts
from engine.data.load import load_dataset
from engine.errors import DataError
from tests.engine.data.files.forms import rows_of

ROWS = 1000
LETTERS = "abcdefghij"
WORDS = ["".join(letters) for letters in product(LETTERS, repeat=3)]  # 1,000 different ones


def form(dataset: Dataset) -> str:
    """Form and kind, how many columns where there are several, and whether quotation marks enclose them."""
    found = dataset.recognition
    width = len(found.columns)
    return f"{found.form} {found.kind}" + f" {width}" * (width > 1) + " quoted" * found.quoted


def has_header(dataset: Dataset) -> str:
    return "header" if dataset.recognition.has_header else "no header"


@dataclass(frozen=True)
class Threshold:
    """A file made with a number, mostly how many of its 1,000 lines are odd.

    last: the largest number with which it is read as `below`; with one more it is read as `above`.
    """

    file: Callable[[int], str | bytes]
    last: int
    below: str
    above: str
    shown: Callable[[Dataset], str] = form


def rows(odd: int, regular: Callable[[int], str], other: Callable[[int], str]) -> str:
    """1,000 lines, the odd ones spread evenly among them."""
    places = {i * ROWS // odd for i in range(odd)} if odd else set()
    return "".join(f"{other(i) if i in places else regular(i)}\n" for i in range(ROWS))


def two(i: int, mark: str) -> str:
    return f"{WORDS[i]} one{mark}{WORDS[-1 - i]} two"


def three(i: int, mark: str) -> str:
    return f"{two(i, mark)}{mark}three"


def as_read(path: Path, threshold: Threshold, number: int) -> str:
    """What is shown of the file with this number, or that it is refused."""
    content = threshold.file(number)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        return threshold.shown(load_dataset(path))
    except DataError:
        return "refused"


def commas(odd: int) -> str:
    """Prose in which nearly each line has one comma."""
    return rows(odd, lambda i: two(i, ","), lambda i: three(i, ","))


def tabs(odd: int) -> str:
    return rows(odd, lambda i: two(i, "\t"), lambda i: WORDS[i])


def quoted(odd: int) -> str:
    return rows(odd, lambda i: f'"{WORDS[i]}, one","{WORDS[-1 - i]}"', lambda i: WORDS[i])


def enclosed(odd: int) -> str:
    """Where a text stands in quotation marks, in odd rows only."""
    return rows(odd, lambda i: two(i, "\t"), lambda i: f'"{WORDS[i]} one"\t{WORDS[-1 - i]} two')


def unclosed(odd: int) -> str:
    return rows(odd, lambda i: f'"{WORDS[i]} one"\t{WORDS[-1 - i]}', lambda i: f'"{WORDS[i]} one\t{WORDS[-1 - i]}')


def narrow_below_names(odd: int) -> str:
    """Below the names of two columns, the odd rows have one, three or four."""
    return "source,target\n" + rows(odd, lambda i: two(i, ","), lambda i: f"{WORDS[i]}{('', ',x,y', ',x,y,z')[i % 3]}")


def wider(odd: int) -> str:
    """Labels behind texts, most of which hold a comma; in the odd rows none."""
    return rows(odd, lambda i: f"{WORDS[i]},x,{'ab'[i % 2]}", lambda i: f"{WORDS[i]},{'ab'[i % 2]}")


def below_names(odd: int) -> str:
    """A table with the names of its columns, in whose texts commas stand."""
    return "text,label\n" + rows(odd, lambda i: f"{WORDS[i]},{'ab'[i % 2]}", lambda i: f"{WORDS[i]},b,c,{'ab'[i % 2]}")


def too_narrow(odd: int) -> str:
    """Labels behind texts with commas, and lines without any."""
    return rows(odd, lambda i: f"{WORDS[i]}{',x' * (i % 3)},{'ab'[i % 2]}", lambda i: WORDS[i])


def fasttext(odd: int) -> str:
    return rows(odd, lambda i: f"__label__{'ab'[i % 2]} {WORDS[i]} one", lambda i: f"{WORDS[i]} one")


def several_labels(odd: int) -> str:
    return rows(odd, lambda i: f"__label__{'ab'[i % 2]} {WORDS[i]}", lambda i: f"__label__a __label__b {WORDS[i]}")


def json_lines(odd: int) -> str:
    return rows(odd, lambda i: json.dumps({"text": WORDS[i], "label": "ab"[i % 2]}), lambda i: f"{{{WORDS[i]}")


def json_labels(odd: int) -> str:
    return rows(
        odd,
        lambda i: json.dumps({"text": f"{WORDS[i]} one two", "label": ["ab"[i % 2]]}),
        lambda i: json.dumps({"text": f"{WORDS[i]} one two", "label": ["a", "b"]}),
    )


def blank(odd: int) -> str:
    return "first of all.\n" + rows(odd, lambda i: f"{WORDS[i]} one {WORDS[-1 - i]}s.", lambda i: "") + "last of all.\n"


def blank_between_items(odd: int) -> str:
    """Each tenth line is blank; the others have one word, two or three, the odd ones four."""

    def item(i: int, words: int) -> str:
        return " ".join([WORDS[i], *WORDS[:3]][:words]) + "\n" * (i % 10 == 5)

    return rows(odd, lambda i: item(i, i % 3 + 1), lambda i: item(i, 4))


def paragraphs(length: int) -> str:
    return "".join(f"{word} sings ".ljust(length - 1, "a") + ".\n" for word in WORDS[:50])


def unbroken(odd: int) -> str:
    """Lines of running text with a sentence that ends inside; the odd ones end with their line as well."""
    return rows(odd, lambda i: f"{WORDS[i]} one. Two and", lambda i: f"{WORDS[i]} one. Two and.")


def one_sentence(odd: int) -> str:
    return rows(odd, lambda i: f"{WORDS[i]} sings. Two and", lambda i: f"{WORDS[i]} sings two and")


def sentence_end(i: int) -> str:
    return "\n" * (i % 5 == 4)


def token_lines(odd: int) -> str:
    """Sentences of five tokens; odd lines have a column too many."""
    return rows(
        odd, lambda i: f"{WORDS[i]} {'AB'[i % 2]}{sentence_end(i)}", lambda i: f"{WORDS[i]} X Y{sentence_end(i)}"
    )


def tags(odd: int) -> str:
    """The odd tokens have tags of their own."""
    return rows(
        odd, lambda i: f"{WORDS[i]}\t{'AB'[i % 2]}{sentence_end(i)}", lambda i: f"{WORDS[i]}\tT{i}{sentence_end(i)}"
    )


def spaced_tokens(odd: int) -> str:
    return rows(
        odd,
        lambda i: f"{WORDS[i]}\t{'AB'[i % 2]}{sentence_end(i)}",
        lambda i: f"{WORDS[i]} x\t{'AB'[i % 2]}{sentence_end(i)}",
    )


def treebank(odd: int) -> str:
    def word(i: int) -> str:
        return f"{i % 5 + 1}\t{WORDS[i]}\t{WORDS[i]}\t{'AB'[i % 2]}\t_\t_\t0\t_\t_\t_{sentence_end(i)}"

    return rows(odd, word, lambda i: f"{WORDS[i]}\tX{sentence_end(i)}")


def labels(odd: int) -> str:
    """The odd rows have a second column of their own, the others one of two labels."""
    return rows(odd, lambda i: f"{WORDS[i]} one\t{'ab'[i % 2]}", lambda i: f"{WORDS[i]} one\t{WORDS[-1 - i]}")


def numbers(odd: int) -> str:
    """Numbers in the second column; in the odd rows something else."""
    return rows(odd, lambda i: f"{WORDS[i]} one\t{i * 7919 % 1000 / 10}", lambda i: f"{WORDS[i]} one\tx{WORDS[i]}")


def name_above_numbers(odd: int) -> str:
    below = rows(odd, lambda i: f"{WORDS[i]} one\t{i * 7919 % 1000}", lambda i: f"{WORDS[i]} one\tx{WORDS[i]}")
    return f"abc\tdef\n{below}"


def long_name(length: int) -> str:
    return f"text\t{'label'.ljust(length, 'x')}\n" + rows(0, lambda i: f"{WORDS[i]} one\t{i / 10}", str)


def items(odd: int) -> str:
    """Two words in a line, in the odd ones three."""
    return rows(odd, lambda i: f"{WORDS[i]} one", lambda i: f"{WORDS[i]} one two")


def phrases(odd: int) -> str:
    """One word on either side of pairs, in the odd rows two."""
    return rows(odd, lambda i: f"{WORDS[i]}\t{WORDS[-1 - i]}", lambda i: f"{WORDS[i]} one\t{WORDS[-1 - i]} two")


def codes(odd: int) -> str:
    """Four words in a line, in the odd ones two of them numbers."""
    return rows(odd, lambda i: f"{WORDS[i]} one two three", lambda i: f"{WORDS[i]} one 2 {i}")


def pronounced(sounds: int) -> str:
    spoken = (" ".join("ABCDEFGH"[(i + k) % 8] for k in range(sounds)) for i in range(ROWS))
    return "".join(f"{word * 3} {row}\n" for word, row in zip(WORDS, spoken, strict=True))


def different_sounds(count: int) -> str:
    sounds = [word.upper() for word in WORDS[:count]]
    return "".join(f"{word}x {sounds[i % count]} {sounds[(i + 1) % count]}\n" for i, word in enumerate(WORDS))


def repeated_words(odd: int) -> str:
    """A word and its sounds; the odd lines all have the same word."""
    return rows(
        odd,
        lambda i: f"{WORDS[i]}x {'ABCD'[i % 4]} {'EFGH'[i % 4]}",
        lambda i: f"same {'ABCD'[i % 4]} {'EFGH'[i % 4]}",
    )


def controls(odd: int) -> str:
    """14 characters a line."""
    return rows(odd, lambda i: f"{WORDS[i]} sings two", lambda i: f"{WORDS[i]} sings \x01wo")


def zeros(odd: int) -> str:
    return rows(odd, lambda i: f"{WORDS[i]} sings two", lambda i: f"{WORDS[i]} sings \x00wo")


def damaged(odd: int) -> bytes:
    """100 letters of two bytes in UTF-8, and so many bytes that are none."""
    return ("é" * 100 + "\n").encode() + b"".join(b"a\xe9a\n" for _ in range(odd))


def carriage_returns(count: int) -> bytes:
    return b"one\ntwo\n" + b"".join(f"{word} x\r".encode() for word in WORDS[:count])


def encoding(dataset: Dataset) -> str:
    return "UTF-8" if dataset.recognition.encoding == "UTF-8" else "another"


def unit(dataset: Dataset) -> str:
    return dataset.codec.unit


def line_ends(dataset: Dataset) -> str:
    return dataset.recognition.line_ends


THRESHOLDS = {
    "commas in prose": Threshold(commas, 30, "table pairs 2", "lines sequences"),
    "tabs": Threshold(tabs, 400, "table pairs 2", "lines sequences"),
    "quoted fields": Threshold(quoted, 100, "table pairs 2 quoted", "lines sequences"),
    "fields in quotation marks": Threshold(enclosed, 199, "table pairs 2", "table pairs 2 quoted"),
    "marks that close": Threshold(unclosed, 100, "table pairs 2 quoted", "table pairs 2"),
    "names above narrow rows": Threshold(narrow_below_names, 500, "table pairs 2", "lines sequences"),
    "names above rows that are wider": Threshold(below_names, 900, "table labelled 2", "lines sequences"),
    "labels behind texts with commas": Threshold(too_narrow, 50, "table labelled 2", "lines sequences"),
    "rows of the width that the others are mended to": Threshold(wider, 99, "lines sequences", "table labelled 2"),
    "labels of fastText": Threshold(fasttext, 100, "fasttext labelled 2", "lines sequences"),
    "several labels of fastText": Threshold(several_labels, 99, "fasttext labelled 2", "refused"),
    "JSON lines": Threshold(json_lines, 100, "jsonl labelled 2", "lines sequences"),
    "several labels in JSON": Threshold(json_labels, 100, "jsonl labelled 2", "refused"),
    "blank lines": Threshold(blank, 30, "lines sequences", "prose stream"),
    "blank lines between items": Threshold(blank_between_items, 0, "lines sequences", "prose stream"),
    "long lines": Threshold(paragraphs, 300, "lines sequences", "prose stream"),
    "broken lines": Threshold(unbroken, 600, "prose stream", "lines sequences"),
    "sentences that end inside a line": Threshold(one_sentence, 900, "prose stream", "lines sequences"),
    "token lines": Threshold(token_lines, 50, "refused", "prose stream"),  # refused with the line that is odd
    "many tags": Threshold(tags, 248, "conll tagged 2", "table pairs 2"),
    "tokens with spaces": Threshold(spaced_tokens, 500, "conll tagged 2", "table labelled 2"),
    "treebank": Threshold(treebank, 50, "refused", "table labelled 10"),
    "labels": Threshold(labels, 198, "table labelled 2", "table pairs 2"),
    "numbers": Threshold(numbers, 100, "table rated 2", "table pairs 2"),
    "a name above numbers": Threshold(name_above_numbers, 99, "header", "no header", has_header),
    "a long name": Threshold(long_name, 60, "header", "no header", has_header),
    "short items": Threshold(items, 500, "character", "word", unit),
    "short phrases": Threshold(phrases, 800, "character", "word", unit),
    "codes": Threshold(codes, 499, "word", "character", unit),
    "few sounds": Threshold(pronounced, 1, "lines sequences", "pronunciation pairs 2"),
    "many sounds": Threshold(pronounced, 15, "pronunciation pairs 2", "lines sequences"),
    "different sounds": Threshold(different_sounds, 250, "pronunciation pairs 2", "lines sequences"),
    "repeated words": Threshold(repeated_words, 601, "pronunciation pairs 2", "lines sequences"),
    "controls": Threshold(controls, 280, "lines sequences", "refused"),
    "zeros": Threshold(zeros, 280, "lines sequences", "refused"),
    "broken UTF-8": Threshold(damaged, 100, "UTF-8", "another", encoding),
    "carriage returns": Threshold(carriage_returns, 40, "LF", "mixed", line_ends),
}


@pytest.mark.parametrize("name", THRESHOLDS)
def test_one_line_more_or_less_makes_the_difference_at_a_threshold(name: str, tmp_path: Path) -> None:
    threshold = THRESHOLDS[name]
    assert as_read(tmp_path / "x.txt", threshold, threshold.last) == threshold.below
    assert as_read(tmp_path / "x.txt", threshold, threshold.last + 1) == threshold.above


def test_labels_of_which_half_come_again_in_other_combinations_are_several_in_a_text() -> None:
    half = ["a|b", "a|c", "b|d"]  # of a, b, c and d, two stand in more than one combination
    assert "several labels" in several_in_texts("genre", half)
    assert several_in_texts("genre", [*half, "e|f"]) == "", "two of six"


def test_two_numbered_columns_are_two_texts_from_just_above_the_length_of_a_word_form() -> None:
    def columns(words: Sequence[int]) -> list[Column]:
        return [Column.of(f"text{k}", [" ".join(WORDS[i : i + n]) for i, n in enumerate(words)]) for k in (1, 2)]

    assert two_texts(columns([2, 2, 2, 2, 1])) is None, "1.8 words a value, as forms have them at most"
    found = two_texts(columns([2, 2, 2, 2, 1, 2]))
    assert found is not None
    assert found.name == "text1 + text2"


def test_the_nuls_of_a_good_text_are_shown_as_damage_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(zeros(10), "utf-8")
    dataset = load_dataset(path, unit="character")
    assert [text for text, _ in rows_of(dataset)] == sorted(zeros(10).replace("\x00", "\ufffd").splitlines())
