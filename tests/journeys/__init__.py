"""Whole ways through the running gateway, on documents that real systems made."""
