"""Tests of the runs beside the current one."""
