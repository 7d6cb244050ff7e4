"""The HTTP face: the application that serves the API and, mounted after it, the page."""
