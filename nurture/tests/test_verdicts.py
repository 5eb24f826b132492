"""Several signals tell machines from people; none of them alone is taken for proof of a person (mautic#16263)."""

from datetime import timedelta

import pytest

from leadhub.testing import NOON
from nurture.verdicts import Seen, reasons

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


def seen(kind: str, seconds: float, link: str = "", agent: str = CHROME, *, head: bool = False) -> Seen:
    return Seen(kind, NOON + timedelta(seconds=seconds), link, agent, head)


def machines(*answers: Seen, links: int = 5) -> list[bool]:
    return [bool(why) for why in reasons(answers, handed_at=NOON, links=links)]


def test_a_person_reads_clicks_and_clicks_again() -> None:
    assert not any(machines(seen("open", 60), seen("click", 90, "l1"), seen("click", 150, "l2"), seen("leaving", 300)))


@pytest.mark.parametrize(
    "one",
    [
        seen("click", 3, "l1"),
        seen("open", 1),
        seen("click", 600, "l1", ""),
        seen("click", 600, "l1", "Mozilla/5.0 (compatible; bingbot/2.0)"),
        seen("click", 600, "l1", "Googlebot/2.1"),
        seen("click", 600, "l1", "curl/8.1"),
        seen("open", 600, "", "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"),
        seen("click", 600, "l1", head=True),
        seen("trap", 600),
    ],
)
def test_some_answers_speak_for_themselves(one: Seen) -> None:
    assert machines(one) == [True]


def test_the_hidden_link_tells_of_all_in_its_minute_and_of_nobody_later() -> None:
    assert machines(seen("click", 600, "l1"), seen("trap", 640), seen("click", 4_000, "l1")) == [True, True, False]


def test_all_links_within_seconds_are_no_persons() -> None:
    quick = [seen("click", 600 + n, f"l{n}") for n in range(3)]
    assert machines(*quick) == [True] * 3
    assert machines(*quick[:2]) == [False] * 2
    assert machines(*quick[:2], links=2) == [True] * 2
    assert machines(seen("click", 600, "l1"), seen("click", 601, "l1"), links=1) == [False] * 2


def test_the_way_out_together_with_other_links_is_no_persons() -> None:
    assert machines(seen("click", 600, "l1"), seen("leaving", 602)) == [True, True]
    assert machines(seen("leaving", 602)) == [False]
