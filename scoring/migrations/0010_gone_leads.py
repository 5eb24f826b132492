"""Leads that were deleted, written down by the database itself for readers of score changes."""

from django.db import migrations, models

NOTED = """
CREATE FUNCTION scoring_note_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO scoring_gonelead (lead_id, at, changed_in, forgotten)
    SELECT id, coalesce(nullif(current_setting('leadhub.at', true), '')::timestamptz, now()),
           pg_current_xact_id()::text::bigint, false
    FROM old_rows
    ON CONFLICT (lead_id) DO UPDATE SET at = excluded.at, changed_in = excluded.changed_in, forgotten = false;
    RETURN NULL;
END $$;

CREATE TRIGGER lead_gone AFTER DELETE ON leads_lead
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION scoring_note_gone();
"""
NOTED_BACK = """
DROP TRIGGER lead_gone ON leads_lead;
DROP FUNCTION scoring_note_gone();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0009_effect_of_versions"),
        ("leads", "0003_types_unchecked"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoneLead",
            fields=[
                ("lead_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("changed_in", models.BigIntegerField()),
                ("forgotten", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["changed_in", "lead_id"], name="gonelead_changed"),
                    models.Index(condition=models.Q(("forgotten", True)), fields=["changed_in"], name="gonelead_floor"),
                ],
            },
        ),
        migrations.RunSQL(NOTED, NOTED_BACK),
    ]
