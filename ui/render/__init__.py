"""What a person reads: values as Markdown. Pure."""
