"""The cores that the machine can spare besides training."""

from __future__ import annotations

import os
from typing import Final

# Whether training leaves a core to the window. With a single core, whatever the window takes is lost to training.
SPARE: Final = (os.cpu_count() or 1) > 1
