"""Who acts: a transaction-local setting that the audit triggers read (quality.md rule 19)."""

from datetime import datetime

from django.db import connection


def act_as(actor: str, at: datetime | None = None) -> None:
    """Name the actor (`user:7`, `key:3`, `import:12`, `system:sweep`) and moment of all changes of this transaction.

    Must be called inside `transaction.atomic`; PostgreSQL forgets it at the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('leadhub.actor', %s, true), set_config('leadhub.at', %s, true)",
            [actor, at.isoformat() if at else ""],
        )
