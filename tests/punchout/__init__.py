"""The gateway: use cases, pages, commands, and the built-in buyer."""
