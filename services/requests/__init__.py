"""What people ask for: forms, files, templates, conversations, and the requests they make."""
