"""What the gateway does, one use case a file; no web framework, no SQL, time and chance handed in."""
