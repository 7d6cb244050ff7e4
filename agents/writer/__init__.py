"""Who writes a section: drafts, extends and mends it until its gates are passed."""
