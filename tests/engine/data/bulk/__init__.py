"""Tests of the bulk array code."""
