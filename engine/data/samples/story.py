"""A story in plain words, as running text."""

from __future__ import annotations

from engine.data.samples.sample import read_sample_text


def prose() -> list[str]:
    """One item: the whole story, with its line breaks."""
    return [read_sample_text("prose.txt")]
