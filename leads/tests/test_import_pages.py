"""Imports in the browser: upload, match, check, run, and who may do what."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from leadhub.testing import assert_same_queries, person, signed_in
from leads import imports
from leads.importing.running import run
from leads.models import CustomField, ImportJob, Lead
from leads.permissions import MARKETER_IMPORT_ROWS

from .importing import counts

pytestmark = pytest.mark.django_db
HUBSPOT = "Email,First Name,Shoe size,Create Date\nada@gmail.com,Ada,38,2024-02-29 09:15\nnobody,Ben,43,\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(browser, content=HUBSPOT, name="leads.csv", **more):
    data = {
        "kind": "leads",
        "file": SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content),
    }
    return browser.post("/imports/new/", data | more)


def matched(browser, job, **more):
    """Post the columns as they are recognised."""
    page = browser.get(f"/imports/{job.pk}/columns/")
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value()}
    return browser.post(f"/imports/{job.pk}/columns/", said | more)


def worked(job) -> ImportJob:
    """What Celery does."""
    run(job.pk, clock=timezone.now)
    job.refresh_from_db()
    return job


def test_from_upload_to_result():
    browser = signed_in("Mona")
    assert upload(browser)["Location"] == f"/imports/{ImportJob.objects.get().pk}/columns/"
    job = ImportJob.objects.get()
    assert matched(browser, job, keep_2="on")["Location"] == f"/imports/{job.pk}/"
    assert "nothing is written" in browser.get(f"/imports/{job.pk}/").content.decode()
    assert (worked(job).state, counts(job)) == (ImportJob.State.CHECKED, (1, 0, 0, 1))
    assert not Lead.objects.exists()
    assert "Import 2 rows" in browser.get(f"/imports/{job.pk}/").content.decode()
    browser.post(f"/imports/{job.pk}/run/")
    assert (worked(job).state, counts(job)) == (ImportJob.State.DONE, (1, 0, 0, 1))
    assert Lead.objects.get().custom == {"shoe_size": "38"}
    assert CustomField.objects.get().label == "Shoe size"


def test_the_refused_rows_can_be_downloaded_and_are_no_formulas():
    browser = signed_in("Mona")
    upload(browser, "Email,First Name\nnobody,=1+1\n")
    job = ImportJob.objects.get()
    matched(browser, job)
    worked(job)
    file = b"".join(browser.get(f"/imports/{job.pk}/refused.csv").streaming_content).decode()
    assert file.splitlines() == ["Row,Reason,Email,First Name", "2,“nobody” is not an e-mail address.,nobody,'=1+1"]


class TestUpload:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"<html>", "web page"),
            (b"PK\x03\x04", "Excel"),
            (b"email\n", "no rows"),
            (b"\x00" * 50, "empty"),
        ],
    )
    def test_what_is_no_table_is_refused_and_not_kept(self, settings, content, said):
        response = upload(signed_in("Mona"), content)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert not ImportJob.objects.exists()
        assert not list(settings.MEDIA_ROOT.rglob("*.csv"))

    def test_too_large_a_file_is_cut_off_while_it_comes(self, settings):
        settings.IMPORT_MAX_BYTES = 1000
        response = upload(signed_in("Mona"), "email\n" + "a@gmail.com\n" * 500)
        assert (response.status_code, "larger than 100 MB" in response.content.decode()) == (422, True)
        assert not ImportJob.objects.exists()

    def test_a_preset_for_the_other_kind_is_refused(self):
        assert "for leads" in upload(signed_in("Mona"), kind="activities", preset="xeducation").content.decode()

    @pytest.mark.parametrize(
        "data", [{}, {"kind": "telepathy"}, {"kind": "leads", "file": "text"}, {"kind": "leads", "preset": "../x"}]
    )
    def test_junk_is_told_off(self, data):
        assert signed_in("Mona").post("/imports/new/", data).status_code == 422

    def test_the_forms_token_is_checked(self):
        browser = signed_in("Mona")
        browser.handler.enforce_csrf_checks = True
        assert upload(browser).status_code == 403

    def test_a_strange_file_name(self):
        upload(signed_in("Mona"), name="../../e\x07vil\u202e" + "x" * 200 + ".csv")
        assert "/" not in ImportJob.objects.get().name


class TestMatching:
    @pytest.fixture
    def job(self):
        upload(signed_in("Mona"), "Email;Größe;When\nada@gmail.com;38;03/04/2018\n".encode("cp1252"))
        return ImportJob.objects.get()

    def test_the_encoding_is_shown_and_can_be_changed(self, job):
        page = signed_in("Mona").get(f"/imports/{job.pk}/columns/").content.decode()
        assert "Größe" in page
        assert "does not tell its encoding" in page
        again = signed_in("Mona").post(f"/imports/{job.pk}/columns/", {"encoding": "iso-8859-2", "again": "1"})
        assert again.status_code == 200
        assert again.context["form"]["encoding"].value() == "iso-8859-2"
        assert "Gr\xf6\xdfe" in page

    def test_an_undecided_date_is_asked(self, job):
        browser = signed_in("Mona")
        matched(browser, job, to_2="created_at")
        assert worked(job).state == ImportJob.State.FAILED
        assert "can be read two ways" in browser.get(f"/imports/{job.pk}/columns/").content.decode()
        matched(browser, job, to_2="created_at", dates="dmy")
        assert worked(job).state == ImportJob.State.CHECKED

    @pytest.mark.parametrize(
        "data", [{"encoding": "klingon"}, {"to_0": "owner"}, {"to_0": "email", "to_1": "email"}, {"delimiter": "%%"}]
    )
    def test_junk_is_told_off(self, job, data):
        assert signed_in("Mona").post(f"/imports/{job.pk}/columns/", data).status_code == 422

    def test_a_running_import_is_not_changed(self, job):
        matched(signed_in("Mona"), job)
        matched(signed_in("Mona"), job, to_1="city")
        assert "city" not in str(ImportJob.objects.get().mapping)


class TestWho:
    @pytest.fixture
    def job(self):
        upload(signed_in("Mona"))
        job = ImportJob.objects.get()
        matched(signed_in("Mona"), job)
        return worked(job)

    def test_a_marketer_runs_small_imports_and_a_manager_any(self, job):
        ImportJob.objects.update(rows_total=MARKETER_IMPORT_ROWS + 1)
        assert "run by a marketing manager" in signed_in("Mona").get(f"/imports/{job.pk}/").content.decode()
        assert signed_in("Mona").post(f"/imports/{job.pk}/run/").status_code == 403
        assert signed_in("Mick").post(f"/imports/{job.pk}/run/").status_code == 302

    def test_a_marketer_does_not_know_of_the_imports_of_others(self, job):
        ImportJob.objects.update(created_by=person("Mick"))
        assert signed_in("Mona").get(f"/imports/{job.pk}/").status_code == 404
        assert signed_in("Ada").get(f"/imports/{job.pk}/").status_code == 200

    @pytest.mark.parametrize("name", ["Rita", "Sue", "Ann"])
    def test_others_do_not_import(self, job, name):
        assert signed_in(name).get("/imports/").status_code == 403
        assert signed_in(name).get(f"/imports/{job.pk}/refused.csv").status_code == 403

    def test_cancelling_stops_it_for_good(self, job):
        signed_in("Mona").post(f"/imports/{job.pk}/cancel/")
        signed_in("Mona").post(f"/imports/{job.pk}/run/")
        assert worked(job).state == ImportJob.State.CANCELLED
        assert not Lead.objects.exists()


def test_progress_asks_again_until_it_is_over():
    browser = signed_in("Mona")
    upload(browser)
    job = ImportJob.objects.get()
    matched(browser, job)
    moving = browser.get(f"/imports/{job.pk}/", headers={"HX-Request": "true"})
    assert f'hx-get="/imports/{job.pk}/"' in moving.content.decode()
    worked(job)
    assert browser.get(f"/imports/{job.pk}/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_the_list_asks_equally_often_for_one_import_and_for_many():
    assert_same_queries(
        signed_in("Mick"),
        "/imports/",
        lambda: ImportJob.objects.create(kind="leads", name="x.csv", created_by=person("Mona")),
    )


@pytest.mark.parametrize(
    "url", ["/imports/?after=x", "/imports/99999999999999999999999/", "/imports/1/columns/?encoding=x"]
)
def test_no_address_breaks_it(url):
    assert signed_in("Mick").get(url).status_code in (200, 404)


def test_files_go_when_nobody_needs_them_and_the_reasons_stay(settings):
    browser = signed_in("Mona")
    upload(browser)
    upload(browser)
    kept, discarded = ImportJob.objects.order_by("id")
    matched(browser, kept)
    worked(kept)
    browser.post(f"/imports/{kept.pk}/run/")
    worked(kept)
    browser.post(f"/imports/{discarded.pk}/cancel/")
    assert imports.forget_files(timezone.now()) == 1
    assert imports.forget_files(timezone.now() + timedelta(days=31)) == 1
    assert not list(settings.MEDIA_ROOT.rglob("*.csv"))
    file = b"".join(browser.get(f"/imports/{kept.pk}/refused.csv").streaming_content).decode()
    assert file.splitlines() == ["Row,Reason", "3,“nobody” is not an e-mail address."]
