"""Running LeadHub with nothing installed: local PostgreSQL and Valkey for one checkout. Knows nothing of Django."""

from .environment import ensure
from .home import LocalError

__all__ = ["LocalError", "ensure"]
