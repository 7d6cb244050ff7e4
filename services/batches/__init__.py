"""Batches of prompts that become training data, as their owner sees them."""
