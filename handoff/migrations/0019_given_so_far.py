"""Handoffs of before say whether their holder was given them: by the log of routing, and by who the chain of owners names."""

from django.db import migrations

KNOWN = """
UPDATE handoff_handoff AS h SET is_given = true
WHERE h.claimed_by_id IS NOT NULL AND (
    EXISTS (SELECT FROM handoff_routed AS r
            WHERE r.handoff_id = h.id AND r.to_id = h.claimed_by_id AND r.at = h.claimed_at)
    OR EXISTS (SELECT FROM handoff_holding AS g
               WHERE g.handoff_id = h.id AND g.holder_id = h.claimed_by_id AND g.since = h.claimed_at
               AND g.given_by NOT IN ('', 'user:' || g.holder_id))
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0018_given_not_claimed"),
    ]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
