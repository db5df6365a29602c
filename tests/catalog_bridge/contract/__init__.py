"""What any implementation of ``Bookshop`` must do: a new one adds a line in ``implementations.py``."""
