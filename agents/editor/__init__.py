"""Who edits passages of any text, outside of runs: one order, and words to stand in its place."""
