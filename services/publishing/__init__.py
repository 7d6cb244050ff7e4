"""How a document becomes a file that other programs open."""
