"""What a person's files say: read safely, cut into passages, found again, cited by number."""
