"""What all agents of a run share: context, calls, caps, commits, events."""
