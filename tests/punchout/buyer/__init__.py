"""The built-in buyer."""
