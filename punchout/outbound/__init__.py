"""The way out: the one client that calls other people's servers, and mail (security §7)."""
