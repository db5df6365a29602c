"""Our schemas: what they accept, what they refuse, and how they say it."""
