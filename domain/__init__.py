"""What a document is: request, length, outline, section, run, score, text. Pure: no I/O."""
