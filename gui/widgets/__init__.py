"""Small widgets that know neither session nor engine; one a file."""
