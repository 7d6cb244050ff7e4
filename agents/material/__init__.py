"""What a section is written from beside its plan."""
