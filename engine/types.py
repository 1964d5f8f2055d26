"""Names for the array types that signatures speak of. Shapes and dtypes stand in the docstrings."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

FloatArray = NDArray[Any]  # floating, in the dtype of the model's parameters
IntArray = NDArray[Any]  # ids, lengths and rows
