"""The cores that the machine can spare besides training."""

from __future__ import annotations

import os
from typing import Final

# Whether the training leaves a core to the window; with a single one what the window takes, the training lacks.
SPARE: Final = (os.cpu_count() or 1) > 1
