"""Tests of run files."""
