"""Triggers: the audit history of facts, and the one search text of a lead."""

from django.db import migrations

# Blank text is unknown, and unknown is null in the history, so that a fact as of a day reads the same as today's.
FACTS = r"""
CREATE FUNCTION leads_note_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    columns text[] := string_to_array(TG_ARGV[1], ',');
    who text := coalesce(nullif(current_setting('leadhub.actor', true), ''), 'system:database');
    moment timestamptz := coalesce(nullif(current_setting('leadhub.at', true), '')::timestamptz, now());
BEGIN
    EXECUTE format($q$
        WITH changed AS (
            SELECT n.id, to_jsonb(o) AS old, to_jsonb(n) AS new
            FROM new_rows n JOIN old_rows o USING (id)
            WHERE (%1$s) IS DISTINCT FROM (%2$s)
        )
        INSERT INTO leads_factchange (%3$I, field, old, new, at, actor)
        SELECT id, f.field, nullif(nullif(old -> f.field, '""'), 'null'), nullif(nullif(new -> f.field, '""'), 'null'), $1, $2
        FROM changed, unnest($3) AS f(field)
        WHERE nullif(nullif(old -> f.field, '""'), 'null') IS DISTINCT FROM nullif(nullif(new -> f.field, '""'), 'null')
        %4$s
    $q$,
        (SELECT string_agg(format('o.%I', c), ', ') FROM unnest(columns || CASE WHEN TG_TABLE_NAME = 'leads_lead' THEN ARRAY['custom'] ELSE '{}' END) c),
        (SELECT string_agg(format('n.%I', c), ', ') FROM unnest(columns || CASE WHEN TG_TABLE_NAME = 'leads_lead' THEN ARRAY['custom'] ELSE '{}' END) c),
        TG_ARGV[0],
        CASE WHEN TG_TABLE_NAME = 'leads_lead' THEN $c$
            UNION ALL
            SELECT id, 'custom.' || k.key, nullif(nullif(old -> 'custom' -> k.key, '""'), 'null'),
                   nullif(nullif(new -> 'custom' -> k.key, '""'), 'null'), $1, $2
            FROM changed, LATERAL (
                SELECT jsonb_object_keys(old -> 'custom') UNION SELECT jsonb_object_keys(new -> 'custom')
            ) AS k(key)
            WHERE nullif(nullif(old -> 'custom' -> k.key, '""'), 'null')
                  IS DISTINCT FROM nullif(nullif(new -> 'custom' -> k.key, '""'), 'null')
        $c$ ELSE '' END)
    USING moment, who, columns;
    RETURN NULL;
END $$;

CREATE TRIGGER lead_facts AFTER UPDATE ON leads_lead
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION leads_note_facts(
        'lead_id',
        'email,external_id,first_name,last_name,job_title,seniority,department,phone,company_id,industry,business_type,employees,revenue,country,city,source,campaign,consent,owner_id');

CREATE TRIGGER company_facts AFTER UPDATE ON leads_company
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION leads_note_facts('company_id', 'name,domain,industry,business_type,employees,revenue,country,city');
"""

FACTS_BACK = """
DROP TRIGGER lead_facts ON leads_lead;
DROP TRIGGER company_facts ON leads_company;
DROP FUNCTION leads_note_facts();
"""

SEARCH = r"""
CREATE FUNCTION leads_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := lower(concat_ws(' ', nullif(NEW.first_name, ''), nullif(NEW.last_name, ''), nullif(NEW.email, ''), NEW.external_id,
        (SELECT name FROM leads_company WHERE id = NEW.company_id)));
    RETURN NEW;
END $$;

CREATE TRIGGER lead_search_insert BEFORE INSERT ON leads_lead FOR EACH ROW EXECUTE FUNCTION leads_search_text();
CREATE TRIGGER lead_search_update BEFORE UPDATE OF first_name, last_name, email, external_id, company_id ON leads_lead
    FOR EACH ROW EXECUTE FUNCTION leads_search_text();

CREATE FUNCTION leads_search_company() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leads_lead SET company_id = company_id WHERE company_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER company_search AFTER UPDATE OF name ON leads_company
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION leads_search_company();
"""

SEARCH_BACK = """
DROP TRIGGER company_search ON leads_company;
DROP FUNCTION leads_search_company();
DROP TRIGGER lead_search_insert ON leads_lead;
DROP TRIGGER lead_search_update ON leads_lead;
DROP FUNCTION leads_search_text();
"""

# Leads repeat in activities; PostgreSQL underestimates how many there are (architecture.md §4).
DISTINCT = "ALTER TABLE leads_activity ALTER COLUMN lead_id SET (n_distinct = -0.05);"
DISTINCT_BACK = "ALTER TABLE leads_activity ALTER COLUMN lead_id RESET (n_distinct);"

# Rows on their way in: not worth a log; the importer stages them again when a crash emptied the table.
UNLOGGED = "ALTER TABLE leads_importrow SET UNLOGGED;"
UNLOGGED_BACK = "ALTER TABLE leads_importrow SET LOGGED;"


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]

    operations = [
        migrations.RunSQL(FACTS, FACTS_BACK),
        migrations.RunSQL(SEARCH, SEARCH_BACK),
        migrations.RunSQL(DISTINCT, DISTINCT_BACK),
        migrations.RunSQL(UNLOGGED, UNLOGGED_BACK),
    ]
