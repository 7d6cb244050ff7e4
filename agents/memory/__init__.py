"""Who keeps what a document has said."""
