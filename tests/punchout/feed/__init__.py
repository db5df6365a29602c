"""The trade feed."""
