"""Speed as promised in ratios, measured in one run on invented data in a database of its own (quality.md §6)."""
