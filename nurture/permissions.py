"""Who may do what with lists (quality.md §4): marketing fills and edits them, everybody may read them."""

from accounts.access import anyone_signed_in, holders
from accounts.models import Role

may_see_lists = anyone_signed_in
may_edit_lists = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_see_emails = anyone_signed_in
may_write_emails = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)

#: Letters are free text with names in it: whoever reads personal data of all leads reads them; reps those of own leads.
may_read_all_letters = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMINISTRATOR)
may_open_letters = holders(
    Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR
)
may_resend_letter = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_lift_suppression = may_resend_letter
