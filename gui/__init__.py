"""The window: shows what the engine does and asks it for what the user wants."""

__version__ = "0.1.0"
