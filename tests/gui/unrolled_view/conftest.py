"""Windows in which next to nothing is trained."""

from __future__ import annotations

import pytest


@pytest.fixture
def own_process() -> bool:
    """The same loop in a thread will do."""
    return False
