"""Array code that handles millions of rows at once."""
