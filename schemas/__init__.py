"""Our own XML schemas, and what loads them."""
