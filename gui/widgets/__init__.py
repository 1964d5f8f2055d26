"""Small widgets that know no session; one a file."""
