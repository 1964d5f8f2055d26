"""Reads a picture with the package Pillow, and refuses files that would take too much memory."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.files.regular import check_regular
from engine.errors import DataError

LARGEST_SIDE: Final = 32  # pixels that a network reads
MOST_PIXELS: Final = 50_000_000  # of a file: the largest photographs that telephones take
MOST_BYTES: Final = 100_000_000
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
ENDINGS: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm")
_FINE: Final = 8  # at least this many adjacent pixels are averaged to one that a network reads
_REDUCED: Final = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")  # modes whose pixels may be averaged
_LIGHTEST: Final = 65535.0  # white in 16 bits
_USUAL: Final = (1.0, 255.0, _LIGHTEST)  # values of white in a format that does not say which
_WHITE: Final = (255, 255, 255, 255)
_DAMAGE: Final = (OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError, struct.error, zlib.error)


def read_picture(path: Path, side: int = LARGEST_SIDE, grey: bool = False) -> NDArray[np.float32]:
    """(side, side, 3), or (side, side, 1) for grey: the picture scaled to a square, from 0 (black) to 1 (white).

    Transparent parts become white, and a photograph is turned upright as its camera says. Of several frames, only the
    first is read. DataError if the file is not a picture, is damaged, or has too many pixels, which is checked before
    unpacking.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError:
        raise DataError(
            'Reading pictures needs the package Pillow. Install it with "pip install pillow".', path=path
        ) from None
    check_regular(path)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(f"The picture has {size:,} bytes; expected at most {MOST_BYTES:,}.", path=path)
        if not size:
            raise DataError("The file is empty; expected a picture.", path=path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of many pixels, which are counted here, and of odd remarks in a file
            with Image.open(path, formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise DataError(
                        f"The picture has {width:,} × {height:,} pixels; expected at most {MOST_PIXELS:,} in all.",
                        path=path,
                    )
                picture.draft("RGB", (4 * side, 4 * side))  # a JPEG can be unpacked at a fraction of its size
                ImageOps.exif_transpose(picture, in_place=True)
                # Made small before anything is copied: a large picture is in memory once, as it was unpacked.
                factor = min(picture.size) // (_FINE * side)
                upright = picture.reduce(factor) if factor > 1 and picture.mode in _REDUCED else picture
                if upright.mode[0] in "IF":  # grey finer than Pillow converts, which would cut it off at 255
                    known = picture.format != "TIFF" or upright.mode not in ("I", "F")
                    upright = Image.fromarray(_as_bytes(np.asarray(upright, np.float32), _LIGHTEST if known else None))
                opaque = upright.convert("RGBA")
                opaque = Image.alpha_composite(Image.new("RGBA", opaque.size, _WHITE), opaque)
                grey_or_colour = opaque.convert("L" if grey else "RGB")
                small = grey_or_colour.resize((side, side), Image.Resampling.BOX, reducing_gap=3)
    except UnidentifiedImageError:
        raise DataError(f"This is not a picture that can be read; expected {', '.join(_FORMATS)}.", path=path) from None
    except Image.DecompressionBombError:
        raise DataError(
            f"The picture has far more than {MOST_PIXELS:,} pixels, the most expected.", path=path
        ) from None
    except MemoryError:
        raise DataError("The picture is too large for this machine's memory.", path=path) from None
    except FileNotFoundError:
        raise DataError("There is no such file.", path=path) from None
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"The picture is damaged or cannot be read ({reason}).", path=path) from None
    return np.asarray(small, np.float32).reshape(side, side, -1) / np.float32(255)


def _as_bytes(grey: NDArray[np.float32], white: float | None) -> NDArray[np.uint8]:
    """(height, width) values of grey → from 0 to 255. white: the value of white, None for the least usual one that is
    not below the lightest pixel."""
    grey = np.nan_to_num(grey, nan=0.0)
    lightest = float(grey.max())
    white = white or next((usual for usual in _USUAL if lightest <= usual), lightest)
    return (grey * (255 / white)).clip(0, 255).astype(np.uint8)
