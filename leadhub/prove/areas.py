"""The proofs by area; importing this sets Django up, so the environment of the settings must be whole by then."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import django

django.setup()

from .checks import Left  # noqa: E402 - needs the settings
from .claims import Claims  # noqa: E402
from .crew import Crew  # noqa: E402
from .handoffs import Proof  # noqa: E402
from .letter_checks import LettersLeft  # noqa: E402
from .letters import LETTER_ENVIRONMENT, LetterProof  # noqa: E402
from .mails import Mails  # noqa: E402
from .minute import Minute  # noqa: E402
from .orders import Orders  # noqa: E402
from .outages import Outages  # noqa: E402
from .report import Report, Section  # noqa: E402
from .sink import Sink  # noqa: E402
from .stand import Stand  # noqa: E402
from .tiers import LETTERS, SCALES, TIERS, Tier  # noqa: E402


def prove_handoffs(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Reminders: none lost, none early, none twice, whatever dies."""
    with _post_office(tier.moods, rng) as sink, _crew(stand) as crew:
        proof = Proof(stand, tier, rng, Orders(stand.folder), sink, crew)
        proof.run()
    report.add(Section.of_handoffs(proof, Left(proof)))


def prove_claims(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Claims: one wins whatever dies, and everybody else is told who."""
    with _crew(stand) as crew:
        claims = Claims(tier, rng, Orders(stand.folder), crew)
        claims.run()
    report.add(Section("Claims over HTTP", claims.figures(), claims.findings()))


def prove_letters(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Letters to leads: none twice, none to who left, whatever dies."""
    own = LETTERS[tier.name]
    tier = own if tier.seconds == TIERS[tier.name].seconds else replace(own, seconds=tier.seconds)
    with _post_office(tier.moods, rng) as sink, _crew(stand) as crew:
        os.environ |= LETTER_ENVIRONMENT
        if tier.name == "smoke":  # whose server never keeps anybody waiting
            os.environ["MAIL_LEASE_SECONDS"] = "2"
        proof = LetterProof(stand, tier, rng, Orders(stand.folder), sink, crew)
        proof.run()
    report.add(LettersLeft(proof).section())


def prove_minute(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """A thousand leads due within a minute: how late is each told?"""
    with _post_office({"ok": 1.0}, rng) as sink, _crew(stand) as crew:
        minute = Minute(SCALES[tier.name].minute, rng, sink, crew)
        minute.run()
        report.add(minute.section())


def prove_mails(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Mails: every way a server may answer, rows that kill, senders that are stopped."""
    with _post_office({"ok": 1.0}, rng) as sink, _crew(stand) as crew:
        proof = Mails(SCALES[tier.name], rng, Orders(stand.folder), sink, crew)
        proof.run()
        report.add(proof.section())


def prove_outages(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """People at work while Valkey or PostgreSQL is not."""
    with _post_office({"ok": 1.0}, rng), _crew(stand) as crew:
        proof = Outages(SCALES[tier.name], rng, stand, crew)
        proof.run()
        report.add(proof.section())


@contextmanager
def _post_office(moods: dict[str, float], rng: random.Random) -> Iterator[Sink]:
    """A mail server to which the processes that start from now on send."""
    sink = Sink(moods, rng)
    sink.start()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
    try:
        yield sink
    finally:
        sink.stop()


@contextmanager
def _crew(stand: Stand) -> Iterator[Crew]:
    """Whoever works, gone at the end; the environment is as it was."""
    stand.folder.mkdir(parents=True, exist_ok=True)
    before, crew = dict(os.environ), Crew(stand.folder / "logs")
    try:
        yield crew
    finally:
        crew.end()
        os.environ |= before


PROOFS: dict[str, Callable[[Stand, Tier, random.Random, Report], None]] = {
    "handoff": prove_handoffs,
    "mail": prove_mails,
    "nurture": prove_letters,
    "minute": prove_minute,
    "claims": prove_claims,
    "outages": prove_outages,
}
