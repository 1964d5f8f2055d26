"""Start the application: `python main.py [FILE]`."""

from gui.app import main

if __name__ == "__main__":
    raise SystemExit(main())
