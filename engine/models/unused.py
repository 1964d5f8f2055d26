"""Why an architecture does not use a setting, one sentence each."""

from __future__ import annotations

from types import MappingProxyType

WHOLE_INPUT_ONLY = "Only available if the whole input is known before the first output."
NO_ATTENTION = "Only available for the encoder–decoder."
NO_POOLING = "Only available if one label is predicted for a whole text."
NO_LABELS = "Only available if texts get labels."
NO_TAGS = "Only available if every token gets a tag."
WRITES_NOTHING = "Only available if the network reads its own output."
NO_SYMBOLS_WRITTEN = "Only available if the network predicts the symbols of a text."
WRITES_WORDS = "Only available if words are read but not written."
NO_NUMBERS = "Only available if the network predicts numbers."
NO_SERIES = "Only available if the next value of a series is predicted."
NO_WORDS = "Only available if the network reads words."
NO_SYMBOLS = "Only available if the network reads symbols."
# Of a network that reads numbers.
NOT_OF_NUMBERS = MappingProxyType(
    {
        "spelling": NO_WORDS,
        "neighbours": NO_SYMBOLS,
        "word_dropout": NO_WORDS,
        "vectors": NO_WORDS,
        "word_counts": NO_WORDS,
    }
)
# Of a network that reads in one direction and predicts one thing after another, or one thing in all.
NOT_OF_ONE_WAY = MappingProxyType(
    {
        "bidirectional": WHOLE_INPUT_ONLY,
        "attention": NO_ATTENTION,
        "copying": NO_ATTENTION,
        "pooling": NO_POOLING,
        "word_counts": NO_LABELS,
        "read_out": NO_TAGS,
        "neighbours": WHOLE_INPUT_ONLY,
    }
)
