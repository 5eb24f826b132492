"""The chain of owners is joined by what a statement really changed: planned each time, a set of thousands takes seconds.

Transition tables have no index, and a plan that the session kept from a single row goes over all pairs of a large set.
"""

from django.db import migrations

CHAIN = """
CREATE OR REPLACE FUNCTION handoff_keep_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := coalesce(nullif(current_setting('leadhub.at', true), '')::timestamptz, now());
    actor text := left(coalesce(current_setting('leadhub.actor', true), ''), 60);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        EXECUTE $q$
        UPDATE handoff_holding h
        SET until = greatest(h.since, coalesce(n.closed_at, n.claimed_at, $1)), ended_by = $2,
            ended = CASE WHEN n.closed_at IS NOT NULL THEN 'closed' WHEN n.claimed_by_id IS NULL THEN 'released' ELSE 'passed_on' END
        FROM old_rows o JOIN new_rows n USING (id)
        WHERE h.handoff_id = n.id AND h.until IS NULL
          AND (o.claimed_by_id IS DISTINCT FROM n.claimed_by_id OR (o.closed_at IS NULL) <> (n.closed_at IS NULL))
        $q$ USING moment, actor;
        EXECUTE $q$
        INSERT INTO handoff_holding (handoff_id, holder_id, since, given_by, ended, ended_by)
        SELECT n.id, n.claimed_by_id, n.claimed_at, $1, '', ''
        FROM old_rows o JOIN new_rows n USING (id)
        WHERE n.claimed_by_id IS NOT NULL AND n.closed_at IS NULL AND o.claimed_by_id IS DISTINCT FROM n.claimed_by_id
        $q$ USING actor;
    ELSE
        INSERT INTO handoff_holding (handoff_id, holder_id, since, given_by, ended, ended_by)
        SELECT id, claimed_by_id, claimed_at, actor, '', ''
        FROM new_rows WHERE claimed_by_id IS NOT NULL AND closed_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("handoff", "0006_returns_and_replies")]

    operations = [migrations.RunSQL(CHAIN, migrations.RunSQL.noop)]
