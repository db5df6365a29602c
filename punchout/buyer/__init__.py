"""The built-in buyer: a municipality's procurement system, made of our protocols and plain HTTP."""
