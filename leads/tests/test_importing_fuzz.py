"""Whatever the bytes of a file are: counted rows, named faults or one sentence; never an error of ours (quality.md §3.8)."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from leadhub.testing import examples
from leads.importing.faults import MappingRefused
from leads.importing.mapping import Mapping, read_mapping
from leads.importing.matching import match
from leads.importing.reader import Table
from leads.importing.source import FileRefused, look_at
from leads.models import ImportJob

from .importing import imported

cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["a@example.org", "A@EXAMPLE.ORG", '"', '""', ",", ";", "\t", "\r", "\n", "\x00", "=1+1", "0000-00-00", "294277-01-01", "03/04/2018",
         "29 Feb 2023", "1e999", "NaN", str(2**63), "500-999", "1.234,56", "\u202e\u200b", "x" * 400, "'=cmd|' /C calc'!A0", "=1+1@x.io"]
    ),
)  # fmt: skip
rows = st.lists(st.lists(cells, max_size=5), max_size=6)
headers = st.sampled_from(
    ["email,created_at,employees,company,Shoe", "email;created_at;employees", "email", "E-Mail\tName\tCity", "id,email"]
)


@pytest.mark.django_db
@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=headers,
    rows=rows,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    mark=st.sampled_from([",", ";", "\t"]),
)
def test_every_row_is_accounted_for(tmp_path, header, rows, encoding, mark):
    path = tmp_path / "leads.csv"
    text = header + "\n" + "\n".join(mark.join(row) for row in rows)
    path.write_bytes(text.encode(encoding, "replace"))
    job = imported(path, mapping={"rest": "ignore", "dates": "dmy"})
    assert job.state in (ImportJob.State.DONE, ImportJob.State.FAILED)
    assert bool(job.problem) == (job.state == ImportJob.State.FAILED)
    if job.state == ImportJob.State.DONE:
        assert job.rows_read == job.rows_total == job.created + job.updated + job.unchanged + job.refused
        assert job.refused == job.faults.count()


@examples(300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        match(Mapping("leads"), Table(look_at(path)))
    except (FileRefused, MappingRefused) as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - being a table is right too


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["email", "custom.x", "dmy", "band", "refuse"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    ["kind", "columns", "constants", "blank", "rest", "dates", "time_zone", "encoding", "delimiter", "x"]
)


@examples(300)
@given(
    document=anything
    | st.dictionaries(keys, anything | st.dictionaries(st.text(max_size=5), anything, max_size=3), max_size=4)
)
def test_any_json_is_a_mapping_or_refused_in_a_sentence(document):
    try:
        read_mapping(document, "leads")
    except MappingRefused as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017 - being a table is right too
