"""`make bench`: how fast the product is, as ratios and medians of one run, never as timed tests."""
