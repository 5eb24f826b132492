"""The proof of delivery: real processes, killed at every point, and checkers that read what is left (quality.md §3)."""
