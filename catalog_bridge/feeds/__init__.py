"""Catalogue data as others send it, read into records that the catalogue can store."""
