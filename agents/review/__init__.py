"""Who judges what is written and mends it: critic, reviser, seams, and their bounded rounds."""
