"""The chain of owners, next steps, and which transaction last changed what lists show."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHAIN = """
CREATE FUNCTION handoff_keep_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := coalesce(nullif(current_setting('leadhub.at', true), '')::timestamptz, now());
    actor text := coalesce(current_setting('leadhub.actor', true), '');
BEGIN
    IF TG_OP = 'UPDATE' THEN
        UPDATE handoff_holding h
        SET until = greatest(h.since, coalesce(n.closed_at, n.claimed_at, moment)), ended_by = left(actor, 60),
            ended = CASE WHEN n.closed_at IS NOT NULL THEN 'closed' WHEN n.claimed_by_id IS NULL THEN 'released' ELSE 'passed_on' END
        FROM old_rows o JOIN new_rows n USING (id)
        WHERE h.handoff_id = n.id AND h.until IS NULL
          AND (o.claimed_by_id IS DISTINCT FROM n.claimed_by_id OR (o.closed_at IS NULL) <> (n.closed_at IS NULL));
        INSERT INTO handoff_holding (handoff_id, holder_id, since, given_by, ended, ended_by)
        SELECT n.id, n.claimed_by_id, n.claimed_at, left(actor, 60), '', ''
        FROM old_rows o JOIN new_rows n USING (id)
        WHERE n.claimed_by_id IS NOT NULL AND n.closed_at IS NULL AND o.claimed_by_id IS DISTINCT FROM n.claimed_by_id;
    ELSE
        INSERT INTO handoff_holding (handoff_id, holder_id, since, given_by, ended, ended_by)
        SELECT id, claimed_by_id, claimed_at, left(actor, 60), '', ''
        FROM new_rows WHERE claimed_by_id IS NOT NULL AND closed_at IS NULL;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER handoff_chain_begins AFTER INSERT ON handoff_handoff
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_chain();
CREATE TRIGGER handoff_chain_goes_on AFTER UPDATE ON handoff_handoff
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION handoff_keep_chain();

INSERT INTO handoff_holding (handoff_id, holder_id, since, given_by, until, ended, ended_by)
SELECT id, claimed_by_id, claimed_at, '', CASE WHEN closed_at IS NOT NULL THEN greatest(closed_at, claimed_at) END, CASE WHEN closed_at IS NULL THEN '' ELSE 'closed' END, ''
FROM handoff_handoff WHERE claimed_by_id IS NOT NULL;
"""
CHAIN_BACK = """
DROP TRIGGER handoff_chain_goes_on ON handoff_handoff;
DROP TRIGGER handoff_chain_begins ON handoff_handoff;
DROP FUNCTION handoff_keep_chain();
"""

CHANGED = """
CREATE FUNCTION handoff_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

CREATE TRIGGER handoff_new BEFORE INSERT ON handoff_handoff FOR EACH ROW EXECUTE FUNCTION handoff_note_change();
CREATE TRIGGER handoff_changed BEFORE UPDATE ON handoff_handoff FOR EACH ROW
    WHEN ((OLD.claimed_by_id, OLD.clock_from, OLD.due_at, OLD.first_follow_up_at, OLD.closed_at, OLD.next_step, OLD.next_on)
          IS DISTINCT FROM
          (NEW.claimed_by_id, NEW.clock_from, NEW.due_at, NEW.first_follow_up_at, NEW.closed_at, NEW.next_step, NEW.next_on))
    EXECUTE FUNCTION handoff_note_change();
"""
CHANGED_BACK = """
DROP TRIGGER handoff_changed ON handoff_handoff;
DROP TRIGGER handoff_new ON handoff_handoff;
DROP FUNCTION handoff_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0001_initial"),
        ("leads", "0003_types_unchecked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Holding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("given_by", models.CharField(blank=True, default="", max_length=60)),
                ("until", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[("released", "Put back"), ("passed_on", "Given to another"), ("closed", "Decided")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("ended_by", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="next_on",
            field=models.DateField(blank=True, null=True, verbose_name="on"),
        ),
        migrations.AddField(
            model_name="followup",
            name="next_step",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="next step"),
        ),
        migrations.AddField(
            model_name="handoff",
            name="changed_in",
            field=models.BigIntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name="handoff",
            name="next_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="next_step",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["changed_in"], name="handoff_changed"),
        ),
        migrations.AddField(
            model_name="holding",
            name="handoff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holdings",
                to="handoff.handoff",
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="holder",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["handoff", "since"], name="holding_of_handoff"),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(fields=["holder", "-since"], name="holding_of_person"),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("handoff",), name="holding_one_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="holding_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("until", None)),
                    models.Q(("ended__in", ["released", "passed_on", "closed"]), ("until__isnull", False)),
                    _connector="OR",
                ),
                name="holding_ended_says_how",
            ),
        ),
        migrations.RunSQL(CHAIN, CHAIN_BACK),
        migrations.RunSQL(CHANGED, CHANGED_BACK),
    ]
