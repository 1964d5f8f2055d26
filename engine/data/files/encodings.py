"""Detects the encoding of bytes, and whether they are text at all."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from engine.data.files.east_asian import EAST_ASIAN, likeliest
from engine.data.files.plausible_writing import is_foreign_script, word_share, written_share
from engine.errors import DataError

# The first bytes of files that people open by mistake, and what to call them.
_NOT_TEXT: Final = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BM": "a bitmap image",
    b"RIFF": "a sound, film or WebP file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"PK\x05\x06": "an empty ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "a rich-text document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"\xca\xfe\xba\xbe": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"SQLite format 3": "a database",
    b"\x93NUMPY": "a NumPy array",
    b"PAR1": "a Parquet table",
    b"ARROW1": "an Arrow table",
    b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b\x08": "a gzip file inside another; unpack it first",  # else it would have been unpacked by now
    b"BZh": "a bzip2 archive; unpack it first",
    b"\xfd7zXZ": "an xz archive; unpack it first",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive; unpack it first",
    b"7z\xbc\xaf": "a 7-Zip archive; unpack it first",
    b"ID3": "a sound file",
    b"OggS": "a sound file",
    b"fLaC": "a sound file",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHORT_MAGIC: Final = 2  # such a short signature may begin a text; it counts only if binary bytes follow
_KEPT_BYTES: Final = 1 << 15
# Text in an old encoding hardly ever looks like UTF-8 beyond ASCII: where much of it does, the rest is damage.
_BROKEN_FOR_EACH_GOOD: Final = 1
# Where lines end in LF or CRLF, a lone CR is part of the text; with this many times more CRs, they are the line ends.
_CR_FOR_EACH_LF: Final = 20
# Control characters found in text: tab, line feed, vertical tab, form feed, carriage return, escape, end of file.
_TEXT_CONTROLS: Final = bytes({9, 10, 11, 12, 13, 26, 27})
_CONTROLS: Final = bytes(set(range(32)) - set(_TEXT_CONTROLS)) + b"\x7f"
_BINARY_SHARE: Final = 0.02
_PAIRS: Final = 2 / 3  # at least of the characters are pairs in ASCII with zero bytes; of Chinese ones, a quarter is
_LATIN: Final = ("cp1250", "cp1252", "cp1254")
_CENTRAL_SHARE: Final = 0.05
_DOUBTFUL: Final = (0.02, 0.15)  # shares near that one
_NEARLY: Final = 0.05  # as plausible, in the measure of charset_normalizer for disorder
_FEW_LETTERS: Final = 40
_TURKISH: Final = "ðýþÐÝÞ"  # ğ, ı, ş and their capitals, read as Western
_ICELANDIC: Final = "áéíóúæÁÉÍÓÚÆ"
_ASCII: Final = frozenset(range(128))
_FEW_SIGNS: Final = 5  # characters beyond ASCII
_WRITTEN: Final = 0.8  # of these stand where they do in languages with Latin letters
_STRANGE: Final = 0.05  # of the letters beyond ASCII
_SIGN_INSIDE: Final = re.compile(r"(?<=[^\W\d_])[^\w\s’·\x00-\x7f\xad](?=[^\W\d_])")
_SYMBOL_INSIDE: Final = re.compile(r"(?<=[^\W0-9])[³¹¿¾¼Ÿ\ufffd](?=\w|\b)|[³¹¿¾¼\ufffd](?=[^\W0-9])")
# Which are no letters in Polish: m³, and the beginning of a Spanish question.
_CUBED_OR_ASKED: Final = re.compile(
    r"(?<![^\W\d_])(?:[cdkmµN]?m|ft|in)³(?![^\W\d_])|(?<!\w)¿(?=[A-ZÁÉÍÓÚÑ]|[^?¿\n]*\?)"
)


@dataclass(frozen=True)
class Encoding:
    """The name of a Python codec, and the size of the byte order mark before the text. is_guess: whether the bytes may
    just as well be in another encoding."""

    encoding: str
    bom: int = 0
    is_guess: bool = False


@dataclass
class Scan:
    """The findings of one pass over the bytes of a file."""

    size: int = 0
    start: bytes = b""
    zeros: int = 0
    crlf: int = 0
    cr: int = 0
    lf: int = 0  # blocks without CR count as one
    broken: int = 0
    multibyte: int = 0
    foreign: bytearray = field(default_factory=bytearray)  # the first lines that are not ASCII
    _utf8: codecs.IncrementalDecoder = field(default_factory=lambda: codecs.getincrementaldecoder("utf-8")("strict"))
    _ends_in_cr: bool = False

    def add(self, block: bytes) -> None:
        """Take the next bytes of the file."""
        if self.size == 0:
            self.start = block[:_KEPT_BYTES]
        self.size += len(block)
        self.zeros += block.count(0)
        self._count_lines(block)
        if block.isascii() and not self._utf8.getstate()[0]:
            return
        if len(self.foreign) < _KEPT_BYTES:
            lines = block.split(b"\n")
            self.foreign += b"\n".join(line for line in lines if not line.isascii())[:_KEPT_BYTES] + b"\n"
        try:
            text = self._utf8.decode(block)
            self.multibyte += len(block) - len(text)
        except UnicodeDecodeError:
            self._utf8.reset()
            text = block.decode("utf-8", "replace")
            broken = text.count("\ufffd")
            self.broken += broken
            self.multibyte += len(text.encode()) - len(text) - 2 * broken

    def _count_lines(self, block: bytes) -> None:
        if self._ends_in_cr and block[:1] == b"\n":  # the pair was cut in two
            self.crlf += 1
            self.cr -= 1
            block = block[1:]
        if b"\r" in block:
            pairs = block.count(b"\r\n")
            self.crlf += pairs
            self.cr += block.count(b"\r") - pairs
            self.lf += block.count(b"\n") - pairs
        else:
            self.lf += b"\n" in block
        self._ends_in_cr = block[-1:] == b"\r"

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes are UTF-8, perhaps with some broken places."""
        return self.broken <= _BROKEN_FOR_EACH_GOOD * self.multibyte

    @property
    def ends_in_cr(self) -> bool:
        """Whether a lone CR ends a line, as on old Macintoshes."""
        return self.cr > _CR_FOR_EACH_LF * (self.lf + self.crlf)

    def recount(self, texts: Iterable[str]) -> None:
        """Count the line ends again in decoded text (UTF-16 bytes do not show them); no block splits a CRLF."""
        self.crlf = self.cr = self.lf = 0
        for text in texts:
            pairs = text.count("\r\n")
            self.crlf += pairs
            self.cr += text.count("\r") - pairs
            self.lf += text.count("\n") - pairs

    @property
    def line_ends(self) -> str:
        """ "LF", "CRLF", "CR", "mixed", or "none"."""
        counts = (("LF", self.lf), ("CRLF", self.crlf), ("CR", self.cr if self.ends_in_cr else 0))
        found = [name for name, count in counts if count > 0]
        return "mixed" if len(found) > 1 else found[0] if found else "none"


def check_text(start: bytes, path: Path) -> None:
    """DataError if the first bytes of a file are those of something other than text."""
    if any(start.startswith(bom) for bom, _ in _BOMS):
        return
    controls = len(start) - len(start.translate(None, _CONTROLS))
    strange = controls > _BINARY_SHARE * len(start)
    for magic, what in _NOT_TEXT.items():
        if start.startswith(magic) and (len(magic) > _SHORT_MAGIC or strange):
            raise DataError(f"This is {what}; expected a text file.", path=path)
    if start[:1] == b"\x80" and start[1:2] <= b"\x05" and start[1:2] >= b"\x02":
        raise DataError("This is a Python pickle, which is never opened; expected a text file.", path=path)
    if strange and _wide_guess(start) is None:
        raise DataError(f"This is a binary file: {controls:,} of its first {len(start):,} bytes are control "
                        "characters; expected text.", path=path)  # fmt: skip


def choose_encoding(scan: Scan, wanted: str, path: Path, usual: str = "") -> Encoding:
    """The encoding to read with: the one asked for, or what the bytes say; where these leave room for a guess, the
    `usual` one, as `encoding_in_words` says it, if it is one. DataError if the wanted one is unknown or none fits."""
    bom = next(((mark, name) for mark, name in _BOMS if scan.start.startswith(mark)), None)
    if wanted != "auto":
        return _named(wanted, bom, path)
    if bom is not None:
        return Encoding(bom[1], len(bom[0]))
    if scan.zeros:
        wide = _wide_guess(scan.start)
        if wide is not None:
            return Encoding(wide)
        if scan.zeros > _BINARY_SHARE * scan.size:
            raise DataError(f"This is a binary file with {scan.zeros:,} zero bytes; expected text.", path=path)
    if scan.is_utf8 and not (scan.broken and _latin(bytes(scan.foreign))):  # CAFÉ” in Western bytes has a Ɣ in UTF-8
        return Encoding("utf-8")
    wide = _wide_guess(scan.start)
    found = Encoding(wide) if wide else _detect(bytes(scan.foreign))
    return _usual(usual, bytes(scan.foreign)) or found if found.is_guess else found


def encoding_in_words(encoding: str) -> str:
    """An encoding as a person would write it."""
    return encoding.replace("_", "-").upper()


def _usual(name: str, foreign: bytes) -> Encoding | None:
    """The encoding of this name if these lines can be in it; None if not, or if there is none of this name."""
    whole = foreign if len(foreign) <= _KEPT_BYTES else foreign[:_KEPT_BYTES].rpartition(b"\n")[0]
    with suppress(LookupError, ValueError):
        whole.decode(name)
        return Encoding(codecs.lookup(name).name)
    return None


def _named(wanted: str, bom: tuple[bytes, str] | None, path: Path) -> Encoding:
    try:
        name = codecs.lookup(wanted).name
        b"a".decode(name, "replace")  # refuses codecs that are not text encodings
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError, UnicodeError):
        raise DataError(f"{wanted!r} is not an encoding; expected a name such as utf-8, cp1252 or shift_jis.",
                        path=path) from None  # fmt: skip
    if bom is not None and name in (bom[1], "utf-8-sig", "utf-16", "utf-32"):
        return Encoding(bom[1], len(bom[0]))
    return Encoding({"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name))


def _wide_guess(start: bytes) -> str | None:
    """UTF-16 (or UTF-32) without a byte order mark, judged by the resulting text; None if it is neither."""
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        piece = start[: len(start) - len(start) % width]
        if width == 2 and 0xD800 <= int.from_bytes(piece[-2:], "little" if name.endswith("le") else "big") <= 0xDBFF:
            piece = piece[:-2]
        try:
            text = piece.decode(name)
        except UnicodeDecodeError:
            continue
        if text and _looks_written(text):
            return name
    return None


def _is_ascii_pair(character: str) -> bool:
    """Whether the two bytes of a character are ASCII, as if two letters, or a NUL and a letter, had been read as one;
    those of kana, 3041 to 30FF, may be."""
    high, low = divmod(ord(character), 256)
    return " " <= chr(high) <= "~" and (low == 0 or " " <= chr(low) <= "~") and not "\u3041" <= character <= "\u30ff"


def _looks_written(text: str) -> bool:
    """Whether decoded text is plausible: assigned characters of a few scripts, with spaces or line ends between."""
    common = sum(character in " \n\u3000\u3001\u3002" for character in text)
    strange = sum(
        unicodedata.category(character) in ("Cn", "Co", "Cs") or (character < " " and character not in "\t\n\r\f")
        for character in text
    )
    if sum(map(_is_ascii_pair, text)) > _PAIRS * len(text):
        return False
    # Chinese characters and Korean syllables fill many blocks of 256, but each is one script.
    points = map(ord, text)
    blocks = {0x4E if 0x4E00 <= p <= 0x9FFF else 0xAC if 0xAC00 <= p <= 0xD7A3 else p >> 8 for p in points}
    return strange <= 0.01 * len(text) and common >= 0.01 * len(text) and len(blocks) <= 8 + len(text) // 20


def _detect(foreign: bytes) -> Encoding:
    """The most plausible legacy encoding of lines that are not UTF-8."""
    latin = _latin(foreign)
    if latin is not None:
        return latin
    from charset_normalizer import from_bytes

    found = from_bytes(foreign, cp_isolation=list(_OLD_ENCODINGS))
    best = found.best()
    if best is None and (alphabet := _alphabet(foreign)):
        return Encoding(alphabet, is_guess=True)
    if best is None or not (best.encoding in _LATIN or is_foreign_script(foreign.decode(best.encoding, "replace"))):
        return Encoding(_latin_code_page(foreign)[0], is_guess=True)
    chosen, unsure = best.encoding, False
    if chosen in _LATIN:
        chosen, unsure = _latin_code_page(foreign)
    elif (
        chosen in EAST_ASIAN
        and sum(character > "\x7f" for character in foreign.decode(chosen, "replace")) < _FEW_LETTERS
    ):
        return Encoding(likeliest(foreign, chosen), is_guess=True)
    others = [one for one in found if one.encoding != best.encoding and {one.encoding, chosen} - {*_LATIN}]
    as_good = (one.chaos <= best.chaos + _NEARLY and one.coherence >= best.coherence for one in others)
    return Encoding(chosen, is_guess=unsure or any(as_good) or _looks_misread(foreign.decode(chosen, "replace")))


def _alphabet(foreign: bytes) -> str:
    """The encoding of another alphabet in which nearly all words have capitals only where words have them, as KOI8-R
    read as Windows 1251 has not; "" if there is none."""
    shares = {name: word_share(foreign.decode(name, "replace")) for name in _ALPHABETS}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _WRITTEN else ""


def _latin(foreign: bytes) -> Encoding | None:
    """The encoding of text in Latin letters; None if that is not what the bytes read as."""
    western, central = (written_share(foreign.decode(name, "replace")) for name in ("cp1252", "cp1250"))
    is_central = central - western > _NEARLY and len({*foreign} - _ASCII) >= _FEW_SIGNS
    if max(western, central if is_central else 0) < _WRITTEN:
        return None
    chosen, unsure = ("cp1250", False) if is_central else _latin_code_page(foreign)
    text = foreign.decode(chosen, "replace")
    few = sum(character > "\x7f" for character in text) < _FEW_SIGNS
    return Encoding(chosen, is_guess=unsure or few or _looks_misread(text))


def _looks_misread(text: str) -> bool:
    """Whether text beyond ASCII has too few letters to tell its encoding, or symbols and capitals inside words."""
    letters = sum(character > "\x7f" and character.isalpha() for character in text)
    capitals = sum(b > "\x7f" and a.islower() and b.isupper() for a, b in pairwise(text))
    strange = len(_SIGN_INSIDE.findall(text)) + capitals
    return 0 < letters < _FEW_LETTERS or strange > _STRANGE * letters


def _latin_code_page(foreign: bytes) -> tuple[str, bool]:
    """cp1252, cp1250 or, for Turkish, cp1254, and whether that is unsure: short lists of names do not reveal the
    language, but the letters inside words do.

    Polish read as Western has symbols inside words, Czech and Slovak many š and ž, Hungarian õ and û beside ö and ü;
    Turkish has the letters that are otherwise Icelandic, and none of its accents.
    """
    text = foreign.decode("cp1252", "replace")
    letters = [character for character in text if character > "\x7f"]
    inside = _SYMBOL_INSIDE.findall(_CUBED_OR_ASKED.sub("", text))
    if len({*letters} & {*_TURKISH}) > 1 and not {*letters} & {*_ICELANDIC}:
        return "cp1254", False
    carons = sum(character in "šžŠŽ" for character in letters)
    hungarian = any(c in "õûÕÛ" for c in letters) and any(c in "öüÖÜ" for c in letters)
    central = len(inside) + carons
    unsure = _DOUBTFUL[0] * len(letters) < central < _DOUBTFUL[1] * len(letters)
    if central > _CENTRAL_SHARE * len(letters) or (hungarian and not set(letters) & set("ãçñêèäàâîôï")):
        return "cp1250", unsure
    return "cp1252", unsure


_ALPHABETS: Final = ("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256")
_OLD_ENCODINGS: Final = (
    "cp1252", "cp1250", "cp1254", *_ALPHABETS, *EAST_ASIAN,
)  # fmt: skip
