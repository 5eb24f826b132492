"""Where a proof happens: PostgreSQL and Valkey of its own in a temporary folder, and the environment its processes share."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from leadhub.local.environment import export
from leadhub.local.home import CHECKOUT, Home
from leadhub.local.postgres import Postgres
from leadhub.local.valkey import Valkey

#: How long an engine is away.
AWAY_SECONDS = 8.0
#: So short that a proof need not wait for minutes; a round of sending ends well before the lease does.
ENVIRONMENT = {
    "SWEEP_SECONDS": "1", "MAIL_LEASE_SECONDS": "8", "MAIL_ROUND_SECONDS": "2", "EMAIL_TIMEOUT": "3", "LOG_LEVEL": "WARNING",
}  # fmt: skip


@dataclass
class Stand:
    """The engines, where they are this proof's own to break; `folder` holds logs and orders."""

    folder: Path
    valkey: Valkey | None = None
    postgres: Postgres | None = None

    def power_cut_of_postgres(self) -> None:
        """SIGQUIT: it ends at once without a checkpoint (`pg_ctl -m immediate`), and starts again from its log."""
        if self.postgres and (pid := self.postgres.pid()):
            os.kill(pid, signal.SIGQUIT)
            self.postgres.stop()
            self.postgres.start()

    def kill_valkey(self) -> None:
        """SIGKILL, and an empty one in its place."""
        if self.valkey and (pid := self.valkey.pid()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.valkey.stop()
            self.valkey.start()

    def do_without_postgres(self) -> None:
        """It is away for a while (F14)."""
        if self.postgres:
            self.postgres.stop()
            time.sleep(AWAY_SECONDS)
            self.postgres.start()

    def do_without_valkey(self) -> None:
        """It is away for a while (F9)."""
        if self.valkey:
            self.valkey.stop()
            time.sleep(AWAY_SECONDS)
            self.valkey.start()

    def fill_valkey(self) -> None:
        """It takes nothing for a while: every write is refused (F10)."""
        with Redis.from_url(os.environ["REDIS_URL"]) as line:
            line.config_set("maxmemory", 1)
            time.sleep(AWAY_SECONDS)
            line.config_set("maxmemory", 0)

    def flush_valkey(self) -> None:
        Redis.from_url(os.environ["REDIS_URL"]).flushall()


@contextmanager
def own_engines() -> Iterator[Stand]:
    """Engines that nobody else uses, migrated; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="leadhub-prove-") as name:
        home = Home(Path(name))
        home.prepare()
        # PostgreSQL as it runs anywhere: what it acknowledged must outlive a power cut. Valkey may lose all it has.
        engines = (Postgres(home), Valkey(home, losable=True))
        try:
            for engine in engines:
                engine.start()
            engines[0].settle()
            for key in ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "STATIC_ROOT"):
                os.environ.pop(key, None)
            export(home, engines)
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=CHECKOUT, check=True)
            yield Stand(Path(name) / "proof", valkey=engines[1], postgres=engines[0])
        finally:
            for engine in engines:
                engine.stop()
            shutil.rmtree(home.engine_folder, ignore_errors=True)  # elsewhere where the engines are another user's
