"""What stands around the local engines: the secret key, test slots, the blocked network, the supervisor, the port."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from leadhub.local import processes, up
from leadhub.local.environment import secret_key
from leadhub.local.home import CHECKOUT, Home, LocalError
from leadhub.local.slots import Slot
from leadhub.local.sockets import OutgoingNetwork
from leadhub.local.supervisor import Child, Supervisor, end_strays
from leadhub.testing import eventually

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = secret_key(Home(tmp_path))
    assert len(key) > 80
    assert secret_key(Home(tmp_path)) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_two_runs_of_the_tests_never_share_a_slot(tmp_path: Path) -> None:
    first, second = Slot.take(Home(tmp_path)), Slot.take(Home(tmp_path))
    assert first.home != second.home
    first.give_back()
    third = Slot.take(Home(tmp_path))
    assert third.home == first.home
    second.give_back()
    third.give_back()


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1", "::ffff:192.0.2.1", b"example.com"])
def test_tests_do_not_reach_the_network(host: str) -> None:
    with pytest.raises(OutgoingNetwork):
        socket.create_connection((host, 80), timeout=1)


def test_tests_do_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_a_dead_child_starts_again_and_people_are_told(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child("worker", SLEEP, tmp_path / "worker.log", tmp_path)
    supervisor = Supervisor([child], tmp_path / "children.json", said.append)
    supervisor.start(child)
    assert child.process
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    supervisor.tend()
    child.due = 0
    supervisor.tend()
    assert "worker ended (exit -9) and starts again in 1 s" in said[0]
    assert child.process
    assert child.process.pid != first
    supervisor.end()
    assert child.process.poll() is not None


def test_pauses_between_starts_grow(tmp_path: Path) -> None:
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "web.log", tmp_path)
    pauses = []
    for _attempt in range(7):
        child.start()
        assert eventually(lambda: child.died() == 3)
        pauses.append(round(child.due - time.monotonic()))
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_children_of_a_killed_supervisor_end_with_the_next_start(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, pathlib; from leadhub.local.supervisor import Child, Supervisor\n"
        "folder = pathlib.Path(sys.argv[1]); child = Child('web', sys.argv[2:], folder / 'web.log', folder)\n"
        "Supervisor([child], folder / 'children.json').start(child); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path, *SLEEP], cwd=CHECKOUT, check=False)
    (pid,) = json.loads((tmp_path / "children.json").read_text())
    assert processes.alive(int(pid))
    assert end_strays(tmp_path / "children.json")
    assert not processes.alive(int(pid))


def test_a_stranger_with_the_number_of_a_dead_child_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "60"])
    (tmp_path / "children.json").write_text(f'{{"{stranger.pid}": ["python", "-m", "gunicorn"]}}')
    assert not end_strays(tmp_path / "children.json")
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "８０００", "1e3"])
def test_a_port_that_is_none_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LocalError, match="has to be a number from 1 to 65535"):
        up.port_of_environment()


def test_a_taken_port_is_refused_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(LocalError, match=f"Port {port} is taken by another program"):
            up.refuse_a_taken_port(port)


def test_a_port_that_strays_held_is_waited_for() -> None:
    """Their leader is gone before the children that share its socket are."""
    server = socket.create_server(("127.0.0.1", 0))
    Timer(0.3, server.close).start()
    up.refuse_a_taken_port(server.getsockname()[1], patience=60)


def test_a_second_run_from_the_same_folder_says_so(tmp_path: Path) -> None:
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'a+b'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); input()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "up.lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout
    first.stdout.readline()
    second = subprocess.run(
        [sys.executable, "-m", "leadhub.local", "up"],
        cwd=CHECKOUT,
        env=os.environ | {"LEADHUB_LOCAL": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    first.communicate(b"\n")
    assert second.returncode == 1
    assert "LeadHub already runs from" in second.stderr


def test_sign_ins_stand_in_columns() -> None:
    assert up.in_columns("Analyst\ta@x\tpw\nMarketing manager\tbb@x\tpw") == [
        "  Analyst            a@x   pw",
        "  Marketing manager  bb@x  pw",
    ]


def test_the_local_package_knows_nothing_of_django() -> None:
    program = "import sys, leadhub.local.up; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=False).returncode == 0


def test_manage_py_shows_help_without_starting_anything(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--help"],
        cwd=CHECKOUT,
        env=clean | {"LEADHUB_LOCAL": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "usage: manage.py migrate" in done.stdout
    assert not (tmp_path / "engines" / "run").exists()
