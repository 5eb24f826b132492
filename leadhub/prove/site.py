"""LeadHub as browsers meet it: a web server on loopback, people who are signed in, and what came back."""

import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import scene
from .crew import Crew

TOKEN = "p" * 32
READY_SECONDS = 60.0
#: Nobody knows what became of it: the connection broke before an answer came.
UNKNOWN = 0


@dataclass
class Site:
    """The web server of a proof; `cookies` are the sessions of people by id."""

    crew: Crew
    port: int = 0

    def open(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.crew.web(self.port)
        ends = time.monotonic() + READY_SECONDS
        while self.ask("", "/healthz", seconds=5)[0] == UNKNOWN:
            if time.monotonic() > ends:
                raise TimeoutError(self.crew.said("web"))
            time.sleep(0.2)

    def ask(self, cookie: str, path: str, *, post: bool = False, seconds: float = 60) -> tuple[int, str]:
        """What that person's browser is told: the status, `UNKNOWN` for none, and the words."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        names = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        more = {"X-CSRFToken": TOKEN, "HX-Request": "true"} if post else {}
        try:
            line.request("POST" if post else "GET", path, headers={"Cookie": names, **more})
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, HTTPException):
            return UNKNOWN, ""
        finally:
            line.close()


def signed_in(number: int) -> dict[int, str]:
    """So many reps who are signed in: the key of each one's session."""
    people = scene.sellers(number)
    backend, expires = settings.AUTHENTICATION_BACKENDS[-1], timezone.now() + timedelta(hours=1)
    sessions = {person.pk: f"prove{person.pk:027d}" for person in people}
    rows = [
        Session(
            session_key=sessions[person.pk], expire_date=expires,
            session_data=SessionStore().encode(
                {SESSION_KEY: str(person.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: person.get_session_auth_hash()}
            ),
        )
        for person in people
    ]  # fmt: skip
    Session.objects.bulk_create(rows, ignore_conflicts=True)
    return sessions
