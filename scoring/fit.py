"""Fit points from which fit rules match: for many leads at once, or one. Fit rules are those of `model.fit_rules`, in order."""

import numpy as np
import numpy.typing as npt

from leads.conditions import Facts

from .definition import FIT, Model, clip

Whole = npt.NDArray[np.int64]


def matching(model: Model, facts: Facts) -> list[bool]:
    """Which fit rules match the facts of one lead and its company."""
    return [rule.matches(facts) for rule in model.fit_rules]


def fit_of(model: Model, matches: list[bool]) -> int:
    """Fit of one lead in hundredths."""
    return int(fit_totals(model, np.array(matches, bool).reshape(-1, 1))[0])


def fit_totals(model: Model, matches: npt.NDArray[np.bool_]) -> Whole:
    """Fit in hundredths for each lead (column) from the rules (rows) that match it."""
    total = np.zeros(matches.shape[1], np.int64)
    for group in model.groups_of(FIT):
        summed = np.zeros_like(total)
        for matched, rule in zip(matches, model.fit_rules, strict=True):
            if rule.group == group.key:
                summed += matched * clip(rule.points, *rule.floor_and_cap)
        total += np.clip(summed, group.floor, group.cap) if (group.floor, group.cap) != (None, None) else summed
    return np.clip(total, model.fit.lowest, model.fit.highest)
