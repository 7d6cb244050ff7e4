"""Endpoints: which there are, what is known of them, which role of a run goes where."""
