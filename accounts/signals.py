"""The domain signals of people: how rooms above learn that somebody no longer works leads.

Both are sent inside the transaction with plain `send`, so a failing receiver rolls the change back.
Receivers (a test compares this list with what is connected):

- `person_deactivated`: handoff.departures.return_leads
- `sales_role_lost`: handoff.departures.return_leads
"""

from django.dispatch import Signal

#: `person: User` who can no longer sign in; `by: User` who did it; `at: datetime`.
person_deactivated = Signal()
#: `person: User` who is no longer sales rep; `by: User`; `at: datetime`.
sales_role_lost = Signal()
