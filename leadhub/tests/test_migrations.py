"""Migrations say what the models say, and can be taken back and applied again (quality.md R17)."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from leadhub.testing import in_full

from .source import ROOMS


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.split("_")[0] in ROOMS}


def test_every_step_says_how_it_is_taken_back():
    steps = MigrationLoader(None).graph.nodes
    own = [step for (room, _name), step in steps.items() if room in ROOMS]
    assert [(str(step), each) for step in own for each in step.operations if not each.reversible] == []


@pytest.mark.django_db(transaction=True)
def test_every_room_can_be_taken_back_to_nothing_and_built_again():
    if not in_full():
        pytest.skip("in the full tier: it is a minute of nothing but migrations")
    before = tables()
    rooms = [
        config.label
        for config in apps.get_app_configs()
        if config.label in ROOMS and config.label not in ("leadhub", "reports")
    ]
    try:
        for room in reversed(rooms):
            call_command("migrate", room, "zero", verbosity=0, interactive=False)
        assert tables() == set()
    finally:
        call_command("migrate", verbosity=0, interactive=False)
    assert tables() == before


@pytest.mark.django_db(transaction=True)
def test_after_the_rebuild_the_house_is_furnished():
    """What ships with LeadHub (activity types, reasons, the default model) is there after `migrate`."""
    from handoff.models import Reason
    from leads.models import ActivityType
    from scoring.models import ScoringModel

    assert ActivityType.objects.count() >= 28
    assert Reason.objects.exists()
    assert ScoringModel.objects.published()
