"""A picture is read as it looks, or refused in words before it is unpacked."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from engine.data.pictures.read_picture import read_picture
from engine.errors import DataError

Image = pytest.importorskip("PIL.Image")
RED = (255, 0, 0)


def png(width: int, height: int, data: bytes) -> bytes:
    """A grey picture of 8 bits that claims this size."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def test_a_picture_is_scaled_and_keeps_its_colours(tmp_path: Path) -> None:
    picture = Image.new("RGB", (90, 60), "white")
    picture.paste(RED, (0, 0, 45, 60))
    for ending in ("png", "bmp", "gif", "ppm", "tiff", "webp", "jpg"):
        picture.save(tmp_path / f"one.{ending}")
        values = read_picture(tmp_path / f"one.{ending}", side=8)
        assert (values.shape, values.dtype) == ((8, 8, 3), np.float32)
        np.testing.assert_allclose(values[:, :3], np.broadcast_to([1, 0, 0], (8, 3, 3)), atol=0.03)
        np.testing.assert_allclose(values[:, 5:], 1, atol=0.03)


def test_grey_is_one_channel(tmp_path: Path) -> None:
    Image.new("RGB", (40, 40), RED).save(tmp_path / "one.png")
    values = read_picture(tmp_path / "one.png", grey=True)
    assert values.shape == (32, 32, 1)
    np.testing.assert_allclose(values, 0.298, atol=0.01)


def test_what_is_transparent_is_white_and_16_bits_are_not_cut_off(tmp_path: Path) -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert read_picture(tmp_path / "clear.png", side=4).min() == 1
    Image.fromarray(np.full((9, 9), 32_768, np.uint16)).save(tmp_path / "deep.png")
    np.testing.assert_allclose(read_picture(tmp_path / "deep.png", side=4), 0.5, atol=0.01)


@pytest.mark.parametrize(("kind", "white"), [("f4", 1.0), ("f4", 255.0), ("i4", 255), ("i4", 65535), ("i4", 2**31 - 1)])
def test_grey_of_32_bits_is_as_bright_as_its_largest_values_say(tmp_path: Path, kind: str, white: float) -> None:
    grey = np.linspace(0, 1, 64).reshape(8, 8)
    Image.fromarray((grey * white).astype(kind)).save(tmp_path / "one.tiff")
    assert np.allclose(read_picture(tmp_path / "one.tiff", side=8, grey=True)[..., 0], grey, atol=1 / 200)


def test_a_photograph_is_turned_upright(tmp_path: Path) -> None:
    picture = Image.new("L", (64, 64))
    picture.paste(255, (0, 0, 64, 16))
    turned = Image.Exif()
    turned[0x0112] = 3  # upside down
    picture.save(tmp_path / "one.png", exif=turned)
    assert read_picture(tmp_path / "one.png", side=8)[-1].min() > 0.9


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"just some text\n", "not a picture"),
        (b"%PDF-1.7\n", "not a picture"),
        (b"PK\x03\x04" + bytes(60), "not a picture"),
        (png(20_000, 20_000, bytes(1000)), "far more than 50,000,000 pixels"),
        (png(10_000, 9_000, bytes(1000)), "10,000 × 9,000 pixels; expected at most 50,000,000"),
        (png(30, 30, np.random.default_rng(0).bytes(31 * 30))[:500], "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "one.png"
    path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_picture(path)
    assert str(path) in str(refused.value)
    assert words in str(refused.value)


def test_a_large_picture_is_in_memory_once(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "large.png"
    Image.new("RGB", (3000, 3000), RED).save(path, compress_level=1)
    read_picture(path, side=8)  # whatever Pillow loads at first
    path = tmp_path / "larger.png"
    Image.new("L", (7000, 7000), 255).save(path, compress_level=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_picture(path, side=8).min() == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2 * 49_000


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(DataError, match="200,000,000 bytes; expected at most 100,000,000"):
        read_picture(path)


def test_without_pillow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(DataError, match=r"one\.png: Reading pictures needs the package Pillow.*pip install pillow"):
        read_picture(tmp_path / "one.png")


def test_a_picture_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no such file"):
        read_picture(tmp_path / "none.png")
