"""The list of people, a page at a time."""

from collections.abc import Mapping

from django.conf import settings

from .models import User, UserQuerySet

MOST_TEXT = 100


class PeopleList:
    """The page that the address asks for: `q` finds names and addresses, `after` and `before` hold a person's number.

    A number that means nobody (or junk) means the first page.
    """

    def __init__(self, visible: UserQuerySet, asked: Mapping[str, str]) -> None:
        self.text = asked.get("q", "").strip()[:MOST_TEXT]
        self.size = settings.PAGE_ROWS
        found = visible.named(self.text)
        before = self._anchor(visible, asked.get("before", ""))
        after = None if before else self._anchor(visible, asked.get("after", ""))
        ordered = (
            found.preceding(before) if before else found.following(after) if after else found.order_by("name", "pk")
        )
        rows = list(ordered.select_related("team")[: self.size + 1])
        more = len(rows) > self.size
        self.rows = rows[: self.size][:: -1 if before else 1]
        self.next = self._cursor(-1) if before or more else ""
        self.previous = self._cursor(0) if after or (before and more) else ""

    def _cursor(self, position: int) -> str:
        return str(self.rows[position].pk) if self.rows else ""

    @staticmethod
    def _anchor(visible: UserQuerySet, number: str) -> User | None:
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        return visible.filter(pk=int(number)).first()
