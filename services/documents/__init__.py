"""Documents: found, read, edited, taken in and given out."""
