"""Activities are stored without a look at the row of their type; a type that an activity has cannot be deleted."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE FUNCTION leads_keep_used_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM leads_activity WHERE type_id = OLD.id) THEN
        RAISE foreign_key_violation USING MESSAGE = format('activity type %s is used', OLD.key);
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER activity_type_used BEFORE DELETE ON leads_activitytype FOR EACH ROW EXECUTE FUNCTION leads_keep_used_type();
"""
KEPT_BACK = """
DROP TRIGGER activity_type_used ON leads_activitytype;
DROP FUNCTION leads_keep_used_type();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0002_triggers")]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="type",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="leads.activitytype",
            ),
        ),
        migrations.RunSQL(KEPT, KEPT_BACK),
    ]
