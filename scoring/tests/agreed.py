"""A version that both teams agreed on, as tests need it before they publish."""

from django.utils import timezone

from leadhub.testing import person
from scoring import agreement, lifecycle
from scoring.models import ScoringModel
from scoring.models_agreement import Side

APPROVERS = {Side.MARKETING: "Mick", Side.SALES: "Sue"}


def proposed(version: ScoringModel, *, by: str = "Mona") -> ScoringModel:
    """The version before both teams, proposed by Mona."""
    lifecycle.propose(version, reason="Sales asked for it.", by=person(by), at=timezone.now())
    version.refresh_from_db()
    return version


def agreed(version: ScoringModel) -> ScoringModel:
    """The version proposed by Mona and approved by Mick and Sue."""
    proposed(version)
    for side, name in APPROVERS.items():
        agreement.approve(version, side, by=person(name), seen=version.digest, at=timezone.now())
    return version
