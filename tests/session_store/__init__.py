"""What the gateway remembers, on both databases."""
