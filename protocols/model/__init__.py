"""The vocabulary that every package shares: frozen dataclasses, no behaviour that needs the outside world."""
