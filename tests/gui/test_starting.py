"""What the start costs, beside the smallest window of the same libraries, and what it does not wait for."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtWidgets import QWidget

from gui.panels import PANELS
from tests.benchmarks.starting import OURS, SMALLEST, first_start, start
from tests.gui.conftest import Person
from tests.gui.panels.open_views import view_action

ROUNDS = 5
MOST = 3.5  # times the processor seconds of the smallest window; two are aimed at
LATER = (  # imported when they are first used, or in the background once the window is there
    "engine.data.examples_file",
    "engine.data.files.guess_unit",
    "engine.data.files.columns",
    "engine.data.files.readers",
    "engine.data.files.recognise",
    "engine.data.files.several_columns",
    "engine.data.files.textfile",
    "engine.data.load",
    "engine.data.music.abc",
    "engine.data.numbers.loaders",
    "engine.data.numbers.number_dataset",
    "engine.data.numbers.number_rows",
    "engine.data.numbers.number_scaling",
    "engine.data.numbers.times",
    "engine.export.comparison_report",
    "engine.export.html_report",
    "engine.export.onnx_export",
    "engine.export.pytorch",
    "engine.export.script",
    "engine.inspection.cell_step",
    "engine.inspection.contributions",
    "engine.inspection.mistakes",
    "engine.inspection.one_step",
    "engine.inspection.projection",
    "engine.inspection.tag_transitions",
    "engine.processes.half_batch",
    "engine.runs.measured",
    "engine.runs.opening",
    "engine.runs.run",
    "engine.runs.run_file",
    "engine.runs.run_set",
    "engine.sweeps.executors",
    "engine.sweeps.plan",
    "engine.training.proposals",
    "engine.training.race",
    "engine.training.schedules",
    "engine.training.trainer",
    "engine.training.verdict",
    "gui.headless.arguments",
    "gui.headless.checks",
    "gui.headless.sweep_command",
    "gui.headless.train_command",
    "gui.headless.use_command",
    "gui.panels.compare.compare_panel",
    "gui.panels.compare.inner_pages",
    "gui.panels.data.data_report",
    "gui.panels.data.raw_rows",
    "gui.panels.data.reading_form",
    "gui.panels.gates",
    "gui.panels.inside.inside_panel",
    "gui.panels.size_comparison",
    "gui.panels.sweep.sweep_panel",
    "gui.panels.try_it.translate",
    "gui.panels.try_it.written_tune",
    "gui.panels.unrolled.distribution",
    "gui.panels.unrolled.playing_example",
    "gui.training.trainer_process",
    "gui.training.training_loop",
    "concurrent.futures.process",
    "mido",
    "numpy.ma",
    "onnx",
    "openpyxl",
    "pandas",
    "psutil",
    "PIL",
    "scipy",
    "soundfile",
    "tomllib",
    "torch",
)
SAYS_WHAT_IS_THERE = f"""
import sys
print(*(name for name in {LATER!r} if name in sys.modules))
window.close()
"""


def said_by(code: str, folder: Path) -> str:
    """What a first start with this code prints."""
    command, environment = [sys.executable, "-c", code], first_start(folder)
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=environment).stdout


def test_a_start_imports_nothing_that_only_later_uses_need(tmp_path: Path) -> None:
    assert said_by(OURS + SAYS_WHAT_IS_THERE, tmp_path).split() == []


def test_once_the_window_is_there_no_garbage_is_collected_but_in_the_thread_of_the_window(tmp_path: Path) -> None:
    """A collection in another thread may destroy a widget there, which crashes Qt."""
    look = """
import gc
print(gc.isenabled(), gc.get_threshold()[0] > 0)
window.close()
"""
    assert said_by(OURS + look, tmp_path).split() == ["False", "True"]


def test_qt_does_not_read_the_source_of_what_is_imported_after_it(tmp_path: Path) -> None:
    look = """
import linecache, os
print(*(name for name in linecache.cache if any(f"{os.sep}{own}{os.sep}" in name for own in ("gui", "pyqtgraph"))))
window.close()
"""
    assert said_by(OURS + look, tmp_path).split() == []


def test_numpy_is_imported_for_one_thread_which_the_training_process_does_not_inherit(tmp_path: Path) -> None:
    look = """
import sys
from engine.processes.child_command import serve_if_asked
from gui.app import arguments, open_window
options = arguments(["names.csv"])
print("numpy" in sys.modules)
"""
    threads = """
import os
from engine.network.blas import libraries
print({library.num_threads for library in libraries()}, [name for name in os.environ if name.endswith("NUM_THREADS")])
window.close()
"""
    assert said_by(look, tmp_path) == "False\n"
    assert said_by(OURS + threads, tmp_path) == "{1} []\n"


def test_the_window_is_painted_first_with_the_answers_of_its_network(tmp_path: Path) -> None:
    patient = """
import gui.app
from gui.main_window import MainWindow
gui.app.FIRST_DATA_S = gui.app.FIRST_ANSWERS_S = 60
show = MainWindow.show
def late(self):
    while self.session.run.snapshot is None:
        self.session.run.pull()
    print(self.panels["try_it"].view.name)
    show(self)
MainWindow.show = late
app, window = gui.app.open_window(gui.app.arguments([]))
from PySide6.QtWidgets import QWidget
bars = window.findChild(QWidget, "gradient-plot")
print(window.session.questions.busy, len(bars.values) > 0, window.windowTitle())
window.close()
"""
    assert said_by(patient, tmp_path) == "generate\nFalse True names — Unroll\n"


def test_of_qt_only_what_is_used_is_made(tmp_path: Path) -> None:
    """Copies of Qt's modules would have all, and a search for what kind a widget is, all kinds of widgets."""
    look = """
from PySide6 import QtGui, QtWidgets
print("QPdfWriter" in dir(QtGui), "QPdfWriter" in vars(QtGui), "QWizard" in vars(QtWidgets))
window.close()
"""
    assert said_by(OURS + look, tmp_path) == "True False False\n"


def test_the_first_data_is_read_while_the_parts_of_the_window_are_imported(tmp_path: Path) -> None:
    look = """
import sys
from gui.session.data import Data
load = Data.load_first
def noted(self):
    print(*(name for name in ("gui.main_window", "pyqtgraph") if name in sys.modules))
    load(self)
Data.load_first = noted
"""
    assert said_by(look + OURS + "window.close()", tmp_path) == "\n"


def test_the_panel_for_using_a_network_does_not_import_what_reads_files_before_one_is_opened(tmp_path: Path) -> None:
    """For other data its view is made in one turn of the event loop, which reading the readers would hold up."""
    code = """
import sys
from importlib import import_module
from pkgutil import iter_modules
import gui.panels.try_it
for module in iter_modules(gui.panels.try_it.__path__):
    if module.name != "question_file":
        import_module(f"gui.panels.try_it.{module.name}")
print("engine.data.files.readers" in sys.modules)
"""
    assert said_by(code, tmp_path).split() == ["False"]


def test_what_clicks_need_is_imported_in_the_background_once_the_window_is_there(tmp_path: Path) -> None:
    """A start as a user sees it, ended from outside as soon as everything is there."""
    wanted = [f"gui.panels.{place.panel.rpartition('.')[0]}" for place in PANELS.values()]
    wanted += ["engine.data.files.readers", "engine.runs.run_file", "engine.sweeps.executors", "psutil"]
    code = f"""
import os, signal, sys, threading
from gui import app

def wait():
    while not all(name in sys.modules for name in {wanted!r}):
        threading.Event().wait(0.02)
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=wait, daemon=True).start()
sys.exit(app.main([]))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=first_start(tmp_path))
    assert done.returncode == 128 + signal.SIGTERM, done.stderr


def test_views_that_are_hidden_at_the_start_are_made_when_they_are_opened(person: Person) -> None:
    hidden = {name for name, place in PANELS.items() if place.before or place.below}
    assert hidden
    assert not hidden & person.window.panels.made.keys()
    assert person.window.findChild(QWidget, "panel-gates") is None
    titles = {name: view_action(person, name).text() for name in person.window.docking.views}
    assert not hidden & person.window.panels.made.keys(), "the menu knows their titles"
    view_action(person, "gates").trigger()
    assert person.find(QWidget, "panel-gates").isVisible()
    assert titles == {name: view.title.text() for name, view in person.window.docking.views.items()}


@pytest.mark.slow
def test_a_start_takes_at_most_so_many_times_the_smallest_window() -> None:
    """Processor seconds of the two, interleaved: the clock would also measure what else the machine does."""
    rounds = [(start(SMALLEST)[1], start(OURS)[1]) for _ in range(ROUNDS + 1)][1:]
    smallest, ours = (median(column) for column in zip(*rounds, strict=True))
    assert ours <= MOST * smallest
