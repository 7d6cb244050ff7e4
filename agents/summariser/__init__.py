"""Who makes texts shorter, in steps, each within its length."""
