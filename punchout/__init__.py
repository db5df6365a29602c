"""The PunchOut gateway: use cases, web pages, worker and command line."""

__version__ = "0.1.0"
