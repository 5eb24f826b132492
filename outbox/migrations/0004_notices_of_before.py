"""Notices of before find the topic they tell of, and the mail that carried them, by their keys."""

from django.db import migrations

FIND = """
UPDATE outbox_notice SET about = regexp_replace(dedupe_key, ':[0-9]+$', '') WHERE dedupe_key LIKE 'reminder:%';
UPDATE outbox_notice AS n SET mail_id = m.id FROM outbox_mail AS m WHERE m.dedupe_key = n.dedupe_key;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_choices_and_what_carries_notices")]
    operations = [migrations.RunSQL(FIND, migrations.RunSQL.noop)]
