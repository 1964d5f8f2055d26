"""The application's state."""
