"""Who may read the mailbox of the house (quality.md §4): managers and administrators all of it, others their own mail."""

from accounts.access import anyone_signed_in, holders
from accounts.models import Role

may_read_notices = anyone_signed_in
may_open_mailbox = anyone_signed_in
sees_every_mail = holders(Role.SALES_MANAGER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
may_manage_hooks = holders(Role.ADMINISTRATOR)
may_resend_mail = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
#: Who finds the way from here to the e-mails to leads (nurture.permissions guards them).
sees_letters = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.SALES_REP, Role.SALES_MANAGER, Role.ADMINISTRATOR)
#: Who is told that the reminders stand still.
watches_the_clocks = sees_every_mail
