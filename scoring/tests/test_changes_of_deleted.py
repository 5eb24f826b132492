"""Who reads changes of scores is told which leads are gone, in order, and begins anew where that is told no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leads.models import Lead
from scoring.care import look_after
from scoring.models import LeadScore
from scoring.models_gone import KEPT, GoneLead

from .test_score_api import ask, everything, fresh_limits, key, scored_lead, set_total  # noqa: F401 - fixtures

DAY = timedelta(days=1)


def ids(rows: list[dict[str, Any]]) -> list[tuple[int, bool]]:
    """Lead ids, and whether they are told to be gone."""
    return [(row["id"], "deleted_at" in row) for row in rows]


@pytest.mark.django_db(transaction=True)
class TestDeleted:
    def test_a_deleted_lead_is_told_once_in_its_place_and_nothing_else_of_it(self, key: str) -> None:  # noqa: F811
        leads = [scored_lead(external_id=f"crm-{n}") for n in range(4)]
        _rows, cursor = everything(key)
        gone = leads[1].pk
        set_total(leads[3], 100)
        leads[1].delete()
        set_total(leads[0], 100)
        told, after = everything(key, cursor, limit=1)
        assert ids(told) == [(leads[3].pk, False), (gone, True), (leads[0].pk, False)]
        assert set(told[1]) == {"id", "deleted_at"}
        assert everything(key, after)[0] == []

    def test_many_are_paged_and_who_reads_all_leads_hears_of_those_gone_meanwhile(self, key: str) -> None:  # noqa: F811
        leads = [scored_lead() for _ in range(5)]
        numbers = [lead.pk for lead in leads]
        begun = ask("/scores/changes", key, limit="3").json()
        Lead.objects.filter(pk__in=[numbers[0], numbers[2], numbers[4]]).delete()
        rest, cursor = everything(key, begun["cursor"])
        assert ids(rest) == [(numbers[3], False)]
        told, _cursor = everything(key, cursor, limit=1)
        assert [row for row in ids(told) if row[1]] == [(numbers[n], True) for n in (0, 2, 4)]

    def test_a_cursor_from_before_what_is_told_no_more_begins_anew(self, key: str) -> None:  # noqa: F811
        leads = [scored_lead() for _ in range(3)]
        _rows, early = everything(key)
        leads[0].delete()
        _rows, late = everything(key, early)
        leads[1].delete()
        first = GoneLead.objects.earliest("changed_in")
        GoneLead.objects.filter(pk=first.pk).update(at=timezone.now() - KEPT - DAY)
        look_after(timezone.now())
        refused = ask("/scores/changes", key, after=early)
        assert (refused.status_code, "begin anew" in refused.json()["detail"]) == (410, True)
        assert [gone for _id, gone in ids(everything(key, late)[0])] == [True]


@pytest.mark.django_db
class TestKept:
    def test_the_database_writes_it_down_whatever_deleted_the_lead(self) -> None:
        lead = scored_lead()
        number = lead.pk
        LeadScore.objects.filter(lead=lead).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM leads_lead WHERE id = %s", [number])
        assert GoneLead.objects.get().pk == number

    def test_a_deletion_that_is_taken_back_tells_nothing(self) -> None:
        lead = scored_lead()
        with transaction.atomic():
            lead.delete()
            transaction.set_rollback(True)
        assert not GoneLead.objects.exists()

    def test_after_ninety_days_one_row_stands_for_all_before_it(self) -> None:
        now, leads = timezone.now(), [scored_lead() for _ in range(4)]
        numbers = [lead.pk for lead in leads]
        for lead in leads:
            lead.delete()
        for n, days in enumerate((95, 91, 89, 1)):
            GoneLead.objects.filter(pk=numbers[n]).update(at=now - days * DAY, changed_in=n + 1)
        for _time in range(2):
            GoneLead.objects.forget(now)
        assert (GoneLead.objects.floor(), list(GoneLead.objects.told().values_list("changed_in", flat=True))) == (
            2,
            [3, 4],
        )
        GoneLead.objects.forget(now + 2 * DAY)
        assert (GoneLead.objects.floor(), GoneLead.objects.count()) == (3, 2)
