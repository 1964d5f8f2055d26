"""WAV files are read as they were meant, or refused in words before their samples are."""

from __future__ import annotations

import struct
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.data.sound.read_sound import read_sound
from engine.data.sound.wav import is_wav, read_wav, wav_bytes
from engine.errors import DataError

RATE = 8_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(400) / RATE)).astype(np.float32)


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def form(tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, block: int | None = None) -> bytes:
    block = channels * bits // 8 if block is None else block
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits))


def extensible(tag: int, bits: int) -> bytes:
    block = bits // 8
    begin = struct.pack("<HHIIHHHHI", 0xFFFE, 1, RATE, RATE * block, block, bits, 22, bits, 4)
    return chunk(b"fmt ", begin + struct.pack("<H", tag) + bytes.fromhex("000000001000800000aa00389b71"))


def riff(*chunks: bytes) -> bytes:
    content = b"".join(chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(content)) + b"WAVE" + content


def pcm(samples: NDArray[np.float32], bits: int) -> bytes:
    if bits == 8:
        return (np.rint(samples * 127) + 128).astype(np.uint8).tobytes()
    whole = np.rint(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i8")
    return whole.view(np.uint8).reshape(-1, 8)[:, : bits // 8].tobytes()


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "one.wav"
        path.write_bytes(content)
        return path

    return write


Write = Callable[[bytes], Path]


def test_whole_numbers_of_every_width_are_read(written: Write) -> None:
    for bits in (8, 16, 24, 32):
        for header in (form(bits=bits), extensible(1, bits)):
            samples, rate = read_wav(written(riff(header, chunk(b"data", pcm(TONE, bits)))))
            assert rate == RATE
            assert samples.dtype == np.float32
            np.testing.assert_allclose(samples, TONE, atol=2.0 ** (2 - bits) + 1e-7)


def test_floating_point_of_both_widths_is_read(written: Write) -> None:
    for bits in (32, 64):
        for header in (form(3, bits=bits), extensible(3, bits)):
            samples, _ = read_wav(written(riff(header, chunk(b"data", TONE.astype(f"<f{bits // 8}").tobytes()))))
            np.testing.assert_array_equal(samples, TONE)


def test_channels_are_averaged(written: Write) -> None:
    both = np.stack([TONE, 0 * TONE], 1)
    samples, _ = read_wav(written(riff(form(channels=2), chunk(b"data", pcm(both, 16)))))
    np.testing.assert_allclose(samples, TONE / 2, atol=1e-4)


def test_chunks_that_are_not_sound_are_passed_over(written: Write) -> None:
    content = riff(chunk(b"LIST", b"odd"), form(), chunk(b"fact", b"1234"), chunk(b"data", pcm(TONE, 16)))
    assert len(read_wav(written(content))[0]) == len(TONE)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0xFFFFFFFF - 36, 0x80000000, 0x7FFFFFFF, 0x7FFFF000, 0])
def test_a_size_that_was_not_known_when_the_header_was_written_means_to_the_end(written: Write, size: int) -> None:
    content = riff(form(), b"data" + struct.pack("<I", size) + pcm(TONE, 16))
    np.testing.assert_allclose(read_wav(written(content))[0], TONE, atol=1e-4)


def test_an_empty_sound_before_another_chunk_is_empty(written: Write) -> None:
    with pytest.raises(DataError, match="0 seconds"):
        read_wav(written(riff(form(), chunk(b"data", b""), chunk(b"LIST", bytes(40)))))


@pytest.mark.parametrize("bits", [12, 20])
def test_odd_numbers_of_bits_are_the_upper_ones_of_whole_bytes(written: Write, bits: int) -> None:
    width = -(-bits // 8)
    content = riff(form(bits=bits, block=width), chunk(b"data", pcm(TONE, 8 * width)))
    np.testing.assert_allclose(read_wav(written(content))[0], TONE, atol=1e-4)


def test_a_chunk_of_odd_length_may_lack_the_byte_after_it(written: Write) -> None:
    content = riff(form(), b"LIST" + struct.pack("<I", 5) + b"odd..", chunk(b"data", pcm(TONE, 16)))
    np.testing.assert_allclose(read_wav(written(content))[0], TONE, atol=1e-4)


def test_a_file_made_for_large_sounds_is_read(written: Write) -> None:
    large = chunk(b"ds64", struct.pack("<QQQI", 0, 2 * len(TONE), len(TONE), 0))
    content = b"RF64\xff\xff\xff\xffWAVE" + large + form() + b"data\xff\xff\xff\xff" + pcm(TONE, 16)
    path = written(content)
    assert is_wav(path)
    np.testing.assert_allclose(read_wav(path)[0], TONE, atol=1e-4)


def test_what_is_written_is_read_by_others_and_by_itself(written: Write) -> None:
    path = written(wav_bytes(np.append(TONE, [1.5, -1.5]), RATE))
    samples, _ = read_wav(path)
    np.testing.assert_allclose(samples[:-2], TONE, atol=1e-4)
    np.testing.assert_allclose(samples[-2:], [1, -1], atol=1e-4)
    with wave.open(str(path)) as other:
        assert other.getparams()[:4] == (1, 2, RATE, len(TONE) + 2)


DATA = chunk(b"data", pcm(TONE, 16))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["0 bytes", "at least 44"]),
        (b"RIFF\x00", ["5 bytes", "at least 44"]),
        (b"ID3\x04" + bytes(60), ["not a WAV file", "ID3"]),
        (
            b"RIFF" + bytes(60),
            [r"begins with 'RIFF\x00\x00\x00\x00\x00", "four bytes", "Choose a WAV file"],
        ),
        (riff(form())[:30], ["claims 16 bytes", "after 10"]),
        (riff(form()), ["without any sound"]),
        (riff(chunk(b"LIST", b"abcd")), ["without any description"]),
        (riff(DATA), ["before the chunk 'fmt '"]),
        (riff(form(), chunk(b"data", b"")), ["0 seconds"]),
        (riff(form(), DATA)[:-100], ["promises 800 bytes", "holds 700"]),
        (riff(form(), b"data" + struct.pack("<I", 2**30) + bytes(100)), ["1,073,741,824", "holds 100"]),
        (riff(form(0x55), DATA), ["MP3", "PCM"]),
        (riff(form(7, bits=8), DATA), ["µ-law"]),
        (riff(form(bits=4, block=1), DATA), ["4 bits", "8, 16, 24, 32"]),
        (riff(form(bits=40, block=5), DATA), ["40 bits", "8, 16, 24, 32"]),
        (riff(form(3, bits=16), DATA), ["16 bits", "32, 64"]),
        (riff(form(channels=0, block=0), DATA), ["0 channels"]),
        (riff(form(block=7), DATA), ["7 bytes", "expected 2"]),
        (riff(form(rate=0), DATA), ["0 samples per second"]),
        (riff(form(rate=10**9), DATA), ["1,000,000,000 samples per second", "192,000"]),
        (riff(chunk(b"fmt ", bytes(8)), DATA), ["8 bytes", "at least 16"]),
        (riff(form(3, bits=32), chunk(b"data", np.full(9, np.nan, "<f4").tobytes())), ["not finite"]),
        (riff(form(3, bits=64), chunk(b"data", np.full(9, 1e300, "<f8").tobytes())), ["not finite"]),
    ],
)
def test_what_is_damaged_or_strange_is_refused_in_words(written: Write, content: bytes, words: list[str]) -> None:
    path = written(content)
    with pytest.raises(DataError) as refused:
        read_wav(path)
    assert all(word in str(refused.value) for word in [str(path), *words]), str(refused.value)


def test_a_sound_that_is_too_long_is_refused_without_its_samples_being_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    size = 3 << 30  # nothing of it is on the disk: a hole
    with path.open("wb") as file:
        file.write(riff(form(), b"data" + struct.pack("<I", size)))
        file.truncate(file.tell() + size)
    with pytest.raises(DataError, match=r"lasts 201,326\.6 seconds; expected at most 60"):
        read_wav(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.wav: The sound cannot be read \(No such file"):
        read_wav(tmp_path / "none.wav")


def test_a_sound_is_read_at_the_wanted_rate(written: Write) -> None:
    assert len(read_sound(written(wav_bytes(TONE, RATE)), 16_000)) == 2 * len(TONE)


def test_another_format_is_read_by_soundfile_or_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.flac"
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    path.write_bytes(b"fLaC")
    with pytest.raises(DataError, match=r"one\.flac: Reading \.flac needs the package soundfile.*pip install"):
        read_sound(path, RATE)
    monkeypatch.undo()
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(path, TONE, RATE)
    np.testing.assert_allclose(read_sound(path, RATE), TONE, atol=1e-4)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(DataError, match=r"one\.flac: The sound cannot be read"):
        read_sound(path, RATE)
