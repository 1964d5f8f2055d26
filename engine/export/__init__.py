"""Exports of a run: ONNX, PyTorch, a report, a script, tables."""
