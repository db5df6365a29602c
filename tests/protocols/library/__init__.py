"""Documents for library systems."""
