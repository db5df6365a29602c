"""The made-up titles."""
