"""A folder for PyTorch as a run."""

from __future__ import annotations

FOLDER_VERSION = 1  # of what config.json says under "unroll"
