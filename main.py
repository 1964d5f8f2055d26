"""Start the application: `python main.py [FILE]`."""

import multiprocessing
import sys

from engine.processes.child_command import serve_if_asked

if __name__ == "__main__":
    multiprocessing.freeze_support()
    serve_if_asked(sys.argv)
    from gui.app import main

    raise SystemExit(main())
