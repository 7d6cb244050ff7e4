"""The command line's face: commands, progress display, scorecard."""
