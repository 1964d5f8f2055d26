"""What can be read like a text file, one kind per file."""
