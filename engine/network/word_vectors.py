"""Word vectors from a file, as GloVe, fastText and word2vec write them: a word and its numbers on each line, or the
binary form of word2vec. Nothing in such a file is executed."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np

from engine.data.files.normal_form import compose
from engine.data.vocabulary import Vocabulary
from engine.errors import ConfigError, DataError
from engine.types import FloatArray

# Lines read to find how many numbers follow a word; a few words contain spaces.
_LOOKED_AT: Final = 100
_LONGEST_WORD: Final = 10_000  # bytes, in the binary form
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1c\x1d\x1e\x1f\x1b\x1a"))


def load_vectors(path: str | Path, vocabulary: Vocabulary, size: int, table: FloatArray) -> int:
    """Fill the rows of `table` (V, size) whose words are in the file; draw the others at random with the same spread.

    A word is looked up unchanged, then in lower case. It may contain spaces: the last `size` fields are its numbers. A
    first line of two whole numbers (word2vec) is skipped. Returns how many words were found, special symbols apart.
    DataError names the line that is wrong.
    """
    wanted: dict[str, list[int]] = {}
    for i, symbol in enumerate(vocabulary.symbols):
        for form in {symbol, symbol.lower()}:
            wanted.setdefault(form, []).append(i)
    exact = np.zeros(len(vocabulary), bool)
    found = np.zeros(len(vocabulary), bool)
    try:
        with _open(path) as file:
            for word, vector in _vectors(file, wanted, size, path):
                for i in wanted[word]:
                    same = vocabulary.symbols[i] == word
                    if same or not exact[i]:
                        table[i], found[i] = vector, True
                        exact[i] |= same
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot be read ({reason}); expected a file of word vectors.", path=path) from None
    if not found.any():
        raise ConfigError(f"{path}: none of the {len(vocabulary):,} symbols of the data occurs among its words.")
    spread = float(table[found].std())
    table[~found] *= spread
    return int(found[len(vocabulary) - vocabulary.distinct :].sum())


def vector_size(path: str | Path) -> int:
    """The size of the vectors, from the beginning of the file. DataError if it cannot be read."""
    try:
        with _open(path) as file:
            head = file.readline(1 << 16).split()
            if len(head) == 2 and all(part.isdigit() for part in head):
                return int(head[1])
            counts = Counter([len(head) - 1, *(_fields(file.readline()) - 1 for _ in range(_LOOKED_AT))])
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"cannot be read ({reason}); expected a file of word vectors.", path=path) from None
    del counts[-1]  # past the end
    size = counts.most_common(1)[0][0] if counts else 0
    if size < 1:
        raise DataError("found no numbers after the words; expected a file of word vectors.", path=path)
    return size


def _open(path: str | Path) -> BinaryIO:
    file = open(path, "rb")  # noqa: SIM115 - the caller closes it
    if file.peek(2)[:2] != b"\x1f\x8b":
        return file
    import gzip  # few files of vectors are packed

    file.close()
    return cast(BinaryIO, gzip.open(path, "rb"))


def _vectors(
    file: BinaryIO, wanted: dict[str, list[int]], size: int, path: str | Path
) -> Iterator[tuple[str, FloatArray]]:  # fmt: skip
    """The wanted words with their numbers, in the order of the file."""
    mark = len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0
    file.seek(mark)
    first = file.readline(1 << 16)
    head = first.split()
    numbers: list[int] = []
    if len(head) == 2:
        with suppress(ValueError):
            numbers = list(map(int, head))
    start = mark + (len(first) if numbers else 0)
    file.seek(start)
    sample = file.read(1 << 12)
    file.seek(start)
    if numbers and sample.translate(None, _CONTROLS) != sample:
        yield from _binary(file, wanted, size, numbers, path)
    else:
        yield from _text(file, wanted, size, path, 1 + bool(numbers))


def _text(
    file: BinaryIO, wanted: dict[str, list[int]], size: int, path: str | Path, line: int
) -> Iterator[tuple[str, FloatArray]]:  # fmt: skip
    begin = file.tell()
    counts = Counter(_fields(file.readline()) - 1 for _ in range(_LOOKED_AT))
    del counts[-1]  # past the end
    common = counts.most_common(1)[0][0] if counts else size
    if common != size:
        raise DataError(f"found {common:,} numbers after the word; expected {size:,}, the embedding size.", path=path,
                        line=line)  # fmt: skip
    file.seek(begin)
    firsts = {word.partition(" ")[0] for word in wanted}
    first_bytes = {first.encode("utf-8", "surrogatepass") for first in firsts}
    for number, raw in enumerate(file, line):
        plain = raw.replace(b"\t", b" ")
        first = plain.split(b" ", 1)[0]
        if first not in first_bytes and (first.isascii() or compose(first.decode("utf-8", "replace")) not in firsts):
            continue
        parts = plain.decode("utf-8", "replace").rstrip(" \r\n").rsplit(" ", size)
        if "" in parts[1:]:  # several spaces between the numbers
            fields = [part for part in " ".join(parts).split(" ") if part]
            parts = [" ".join(fields[:-size]), *fields[-size:]]
        name = parts[0].rstrip(" ") or parts[0]
        word = name if name in wanted else compose(name)
        if word in wanted:
            yield word, _numbers(parts[1:], size, path, number)


def _fields(raw: bytes) -> int:
    return len([field for field in raw.replace(b"\t", b" ").rstrip(b"\r\n").split(b" ") if field])


def _numbers(fields: list[str], size: int, path: str | Path, line: int) -> FloatArray:
    try:
        vector = np.array(fields, np.float64)
    except ValueError:
        shown = " ".join(fields)[:40]
        raise DataError(f"found {shown!r} after the word; expected {size} numbers.", path=path, line=line) from None
    if vector.shape != (size,) or not np.isfinite(vector).all():
        raise DataError(
            f"found {len(vector)} numbers after the word; expected {size}, the embedding size.", path=path, line=line
        )
    return vector


def _binary(
    file: BinaryIO, wanted: dict[str, list[int]], size: int, counts: list[int], path: str | Path
) -> Iterator[tuple[str, FloatArray]]:  # fmt: skip
    """The binary form of word2vec: each word, a space, and its numbers as float32, little-endian."""
    words, length = counts
    if length != size:
        raise DataError(f"found vectors of {length:,} numbers; expected {size:,}, the embedding size.", path=path)
    rest, at = b"", 0
    for number in range(words):
        while (end := rest.find(b" ", at)) < 0 or len(rest) < end + 1 + 4 * size:
            if end < 0 and len(rest) - at > _LONGEST_WORD:
                raise DataError(f"found no word of at most {_LONGEST_WORD:,} bytes where word "
                                f"{number + 1:,} should be; expected word2vec's binary format.", path=path)  # fmt: skip
            more = file.read(1 << 16)
            if not more:
                raise DataError(f"The file ends after {number:,} words; expected {words:,}.", path=path)
            rest, at = rest[at:] + more, 0
        name = rest[at:end].decode("utf-8", "replace").lstrip("\n")
        word = name if name in wanted else compose(name)
        vector = np.frombuffer(rest, "<f4", size, end + 1).astype(np.float64)
        at = end + 1 + 4 * size
        if word not in wanted:
            continue
        if not np.isfinite(vector).all():
            raise DataError(f"The vector of {word!r} holds a number that is not finite.", path=path)
        yield word, vector
