"""The models of the leads room."""

from .activity import Activity, ActivityType, Asset, FunnelStage, Verdict
from .company import Company
from .facts import FactChange
from .imports import ImportFault, ImportJob
from .lead import Consent, CustomField, Lead, MoveRefused, StageMove

__all__ = [
    "Activity",
    "ActivityType",
    "Asset",
    "Company",
    "Consent",
    "CustomField",
    "FactChange",
    "FunnelStage",
    "ImportFault",
    "ImportJob",
    "Lead",
    "MoveRefused",
    "StageMove",
    "Verdict",
]
