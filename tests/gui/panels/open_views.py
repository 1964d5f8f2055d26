"""What tests of views share: opening one as a person does, and waiting for its picture."""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

import engine
from gui.panels import PANELS, Area
from gui.panels.base.view import View
from tests.gui.conftest import Person

V = TypeVar("V", bound=View)

VIEWS = [name for name, place in PANELS.items() if place.area in (Area.WIDE, Area.GRID)]


def view_action(person: Person, name: str) -> QAction:
    """The line of the Views menu, as it stands when the menu is opened."""
    menu = person.find(QToolButton, "views").menu()
    assert menu is not None
    menu.aboutToShow.emit()
    action = menu.findChild(QAction, f"view-{name}")
    assert action is not None, f"the menu has no view {name}"
    return action


def open_view(person: Person, name: str, kind: type[V]) -> V:
    """Tick a view in the menu if it is not shown yet, else choose its tab."""
    area = person.window.docking.area_of(name)
    if area is None:
        view_action(person, name).trigger()
    else:
        area.tabs.setCurrentIndex(area.names().index(name))
    view = person.window.docking.views[name]
    assert isinstance(view, kind)
    person.wait_until(view.isVisible)
    return view


def submenu(menu: QMenu, title: str) -> QMenu:
    """A menu inside a menu."""
    action = next(action for action in menu.actions() if action.text() == title)
    found = menu.findChildren(QMenu)
    return next(each for each in found if each.menuAction() is action)


def choose(person: Person, name: str, *titles: str) -> None:
    """Open the menu of a view and choose a line, in a submenu where there are more titles."""
    menu = person.window.docking.views[name].make_menu()
    for title in titles[:-1]:
        menu = submenu(menu, title)
    action = next(action for action in menu.actions() if action.text() == titles[-1])
    assert action.isEnabled(), f"{titles[-1]} cannot be chosen"
    action.trigger()


def settle(person: Person) -> None:
    """Wait until everything that was asked has been answered, and has found its place."""
    person.wait_until(lambda: not person.session.questions.busy and person.window.updatesEnabled())
    turns = count()
    person.wait_until(lambda: next(turns) > 3)  # what one painting moves is laid out and painted in the next turn


def model_of(person: Person) -> Any:
    """A network with the newest weights."""
    assert person.session.run.snapshot is not None
    return person.session.run.snapshot.model()


def train_a_little(person: Person, steps: int = 30) -> None:
    """Train so many further steps and stand still."""
    steps += person.session.run.progress.step
    person.session.run.train()
    person.wait_steps(steps)
    person.session.run.pause()
    person.wait_until(lambda: not person.session.busy)
    settle(person)


def dataset_of(person: Person) -> engine.Dataset:
    """The data at hand."""
    assert person.session.data.dataset is not None
    return person.session.data.dataset
