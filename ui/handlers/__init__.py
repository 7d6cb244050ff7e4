"""What the pages' events do: async, over services, without Gradio."""
