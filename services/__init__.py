"""Use cases that every face calls: runs, documents, exports."""
