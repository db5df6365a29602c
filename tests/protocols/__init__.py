"""Tests of the documents: what is read, what is written, what is refused."""
