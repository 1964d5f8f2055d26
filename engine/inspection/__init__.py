"""Looking inside a network: its computation on a text, the path of its gradient, and the memory in its last state."""

from engine.inspection.cell_step import CellStep, Term, cell_step, terms
from engine.inspection.contributions import Contributions, contributions
from engine.inspection.gradient_flow import GradientFlow, gradient_flow, spectral_radius
from engine.inspection.memory import Memory, memory
from engine.inspection.mistakes import Confusion, Mistake, confusion, mistakes
from engine.inspection.one_step import BlockChange, OneStep, example_for, one_step
from engine.inspection.projection import Projection, embeddings, principal_components
from engine.inspection.tag_transitions import TagTransitions, tag_transitions
from engine.inspection.trace import LayerTrace, Trace, trace

__all__ = [
    "BlockChange",
    "CellStep",
    "Confusion",
    "Contributions",
    "GradientFlow",
    "LayerTrace",
    "Memory",
    "Mistake",
    "OneStep",
    "Projection",
    "TagTransitions",
    "Term",
    "Trace",
    "cell_step",
    "confusion",
    "contributions",
    "embeddings",
    "example_for",
    "gradient_flow",
    "memory",
    "mistakes",
    "one_step",
    "principal_components",
    "spectral_radius",
    "tag_transitions",
    "terms",
    "trace",
]
