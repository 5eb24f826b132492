"""What is kept about the state of rules and scores: readings of rule health, and nightly checks of every score."""

from datetime import datetime

from django.db import models

#: Of the leads whose score differed, so many are named.
MOST_NAMED = 100


class RuleHealthQuerySet(models.QuerySet["RuleHealth"]):
    """Readings, named by what the rows are."""

    def under_way(self) -> "RuleHealthQuerySet":
        """Asked for and not finished."""
        return self.filter(finished_at=None).order_by("asked_at", "pk")

    def at_rest(self) -> "RuleHealthQuerySet":
        """Nobody is at them."""
        return self.filter(finished_at__isnull=False)


class RuleHealth(models.Model):
    """How the rules of one version work over all leads: the last finished reading, and the one under way.

    `figures` are `scoring.health.Figures` as JSON. While a reading is under way `finished_at` is null, `tally` holds the
    sums so far and `upto` the last lead in them, so whoever goes on with it starts there. `problem` is why the reading asked
    for last came to nothing, for people.
    """

    version = models.OneToOneField(
        "scoring.ScoringModel", primary_key=True, on_delete=models.CASCADE, related_name="health"
    )
    document = models.CharField(max_length=64)
    day = models.DateField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    upto = models.BigIntegerField(default=0)
    expected = models.IntegerField(default=0)
    tally = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True, default="")

    objects = RuleHealthQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.version_id} {self.day}"

    @property
    def done(self) -> int:
        """Leads read so far."""
        return int(self.tally.get("leads", 0))


class ScoreCheckQuerySet(models.QuerySet["ScoreCheck"]):
    """Checks, named by what the rows are."""

    def under_way(self) -> "ScoreCheckQuerySet":
        return self.filter(finished_at=None).order_by("-day")

    def ended(self) -> "ScoreCheckQuerySet":
        """Newest first."""
        return self.filter(finished_at__isnull=False).order_by("-day")


class ScoreCheck(models.Model):
    """One nightly check that every stored score is what its ledger's lines sum to (product.md §3).

    `upto` is the last lead checked. `leads` were compared, of them `sampled` by their full ledger; `waiting` had something
    new to count at that moment and were left out. `differing` were scored anew; at most 100 of them are `named`.
    """

    day = models.DateField(primary_key=True)
    version = models.IntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    upto = models.BigIntegerField(default=0)
    leads = models.IntegerField(default=0)
    sampled = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    differing = models.IntegerField(default=0)
    named = models.JSONField(default=list)

    objects = ScoreCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.day)

    def note(self, *, upto: int, leads: int, sampled: int, waiting: int, differing: list[int]) -> None:
        """Add what a portion of leads showed; call it in the transaction of the portion."""
        self.upto, self.leads = upto, self.leads + leads
        self.sampled, self.waiting = self.sampled + sampled, self.waiting + waiting
        self.differing += len(differing)
        self.named = [*self.named, *differing][:MOST_NAMED]
        self.save()

    def end(self, at: datetime) -> None:
        """Every lead has been looked at."""
        self.finished_at = at
        self.save(update_fields=["finished_at"])
