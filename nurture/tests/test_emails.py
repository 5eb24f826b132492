"""E-mails of the library: drafts, versions, what can be finished, and the values that letters are written with."""

import pytest

from leadhub.testing import NOON, make_company, make_lead, person
from leads.models import Asset, CustomField, Lead
from nurture.merge_values import missing_values, values_of
from nurture.models import Email, EmailRefused
from nurture.writing import NOWHERE, write

pytestmark = pytest.mark.django_db

GOOD = {"subject": "Hello {{ first_name | default: 'there' }}", "body": "See [prices](https://x.example/p)."}


def make_email(name: str = "Welcome", *, topic: str = "news", finished: bool = True, **said: str) -> Email:
    mona = person("Mona")
    email = Email.objects.begin(name=name, topic=topic, by=mona, at=NOON)
    email.draft.save_draft(GOOD | said, by=mona, at=NOON)
    if finished:
        email.draft.finish(by=mona, at=NOON)
    return email


def test_an_email_can_be_sent_once_a_version_is_finished():
    email = make_email(finished=False)
    assert (email.newest, email.draft.number, list(Email.objects.finished())) == (None, 1, [])
    email.draft.finish(by=person("Mona"), at=NOON)
    assert (email.newest.number, email.draft, list(Email.objects.finished())) == (1, None, [email])
    assert write(email.newest, {}, addresses=NOWHERE).subject == "Hello there"


def test_a_finished_version_stays_as_it_is_and_a_new_one_begins_as_its_copy():
    email, mona = make_email(), person("Mona")
    with pytest.raises(EmailRefused, match="cannot be changed"):
        email.newest.save_draft({"subject": "Other"}, by=mona, at=NOON)
    draft = email.start_draft(by=mona, at=NOON)
    assert draft == email.start_draft(by=mona, at=NOON)
    assert (draft.number, draft.subject, draft.links) == (2, email.newest.subject, email.newest.links)
    email.drop_draft()
    assert (email.draft, email.newest.number) == (None, 1)


def test_what_cannot_be_written_for_everybody_cannot_be_finished():
    email = make_email(finished=False, subject="{{ first_name }}", body="[x](/prices) {{ frist_name }}")
    with pytest.raises(EmailRefused) as refusal:
        email.draft.finish(by=person("Mona"), at=NOON)
    assert refusal.value.faults == (
        "Text: “frist_name” is not a merge field.",
        "“/prices” must begin with https://.",
    )
    email.draft.save_draft({"body": "Hello"}, by=person("Mona"), at=NOON)
    assert email.draft.faults() == [
        "The subject is blank where nothing is known of the lead; give its merge fields fallbacks."
    ]


def test_what_another_wrote_meanwhile_is_not_overwritten():
    email, mona, mick = make_email(finished=False), person("Mona"), person("Mick")
    email.draft.save_draft({"subject": "Micks"}, by=mick, at=NOON)
    left = email.draft.save_draft(
        {"subject": "Monas", "body": "Text"}, by=mona, at=NOON, seen={"subject": GOOD["subject"], "body": GOOD["body"]}
    )
    assert (left, email.draft.subject, email.draft.body) == (("subject",), "Micks", "Text")


def test_links_know_their_asset_and_keep_what_was_said_of_them():
    prices = Asset.objects.create(key="Price list", url="https://x.example/p", funnel_stage="bottom")
    guide = Asset.objects.create(key="Guide", url="https://x.example/other", funnel_stage="top")
    email, mona = make_email(finished=False), person("Mona")
    assert email.draft.links == [{"key": "l1", "url": "https://x.example/p", "asset": prices.pk}]
    email.draft.count_as("l1", guide)
    email.draft.save_draft({"body": "[n](https://x.example/n) " + GOOD["body"]}, by=mona, at=NOON)
    assert email.draft.links == [
        {"key": "l2", "url": "https://x.example/n", "asset": None},
        {"key": "l1", "url": "https://x.example/p", "asset": guide.pk},
    ]


def test_two_emails_in_use_never_share_a_name():
    email = make_email("Welcome")
    with pytest.raises(EmailRefused, match="this name already"):
        make_email("welcome")
    email.archive(at=NOON)
    make_email("welcome")
    with pytest.raises(EmailRefused, match="rename it first"):
        email.restore()


def test_values_are_plain_words_of_the_lead_or_its_company(django_assert_num_queries):
    CustomField.objects.create(key="fleet-size", label="Fleet")
    firm = make_company(industry="Logistics", city="Jakarta")
    known = make_lead(company=firm, city="Bandung", custom={"fleet-size": 40}, job_title="Head\r\nBcc: x@y.example")
    bare = make_lead(first_name="", last_name="www.evil.example")
    with django_assert_num_queries(2):
        values = values_of([known.pk, bare.pk])
    assert set(values) == {known.pk, bare.pk}
    assert {key: values[known.pk][key] for key in ("company", "industry", "city", "custom_fleet_size", "job_title")} == {
        "company": "Nusantara Logistics", "industry": "Logistics", "city": "Bandung", "custom_fleet_size": "40", "job_title": "Head Bcc: x@y.example",
    }  # fmt: skip
    assert (values[bare.pk]["first_name"], values[bare.pk]["last_name"], values[bare.pk]["company"]) == ("", "", "")
    assert values_of([known.pk], only={"city"})[known.pk] == {"city": "Bandung"}


def test_missing_values_count_the_leads_that_would_read_a_hole(django_assert_num_queries):
    CustomField.objects.create(key="fleet", label="Fleet")
    email = make_email(
        body="{{ first_name }} {{ city }} {{ company }} {{ custom_fleet }} {{ last_name | default: 'x' }}"
    )
    make_lead(first_name="", last_name="", custom={"fleet": ""})
    make_lead(first_name="", company=make_company(city="Jakarta"), custom={"fleet": 3})
    make_lead(city="Bandung")
    newest = email.newest
    with django_assert_num_queries(2):
        missing = missing_values(newest, Lead.objects.all())
    assert missing == [("First name", 2), ("Company", 2), ("City", 1), ("Fleet", 2)]
