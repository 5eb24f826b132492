"""Celery's doors to scoring: each rings for what the sweeper would do anyway."""

from datetime import date

from celery import group, shared_task

from outbox.clock import house_time

from . import care, health_reading, publishing, sweep


@shared_task
def drain() -> None:
    """Count what waits."""
    sweep.drain(house_time())


@shared_task
def sweep_day() -> None:
    """Let the new day fade every score, once a day: a group of blocks of leads, which any workers take."""
    begun = sweep.begin_sweep(house_time())
    waiting = sweep.blocks_to_sweep(begun.day) if begun else []
    group(sweep_block.si(str(begun.day), block) for block in waiting if begun).apply_async()


@shared_task
def sweep_block(day: str, block: int) -> None:
    """Score one block of leads as of a day; nothing where it is done, or another worker is at it."""
    sweep.sweep_block(date.fromisoformat(day), house_time(), block)


@shared_task
def check_vectors() -> None:
    """Compare stored vectors with the activities and repair those that differ; of 200,000 leads a night."""
    sweep.check_vectors(house_time(), nightly=10)


@shared_task
def look_after() -> None:
    """Read rule health and check every score once a day; goes on where it was cut off."""
    care.look_after(house_time(), portions=30)


@shared_task
def read_health(version: int) -> None:
    """Go on with reading the rules of a version that somebody asked for."""
    health_reading.go_on(house_time(), portions=60, version=version)


@shared_task
def carry_on_publishing() -> None:
    """Bring publishings further, block by block beside other workers, and ring again until they ended."""
    if publishing.carry_on_some(house_time()):
        carry_on_publishing.delay()
