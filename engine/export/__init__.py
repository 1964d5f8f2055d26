"""What a run can be exported as: ONNX, PyTorch, a report, a script, tables."""
