"""Everything that involves more than one process."""
