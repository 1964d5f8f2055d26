"""Why an architecture has no use for a setting, one sentence each."""

from __future__ import annotations

from types import MappingProxyType

WHOLE_INPUT_ONLY = "Only if the whole input is known before the first output."
NO_ATTENTION = "Only for the encoder–decoder."
NO_POOLING = "Only if one label is predicted for a whole text."
NO_TAGS = "Only if every token gets a tag."
WRITES_NOTHING = "Only if the network reads its own output."
WRITES_WORDS = "Only if words are read but not written."
NO_NUMBERS = "Only if what is answered is a number."
NO_SERIES = "Only if the next value of a series is predicted."
NO_WORDS = "Only if words are read."
NO_SYMBOLS = "Only if symbols are read."
NOT_OF_NUMBERS = MappingProxyType({"spelling": NO_WORDS, "word_dropout": NO_WORDS, "vectors": NO_WORDS})
