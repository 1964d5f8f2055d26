"""Tests of the window, as a person would use it."""
