"""JSON values in the place of a text."""

from __future__ import annotations

import json

from engine.data.files.normal_form import compose


def as_text(value: object, composed: bool = True) -> str:
    """A JSON value as text; the items of a list are joined with spaces."""
    if isinstance(value, str):
        text = value
    elif value is None:
        text = ""
    elif isinstance(value, list):
        text = " ".join(map(as_text, value))
    else:
        text = json.dumps(value, ensure_ascii=False)
    if text.isascii() and "\x00" not in text:
        return text
    # JSON can spell a lone surrogate, which is not a character; NUL separates rows while they are encoded.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")
    text = text.replace("\ufeff", "")
    return compose(text) if composed else text


def is_nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)
