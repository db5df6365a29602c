"""What is measured, one suite a file: each hands out its cases while what they stand on is open."""
