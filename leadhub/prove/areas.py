"""The proofs by area; importing this sets Django up, so the environment of the settings must be whole by then."""

import os
import random
from collections.abc import Callable
from dataclasses import replace

import django

django.setup()

from .checks import Left  # noqa: E402 - needs the settings
from .claims import Claims  # noqa: E402
from .crew import Crew  # noqa: E402
from .handoffs import Proof  # noqa: E402
from .letter_checks import LettersLeft  # noqa: E402
from .letters import LETTER_ENVIRONMENT, LetterProof  # noqa: E402
from .orders import Orders  # noqa: E402
from .report import Report, Section  # noqa: E402
from .sink import Sink  # noqa: E402
from .stand import Stand  # noqa: E402
from .tiers import LETTERS, TIERS, Tier  # noqa: E402


def prove_handoffs(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Reminders: none lost, none early, none twice, whatever dies."""
    sink = Sink(tier.moods, rng)
    sink.start()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
    crew = Crew(stand.folder / "logs")
    proof = Proof(stand, tier, rng, Orders(stand.folder), sink, crew)
    try:
        proof.run()
    finally:
        crew.end()
        sink.stop()
    left = Left(proof)
    report.add(Section.of_handoffs(proof, left))


def prove_claims(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Claims: one wins whatever dies, and everybody else is told who."""
    crew = Crew(stand.folder / "logs")
    claims = Claims(tier, rng, Orders(stand.folder), crew)
    try:
        claims.run()
    finally:
        crew.end()
    report.add(Section("Claims over HTTP", claims.figures(), claims.findings()))


def prove_letters(stand: Stand, tier: Tier, rng: random.Random, report: Report) -> None:
    """Letters to leads: none twice, none to who left, whatever dies."""
    tier = (
        LETTERS[tier.name]
        if tier.seconds == TIERS[tier.name].seconds
        else replace(LETTERS[tier.name], seconds=tier.seconds)
    )
    sink = Sink(tier.moods, rng)
    sink.start()
    os.environ |= LETTER_ENVIRONMENT | {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    if tier.name == "smoke":  # whose server never keeps anybody waiting
        os.environ["MAIL_LEASE_SECONDS"] = "2"
    crew = Crew(stand.folder / "logs")
    proof = LetterProof(stand, tier, rng, Orders(stand.folder), sink, crew)
    try:
        proof.run()
    finally:
        crew.end()
        sink.stop()
    report.add(LettersLeft(proof).section())


PROOFS: dict[str, Callable[[Stand, Tier, random.Random, Report], None]] = {
    "handoff": prove_handoffs,
    "claims": prove_claims,
    "nurture": prove_letters,
}
