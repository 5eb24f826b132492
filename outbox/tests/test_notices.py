"""People are told each thing once, in a list of their own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leadhub.testing import NOON, assert_same_queries, person, signed_in
from outbox import notices
from outbox.models import Notice

pytestmark = pytest.mark.django_db


def tell(name: str = "Rita", key: str = "k", text: str = "Dewi is due now.") -> None:
    notices.tell([person(name)], "due", text, "/handoffs/1/", key, NOON)


def test_the_same_key_tells_a_person_once() -> None:
    for name in ("Rita", "Rita", "Sam"):
        tell(name)
    assert Notice.objects.count() == 2


def test_many_notices_are_one_statement(django_assert_num_queries: object) -> None:
    rows = [notices.NewNotice(person("Rita"), "due", f"{n}", "", f"{n}") for n in range(50)]
    with django_assert_num_queries(1):  # type: ignore[operator]
        notices.tell_all(rows, at=NOON)


def test_long_text_ends_with_an_ellipsis() -> None:
    tell(text="x" * 400)
    assert len(Notice.objects.get().text) == 300
    assert Notice.objects.get().text.endswith("…")


def test_the_page_lists_my_notices_newest_first_and_nobody_elses() -> None:
    tell(key="a", text="First")
    tell(key="b", text="Second")
    tell("Sam", key="c", text="Not for Rita")
    page = signed_in("Rita").get(reverse("notices")).content.decode()
    assert page.index("Second") < page.index("First")
    assert "Not for Rita" not in page


def test_no_notices_say_what_will_come() -> None:
    assert "Nothing new" in signed_in("Rita").get(reverse("notices")).content.decode()


def test_opening_a_notice_marks_it_read_and_goes_there() -> None:
    tell()
    notice = Notice.objects.get()
    response = signed_in("Rita").post(reverse("notice_open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at
    assert response.url == "/handoffs/1/"


def test_looking_marks_nothing() -> None:
    tell()
    signed_in("Rita").get(reverse("notices"))
    assert Notice.objects.unread().count() == 1


def test_all_can_be_marked_read_and_only_ones_own() -> None:
    tell("Rita")
    tell("Sam")
    signed_in("Rita").post(reverse("notices_read"))
    assert [notice.recipient for notice in Notice.objects.unread()] == [person("Sam")]


def test_anothers_notice_does_not_exist() -> None:
    tell("Sam")
    assert signed_in("Rita").post(reverse("notice_open", args=[Notice.objects.get().pk])).status_code == 404


def test_a_notice_leads_nowhere_outside_the_house() -> None:
    notices.tell([person("Rita")], "due", "t", "https://evil.example/", "k", NOON)
    response = signed_in("Rita").post(reverse("notice_open", args=[Notice.objects.get().pk]))
    assert response.url == reverse("notices")


def test_read_ones_keep_their_first_moment() -> None:
    tell()
    Notice.objects.all().mark_read(at=NOON)
    Notice.objects.all().mark_read(at=NOON + timedelta(hours=1))
    assert Notice.objects.get().read_at == NOON


def test_pages_go_on_where_the_last_ended() -> None:
    notices.tell_all(
        [notices.NewNotice(person("Rita"), "due", f"Notice {n:03}", "", f"{n}") for n in range(60)], at=NOON
    )
    first = signed_in("Rita").get(reverse("notices"))
    assert "Notice 059" in first.content.decode()
    assert "Notice 009" not in first.content.decode()
    second = signed_in("Rita").get(reverse("notices"), {"after": first.context["page"].next})
    assert "Notice 009" in second.content.decode()


@pytest.mark.parametrize("after", ["x", "'", "9" * 40, "W10", "..", "%F0"])
def test_junk_in_the_address_is_the_first_page(after: str) -> None:
    tell()
    assert signed_in("Rita").get(reverse("notices"), {"after": after}).status_code == 200


def test_the_list_asks_as_often_for_one_row_as_for_three() -> None:
    numbers = iter(range(10))
    assert_same_queries(signed_in("Rita"), reverse("notices"), lambda: tell(key=str(next(numbers))))
