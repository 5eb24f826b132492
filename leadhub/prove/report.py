"""What a proof says: what broke how often, what held, and the figures; as text and as a page of the documentation."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .checks import Finding, Left
    from .handoffs import Proof


@dataclass(frozen=True)
class Section:
    """One area: figures by name, and the invariants."""

    title: str
    figures: dict[str, str]
    findings: "list[Finding]"

    @classmethod
    def of_handoffs(cls, proof: "Proof", left: "Left") -> "Section":
        median, p99, most = left.lateness()
        obeyed = proof.orders.obeyed()
        modes = sorted({mode for _point, mode in obeyed})
        figures = {
            "handoffs due / followed up in time": f"{len(proof.due)} / {len(proof.quiet)}",
            "failures in all": str(proof.failures),
            "at fault points": ", ".join(
                f"{mode} {sum(n for (_p, m), n in obeyed.items() if m == mode)}" for mode in modes
            ),
            "besides": ", ".join(f"{what} {count}" for what, count in sorted(proof.counts.items())),
            "notices": str(sum(left.notices.values())),
            "mails sent / taken / too many / in the window": f"{sum(m.sent_at is not None for m in left.mails)} / "
            f"{sum(map(len, proof.sink.taken.values()))} / {proof.sink.duplicates} / {proof.in_window}",
            "mails given up under fire, and asked for again by hand": str(len(proof.asked_again)),
            "the mail server answered": ", ".join(
                f"{mood} {count}" for mood, count in sorted(proof.sink.answered.items())
            ),
            "seconds from due to told, p50 / p99 / most": f"{median:.1f} / {p99:.1f} / {most:.1f}",
            "seconds under fire and after / until all was done": f"{proof.seconds:.0f} / {proof.settled_after:.0f}",
        }
        return cls("Reminders under fire", figures, left.findings())


@dataclass
class Report:
    """All areas of one run."""

    tier: str
    seed: int
    sections: list[Section] = field(default_factory=list)

    def add(self, section: Section) -> None:
        self.sections.append(section)

    @property
    def faults(self) -> list[str]:
        """What did not hold."""
        return [f"{one.name}: {fault}" for section in self.sections for one in section.findings for fault in one.faults]

    @property
    def headline(self) -> str:
        return f"Proof, tier {self.tier}, seed {self.seed}"

    @staticmethod
    def text_of(section: Section) -> str:
        """One area, as soon as it is through."""
        lines = ["", section.title, *(f"  {name:50} {value}" for name, value in section.figures.items())]
        for one in section.findings:
            lines.append(f"  {'ok  ' if not one.faults else 'FAIL'} {one.name:7} {one.says}")
            lines += [f"       {fault}" for fault in one.faults[:10]]
        return "\n".join(lines)

    def page(self) -> str:
        """The same as Markdown."""
        lines = ["# The proof of delivery", "", f"Made by `make prove TIER={self.tier}` (seed {self.seed})."]
        for section in self.sections:
            lines += ["", f"## {section.title}", "", "| figure | |", "|---|---|"]
            lines += [f"| {name} | {value} |" for name, value in section.figures.items()]
            lines += ["", "| invariant | says | |", "|---|---|---|"]
            held = [(one, "; ".join(one.faults[:3]) or "holds") for one in section.findings]
            lines += [f"| {one.name} | {one.says} | {what} |" for one, what in held]
        return "\n".join([*lines, ""])
