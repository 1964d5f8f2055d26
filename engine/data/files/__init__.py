"""Text files: decoding, recognizing their form, and reading them."""
