"""The panels of one window, created on first use: most views are hidden at the start, and many are never seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gui.panels import PANELS
from gui.panels.base.panel import Panel
from gui.panels.base.view import View
from gui.session.session import Session


class Panels(Mapping[str, Panel]):
    """The panels by name, as in the registry."""

    def __init__(self, session: Session, prepare: Callable[[str, Panel], None]) -> None:
        """prepare: called with the name of each panel that is made, and with the panel."""
        self._session, self._prepare = session, prepare
        self._made: dict[str, Panel] = {}

    def __getitem__(self, name: str) -> Panel:
        if name not in self._made:
            self._made[name] = PANELS[name].make(self._session)
            self._prepare(name, self._made[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PANELS)

    def __len__(self) -> int:
        return len(PANELS)

    @property
    def made(self) -> Mapping[str, Panel]:
        """Those created so far."""
        return self._made


class Views(Mapping[str, View]):
    """Some of the panels, all of them views."""

    def __init__(self, panels: Panels, names: Iterable[str]) -> None:
        self._panels, self._names = panels, tuple(names)

    def __getitem__(self, name: str) -> View:
        view = self._panels[name] if name in self._names else None
        if not isinstance(view, View):
            raise KeyError(name)
        return view

    def __contains__(self, name: object) -> bool:
        return name in self._names  # without making it

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def made(self) -> Mapping[str, View]:
        """Those created so far."""
        return {name: self[name] for name in self._names if name in self._panels.made}

    def title(self, name: str) -> str:
        """The title of a view, whether it has been made or not."""
        return PANELS[name].title
