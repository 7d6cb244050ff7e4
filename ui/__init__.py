"""The browser's face: pages of Gradio, and islands of JavaScript that talk to the API."""
