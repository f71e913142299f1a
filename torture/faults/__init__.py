"""What goes wrong: a file for each kind of thing that it happens to."""
