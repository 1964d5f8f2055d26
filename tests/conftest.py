"""What holds for all tests: the same examples in every run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("unroll", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("unroll")
