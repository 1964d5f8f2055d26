"""A file of word vectors beside a file of data, recognised by its name, as GloVe, word2vec and fastText name theirs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r".*\.vec|.*(?:glove|word2vec|vectors).*\.(?:txt|bin)")
_MOST_FILES: Final = 1000  # looked at in a folder


def vectors_beside(path: Path) -> Path | None:
    """The first such file, by name, in the folder of `path` (or in it, if it is one); None where there is none."""
    folder = path if path.is_dir() else path.parent
    try:
        files = sorted(one for one, _ in zip(folder.iterdir(), range(_MOST_FILES), strict=False) if one != path)
        return next((one for one in files if _is_named_so(one.name) and one.is_file()), None)
    except OSError:
        return None


def _is_named_so(name: str) -> bool:
    return _NAME.fullmatch(name.lower().removesuffix(".gz")) is not None
