"""Where a lead stands: the stages and the one table of allowed moves (product.md §4, R15, R16, R22)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Funnel stages; the values are what files and the API say, the labels what people read."""

    LEAD = "lead", _("Lead")
    MARKETING_QUALIFIED = "mql", _("MQL")
    SALES_QUALIFIED = "sql", _("SQL")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CUSTOMER = "customer", _("Customer")
    LOST = "lost", _("Lost")
    DISQUALIFIED = "disqualified", _("Disqualified")


class Cause(models.TextChoices):
    """What moved a lead."""

    SCORE = "score", _("Score")
    INTENT = "intent", _("Commercial intent")
    PERSON = "person", _("A person")
    IMPORT = "import", _("Import")


@dataclass(frozen=True)
class Move:
    """One allowed move. `automatic`: score or intent may do it; `reason`: a person must say why; `cycle`: starts a new one."""

    automatic: bool = False
    marketing: bool = False
    sales: bool = False
    reason: bool = True
    cycle: bool = False


_L, _M, _S, _O = Stage.LEAD, Stage.MARKETING_QUALIFIED, Stage.SALES_QUALIFIED, Stage.OPPORTUNITY
MOVES: dict[tuple[Stage, Stage], Move] = {
    (_L, _M): Move(automatic=True, marketing=True),
    (_M, _L): Move(automatic=True, marketing=True),
    (_L, _S): Move(automatic=True, marketing=True),
    (_M, _S): Move(automatic=True, marketing=True),
    (_S, _O): Move(sales=True, reason=False),
    (_S, _M): Move(sales=True, cycle=True),
    (_S, _L): Move(sales=True, cycle=True),
    (_S, Stage.DISQUALIFIED): Move(sales=True),
    (_O, Stage.CUSTOMER): Move(sales=True),
    (_O, Stage.LOST): Move(sales=True),
    (Stage.LOST, _M): Move(marketing=True, cycle=True),
    (Stage.DISQUALIFIED, _L): Move(marketing=True, cycle=True),
}

#: The five steps of the path; the other two stand beside it.
PATH = (_L, _M, _S, _O, Stage.CUSTOMER)
#: Who owns the lead at each stage: marketing until it becomes SQL (R16).
SALES_STAGES = frozenset({_S, _O, Stage.CUSTOMER})


def entered_from(to: Stage) -> frozenset[Stage]:
    """The stages from which `to` may be entered."""
    return frozenset(start for start, end in MOVES if end == to)
