"""New texts from one that is there: it goes on, in short, or unfolded."""
