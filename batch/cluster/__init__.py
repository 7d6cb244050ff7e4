"""Knows how a batch is written by many processes on many machines, and becomes one again."""
