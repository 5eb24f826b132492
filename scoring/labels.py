"""The grid label of a score: a letter for fit, a digit for engagement, "A1" to "D3" (HubSpot's grid)."""

from collections.abc import Mapping

LETTERS = ("A", "B", "C", "D")
DIGITS = ("1", "2", "3")


def step(score: int, cutoffs: Mapping[str, int], steps: tuple[str, ...]) -> str:
    """The first step whose cut-off (hundredths) the score reaches, else the last one. A step without cut-off is never reached."""
    return next((name for name in steps[:-1] if name in cutoffs and score >= cutoffs[name]), steps[-1])


def grid_label(fit: int, engagement: int, fit_cutoffs: Mapping[str, int], engagement_cutoffs: Mapping[str, int]) -> str:
    """The label of a fit and an engagement score in hundredths."""
    return step(fit, fit_cutoffs, LETTERS) + step(engagement, engagement_cutoffs, DIGITS)
