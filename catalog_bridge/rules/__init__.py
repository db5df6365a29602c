"""The bookshop's rules as pure functions, one file for each group of bookshop-rules."""
