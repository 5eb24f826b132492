"""Every Celery task may run three times, out of order, and after its row is gone: the database ends the same (quality.md R12)."""

import hashlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection

from leadhub.celery import app

from .source import ROOMS
from .world import World

#: Each task of ours with the arguments it is tried with; a task without a line here fails.
TASKS: dict[str, Callable[[World], list[object]]] = {
    "handoff.tasks.begin_absences": lambda _world: [],
    "handoff.tasks.bring_back": lambda _world: [],
    "handoff.tasks.give_waiting": lambda _world: [],
    "handoff.tasks.thin_rounds": lambda _world: [],
    "handoff.tasks.remind": lambda _world: [],
    "leads.tasks.resume_imports": lambda _world: [],
    "leads.tasks.run_import": lambda _world: [987_654_321],
    "nurture.tasks.deliver_letters": lambda _world: [],
    "nurture.tasks.refresh_lists": lambda _world: [],
    "nurture.tasks.advance_programs": lambda _world: [],
    "nurture.tasks.enter_programs": lambda _world: [],
    "outbox.tasks.deliver": lambda _world: [],
    "outbox.tasks.deliver_hooks": lambda _world: [],
    "scoring.tasks.carry_on_publishing": lambda _world: [],
    "scoring.tasks.check_vectors": lambda _world: [],
    "scoring.tasks.drain": lambda _world: [],
    "scoring.tasks.look_after": lambda _world: [],
    "scoring.tasks.read_health": lambda _world: [987_654_321],
    "scoring.tasks.sweep_block": lambda _world: ["2026-11-21", 0],
    "scoring.tasks.sweep_day": lambda _world: [],
}
#: When somebody last went round is meant to move.
CLOCKS = {"outbox_heartbeat"}


@pytest.fixture(autouse=True)
def _every_task_is_known() -> None:
    app.loader.import_default_modules()


def ours() -> set[str]:
    return {name for name in app.tasks if name.split(".")[0] in ROOMS}


def test_every_task_is_tried():
    assert ours() == set(TASKS)


def state() -> dict[str, str]:
    """A fingerprint of the rows of each table of ours."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in ROOMS]
    found = {}
    for table in sorted(set(tables) - CLOCKS):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t ORDER BY 1")
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TASKS))
def test_three_times_is_once(name: str):
    world = World.make()
    world.furnish()
    run = app.tasks[name]
    run(*TASKS[name](world))
    once = state()
    run(*TASKS[name](world))
    run(*TASKS[name](world))
    assert {table for table, mark in state().items() if mark != once[table]} == set()


@pytest.mark.django_db
def test_all_of_them_in_any_order_end_the_same():
    world = World.make()
    world.furnish()
    for names in (sorted(TASKS), sorted(TASKS, reverse=True)):
        for name in names:
            app.tasks[name](*TASKS[name](world))
    settled = state()
    for name in sorted(TASKS, key=lambda name: name[::-1]):
        app.tasks[name](*TASKS[name](world))
    assert {table for table, mark in state().items() if mark != settled[table]} == set()


@pytest.mark.django_db
def test_in_an_empty_house_they_do_nothing():
    before = state()
    for name, arguments in TASKS.items():
        app.tasks[name](*arguments(None))  # type: ignore[arg-type]
    changed = {table for table, mark in state().items() if mark != before[table]}
    assert not {table for table in changed if not table.startswith("scoring_")}
