from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0020_waiting_leads_are_given"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="week",
            field=models.JSONField(blank=True, default=list, verbose_name="working hours"),
        ),
    ]
