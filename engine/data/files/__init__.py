"""Text files: decoding them, recognising their form, and reading them."""
