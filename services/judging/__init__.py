"""Models as judges of texts."""
