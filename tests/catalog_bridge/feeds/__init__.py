"""Feeds into records."""
