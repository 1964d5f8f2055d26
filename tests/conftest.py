"""What holds for all tests: the same examples in every run, and one thread of BLAS beside the other tests."""

from __future__ import annotations

from hypothesis import settings

from engine.processes.split_batch import keep_blas_to_one_thread

settings.register_profile("unroll", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("unroll")
keep_blas_to_one_thread()
