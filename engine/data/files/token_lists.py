"""Columns of JSON that hold a list of tokens and a list of their tags in each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.column_names import LABEL_NAMES, TEXT_NAMES, mentions
from engine.data.files.json_values import as_text, is_nested
from engine.errors import DataError
from engine.number_text import counted

_MOSTLY: Final = 0.9  # of the rows have a tag for each token; the others are left out
_TAGS_A_TOKEN: Final = 0.5  # a text has fewer labels than that


def token_lists(
    values: Mapping[str, Sequence[Any]], config: DataConfig, numbers: Sequence[int], unit: str
) -> tuple[str, str] | None:
    """The columns of tokens and tags: lists of equal length in nearly all rows. None if there are none.

    The tokens are the list named so, otherwise the first one; of several lists of tags, the last one that is named so.
    numbers: of the rows, counted in `unit`, for the DataError where such lists have unlike lengths in many rows.
    """
    if config.kind not in (AUTO, Kind.TAGGED):
        return None
    lists = [name for name, cells in values.items() if all(isinstance(c, list) or c is None for c in cells)]
    lists = [name for name in lists if not any(map(is_nested, values[name]))]
    sizes = {name: [len(cell or ()) for cell in values[name]] for name in lists}
    kinds = {name: {as_text(item) for cell in values[name] for item in cell or ()} for name in lists}
    sources = [config.source_column] if config.source_column else [n for n in lists if mentions(n, TEXT_NAMES)] or lists
    unlike: tuple[str, str] | None = None
    for source in sources if set(sources) <= set(lists) else ():
        found = [name for name in lists if name != source and config.target_column in ("", name)]
        found = [name for name in found if len(kinds[name]) < len(kinds[source]) and max(sizes[name]) > 1]
        fitting = [name for name in found if _same(sizes[source], sizes[name]) >= _MOSTLY * len(numbers)]
        named = [name for name in found if mentions(name, LABEL_NAMES)]
        if fitting:
            return source, ([name for name in fitting if name in named] or fitting)[-1]
        meant = [name for name in named if sum(sizes[name]) > _TAGS_A_TOKEN * sum(sizes[source])]
        if config.kind == Kind.TAGGED:
            meant = meant or found
        if meant and unlike is None:
            unlike = source, meant[-1]
    if unlike is not None:
        tokens, tags = (sizes[name] for name in unlike)
        first = next(k for k, (n, m) in enumerate(zip(tokens, tags, strict=True)) if n != m)
        raise DataError(
            f"“{unlike[0]}” holds {counted(tokens[first], 'token')} and “{unlike[1]}” {counted(tags[first], 'tag')}; "
            f"expected a tag for each token. Their numbers differ in {len(numbers) - _same(tokens, tags):,} of "
            f"{counted(len(numbers), 'row')}.",
            line=numbers[first], unit=unit,
        )  # fmt: skip
    return None


def _same(one: Sequence[int], other: Sequence[int]) -> int:
    """In how many rows both lists have the same length."""
    return sum(a == b for a, b in zip(one, other, strict=True))
