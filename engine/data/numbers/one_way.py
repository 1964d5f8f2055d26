"""Whether numbers keep rising, or keep falling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def go_one_way(steps: NDArray[np.float64]) -> bool:
    """Whether the differences between numbers are all above 0, or all below it; true where there are none."""
    return bool((steps > 0).all() or (steps < 0).all())
