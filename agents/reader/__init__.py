"""Who reads a person's sources before anything is planned, and keeps notes of them."""
