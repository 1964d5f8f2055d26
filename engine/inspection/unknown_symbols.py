"""How much of the texts that a network is asked about it does not know."""

from __future__ import annotations

from dataclasses import dataclass

from engine.number_text import counted, grouped, percent


@dataclass
class UnknownSymbols:
    """Counted text by text. symbols: of all texts. unknown: those of them that the network does not know. strange:
    texts of no others."""

    symbols: int = 0
    unknown: int = 0
    strange: int = 0

    def note(self, symbols: int, unknown: int) -> None:
        """Count one more text."""
        self.symbols += symbols
        self.unknown += unknown
        self.strange += 0 < unknown == symbols

    def in_words(self, name: str) -> str:
        """A sentence about all of them. name: of a symbol."""
        symbols = counted(self.symbols, name)
        if not self.unknown:
            return f"The network knows all {symbols}."
        none = f"; {counted(self.strange, 'text has', 'texts have')} none that it knows" if self.strange else ""
        share = percent(self.unknown / self.symbols, 1)
        return f"The network does not know {grouped(self.unknown)} of the {symbols} ({share}){none}."
