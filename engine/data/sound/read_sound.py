"""Reads a sound at a given rate: WAV files directly, other formats with the package soundfile."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.files.regular import check_regular
from engine.data.sound.resampling import resample
from engine.data.sound.wav import LONGEST, check_length, is_wav, read_wav
from engine.errors import DataError

OTHER_FORMATS: Final = (".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au", ".caf", ".w64")
_LOUDEST: Final = 1e9  # far beyond any scale that programs use; the power of louder sounds overflows


def read_sound(path: Path, rate: int, longest: float = LONGEST) -> NDArray[np.float32]:
    """The samples (n,) of a sound, `rate` of them a second, channels averaged. DataError if it cannot be read."""
    check_regular(path)
    if not path.exists():
        raise DataError("There is no such file.", path=path)
    read = read_wav if is_wav(path) or path.suffix.lower() not in OTHER_FORMATS else _read_other
    samples, given_rate = read(path, longest)
    loudest = float(np.abs(samples).max())
    if loudest > _LOUDEST:
        raise DataError(f"The sound holds values as large as {loudest:g}; expected numbers from -1 to 1.", path=path)
    return resample(samples, given_rate, rate)


def _read_other(path: Path, longest: float) -> tuple[NDArray[np.float32], int]:
    try:
        import soundfile
    except (ImportError, OSError):  # OSError: the package is there and its library is not
        raise DataError(
            f"Reading {path.suffix} needs the package soundfile. Install it with "
            '"pip install soundfile", or save the sound as WAV.',
            path=path,
        ) from None
    try:
        with soundfile.SoundFile(path) as file:
            check_length(file.frames, file.samplerate, longest, path)
            # A header may promise less than there is: what it promises is all that is read.
            samples = file.read(file.frames, dtype="float32", always_2d=True)
            rate = int(file.samplerate)
    except (OSError, RuntimeError) as error:
        raise DataError(f"The sound cannot be read ({error}).", path=path) from None
    if not len(samples) or not np.isfinite(samples).all():
        raise DataError("The sound is empty or holds values that are not finite.", path=path)
    mixed: NDArray[np.float32] = samples.mean(1, dtype=np.float32)
    return mixed, rate
