"""Fixtures for every room: a real browser, a real Celery worker, and test settings that differ from production's."""

import gc
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from hypothesis import settings as hypothesis_settings

from leadhub.local import browser as local_browser

WORKER_READY_SECONDS = 60
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.register_profile("full", deadline=None, max_examples=500)
hypothesis_settings.load_profile("house")
BROWSER_FIXTURES = {"browser", "context", "page", "new_context", "playwright"}
#: What the loser of a race and a refused form are answered; and what htmx says of that, and of a request that a newer one replaced.
EXPECTED_STATUS = {409, 422}
EXPECTED_WORDS = re.compile("status of |409|422|^htmx:(afterRequest|sendAbort)")


def pytest_configure() -> None:
    from django.conf import settings

    # Real hashing is slow on purpose; every test that signs somebody in would pay for it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each test client loads the middleware anew; WhiteNoise would look at every static file each time.
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_finish() -> None:
    """Thousands of collected tests live to the end: the collector of garbage need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
    # The long ones first: what is left to share out among workers at the end is small.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright with the machine's own Chromium; skipped with the reason where there is none, failed in CI."""
    program = local_browser.find()
    if not program:
        refuse = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        refuse(f"Browser tests need Chromium: {local_browser.MISSING}.")
    return {**browser_type_launch_args, "executable_path": program, "args": local_browser.QUIET_AND_ALONE}


@pytest.fixture
def open_as(live_server: Any, browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a browser of its own for one of the cast; an unexpected answer or complaint of its console fails the test."""
    from leadhub.testing import signed_in

    contexts, complaints = [], []

    def hear(answer: Any) -> None:
        if answer.status >= 400 and answer.status not in EXPECTED_STATUS:
            complaints.append(f"{answer.status} {answer.url}")

    def listen(word: Any) -> None:
        if word.type == "error" and not EXPECTED_WORDS.search(word.text):
            complaints.append(word.text)

    def opener(name: str, *, width: int = 1440, height: int = 900, ago: timedelta = timedelta(0)) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=live_server.url)
        contexts.append(context)
        cookies = signed_in(name, ago=ago).cookies.values()
        context.add_cookies([{"name": each.key, "value": each.value, "url": live_server.url} for each in cookies])
        page = context.new_page()
        page.on("response", hear)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opener
    for context in contexts:
        context.close()
    assert "\n".join(complaints) == ""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """pytest-django's; on the local PostgreSQL migrations run once for all workers, and not again until one changes."""
    from leadhub.local import furnished

    if home := os.environ.get("LEADHUB_TEST_TEMPLATES"):
        with django_db_blocker.unblock():
            furnished.name_template(Path(home))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, which drops the database at the end: sessions that a thread of some test left open end first."""
    from django.db import connection
    from django.test import TransactionTestCase

    from leadhub.local import furnished

    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            furniture = furnished.Furniture() if furnished.may_put_back() else None
        if furniture:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: furniture.put_back())
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@dataclass(frozen=True)
class Worker:
    """A running Celery worker in a process of its own."""

    process: "subprocess.Popen[bytes]"
    log: Path
    name: str

    def kill(self) -> None:
        """SIGKILL to it and its children, as a machine that loses power would; once."""
        if self.process.poll() is not None:
            return
        for process in [*psutil.Process(self.process.pid).children(recursive=True), self.process]:
            process.kill()
        self.process.wait()


@pytest.fixture
def celery_worker_process(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A real Celery worker on the test database and the test Valkey; its queue is empty at the start."""
    from leadhub.celery import app

    app.control.purge()
    with running_worker(tmp_path / "worker.log", f"test-{os.getpid()}") as worker:
        yield worker


@pytest.fixture
def second_celery_worker_process(celery_worker_process: Worker, tmp_path: Path) -> Iterator[Worker]:
    """Another one beside it."""
    with running_worker(tmp_path / "second.log", f"second-{os.getpid()}") as worker:
        yield worker


@contextmanager
def running_worker(log: Path, name: str) -> Iterator[Worker]:
    """A worker that answers to `name`@localhost."""
    command = [sys.executable, "-m", "celery", "-A", "leadhub", "worker", "--concurrency", "1", "--loglevel", "INFO"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", "--hostname", f"{name}@localhost"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"DATABASE_URL": database_url_of_this_process()},
        )
    worker = Worker(process, log, f"{name}@localhost")
    try:
        _wait_until_ready(worker)
        yield worker
    finally:
        worker.kill()  # nobody waits for a warm end


def database_url_of_this_process() -> str:
    """DATABASE_URL pointing at the database of this test process."""
    from django.db import connection

    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def _wait_until_ready(worker: Worker) -> None:
    from leadhub.celery import app

    deadline = time.monotonic() + WORKER_READY_SECONDS
    while worker.name not in (app.control.inspect([worker.name], timeout=0.3).ping() or {}):
        if worker.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The Celery worker did not start:\n{worker.log.read_text()[-3000:]}")
