"""What a person may set: settings, policies, prompts."""
