"""Who plans: whole documents, books, parts, single items, and what goes on from a text."""
