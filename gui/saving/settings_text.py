"""The settings of a run as text that people send each other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import engine
from engine.data.data_config import AUTO
from gui.session.shared_settings import SharedSettings

FORMAT = "unroll-settings"
# How data is read, as far as it also makes sense for other data; what describes the sender's file is left out.
READING = ("unit", "target_unit", "pieces", "lowercase", "longest", "min_count", "validation", "seed")
LONGEST_TEXT = 100_000  # letters; settings are a few hundred


def settings_to_json(settings: SharedSettings) -> str:
    """The settings as JSON, one per line; without the file of word vectors, which stays where it is."""
    document = {
        "format": FORMAT,
        "sample": settings.sample,
        "data": dict(settings.data),
        "model": replace(settings.model, vectors="").to_json(),
        "training": settings.training.to_json(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def settings_from_json(text: str) -> SharedSettings:
    """The settings in a text. ConfigError, in words, for any other text."""
    try:
        document = json.loads(text) if len(text) <= LONGEST_TEXT else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        shown = " ".join(text.split())[:40]
        found = f"it starts with “{shown}”" if shown else "it is empty"
        raise engine.ConfigError(f"The clipboard does not hold Unroll settings: {found}.")
    data = document.get("data", {})
    if not isinstance(data, dict) or not data.keys() <= set(READING):
        raise engine.ConfigError(f"Unknown data settings; the known ones are {', '.join(READING)}.")
    engine.DataConfig.from_json(data)
    sample = document.get("sample", "")
    if sample and (not isinstance(sample, str) or sample not in engine.SAMPLES):
        raise engine.ConfigError(f"There is no sample {sample!r}; the samples are {', '.join(engine.SAMPLES)}.")
    model = engine.ModelConfig.from_json(document.get("model"))
    model = replace(model, vectors="")  # a text from elsewhere must not make this machine read files or contact others
    return SharedSettings(model, engine.TrainingConfig.from_json(document.get("training")), data, sample)


def reading_of(config: engine.DataConfig) -> dict[str, Any]:
    """The data settings that are sent along; what was recognised automatically stays automatic."""
    values = {name: getattr(config, name) for name in READING}
    return {name: value for name, value in values.items() if value != AUTO}
