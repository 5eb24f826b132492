from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0022_weeks_of_seats"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="seat", name="seat_days_known"),
        migrations.RemoveConstraint(model_name="seat", name="seat_hours_whole"),
        migrations.RemoveField(model_name="seat", name="closes"),
        migrations.RemoveField(model_name="seat", name="days"),
        migrations.RemoveField(model_name="seat", name="opens"),
    ]
