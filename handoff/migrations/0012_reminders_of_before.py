"""Reminders of before get the key under which they were told."""

from django.db import migrations

NAME = """
UPDATE handoff_reminder SET key = concat_ws(
    ':', 'reminder', handoff_id, kind, to_char(due_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS'), number)
WHERE key = '';
"""


class Migration(migrations.Migration):
    dependencies = [("handoff", "0011_reminders_find_what_was_told")]
    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]
