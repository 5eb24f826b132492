"""The pages of nurture in a browser: no rule of axe is broken, a second press does nothing, back leads somewhere, nobody is tracked."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from leadhub.testing import NOON, make_lead
from nurture.addresses import LetterAddresses
from nurture.filling import fill
from nurture.models import Hit, LeadList, Letter, Program

from .programs import ALWAYS, HOUR, active, drafted, enrolled, finished_email, go, mail, sent, wait
from .writing import make_letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def faults_of(page: Any) -> list[tuple[str, str, str]]:
    """Rules that the page breaks, in the light and in the dark, with one place of each."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        broken = Axe().run(page).response["violations"]
        found += [(scheme, one["id"], one["nodes"][0]["html"][:120]) for one in broken]
    return found


def some_of_everything() -> list[str]:
    """A list, a program that runs with a draft beside it, people on it, an e-mail and a letter; the pages about them."""
    email = finished_email()
    program = active(mail("s1", email), wait("s2", HOUR), mail("s3", finished_email("Second")))
    doubtful, _pending = enrolled(program, country="Poland"), enrolled(program)
    go(NOON)
    sent(doubtful, Letter.State.UNKNOWN)
    program.begin_draft(by=program.created_by, at=NOON)  # type: ignore[arg-type]
    rule = [{"field": "country", "op": "is", "value": "Poland"}]
    chosen = LeadList.objects.create(name="Poles", kind="dynamic", conditions=rule, created_at=NOON)
    fill(chosen.pk, timezone.now())
    of_list, of_program = f"/lists/{chosen.pk}/", f"/programs/{program.pk}/"
    return [
        "/lists/", of_list, f"{of_list}history/", f"{of_list}kept-out/", f"{of_list}edit/", "/lists/new/?kind=dynamic",
        "/programs/", of_program, f"{of_program}people/", f"{of_program}people/?step=s1&outcome=doubtful", f"{of_program}edit/",
        f"{of_program}steps/s1/", f"{of_program}settings/", f"{of_program}check/", f"/enrolments/{doubtful.pk}/",
        "/emails/", f"/emails/{email.pk}/", "/letters/", f"/letters/{doubtful.entries.get().letter_id}/",
    ]  # fmt: skip


def test_no_page_of_nurture_breaks_a_rule_of_accessibility(open_as: Callable[..., Any]) -> None:
    page, broken = open_as("Mick"), {}
    for address in some_of_everything():
        page.goto(address)
        if faults := faults_of(page):
            broken[address] = faults
    assert broken == {}


def test_a_second_press_sends_and_activates_once_and_back_leads_to_what_became_of_it(
    open_as: Callable[..., Any],
) -> None:
    program, page = drafted(mail("s1", finished_email()), hours=ALWAYS), open_as("Mick")
    page.goto(f"/programs/{program.pk}/edit/")
    page.get_by_role("link", name="Check and activate").click()
    page.get_by_role("button", name="Send me the letters as a test").dblclick()
    page.get_by_text("1 test letters are on their way").wait_for()
    assert Letter.objects.count() == 1
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("dialog").get_by_role("button", name="Activate").dblclick()
    page.get_by_text("“Warm up” counts from now on.").wait_for()
    assert Program.objects.get().versions.count() == 1
    for _press in range(2):  # to the check, and to the draft that is one no more
        page.go_back()
        page.reload()
        page.get_by_role("heading", name="Warm up").wait_for()
        assert page.url.endswith(f"/programs/{program.pk}/")


def test_whoever_leaves_is_not_tracked_by_it(browser: Any, live_server: Any) -> None:
    """D8: no cookie, nothing stored, no request to anybody else; and looking leaves nobody."""
    letter = make_letter(make_lead(), at=timezone.now())
    ways, asked = LetterAddresses(letter), []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for address in (ways.unsubscribe, ways.preferences):
        page.goto(live_server.url + "/e/" + address.split("/e/")[1])
        assert faults_of(page) == []
    assert (context.cookies(), context.storage_state()["origins"]) == ([], [])
    assert [url for url in asked if not url.startswith(live_server.url)] == []
    assert set(Hit.objects.values_list("kind", flat=True)) == {"leaving"}
    context.close()
