"""Published benchmarks of long writing: their prompts, their runs, their figures."""
