"""Writing an e-mail in a browser: it saves itself, the letter beside it follows, and nothing complains."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from nurture.models import Email

from .test_emails import make_email

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
Opener = Callable[..., Page]


def test_what_is_typed_is_saved_and_seen_as_readers_get_it(open_as: Opener) -> None:
    email = make_email(finished=False)
    mona = open_as("Mona")
    mona.goto(f"/emails/{email.pk}/edit/")
    mona.get_by_label("Text", exact=True).fill("# Good news\n\n")
    mona.get_by_role("button", name="Merge field").click()
    mona.get_by_role("button", name="First name").click()
    mona.keyboard.type("friend")
    expect(mona.locator("[data-autosave-status]")).to_contain_text("Saved at")
    letter = mona.frame_locator("iframe.mail-frame")
    expect(letter.get_by_role("heading", name="Good news")).to_be_visible()
    expect(letter.get_by_text("Dewi")).to_be_visible()
    mona.get_by_role("link", name="Somebody unknown").click()
    expect(letter.get_by_text("friend")).to_be_visible()
    mona.get_by_role("button", name="Finish").click()
    mona.get_by_role("dialog").get_by_role("button", name="Finish").click()
    expect(mona.get_by_text("Version 1 is finished")).to_be_visible()
    assert Email.objects.get().newest.body == '# Good news\n\n{{ first_name | default: "friend" }}'
