"""The registry of writing strategies: adding one is one file and one line here."""
