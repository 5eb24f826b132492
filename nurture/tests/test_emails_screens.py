"""The library of e-mails on screen: writing, looking at it as a reader, finishing, versions, what became of it."""

import re

import pytest

from leadhub.testing import NOON, make_lead, signed_in
from leads.models import Asset, Verdict
from nurture.models import Email, Hit, Letter, Program
from nurture.subjects import difference, trial_of
from nurture.word_diff import word_diff
from scoring.health_intervals import Interval, wilson

from .test_emails import make_email

pytestmark = pytest.mark.django_db


def said(response) -> str:
    return response.content.decode()


def test_a_new_email_is_named_and_written_at_once():
    client = signed_in("Mona")
    response = client.post("/emails/new/", {"name": "Welcome", "topic": "news"}, follow=True)
    assert "Draft of version 1." in said(response)
    assert client.post("/emails/new/", {"name": "welcome", "topic": ""}).status_code == 422
    assert Email.objects.count() == 1


def save(email: Email, *, seen: dict | None = None, who: str = "Mona", **typed: str):
    stands = {
        f"initial-{name}": getattr(email.draft, name) for name in ("subject", "subject_b", "preview_text", "body")
    }
    typed = {name.removeprefix("initial-"): value for name, value in stands.items()} | typed
    return signed_in(who).post(f"/emails/{email.pk}/edit/", stands | (seen or {}) | typed, headers={"X-Autosave": "1"})


def test_a_draft_saves_itself_and_tells_what_another_changed():
    email = make_email(finished=False)
    assert save(email, subject="Mine").json()["kept"] == ["subject"]
    answer = save(email, subject="Late", seen={"initial-subject": "Older"}, who="Mick").json()
    assert (answer["kept"], answer["stored"]["subject"]) == ([], "Mine")
    assert answer["contested"] == {"subject": "Mona changed this meanwhile. Yours is not saved yet."}
    assert save(email, subject="x" * 201).status_code == 422
    email.draft.finish(by=email.created_by, at=NOON)
    assert signed_in("Mona").post(f"/emails/{email.pk}/edit/", {"subject": "x"}).status_code == 409


def test_the_letter_stands_in_a_frame_that_can_do_nothing():
    email = make_email(body="Hello {{ first_name }} ![x](https://x.example/a.png)")
    page, letter = (signed_in("Rita").get(f"/emails/{email.pk}/{rest}") for rest in ("", "1/letter/?as=dark"))
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in letter["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["frame-ancestors"], "sandbox" in policy) == ("'none'", "'self'", True)
    assert "script-src" not in policy
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    assert "Hello Dewi" in said(letter)
    assert "@media all {" in said(letter)
    assert re.search(r'<iframe [^>]*sandbox(=""| )', said(page))


def test_it_is_read_as_a_lead_only_by_those_who_may_know_the_lead():
    email, lead = make_email(body="Dear {{ last_name }}", finished=False), make_lead(last_name="Wiśniewska")
    address = f"/emails/{email.pk}/1/letter/?lead={lead.pk}"
    assert "Dear Wiśniewska" in said(signed_in("Mona").get(address))
    for name in ("Ann", "Rita"):
        assert "Wiśniewska" not in said(signed_in(name).get(address))
    readers = f"/emails/{email.pk}/1/readers/?q=wisn"
    assert "Wiśniewska" not in said(signed_in("Rita").get(readers))
    assert signed_in("Ann").get(readers).status_code == 403
    assert "Dear </p>" in said(signed_in("Mona").get(f"/emails/{email.pk}/1/letter/?lead=nobody"))


@pytest.mark.parametrize("query", ["?lead=%00", "?lead=99999999999999999999", "?as=%ff&variant=%00", "?lead=-1&as=x"])
def test_a_wrong_address_shows_the_example(query: str):
    email = make_email(body="Dear {{ last_name }}")
    for rest in ("", "1/letter/", "1/beside/", "1/readers/"):
        assert signed_in("Mona").get(f"/emails/{email.pk}/{rest}{query}").status_code in (200, 400)


def test_finishing_says_what_is_wrong_and_then_freezes():
    email, client = make_email(finished=False, body="{{ nothing }}"), signed_in("Mona")
    response = client.post(f"/emails/{email.pk}/finish/", follow=True)
    assert "“nothing” is not a merge field." in said(response)
    save(email, body="Hello")
    response = client.post(f"/emails/{email.pk}/finish/", follow=True)
    assert "Version 1 is finished" in said(response)
    client.post(f"/emails/{email.pk}/draft/")
    save(email, body="Hello you")
    assert "<ins>" in said(client.get(f"/emails/{email.pk}/2/"))
    client.post(f"/emails/{email.pk}/draft/", {"drop": "1"})
    assert (email.draft, email.newest.number) == (None, 1)


def test_a_link_counts_as_the_content_it_leads_to():
    email = make_email(finished=False)
    guide = Asset.objects.create(key="Guide", funnel_stage="top")
    signed_in("Mona").post(f"/emails/{email.pk}/1/links/l1/", {"asset": guide.pk})
    assert email.draft.links[0]["asset"] == guide.pk
    signed_in("Mona").post(f"/emails/{email.pk}/1/links/l1/", {"asset": "x"})
    assert email.draft.links[0]["asset"] is None


def test_a_test_letter_goes_to_whoever_writes():
    email = make_email(finished=False)
    response = signed_in("Mona").post(f"/emails/{email.pk}/1/test/", {"lead": ""}, follow=True)
    letter = Letter.objects.get()
    assert (letter.to, letter.is_test, letter.values["first_name"]) == ("mona@leadhub.example", True, "Dewi")
    assert "A test letter is on its way" in said(response)
    assert trial_of(email.draft).tried[0].sent == 0


def test_hints_name_what_readers_and_filters_stumble_over():
    email = make_email(
        finished=False,
        subject="Limited time offer!!",
        body="### Deep\n\n[click here](https://x.example/a)\n\n![](https://x.example/a.png)",
    )
    page = said(signed_in("Mona").get(f"/emails/{email.pk}/edit/"))
    for hint in ("LIMITED_TIME_ONLY", "PLING_QUERY", "Headings jump", "A picture says nothing", "does not say where"):
        assert hint in page


def send(version, variant: str, n: int, *, opened: int = 0, clicked: int = 0, machine: bool = False) -> None:
    base = Letter.objects.count()
    letters = Letter.objects.bulk_create(
        Letter(key=f"k{base + i}", message_id=f"m{base + i}", version=version, variant=variant, to="a@x.io", domain="x.io", state="sent", next_try_at=NOON, created_at=NOON, handed_at=NOON, settled_at=NOON)
        for i in range(n)
    )  # fmt: skip
    verdict = Verdict.MACHINE if machine else Verdict.PERSON
    Hit.objects.bulk_create(Hit(letter=one, kind="open", at=NOON, verdict=verdict) for one in letters[:opened] * 2)
    Hit.objects.bulk_create(Hit(letter=one, kind="click", at=NOON, verdict=verdict) for one in letters[:clicked])


def test_an_email_that_a_program_sends_stays_in_the_library():
    email = make_email()
    program = Program.objects.create(name="Spring", created_at=NOON)
    steps = [{"kind": "branch", "yes": [{"key": "s2", "kind": "email", "email": email.pk}]}]
    program.current = program.versions.create(number=1, document={"steps": steps}, created_at=NOON, activated_at=NOON)
    program.save(update_fields=["current"])
    response = signed_in("Mona").post(f"/emails/{email.pk}/archive/", follow=True)
    assert "is sent by Spring; take it out there first." in said(response)
    assert list(Email.objects.active()) == [email]


def test_two_subjects_are_compared_honestly(django_assert_num_queries):
    version = make_email(subject_b="Second").newest
    send(version, "a", 29, clicked=0, opened=20, machine=True)
    send(version, "b", 40, clicked=20, opened=10)
    assert (trial_of(version).is_enough, trial_of(version).better) == (False, "")
    send(version, "a", 11, clicked=4)
    with django_assert_num_queries(1):
        trial = trial_of(version)
    assert [(one.sent, one.opened, one.clicked) for one in trial.tried] == [(40, 4, 4), (40, 20, 20)]
    assert (trial.is_enough, trial.better) == (True, "b")
    assert "under subject B" in said(signed_in("Ann").get(f"/emails/{version.email_id}/"))


def test_the_interval_of_a_difference_is_newcombes():
    """56 of 70 less 48 of 80 is 0.2, from 0.0524 to 0.3339: the example of his table II, method 10."""
    found = difference(wilson(56, 70), wilson(48, 80))
    assert [round(x, 4) for x in (found.value, found.low, found.high)] == [0.2, 0.0524, 0.3339]
    assert difference(None, Interval(0, 0, 0)) is None


def test_words_that_changed_are_shown_between_those_that_did_not():
    runs = word_diff("One two three", "One 2 three four")
    assert [(run.kind, run.text) for run in runs] == [
        ("same", "One "), ("gone", "two"), ("new", "2"), ("same", " three"), ("new", " four"),
    ]  # fmt: skip
