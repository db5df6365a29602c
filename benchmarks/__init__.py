"""What this costs, measured against peers that do the same by hand: ``python -m benchmarks``.

Ratios within one run are the figures; seconds on one machine say nothing about another.
"""
