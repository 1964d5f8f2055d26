"""Tests of the network picture."""
