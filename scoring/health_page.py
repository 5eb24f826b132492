"""What the page of rule health shows of a version: its last reading, the one under way, and what to look at."""

from dataclasses import dataclass
from functools import cached_property

from .health_figures import Figures, RuleFigures
from .health_findings import Finding, findings, lift_in_words
from .health_reading import document_of
from .models import ScoringModel
from .models_health import RuleHealth


@dataclass(frozen=True)
class RuleRow:
    """A rule, what to look at about it, and its lift in words."""

    figures: RuleFigures
    findings: list[Finding]
    lift: tuple[str, str]


@dataclass(frozen=True)
class HealthPage:
    """The page of one version. `reading` is None where nobody has asked yet."""

    version: ScoringModel
    reading: RuleHealth | None

    @classmethod
    def of(cls, version: ScoringModel) -> "HealthPage":
        return cls(version, RuleHealth.objects.filter(pk=version.pk).first())

    @property
    def is_under_way(self) -> bool:
        return self.reading is not None and self.reading.finished_at is None

    @cached_property
    def figures(self) -> Figures | None:
        """The last finished reading."""
        if self.reading is None or not self.reading.figures:
            return None
        return Figures.from_json({key: value for key, value in self.reading.figures.items() if key != "document"})

    @property
    def is_of_other_rules(self) -> bool:
        """Whether the version was changed since it was read."""
        return bool(self.reading and self.figures and self.reading.figures["document"] != document_of(self.version))

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.figures) if self.figures else []

    @property
    def rows(self) -> list[RuleRow]:
        """All rules, those that fire most first."""
        about = {rule.key: [one for one in self.findings if one.key == rule.key] for rule in self._rules}
        ordered = sorted(self._rules, key=lambda rule: -rule.leads)
        return [RuleRow(rule, about[rule.key], lift_in_words(rule)) for rule in ordered]

    @property
    def _rules(self) -> tuple[RuleFigures, ...]:
        return self.figures.rules if self.figures else ()
