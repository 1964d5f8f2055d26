"""From the command line to a running window."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

from engine.network.blas import import_with_one_thread
from gui import __version__, headless, imports
from gui.headless.output import escape_unprintable

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow
    from gui.session.session import Session

FIRST_DATA_S = 0.2  # seconds that the window waits for a sample before opening without it
FIRST_ANSWERS_S = 0.2  # and then for the answers of its network, before it is painted without them
_SIGNALLED = 128  # plus the number of the signal: the exit status, as in shells


class _Parser(argparse.ArgumentParser):
    """Tells a mistake in one line: the usage with all options would fill a screen."""

    def error(self, message: str) -> NoReturn:
        self.exit(headless.WRONG, f"{self.prog}: {message}; --help lists all options.\n")


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line, parsed."""
    if not any(argument.startswith("-") for argument in argv):  # files alone need no parser, which knows all settings
        return argparse.Namespace(file=argv[0] if argv else None, more=list(argv[1:]))
    parser = _Parser(prog="unroll", description="A playground for sequence models.", epilog=headless.STATUSES)
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="a saved run, a PyTorch folder or its weights, or text data: one item per line, CSV or TSV with labels, "
        "CoNLL, or tab-separated pairs",
    )
    parser.add_argument(
        "more",
        nargs="*",
        metavar="FILE",
        help="files that belong with it: the two sides of a translation, or one file for each label",
    )
    parser.add_argument("--version", action="version", version=f"Unroll {__version__}")
    with imports.without_collecting():
        from gui.headless.arguments import add_arguments

    add_arguments(parser)
    return parser.parse_args(argv)


def install_crash_hook(session: Session) -> None:
    """Turn a bug into a notice with its traceback, and a line on the error stream; the window keeps running."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        with contextlib.suppress(OSError):  # the terminal may be gone
            sys.stderr.write(details)
        session.notices.tell_bug(error, details)

    sys.excepthook = hook


def _open_session() -> tuple[QApplication, Session, QSettings]:
    """The application, and what the window is about to show, in the saved colours and scale."""
    imports.skip_source_search()
    from PySide6.QtCore import QCoreApplication, QSettings
    from PySide6.QtWidgets import QApplication

    from gui.session.session import Session
    from gui.theme import saved_theme
    from gui.window_scale import scale_in_force

    QCoreApplication.setApplicationName("Unroll")
    QCoreApplication.setOrganizationName("Unroll")
    settings = QSettings()
    with scale_in_force(settings):
        app = QApplication(sys.argv[:1])
    app.setApplicationVersion(__version__)
    app.setStyle("Fusion")
    session = Session(saved_theme(settings))
    install_crash_hook(session)
    return app, session, settings


def open_window(options: argparse.Namespace) -> tuple[QApplication, MainWindow]:
    """Show the window and start loading the files given on the command line."""
    with imports.without_collecting():  # only now, so that --help answers at once
        import_with_one_thread()
        app, session, settings = _open_session()
        if not options.file:
            session.data.load_first()
        with imports.sharing_qt():
            from gui.main_window import MainWindow  # meanwhile, the training process starts and the data is read
        if not options.file:
            session.data.wait(FIRST_DATA_S)  # its network is built while the window is

    from PySide6.QtCore import QStandardPaths

    state = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation)
    window = MainWindow(session, settings, Path(state) if state else None)
    if options.file:
        window.files.open_paths([options.file, *options.more])
    window.show()
    session.run.pull()
    session.questions.wait(FIRST_ANSWERS_S)  # so that it is painted once, with all there is to see
    window.run_files.offer()
    return app, window


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window and run until it is closed; returns the exit status."""
    escape_unprintable(sys.stdout, sys.stderr)
    options = arguments(sys.argv[1:] if argv is None else argv)
    if headless.is_wanted(options):
        return headless.run_command(options)
    app, window = open_window(options)
    from PySide6.QtCore import QTimer

    from gui.session.background import threads_at_work
    from gui.stop_signals import StopSignals

    def stop(number: signal.Signals) -> None:
        try:
            if not window.close():  # there may be nobody to answer
                sys.stderr.write(f"{window.notice_bar.text()}\n")
                window.leave()
        finally:
            app.exit(_SIGNALLED + number)

    StopSignals(stop, app)
    later = QTimer(app, singleShot=True, interval=imports.AFTER_MS)
    later.timeout.connect(imports.import_later)
    later.start()
    gc.freeze()  # what is there now stays; the collector need not look through it again
    status = app.exec()
    if threads_at_work():
        # A thread is still in a long computation whose result is no longer wanted; Python must not exit while it runs.
        os._exit(status)
    return status
