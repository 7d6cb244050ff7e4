"""One page a file: what stands on it, in Gradio's components."""
