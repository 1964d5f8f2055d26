"""The training process as the window sees it."""
