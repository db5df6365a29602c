"""Use cases: who may come in, what goes back, what an order becomes."""
