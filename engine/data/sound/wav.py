"""Reads and writes WAV files (RIFF/WAVE): PCM of 8 to 32 bits and floating point, as numbers from -1 to 1.

The standard library's `wave` knows neither floating point nor, before Python 3.12, the extensible header, and believes
what a header says of the size; so the chunks are read here, and nothing is read before its size has been checked.
Source: Microsoft, "Multiple Channel Audio Data and WAVE Files"; RFC 2361.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError

LOWEST_RATE: Final = 4_000  # samples per second
HIGHEST_RATE: Final = 192_000
LONGEST: Final = 60.0  # seconds
_CHANNELS: Final = 8
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CODECS: Final = {2: "ADPCM", 6: "A-law", 7: "µ-law", 0x11: "IMA ADPCM", 0x31: "GSM", 0x55: "MP3", 0xFF: "AAC"}
_UNKNOWN_SIZE: Final = 0x7FFFF000  # from here on, what programs write that do not know the size beforehand
_MAGIC: Final = (b"RIFF", b"RF64")  # RF64: its chunks are those of RIFF, and a large size stands in one of its own
_CHUNKS: Final = (b"data", b"fmt ", b"fact", b"LIST")
SampleFormat = Literal["pcm", "float"]


@dataclass(frozen=True)
class WavLayout:
    """How the samples lie in a WAV file, and where: `start` and `size` in bytes; `frames` samples per channel."""

    codec: SampleFormat
    bits: int
    channels: int
    rate: int
    start: int
    size: int

    @property
    def frames(self) -> int:
        return self.size // (self.channels * self.bits // 8)


def is_wav(path: Path) -> bool:
    """Whether a file begins as a WAV file does."""
    try:
        with path.open("rb") as file:
            begin = file.read(12)
    except OSError:
        return False
    return begin[:4] in _MAGIC and begin[8:] == b"WAVE"


def read_wav(path: Path, longest: float = LONGEST) -> tuple[NDArray[np.float32], int]:
    """The samples (n,) of a WAV file, its channels averaged, and how many of them make a second.

    DataError, before the samples are read, unless it is a WAV file whose header is whole and true, in a codec that is
    known here, with at least one sample and at most `longest` seconds.
    """
    try:
        with path.open("rb") as file:
            layout = read_layout(file, path)
            check_length(layout.frames, layout.rate, longest, path)
            file.seek(layout.start)
            data = file.read(layout.frames * layout.channels * layout.bits // 8)
    except OSError as error:
        raise DataError(f"The sound cannot be read ({error.strerror or error}).", path=path) from None
    with np.errstate(over="ignore"):  # becomes infinite, which is refused
        samples = _decoded(data, layout).reshape(-1, layout.channels).mean(1, dtype=np.float32)
    if not np.isfinite(samples).all():
        raise DataError("The sound holds values that are not finite; expected numbers from -1 to 1.", path=path)
    return samples, layout.rate


def check_length(frames: int, rate: int, longest: float, path: Path) -> None:
    """DataError unless a sound has at least one sample, at most `longest` seconds, and a usual rate."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise DataError(
            f"The header names {rate:,} samples per second; expected {LOWEST_RATE:,} to {HIGHEST_RATE:,}.", path=path
        )
    if not frames:
        raise DataError("The sound lasts 0 seconds; expected at least one sample.", path=path)
    if frames > longest * rate:
        raise DataError(f"The sound lasts {frames / rate:,.1f} seconds; expected at most {longest:g}.", path=path)


def read_layout(file: BinaryIO, path: Path) -> WavLayout:
    """What the header of a WAV file says, checked against the size of the file. DataError where it does not hold."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    begin = file.read(12)
    if len(begin) < 12 and b"RIFF".startswith(begin[:4]):
        raise DataError(f"The file has {len(begin)} bytes; a WAV file has at least 44.", path=path)
    if begin[:4] not in _MAGIC or begin[8:] != b"WAVE":
        found = repr(begin)[1:]
        whole = f"This is not a WAV file: it begins with {found}; expected 'RIFF', four bytes of any kind and 'WAVE'."
        raise DataError(f"{whole} Choose a WAV file, or convert this one.", path=path)
    form: tuple[SampleFormat, int, int, int] | None = None
    place = 12
    while place + 8 <= size:
        file.seek(place)
        name, length = struct.unpack("<4sI", file.read(8))
        place += 8
        if name == b"data":
            if form is None:
                raise DataError("The chunk 'data' comes before the chunk 'fmt ', which describes it.", path=path)
            if length >= max(_UNKNOWN_SIZE, size - place) or (length == 0 and not _begins_chunk(file, place, size)):
                length = size - place
            elif length > size - place:
                raise DataError(
                    f"The header promises {length:,} bytes of sound and the file holds {size - place:,}; "
                    "it was cut off, or its header is damaged.",
                    path=path,
                )
            return WavLayout(*form, place, length)
        if length > size - place:
            raise DataError(
                f"The chunk {name.decode('latin-1')!r} claims {length:,} bytes and the file ends after "
                f"{size - place:,}.",
                path=path,
            )
        if name == b"fmt ":
            form = _form(file.read(min(length, 40)), path)
        place += length
        if length % 2 and _name_at(file, place) not in _CHUNKS:  # some programs forget that chunks begin at even places
            place += 1
    missing = "sound (the chunk 'data')" if form else "description of its sound (the chunk 'fmt ')"
    raise DataError(f"The WAV file ends after {size:,} bytes, without any {missing}.", path=path)


def _name_at(file: BinaryIO, place: int) -> bytes:
    file.seek(place)
    return file.read(4)


def _begins_chunk(file: BinaryIO, place: int, size: int) -> bool:
    """Whether the file ends here, or goes on with another chunk that fits into it."""
    name, length = _name_at(file, place), file.read(4)
    whole = len(length) == 4 and int.from_bytes(length, "little") <= size - place - 8
    return place == size or (whole and name.isascii() and name.decode().isprintable())


def _form(chunk: bytes, path: Path) -> tuple[SampleFormat, int, int, int]:
    """Codec, bits, channels and rate from the chunk 'fmt '."""
    if len(chunk) < 16:
        raise DataError(f"The chunk 'fmt ' has {len(chunk)} bytes; expected at least 16.", path=path)
    tag, channels, rate, _, block, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == _EXTENSIBLE:
        if len(chunk) < 40:
            raise DataError(f"The extensible chunk 'fmt ' has {len(chunk)} bytes; expected 40.", path=path)
        tag = struct.unpack("<H", chunk[24:26])[0]
    if tag not in (_PCM, _FLOAT):
        name = _CODECS.get(tag, f"codec {tag}")
        raise DataError(f"The sound is coded as {name}; expected PCM or floating point.", path=path)
    codec: SampleFormat = "pcm" if tag == _PCM else "float"
    allowed = (8, 16, 24, 32) if codec == "pcm" else (32, 64)
    if codec == "pcm" and 8 < bits < 32 and block == channels * -(-bits // 8):
        bits = -(-bits // 8) * 8  # 12 bits are the upper ones of 16
    if bits not in allowed:
        raise DataError(
            f"The sound has {bits} bits per sample; expected {', '.join(map(str, allowed))}"
            f"{' for floating point' if codec == 'float' else ''}.",
            path=path,
        )
    if not 1 <= channels <= _CHANNELS:
        raise DataError(f"The sound has {channels:,} channels; expected 1 to {_CHANNELS}.", path=path)
    if block != channels * bits // 8:
        raise DataError(
            f"The header gives {block} bytes to {channels} samples of {bits} bits; expected {channels * bits // 8}.",
            path=path,
        )
    return codec, bits, channels, rate


def _decoded(data: bytes, layout: WavLayout) -> NDArray[np.float32]:
    """Numbers from -1 to 1, channel by channel."""
    if layout.codec == "float":
        with np.errstate(over="ignore"):  # becomes infinite, which is refused
            return np.frombuffer(data, f"<f{layout.bits // 8}").astype(np.float32)
    if layout.bits == 8:  # the only unsigned one
        return (np.frombuffer(data, np.uint8).astype(np.float32) - np.float32(128)) / np.float32(128)
    if layout.bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return _scaled(wide.view("<i4")[:, 0], 32)
    return _scaled(np.frombuffer(data, f"<i{layout.bits // 8}"), layout.bits)


def _scaled(whole: NDArray[Any], bits: int) -> NDArray[np.float32]:
    return whole.astype(np.float32) / np.float32(2 ** (bits - 1))


def wav_bytes(samples: NDArray[np.floating], rate: int) -> bytes:
    """A WAV file of 16 bits and one channel. samples (n,): from -1 to 1; what lies beyond is cut off there."""
    data: bytes = np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16)
    begin = struct.pack("<4sI4s", b"RIFF", 4 + len(form) + 8 + len(data), b"WAVE")
    return begin + form + struct.pack("<4sI", b"data", len(data)) + data
