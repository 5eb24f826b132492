"""What a command finds in its environment: the local engines, started or adopted, and their addresses."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .engines import Engines
from .home import Home
from .postgres import Postgres, export_for_clients
from .signals import deaf_to_signals, ended_by_signals
from .valkey import Valkey

# Commands that read the settings but never ask a server anything.
WITHOUT_ENGINES = {"help", "version", "collectstatic", "compilemessages", "makemessages", "findstatic", "diffsettings"}


@contextmanager
def ensure(command: Sequence[str] = (), *, always_stop: bool = False, home: Home | None = None) -> Iterator[None]:
    """Where DATABASE_URL or REDIS_URL is unset, start or adopt the local engine and export its address while inside.

    `command` is the command line about to run: those that need no server get addresses only. On the way out, also by
    Ctrl-C, SIGTERM or a closed terminal, engines are left as they were found. LocalError says what went wrong.
    """
    home = home or Home.of_environment()
    wanted: list[Postgres | Valkey] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(Postgres(home))
    if not os.environ.get("REDIS_URL"):
        wanted.append(Valkey(home))
    if not wanted:
        yield
        return
    engines = Engines(home, tuple(wanted))
    idle = _needs_no_engine(command)
    with ended_by_signals():
        try:
            if not idle:
                engines.enter(always_stop=always_stop)
            export(home, wanted)
            yield
        finally:
            with deaf_to_signals():
                engines.leave()


def export(home: Home, engines: Sequence[Postgres | Valkey]) -> None:
    """Put the addresses of these engines, and what else the settings need, into the environment."""
    for engine in engines:
        os.environ["DATABASE_URL" if isinstance(engine, Postgres) else "REDIS_URL"] = engine.url
        if isinstance(engine, Postgres):
            export_for_clients(engine)
    for name, folder in (("MEDIA_ROOT", home.media), ("STATIC_ROOT", home.folder / "static")):
        os.environ.setdefault(name, str(folder))
        Path(os.environ[name]).mkdir(parents=True, exist_ok=True)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = secret_key(home)


def secret_key(home: Home) -> str:
    """This home's own key, made once and readable by its owner only."""
    home.folder.mkdir(parents=True, exist_ok=True)
    place = home.folder / "secret_key"
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if key := place.read_text().strip():
            return key
        place.unlink()
        return secret_key(home)
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


def _needs_no_engine(command: Sequence[str]) -> bool:
    words = list(command[1:])
    asks_for_help = "--help" in words or "-h" in words or words[-1:] == ["--version"]
    return bool(command) and (not words or asks_for_help or words[0] in WITHOUT_ENGINES)
