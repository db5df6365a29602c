"""Documents as they travel: parse and build, without any I/O."""
