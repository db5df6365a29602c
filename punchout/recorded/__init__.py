"""Recorded documents: where they lie, who must be known for them, what the gateway makes of them."""
