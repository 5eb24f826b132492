"""The models of the leads room."""

from .activity import Activity, ActivityType, Asset, FunnelStage, Verdict
from .company import Company
from .custom_fields import CustomField
from .facts import FactChange
from .imports import ImportFault, ImportJob, ImportRefused, ImportRow
from .lead import Consent, Lead, OtherId
from .lead_queries import FIT_FACTS, LeadQuerySet
from .merge import FormerAddress, Merge, MergeRefused, Rerouted
from .moves import MoveRefused, StageMove

__all__ = [
    "FIT_FACTS",
    "Activity",
    "ActivityType",
    "Asset",
    "Company",
    "Consent",
    "CustomField",
    "FactChange",
    "FormerAddress",
    "FunnelStage",
    "ImportFault",
    "ImportJob",
    "ImportRefused",
    "ImportRow",
    "Lead",
    "LeadQuerySet",
    "Merge",
    "MergeRefused",
    "MoveRefused",
    "OtherId",
    "Rerouted",
    "StageMove",
    "Verdict",
]
