"""The middle of the window: views that are shown, moved, floated and enlarged."""
