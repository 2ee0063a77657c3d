"""One file a revision, named by its number; whoever adds one changes tables.py with it, and a test compares the two."""
