"""Names for the array types in signatures. Shapes and dtypes are given in the docstrings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[Any]  # floating, in the dtype of the model's parameters
IntArray = NDArray[Any]  # ids, lengths and rows
DoubleArray = np.ndarray[Any, np.dtype[np.float64]]  # float64 whatever the model computes in
Array = NDArray[Any]  # any dtype, as stored in a file
NamedArrays = dict[str, Array]
