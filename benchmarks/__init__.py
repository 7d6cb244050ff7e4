"""What Longleaf costs, measured side by side in one run; ratios count, not seconds."""
