"""Makes data sets of the samples that ship with the program."""

from __future__ import annotations

from typing import Any

from engine.data.data_config import AUTO
from engine.data.dataset import Dataset, make_dataset
from engine.data.samples import SAMPLES
from engine.errors import ConfigError


def load_sample(name: str, **changes: Any) -> Dataset:
    """A data set that ships with the program; `changes` as in make_dataset. ConfigError for an unknown name."""
    if name not in SAMPLES:
        raise ConfigError(f"There is no sample {name!r}; the samples are {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    if (kind := changes.pop("kind", AUTO)) not in (AUTO, sample.kind):
        raise ConfigError(f"kind is {kind!r}, but the sample {name!r} is {str(sample.kind)!r} data, which is built in.")
    for name_of_unit, own in (("unit", sample.unit), ("target_unit", None)):
        if changes.get(name_of_unit) in (None, AUTO):
            changes[name_of_unit] = own
    changes.setdefault("name", name)
    if sample.held_out is not None and changes.get("validation") is None:
        changes["validation"] = sample.held_out()
    return make_dataset(
        sample.rows(), sample.kind, reason=sample.description, columns=sample.columns, recipe=sample.recipe, **changes
    )
