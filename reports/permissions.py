"""Who may open which report (quality.md §4): a rep sees how the own handoffs went, the others the whole company."""

from accounts.access import holders
from accounts.models import Role, User

sees_company_reports = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ANALYST, Role.ADMINISTRATOR
)
may_see_sla = holders(*Role.values)
may_see_reports = may_see_sla
may_see_funnel = sees_company_reports


def sees_own_sla_only(user: User) -> bool:
    return not sees_company_reports(user)
