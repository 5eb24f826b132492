"""Each score row says in which transaction it changed, for those who read changes (`scoring.changes`)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    atomic = False  # an index that is made while people work

    dependencies = [("scoring", "0004_rule_health_and_checks")]

    operations = [
        # The default is the same for all rows there are, so that none of them is written anew.
        migrations.AddField(
            model_name="leadscore",
            name="changed_in",
            field=models.BigIntegerField(
                db_default=Cast(
                    Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
                ),
                editable=False,
            ),
        ),
        AddIndexConcurrently(
            model_name="leadscore", index=models.Index(fields=["changed_in", "lead"], name="leadscore_changed")
        ),
    ]
