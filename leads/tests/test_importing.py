"""Importing files as they are met in life; each of the shared fixtures has a small copy here."""

import io
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from leads.models import Activity, Company, CustomField, ImportJob, ImportRow, Lead, Verdict

from .importing import SHARED, counts, imported, reasons

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="leads.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def a_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


class TestNoTable:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"\xef\xbb\xbf \r\n", "is empty"),
            (b"email,first_name\r\n", "header but no rows"),
            (b"\n\n<!DOCTYPE html>\n<html>", "web page"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:14\n", "Git LFS"),
            (a_zip(), "Excel workbook"),
            (b'[{"email": "a@b.org"}]', "is JSON"),
            (b"%PDF-1.7", "PDF"),
            (b"email,\x81\x8d\n\x90,x\n", "not text in"),
            (b"Email,Phone,Email,\rfirst@example.com,1,second@example.com,x\r", "Two columns are named"),
            (b"a@example.org,Ada\nb@example.org,Ben\n", "not a header"),
            ("email," + ",".join(f"c{n}" for n in range(200)) + "\na@example.org\n", "201 columns"),
            (b"first,last\nAda,L\n", "No column holds an e-mail"),
        ],
    )
    def test_it_is_refused_and_said_what_it_is(self, file, content, said):
        job = imported(file(content))
        assert job.state == ImportJob.State.FAILED
        assert said in job.problem
        assert not Lead.objects.exists()

    def test_a_file_that_is_not_there(self, tmp_path):
        assert "cannot be opened" in imported(tmp_path / "none.csv").problem

    def test_too_many_rows(self, file):
        job = imported(file("email\na@example.org\nb@example.org\n"), most_rows=1)
        assert "more than 1 rows" in job.problem


class TestRows:
    def test_good_rows_come_in_and_bad_ones_are_named(self, file):
        text = 'email,company\nok@example.com,Fine\nextra@example.com,A,B,C\nshort@example.com\nnul@example.com,Bad\0Co\n"open@example.com,Oops\n'
        job = imported(file(text))
        assert counts(job) == (1, 0, 0, 4)
        assert reasons(job)[4] == "The row has 1 cell where the header has 2."
        assert "NUL" in reasons(job)[5]
        assert "not closed" in reasons(job)[6]

    def test_an_unclosed_quote_swallows_no_other_row(self, file):
        rows = [f"p{n}@example.org,Company {n}" for n in range(3000)]
        rows[100] = '"p100@example.org,Company'
        job = imported(file("email,company\n" + "\n".join(rows) + "\n"))
        assert counts(job) == (2999, 0, 0, 1)
        assert list(reasons(job)) == [102]

    def test_rows_quoted_as_a_whole_are_unwrapped(self, file):
        job = imported(
            file('email,first_name,industry\n"a@example.org,Ada,""Banking, Insurance"""\nb@example.org,Ben,Retail\n')
        )
        assert counts(job) == (2, 0, 0, 0)
        assert Company.objects.filter(industry__in=["Banking, Insurance", "Retail"]).exists()

    def test_footer_lines_are_not_leads(self, file):
        job = imported(
            file(
                'Email,Last Name,City\r\na@example.org,L,"Main St\nSuite 2"\r\n\r\n"Grand Totals (1 record)"\r\n"Copyright, inc."\r\n'
            )
        )
        assert counts(job) == (1, 0, 0, 2)
        assert set(reasons(job).values()) == {"This is a footer line, not a row of the table."}

    def test_rows_read_are_created_updated_unchanged_and_refused(self, file):
        path = file("email,city\na@example.org,Gdynia\nb@example.org,\nnot an address,\n")
        imported(path)
        path.write_text("email,city\na@example.org,Gdynia\nb@example.org,Jakarta\nc@example.org,\nnot an address,\n")
        assert counts(imported(path)) == (1, 1, 1, 1)

    def test_formulas_come_in_as_texts(self, file):
        imported(file('email,first_name\nf@example.net,"=HYPERLINK(""http://example.net"",""x"")"\n'))
        assert Lead.objects.get().first_name.startswith("=HYPERLINK")


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    def test_letters_survive(self, file, encoding):
        job = imported(file("email;first_name\njuergen@example.com;Jürgen Müñoz\n", encoding=encoding))
        assert Lead.objects.get().first_name == "Jürgen Müñoz"
        assert any("does not tell its encoding" in note for note in job.reading["notes"]) == (encoding == "cp1252")

    def test_a_declared_encoding(self, file):
        imported(file("email\tcity\na@example.pl\tŁódź\n", encoding="cp1250"), mapping={"encoding": "cp1250"})
        assert Lead.objects.get().city == "Łódź"


class TestValues:
    @pytest.mark.parametrize(
        ("told", "moment"),
        [
            ("2024-03-04 10:22", "2024-03-04T10:22:00"),
            ("2026-04-24T10:05:30+02:00", "2026-04-24T08:05:30"),
            ("1777024800", "2026-04-24T10:00:00"),
            ("1777024800000", "2026-04-24T10:00:00"),
            ("31.12.2023 23:59", "2023-12-31T23:59:00"),
            ("12/31/2023", "2023-12-31T00:00:00"),
            ("03/15/2024 9:00 PM", "2024-03-15T21:00:00"),
            ("15 Apr, 2021 00:03:00", "2021-04-15T00:03:00"),
            ("Apr 15, 2021", "2021-04-15T00:00:00"),
        ],
    )
    def test_dates_are_read(self, file, told, moment):
        imported(file(f'email,created_at\na@example.org,"{told}"\n'))
        assert Lead.objects.get().created_at.replace(tzinfo=None).isoformat() == moment

    def test_the_order_of_dates_is_found_from_the_whole_column(self, file):
        imported(file("email,created_at\na@example.org,03/04/2018\nb@example.org,25/04/2018\n"))
        assert Lead.objects.get(email="a@example.org").created_at.month == 4

    def test_an_undecided_order_is_asked_not_guessed(self, file):
        path = file("email,created_at\na@example.org,03/04/2018\n")
        job = imported(path)
        assert "“03/04/2018” in “created_at” can be read two ways" in job.problem
        imported(path, mapping={"dates": "mdy"})
        assert Lead.objects.get().created_at.month == 3

    @pytest.mark.parametrize(("told", "known"), [("500-999", 500), ('"1,000+"', 1000), ("1.000", 1000), ("250", 250)])
    def test_bands_count_as_their_lower_bound(self, file, told, known):
        job = imported(file(f"email,employees\na@gmail.com,{told}\nb@gmail.com,11-50\n"))
        assert Lead.objects.get(email="a@gmail.com").employees == known
        assert any("lower bound" in note for note in job.reading["notes"])

    def test_what_is_no_number_is_refused_unless_the_mapping_lets_it_go(self, file):
        path = file("email,employees\na@gmail.com,many\n")
        assert "not a whole number" in reasons(imported(path))[2]
        mapping = {
            "columns": {"email": "email", "employees": {"to": "employees", "reading": "number", "unreadable": "blank"}}
        }
        assert counts(imported(path, mapping=mapping)) == (1, 0, 0, 0)

    def test_a_decimal_comma(self, file):
        imported(file("E-Mail;Umsatz\na@gmail.com;1.234,56\n"))
        assert Lead.objects.get().revenue == "1234.56"

    def test_a_whole_name_and_metas_prefixes_and_test_leads(self, file):
        head = "id\tadset_id\tform_id\tis_organic\temail\tfull_name\tphone_number\n"
        rows = "l:1\tas:1\tf:1\tfalse\tada@gmail.com\tAda Maria Łukasiewicz\tp:+1555\nl:2\t\tf:1\ttrue\ttest@fb.com\t<test lead: dummy data for full_name>\t\n"
        job = imported(file(head + rows, encoding="utf-16"))
        lead = Lead.objects.get()
        assert (lead.first_name, lead.last_name, lead.phone, lead.external_id, lead.consent) == (
            "Ada Maria",
            "Łukasiewicz",
            "+1555",
            "1",
            "",
        )
        assert "test lead" in reasons(job)[3]

    def test_other_columns_become_custom_fields_when_asked(self, file):
        imported(
            file("email,Shoe size,city\na@gmail.com,43,Select\n"),
            mapping={"rest": "custom", "blank": ["Select"], "columns": {"email": "email"}},
        )
        assert Lead.objects.get().custom == {"shoe_size": "43"}
        assert CustomField.objects.get(key="shoe_size").label == "Shoe size"


class TestActivities:
    def test_a_messy_log(self, file):
        imported(file("email\nada@gmail.com\n"))
        log = (
            "email,event,timestamp,url,user_agent\n"
            "ada@gmail.com,email_open,2026-04-24T08:00:02Z,,GoogleImageProxy\n"
            "ADA@gmail.com,email_open,2026-04-24T08:00:02Z,,GoogleImageProxy\n"
            "ada@gmail.com,webinar_attended,1777024800,Q2 roadmap (42 min),\n"
            "ada@gmail.com,webinar_attended,1777024800000,Q2 roadmap (42 min),\n"
            "ada@gmail.com,email_open,2131-01-01T00:00:00Z,,\n"
            "ghost@example.net,form_submit,2026-04-24T09:00:00Z,,\n"
            "ada@gmail.com,page_view,not a date,,\n"
        )
        job = imported(file(log, "log.csv"), "activities")
        assert counts(job) == (2, 0, 2, 3)
        opened, webinar = Activity.objects.order_by("occurred_at")
        assert (opened.verdict, webinar.subject) == (Verdict.MACHINE, "Q2 roadmap (42 min)")

    def test_equal_rows_of_one_day_stay_distinct_and_come_in_once(self, file):
        imported(file("email\nada@gmail.com\n"))
        path = file("email,type,date\n" + "ada@gmail.com,page_visit,2024-01-31\n" * 3, "log.csv")
        assert counts(imported(path, "activities")) == (3, 0, 0, 0)
        assert counts(imported(path, "activities")) == (0, 0, 3, 0)

    @pytest.mark.parametrize(
        ("header", "said"),
        [("type,date", "whose activity"), ("email,date", "type of activity"), ("email,type", "when it happened")],
    )
    def test_what_is_needed(self, file, header, said):
        assert said in imported(file(f"{header}\nx,y\n"), "activities").problem


class TestDryRun:
    def test_it_counts_and_writes_nothing(self, file):
        path = file("email,Shoe size\na@gmail.com,43\nnobody,1\n")
        job = imported(path, dry_run=True, mapping={"rest": "custom", "columns": {"email": "email"}})
        assert (job.state, counts(job)) == (ImportJob.State.CHECKED, (1, 0, 0, 1))
        assert not Lead.objects.exists()
        assert not CustomField.objects.exists()
        assert not ImportRow.objects.exists()


class TestCommand:
    def run(self, *arguments, **options):
        out = io.StringIO()
        call_command(*arguments, stdout=out, skip_checks=True, **options)
        return out.getvalue()

    def test_it_reports_and_writes_the_refused_rows(self, file, tmp_path):
        path, faults = file('email,first_name\na@gmail.com,A\nnobody,"=1+1"\n'), tmp_path / "faults.csv"
        said = self.run("import_leads", str(path), faults=faults)
        assert "refused            1" in said
        assert "row 3: “nobody” is not an e-mail address." in said
        assert faults.read_text().splitlines()[1] == "3,“nobody” is not an e-mail address.,nobody,'=1+1"

    def test_a_dry_run_leaves_no_trace(self, file):
        assert "checked, nothing written" in self.run("import_leads", str(file("email\na@gmail.com\n")), dry_run=True)
        assert not ImportJob.objects.exists()

    @pytest.mark.parametrize("mapping", ["nonsense", "/etc/passwd"])
    def test_no_mapping(self, file, mapping):
        with pytest.raises(CommandError, match="mapping"):
            self.run("import_leads", str(file("email\na@gmail.com\n")), mapping=mapping)

    def test_nothing_usable_is_an_error(self, file):
        with pytest.raises(CommandError, match="Every row"):
            self.run("import_leads", str(file("email\nnobody\n")))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets do not lie beside this checkout")
class TestSharedData:
    def test_x_education(self):
        path = SHARED / "xeducation" / "leads_oldest70.csv"
        assert counts(imported(path, mapping="xeducation")) == (6468, 0, 0, 0)
        assert counts(imported(path, mapping="xeducation")) == (0, 0, 6468, 0)
        assert set(Lead.objects.filter(source__iexact="google").values_list("source", flat=True)) == {"Google"}
        assert not Lead.objects.filter(city="Select").exists()

    @pytest.mark.slow
    def test_leadforge(self):
        leads, deeds = SHARED / "leadforge" / "leads.csv", SHARED / "leadforge" / "activities.csv"
        assert counts(imported(leads, mapping="leadforge-leads")) == (3000, 0, 0, 0)
        assert counts(imported(leads, mapping="leadforge-leads")) == (0, 0, 3000, 0)
        assert counts(imported(deeds, "activities", mapping="leadforge-activities")) == (78317, 0, 0, 0)
        assert Activity.objects.filter(path="/pricing").count() == 2919

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("03", (200, 0, 0, 0)),
            ("11", (4, 1, 0, 0)),
            ("12", (2, 1, 0, 1)),
            ("13", (2, 1, 0, 3)),
            ("14", (2, 0, 0, 0)),
            ("18", (1, 0, 0, 4)),
        ],
    )
    def test_fixtures_that_are_tables(self, name, expected):
        (path,) = (SHARED / "fixtures").glob(f"{name}_*")
        assert counts(imported(path)) == expected
        assert counts(imported(path))[:2] == (0, 0)

    @pytest.mark.parametrize("name", ["01", "02", "09", "16", "17", "19"])
    def test_fixtures_that_are_none(self, name):
        (path,) = (SHARED / "fixtures").glob(f"{name}_*")
        assert imported(path).state == ImportJob.State.FAILED
