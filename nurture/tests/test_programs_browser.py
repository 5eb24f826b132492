"""A program in a browser: three steps written in place, checked, activated; time moves, the lead clicks, becomes SQL, and it is over."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from leadhub.testing import make_lead
from leads.stages import Cause, Stage
from nurture import entering
from nurture.models import Enrolment, Hit, Letter, Program

from .programs import ALWAYS, DAY, finished_email, go, place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def add(page: Any, kind: str) -> None:
    """A step at the end of the track."""
    page.locator("#track").get_by_role("button", name="Add a step").last.click()
    page.locator("#track .menu-card:popover-open").get_by_role("button", name=kind).click()


def save(page: Any, words: str) -> None:
    page.get_by_role("button", name="Save step").click()
    page.locator("#track").get_by_text(words).wait_for()


def write(page: Any) -> None:
    """An e-mail, a wait, another e-mail."""
    page.goto("/programs/")
    page.get_by_role("link", name="New program").first.click()
    page.get_by_label("Name").fill("Warm up")
    page.get_by_role("button", name="Begin").click()
    for email in ("Welcome", "Second"):
        add(page, "E-mail")
        page.get_by_role("link", name="Send “an e-mail that is not chosen yet”").click()
        page.get_by_label("E-mail").select_option(label=email)
        save(page, f"Send “{email}”")
        if email == "Welcome":
            add(page, "Wait")
            page.locator("#track").get_by_text("Wait 3 days").wait_for()
    page.get_by_role("link", name="Check and activate").click()
    page.get_by_text("Nothing is missing.").wait_for()


def test_three_steps_from_the_first_word_to_the_exit(open_as: Callable[..., Any]) -> None:
    now, lead = timezone.now(), make_lead(stage="mql")
    for name in ("Welcome", "Second"):
        finished_email(name)
    write(open_as("Mona"))
    draft: Any = Program.objects.get().draft()
    draft.write(draft.document | {"hours": ALWAYS})  # whatever the hour and the day now
    page = open_as("Mick")
    page.goto(f"/programs/{Program.objects.get().pk}/check/")
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("dialog").get_by_role("button", name="Activate").click()
    page.get_by_text("“Warm up” counts from now on.").wait_for()
    entering.enrol(Program.objects.get(), type(lead).objects.all(), by="Mona", at=now)
    go(now)
    one = Enrolment.objects.get()
    Hit.objects.create(letter=Letter.objects.get(), kind="click", at=now + DAY)
    page.goto(f"/enrolments/{one.pk}/")
    page.get_by_text("Wait 3 days").first.wait_for()
    lead.move(to=Stage.SALES_QUALIFIED, at=now + DAY, cause=Cause.SCORE)
    go(now + 9 * DAY)
    assert (place(one), Letter.objects.count()) == ("ended: sql", 1)
