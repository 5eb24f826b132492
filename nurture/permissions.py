"""Who may do what with lists (quality.md §4): marketing fills and edits them, everybody may read them."""

from accounts.access import anyone_signed_in, holders
from accounts.models import Role

may_see_lists = anyone_signed_in
may_edit_lists = holders(Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMINISTRATOR)
