"""Turns text into symbols and symbols into text, by the rules of the data that a network was trained on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

UNKNOWN, END = 0, 1  # the ids of unknown symbols and of the end of a text
END_SYMBOL = "</s>"


class Text:
    """Splits text into symbols, and joins symbols back into text.

    rules: part of config.json. "reads" and "writes" are "character", "word", "token", "piece" or "mixed". symbols: all
    symbols that the network reads, by id.
    """

    def __init__(self, rules: dict[str, Any], symbols: Sequence[str]) -> None:
        self.lowercase: bool = rules["lowercase"]
        self.composed: bool = rules["composed"]
        self.reads: str = rules["reads"]
        self.writes: str = rules["writes"]
        self.word = re.compile(rules["word"], re.IGNORECASE)
        self.cluster_word: str = rules["cluster_word"]
        self.white_space = re.compile(rules["white_space"])
        self.feature_ends = re.compile(rules["feature_ends"])
        self.chunk = re.compile(rules["chunk"])
        self.known = frozenset(symbols[END + 1 :])
        self.longest = max(map(len, self.known), default=1)
        self.separator: str = rules["separator"]
        self.no_space_before = re.compile(rules["no_space_before"], re.IGNORECASE)
        self.no_space_after = set(rules["no_space_after"]) - set(rules["spaced"])
        self.currency_signs = set(rules["currency_signs"])
        self.spaced: str = rules["spaced"]
        self.cluster_ranges: list[tuple[int, int]] = rules["cluster_ranges"]

    def symbols_of(self, text: str | Sequence[str]) -> list[str]:
        """Split a text into symbols; a list of symbols is at most converted to lower case."""
        if isinstance(text, str):
            return self.split(self.plain(text))
        return [symbol.lower() if self.lowercase else symbol for symbol in text]

    def plain(self, text: str) -> str:
        """The text in the form of the training data: letters composed with their accents and, if the data was, in
        lower case."""
        text = unicodedata.normalize("NFC", text) if self.composed else text
        return text.lower() if self.lowercase else text

    def split(self, text: str) -> list[str]:
        """Split a text into words, with punctuation marks on their own; characters as a reader sees them, accents
        included; tokens, which are separated by white space; pieces of words; or, if mixed, the letters and marks of
        the first column and whole features of the others."""
        if self.reads == "piece":
            return [piece for chunk in self.chunk.findall(text) for piece in self._pieces_of(chunk)]
        if self.reads == "token":
            return [part for token in self.white_space.split(text) if token for part in self._apart(token)]
        if self.reads != "mixed":
            return self._split(text, self.reads == "word")
        spelled, *others = text.split(self.separator)
        symbols = list(spelled)
        for other in others:
            symbols += [self.separator, *(feature for feature in self.feature_ends.split(other) if feature)]
        return symbols

    def _apart(self, token: str) -> list[str]:
        """The words of an unknown token, such as "soup" and "," in "soup,", if the network knows all of them."""
        words = [] if token in self.known else self._split(token, True)
        return words if words and all(word in self.known for word in words) else [token]

    def _pieces_of(self, chunk: str) -> list[str]:
        """Take the longest known piece from the beginning (a single character if none is known), then go on with the
        rest."""
        symbols, found, begin = self._split(chunk, False), [], 0
        while begin < len(symbols):
            end = min(begin + self.longest, len(symbols))
            while end > begin + 1 and "".join(symbols[begin:end]) not in self.known:
                end -= 1
            found.append("".join(symbols[begin:end]))
            begin = end
        return found

    def _split(self, text: str, words: bool) -> list[str]:
        """Split a text without separators into words or characters."""
        if text.isascii() or not any(map(self.may_cluster, set(map(ord, text)))):
            return self.word.findall(text) if words else list(text)
        import regex  # pip install regex; it knows which code points belong together

        found: list[str] = regex.findall(self.cluster_word if words else r"\X", text, regex.IGNORECASE)
        return found

    def may_cluster(self, code_point: int) -> bool:
        """Whether a character can combine with a neighbour into one visible symbol (accents, parts of an emoji)."""
        if code_point < 0x300:
            return False
        if unicodedata.category(chr(code_point)) in ("Mn", "Mc", "Me", "Cf"):
            return True
        return any(first <= code_point <= last for first, last in self.cluster_ranges)

    def join(self, symbols: Sequence[str]) -> str:
        """Join symbols into text; words get spaces where a person would write them."""
        if self.writes in ("character", "piece"):
            return "".join(symbols)
        if self.writes == "token":
            return " ".join(symbols)
        if self.writes == "mixed":
            return self._join_mixed(symbols)
        pieces: list[str] = []
        open_quote, glue, before = False, True, ""
        for symbol in symbols:
            closing = symbol == '"' and open_quote
            glue = glue or (before in self.currency_signs and symbol[:1].isdigit())
            if not (glue or closing or (self.no_space_before.fullmatch(symbol) and symbol not in self.spaced)):
                pieces.append(" ")
            pieces.append(symbol)
            glue = symbol in self.no_space_after or (symbol == '"' and not open_quote)
            before = symbol
            if symbol == '"':
                open_quote = not open_quote
        return "".join(pieces)

    def _join_mixed(self, symbols: Sequence[str]) -> str:
        """Join characters without a separator, and the features of other columns with semicolons."""
        columns: list[list[str]] = [[]]
        for symbol in symbols:
            if symbol == self.separator:
                columns.append([])
            else:
                columns[-1].append(symbol)
        return self.separator.join(["".join(columns[0]), *map(";".join, columns[1:])])


class Vocabulary:
    """The symbols that a network reads; the id of a symbol is its index.

    others: words that the network does not know and can only spell; in examples, their ids come after the symbols.
    """

    def __init__(self, symbols: list[str], others: Sequence[str] = ()) -> None:
        self.symbols = symbols
        self.others = others
        self._id_of = {symbol: k for k, symbol in enumerate(symbols)} | {END_SYMBOL: UNKNOWN}

    def __len__(self) -> int:
        """How many symbols the network knows."""
        return len(self.symbols)

    def ids(self, symbols: Iterable[str]) -> list[int]:
        """The ids of symbols; UNKNOWN for those that the network does not know."""
        return [self._id_of.get(symbol, UNKNOWN) for symbol in symbols]

    def words(self, ids: Iterable[int]) -> list[str]:
        """The symbols of ids in examples."""
        known = len(self.symbols)
        return [self.symbols[k] if k < known else self.others[k - known] for k in ids]
