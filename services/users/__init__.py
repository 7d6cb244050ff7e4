"""Who may come in: users, their tokens and passwords, and how often."""
