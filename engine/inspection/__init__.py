"""Looking inside: what a network computed on a text, how its gradient travels, and what its last state still holds."""

from engine.inspection.contributions import Contributions, contributions
from engine.inspection.gradient_flow import GradientFlow, gradient_flow, spectral_radius
from engine.inspection.memory import Memory, memory
from engine.inspection.trace import LayerTrace, Trace, trace

__all__ = [
    "Contributions",
    "GradientFlow",
    "LayerTrace",
    "Memory",
    "Trace",
    "contributions",
    "gradient_flow",
    "memory",
    "spectral_radius",
    "trace",
]
