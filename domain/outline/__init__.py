"""The plan of a document, and how it becomes one text and comes of one."""
