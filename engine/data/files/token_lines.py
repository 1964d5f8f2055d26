"""The lines that hold the tokens of a sentence: tags are added to them, and everything else stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import Final

from engine.data.bulk.row_batch import RowBatch
from engine.data.files.readers.conll import split_row
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import TextFile

ADDED: Final = "predicted_tag"  # the name of the column, where columns have names
# CoNLL-U: an empty column, the name of the tag in the last column, and how a bar is written there.
_EMPTY: Final = "_"
_KEY: Final = "PredictedTag"
_BAR: Final = "\\p"
AddTag = Callable[[str, str], str]  # a line and a tag → the line with the tag


@dataclass(frozen=True)
class TokenLines:
    """The lines of a sentence with everything before, between and after its tokens, such as comments and empty
    lines. places: of the lines with a token, which get the tags. add: how they do."""

    lines: tuple[str, ...]
    places: tuple[int, ...]
    add: AddTag

    def tagged(self, tags: Sequence[str]) -> str:
        """The lines with the tags, each with its end."""
        lines = list(self.lines)
        for place, tag in zip(self.places, tags, strict=True):
            lines[place] = self.add(lines[place], tag)
        return "".join(f"{line}\n" for line in lines)


def at_end(line: str, tag: str, delimiter: str = "\t") -> str:
    """The tag as one more column."""
    if delimiter not in "\t " and (delimiter in tag or '"' in tag):
        tag = '"' + tag.replace('"', '""') + '"'
    return f"{line.rstrip() if delimiter == ' ' else line}{delimiter}{tag}"


def _instead(line: str, tag: str, place: int) -> str:
    cells = line.split("\t")
    return "\t".join((*cells[:place], tag, *cells[place + 1 :]))


def _beside(line: str, tag: str) -> str:
    """The tag in the last column of CoNLL-U, beside what is there."""
    start, _, last = line.rpartition("\t")
    kept = [part for part in last.split("|") if part != _EMPTY and not part.startswith(f"{_KEY}=")]
    return "\t".join((start, "|".join((*kept, f"{_KEY}={tag.replace('|', _BAR)}"))))


def sentences_with_lines(
    file: TextFile, found: Recognition, batches: Iterable[RowBatch], like: Recognition | None
) -> Iterator[tuple[tuple[str, ...], TokenLines]]:
    """The sentences of a file with a token on each line, each with the lines up to its last token; the last sentence
    with the rest of the file.

    Tags become one more column; those of CoNLL-U a feature in its last one, unless the column that the network learned
    from is empty in the whole file. like: how its training data were recognised.
    """
    lines = list(file.lines())
    sentences: list[tuple[tuple[str, ...], list[int]]] = []
    tags: set[str] = set()
    for batch in batches:
        assert batch.lengths is not None
        assert batch.token_lines is not None
        tags.update(batch.target)
        bounds = pairwise((0, *accumulate(batch.lengths.tolist())))
        numbers, words = batch.token_lines.tolist(), list(batch.source)
        sentences += ((tuple(words[first:end]), numbers[first:end]) for first, end in bounds)
    add: AddTag = partial(at_end, delimiter=found.delimiter)
    if found.form == "conllu":
        own = like is not None and like.form == "conllu" and tags == {_EMPTY}
        add = partial(_instead, place=found.place(found.target_column)) if own else _beside
    elif found.has_header:
        _name_column(lines, found, add)
    begin = 0
    for at, (words_of, numbers) in enumerate(sentences):
        end = numbers[-1] if at + 1 < len(sentences) else len(lines)
        yield words_of, TokenLines(tuple(lines[begin:end]), tuple(number - 1 - begin for number in numbers), add)
        begin = end


def _name_column(lines: list[str], found: Recognition, add: AddTag) -> None:
    """Name the added column in the header, which may have remarks above it."""
    place, name = found.place(found.source_column), found.source_column
    for at, line in enumerate(lines):
        row = split_row(line, found.delimiter)
        if len(row) == len(found.columns) and row[place].lstrip("# ") == name:
            lines[at] = add(line, ADDED)
            return


def lines_for_tokens(tokens: Sequence[str], tags: Sequence[str], remarks: Iterable[tuple[str, str]]) -> TokenLines:
    """Lines for a sentence that has none: its remarks as comments, its tokens, with their true tags if they have any,
    and an empty line. remarks: name and text."""
    above = [f"# {name} = {' '.join(text.split())}" for name, text in remarks if text.strip()]
    full = ["\t".join(row) for row in zip(tokens, tags, strict=True)] if tags else list(tokens)
    places = tuple(range(len(above), len(above) + len(full)))
    return TokenLines((*above, *full, ""), places, at_end)
