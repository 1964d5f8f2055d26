"""What all panels and views share."""
