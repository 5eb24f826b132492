"""The fixtures of conftest.py stand on real programs."""

import time
from typing import Any

import pytest
from django.core.cache import cache


def test_valkey_is_empty_for_each_test_first() -> None:
    assert cache.get("left-by-a-test") is None
    cache.set("left-by-a-test", "x")


def test_valkey_is_empty_for_each_test_second() -> None:
    assert cache.get("left-by-a-test") is None
    cache.set("left-by-a-test", "x")


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_a_task_and_sees_the_tests_database(celery_worker_process: Any) -> None:
    from celery import current_app

    assert current_app.control.inspect(timeout=2).ping()
    celery_worker_process.kill()
    assert celery_worker_process.process.returncode == -9
    time.sleep(0.1)


def test_a_real_browser_shows_a_page(page: Any) -> None:
    page.set_content("<h1>LeadHub</h1>")
    assert page.get_by_role("heading").inner_text() == "LeadHub"
