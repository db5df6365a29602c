"""Tests of what the tests stand on, and of the project's own files."""
