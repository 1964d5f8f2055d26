"""Tests of Unroll; the packages mirror engine/ and gui/."""
