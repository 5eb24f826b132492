"""Handoffs of before get the promise they were given: the first follow-up within 24 hours straight."""

from django.db import migrations

PROMISE = {"policy": "Every SQL", "conditions": [], "kind": "straight", "minutes": 1440}


def give(apps, _editor):
    policies, handoffs = apps.get_model("handoff", "SlaPolicy"), apps.get_model("handoff", "Handoff")
    if not handoffs.objects.exists():
        return
    default, _made = policies.objects.get_or_create(
        is_default=True,
        defaults={"name": "Every SQL", "position": 9_999, "minutes": 1440, "unclaimed_after": 120, "before_due": 240,
                  "late_every": 240, "late_times": 6},
    )  # fmt: skip
    handoffs.objects.filter(sla_policy=None).update(sla_policy=default, promise=PROMISE)


class Migration(migrations.Migration):
    dependencies = [("handoff", "0008_sla_policies")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
