"""What a model does with a passage or a section on a person's order."""
