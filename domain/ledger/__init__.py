"""What a document has said: facts, names, dates, numbers, and which of them agree."""
