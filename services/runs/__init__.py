"""Runs: begun, worked on, followed, and what came of them."""
