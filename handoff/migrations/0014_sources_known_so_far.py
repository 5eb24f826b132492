"""Handoffs of before say where their lead is from, as far as it is known now."""

from django.db import migrations

KNOWN = """
UPDATE handoff_handoff AS h SET source = l.source FROM leads_lead AS l WHERE l.id = h.lead_id AND l.source <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0013_source_of_each"),
    ]

    operations = [migrations.RunSQL(KNOWN, migrations.RunSQL.noop)]
