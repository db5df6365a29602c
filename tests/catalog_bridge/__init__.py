"""The bookshop."""
