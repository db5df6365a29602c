"""Buying in the shop itself: log-in by one-time code, the visit, and checkout (FLOW-1)."""
