"""Papers: what stands on them, as PDF."""
