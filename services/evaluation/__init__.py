"""What is said of a text, ours or not, and where."""
