"""Knows how many prompts become a dataset: rows in, documents written, training data out."""
