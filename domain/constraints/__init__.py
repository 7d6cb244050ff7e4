"""What a document's contents must have: stated, read from prompts, given to sections."""
