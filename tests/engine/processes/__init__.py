"""Tests of child processes and shared memory."""
