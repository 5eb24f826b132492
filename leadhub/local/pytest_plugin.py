"""pytest: both engines stand before the settings load, nothing leaves the machine, and all of it ends with the run."""

import os
import shutil
import signal
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import pytest

from .environment import export
from .home import Home, LocalError
from .postgres import Postgres
from .slots import Slot
from .sockets import outgoing_network_is_blocked
from .valkey import Valkey

_ends = ExitStack()
_valkey: list[Valkey] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Runs before pytest-django reads the settings."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)
    # Playwright runs an event loop in the tests' thread; Django would take every query for one inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        if worker := os.environ.get("PYTEST_XDIST_WORKER"):
            _join_run(worker)
        elif not early_config.known_args_namespace.help:
            _start_run()
    except LocalError as problem:
        _ends.close()
        raise pytest.UsageError(str(problem)) from problem
    _ends.enter_context(outgoing_network_is_blocked())
    yield


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    _ends.close()


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Counts of rate limits, cached pages and waiting tasks of one test never meet the next."""
    if _valkey:
        _valkey[0].empty()


def _start_run() -> None:
    """Take a slot and start what DATABASE_URL and REDIS_URL do not name; what a killed run left there ends first."""
    slot = Slot.take(Home.of_environment())
    _ends.callback(slot.give_back)
    os.environ["LEADHUB_TEST_HOME"] = str(slot.home.folder)
    slot.home.prepare()
    os.environ["MEDIA_ROOT"] = str(slot.home.media)
    _ends.callback(shutil.rmtree, slot.home.media, ignore_errors=True)
    engines: list[Postgres | Valkey] = []
    if not os.environ.get("DATABASE_URL"):
        engines.append(Postgres(slot.home, losable=True))
    if not os.environ.get("REDIS_URL"):
        os.environ["LEADHUB_TEST_VALKEY"] = "local"
        engines.append(Valkey(slot.home, losable=True))
    _stop_valkeys(slot.home)  # what a killed run left
    _ends.callback(_stop_valkeys, slot.home)  # and what workers leave that xdist kills after Ctrl-C
    for engine in engines:
        engine.stop()
        _ends.callback(engine.stop)
        engine.start()
        if isinstance(engine, Postgres):
            engine.settle()
            os.environ["LEADHUB_TEST_TEMPLATES"] = str(slot.home.folder)
    export(slot.home, engines)
    _valkey.extend(engine for engine in engines if isinstance(engine, Valkey))


def _stop_valkeys(home: Home) -> None:
    for valkey in Valkey.all_of(home):
        valkey.stop()


def _join_run(worker: str) -> None:
    """An xdist worker shares PostgreSQL (in a database of its own) and has its own Valkey: queues must not mix."""
    home = Home(Path(os.environ["LEADHUB_TEST_HOME"]))
    os.environ["MEDIA_ROOT"] = str(home.media / worker)
    if os.environ.get("LEADHUB_TEST_VALKEY") != "local":
        return
    valkey = Valkey(home, losable=True, name=f"valkey-{worker}")
    valkey.stop()
    _ends.callback(valkey.stop)
    valkey.start()
    export(home, [valkey])
    _valkey.append(valkey)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
