"""Formulas of published benchmarks, to the letter: what figures in papers were computed with."""
