"""What a run can be exported as: ONNX, PyTorch, a report, a script, tables."""

from engine.export.comparison_report import export_comparison_report
from engine.export.html_report import export_report
from engine.export.onnx_export import export_onnx
from engine.export.pytorch import export_pytorch
from engine.export.script import export_script
from engine.export.tables import export_curves, export_predictions

__all__ = [
    "export_comparison_report",
    "export_curves",
    "export_onnx",
    "export_predictions",
    "export_pytorch",
    "export_report",
    "export_script",
]
