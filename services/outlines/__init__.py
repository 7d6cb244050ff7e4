"""Plans as people change them, before a document is written and after."""
