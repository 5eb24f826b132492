"""An import under the hands: a file dropped in, columns matched, checked, imported by a real worker, page left and found again."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from playwright.sync_api import expect

from leadhub.testing import signed_in
from leads.models import ImportJob, Lead

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "Email;Größe;Vorname\nada@gmail.com;38;Jürgen\nnobody;43;Ben\n"


@pytest.fixture
def mona(live_server: Any, context: Any):
    """Mona's browser; complaints of its console fail the test."""
    complaints: list[str] = []
    cookie = signed_in("Mona").cookies[conf.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda word: word.type == "error" and complaints.append(word.text))
    yield page
    assert complaints == []


def test_from_file_to_leads(mona, live_server, tmp_path: Path, celery_worker_process):
    path = tmp_path / "Kontakte.csv"
    path.write_bytes(FILE.encode("cp1252"))
    mona.goto(live_server.url + "/imports/")
    mona.get_by_role("link", name="Import a file").first.click()
    mona.set_input_files("input[type=file]", path)
    mona.get_by_role("button", name="Upload").click()

    expect(mona.get_by_label("Größe", exact=True)).to_be_visible()
    expect(mona.get_by_label("Vorname", exact=True)).to_have_value("first_name")
    mona.get_by_role("checkbox", name="Keep Größe").check()
    mona.get_by_role("button", name="Check the file").click()

    mona.get_by_role("button", name="Import 2 rows").click(timeout=60_000)
    mona.goto(live_server.url + "/imports/")
    expect(mona.get_by_role("link", name="Kontakte.csv")).to_be_visible()
    mona.get_by_role("link", name="Kontakte.csv").click()
    expect(mona.get_by_role("link", name="See the leads")).to_be_visible(timeout=60_000)
    expect(mona.get_by_text("“nobody” is not an e-mail address.")).to_be_visible()
    assert Lead.objects.get().custom == {"grosse": "38"}
    assert ImportJob.objects.get().state == ImportJob.State.DONE
