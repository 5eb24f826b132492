"""Who works at StockWise: nine people, their roles and hours. Their one password is public, so none of it is for production."""

from dataclasses import dataclass

from accounts.models import Role

PASSWORD = "warehouse-demo-2026"  # noqa: S105
TEAM = "Sales"
_MAIL = "leadhub.example"


@dataclass(frozen=True)
class Colleague:
    """One of StockWise's people. `quick`: usual hours to a claim; `share`: of the handoffs a rep takes; `hour`: from UTC."""

    name: str
    roles: tuple[str, ...]
    time_zone: str
    hour: int = 1
    quick: float = 0.0
    share: int = 0

    @property
    def email(self) -> str:
        return f"{self.name.split(' ', maxsplit=1)[0].lower()}@{_MAIL}"

    @property
    def sells(self) -> bool:
        return bool({Role.SALES_REP, Role.SALES_MANAGER} & set(self.roles))


MONA = Colleague("Mona Zielińska", (Role.MARKETER,), "Europe/Warsaw")
BUDI = Colleague("Budi Hartono", (Role.MARKETER,), "Asia/Jakarta", hour=7)
MICK = Colleague("Mick Nowicki", (Role.MARKETING_MANAGER,), "Europe/Warsaw")
RITA = Colleague("Rita Wójcik", (Role.SALES_REP,), "Europe/Warsaw", quick=0.8, share=40)
SAM = Colleague("Sam Siregar", (Role.SALES_REP,), "Asia/Jakarta", hour=7, quick=1.4, share=34)
DANA = Colleague("Dana Bergmann", (Role.SALES_REP,), "Europe/Berlin", quick=3.0, share=26)
SUE = Colleague("Sue Wijaya", (Role.SALES_MANAGER,), "Europe/Warsaw")
ANN = Colleague("Ann Lindqvist", (Role.ANALYST,), "Europe/Warsaw")
ADA = Colleague("Ada Król", (Role.ADMINISTRATOR,), "Europe/Warsaw")

COLLEAGUES = (MONA, BUDI, MICK, RITA, SAM, DANA, SUE, ANN, ADA)
REPS = tuple(colleague for colleague in COLLEAGUES if colleague.share)
MARKETERS = (MONA, BUDI)
