"""The local engines: started, shared, left as found, and taken up again after any kind of death."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from leadhub.local.home import CHECKOUT, SOCKET_PATH_LIMIT, Home
from leadhub.local.postgres import Postgres
from leadhub.local.valkey import Valkey

HOLD = """
import os, sys
from leadhub import local
with local.ensure(["manage.py", "migrate"]):
    print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
    sys.stdin.readline()
"""
OURS = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "STATIC_ROOT", "SECRET_KEY", "LEADHUB_LOCAL")


class Command:
    """A process that uses the engines of a home until it is told to go."""

    def __init__(self, home: Home, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
            env=clean | {"LEADHUB_LOCAL": str(home.folder)} | environment,
        )
        assert self.process.stdout
        self.addresses = self.process.stdout.readline().split()

    def go(self, how: signal.Signals | None = None) -> None:
        assert self.process.stdin
        assert self.process.stdout
        if how:
            self.process.send_signal(how)
        else:
            self.process.stdin.write("\n")
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def running(home: Home) -> tuple[bool, bool]:
    return Postgres(home).pid() is not None, Valkey(home).pid() is not None


BOTH, NEITHER = (True, True), (False, False)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that a service user can reach, unlike pytest's own when root runs the tests."""
    made = Path(tempfile.mkdtemp(prefix="leadhub test ")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def shared_home(folder: Path) -> Home:
    return Home(folder / "a home with spaces")


@pytest.fixture
def home(shared_home: Home) -> Iterator[Home]:
    """One home whose engines are down before and after each test; its data stays, which saves making it again."""
    yield shared_home
    Postgres(shared_home).stop()
    Valkey(shared_home).stop()
    (shared_home.folder / "leave-running").unlink(missing_ok=True)


def test_a_command_finds_both_engines_and_leaves_nothing_running(home: Home) -> None:
    command = Command(home)
    assert running(home) == BOTH
    with psycopg.connect(command.addresses[0]) as connection:
        row = connection.execute("SELECT current_database(), current_setting('listen_addresses')").fetchone()
    assert row == ("leadhub", "")
    command.go()
    assert running(home) == NEITHER


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda how: how.name)
def test_a_command_that_is_ended_leaves_nothing_running(home: Home, how: signal.Signals) -> None:
    command = Command(home)
    command.go(how)
    assert command.process.returncode != 0
    assert running(home) == NEITHER


def test_the_last_of_two_commands_stops_the_engines_whoever_started_them(home: Home) -> None:
    first, second = Command(home), Command(home)
    assert first.addresses == second.addresses
    first.go()
    assert running(home) == BOTH
    second.go()
    assert running(home) == NEITHER


def test_engines_found_running_with_nobody_using_them_are_left_running(home: Home) -> None:
    Command(home).go(signal.SIGKILL)
    assert running(home) == BOTH
    Command(home).go()
    assert running(home) == BOTH


def test_a_killed_user_does_not_count_as_one(home: Home) -> None:
    first, second = Command(home), Command(home)
    first.go(signal.SIGKILL)
    second.go()
    assert running(home) == NEITHER


def test_everything_killed_at_once_starts_again_with_its_data(home: Home) -> None:
    command = Command(home)
    with psycopg.connect(command.addresses[0], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    for pid in (Postgres(home).pid(), Valkey(home).pid()):
        os.kill(pid or 0, signal.SIGKILL)
    command.go(signal.SIGKILL)
    again = Command(home)
    with psycopg.connect(again.addresses[0]) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        connection.execute("DROP TABLE kept")
    again.go()
    assert running(home) == NEITHER


def test_a_pid_file_that_names_a_living_stranger_is_no_server(home: Home) -> None:
    Command(home).go()
    # As the engines' own user: PostgreSQL itself tells apart only strangers it may not signal.
    user = home.engine_user
    stranger = subprocess.Popen(["sleep", "60"], user=user.pw_uid if user else None)
    note = Postgres(home).data / "postmaster.pid"
    note.write_text(f"{stranger.pid}\n{note.parent}\n{int(time.time())}\n5432\n{home.sockets}\n\n")
    try:
        command = Command(home)
        assert running(home) == BOTH
        command.go()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_damaged_append_only_file_is_put_aside(home: Home) -> None:
    Command(home).go()
    for part in Valkey(home).data.rglob("*.manifest"):
        part.write_text("this is no manifest")
    command = Command(home)
    assert running(home) == BOTH
    assert Valkey(home).data.with_suffix(".damaged").exists()
    command.go()


def test_two_homes_side_by_side_do_not_meet(home: Home, folder: Path) -> None:
    other = Home(folder / "another")
    first, second = Command(home), Command(other)
    assert set(first.addresses).isdisjoint(second.addresses)
    second.go()
    assert (running(home), running(other)) == (BOTH, NEITHER)
    first.go()


def test_given_servers_are_used_and_nothing_is_started(folder: Path) -> None:
    home = Home(folder / "unused")
    command = Command(home, DATABASE_URL="postgresql://elsewhere/x", REDIS_URL="redis://elsewhere/0")
    assert command.addresses == ["postgresql://elsewhere/x", "redis://elsewhere/0"]
    command.go()
    assert not home.folder.exists()


def test_sockets_are_for_their_owner_only_and_paths_never_too_long(home: Home, folder: Path) -> None:
    command = Command(home)
    assert home.sockets.stat().st_mode & 0o777 == 0o700
    command.go()
    deep = Home(folder / ("d" * 90) / ("e" * 40))
    assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT
    assert deep.sockets != Home(folder / ("d" * 90) / ("f" * 40)).sockets


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives way to a service user")
def test_a_checkout_that_the_service_user_cannot_reach_gets_its_engines_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "home")
    try:
        command = Command(home)
        assert running(home) == BOTH
        assert home.engine_folder.parent == Path("/var/tmp")
        command.go()
        assert running(home) == NEITHER
    finally:
        shutil.rmtree(home.engine_folder, ignore_errors=True)
