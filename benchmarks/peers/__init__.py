"""What we are measured against: the same work by hand, written as well as ours."""
