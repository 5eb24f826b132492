"""The replay as files, and its bands as a chart: the same figures as on its page, few staying counts (R10, R13)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _t

from .replay import Share
from .replay_page import Flip, ReplayPage, Side

Table = tuple[Sequence[Any], Iterator[Sequence[Any]]]


def agreement(page: ReplayPage, *, masked: bool) -> Table:
    """Each version against decisions and deals: the four counts, precision and recall in percent."""
    stage = page.question.stage.label
    head = [
        _t("Version"), _t("Against"), _t("would be %(stage)s, went well") % {"stage": stage},
        _t("would be %(stage)s, did not") % {"stage": stage}, _t("would not be %(stage)s, went well") % {"stage": stage},
        _t("would not be %(stage)s, did not") % {"stage": stage}, "n",
        *_share_head(_t("Precision")), *_share_head(_t("Recall")),
    ]  # fmt: skip
    return head, (row for side in page.sides for row in _agreement_of(side))


def _agreement_of(side: Side) -> Iterator[Sequence[Any]]:
    for against, one in ((_t("what sales decided"), side.by_decision), (_t("won and lost"), side.by_deal)):
        shares = (one.precision, one.recall) if one.is_enough else (Share(0, 0), Share(0, 0))
        counts = [one.yes_good, one.yes_bad, one.no_good, one.no_bad, one.n]
        yield [str(side.version), against, *counts, *(cell for share in shares for cell in _percents(share))]


def bands(page: ReplayPage, *, masked: bool) -> Table:
    """Acceptance by ten points of total, highest first; shares only where there are enough decided ones in all."""
    columns = [
        [_t("%(version)s: accepted") % said, _t("%(version)s: decided") % said, *_share_head(str(side.version))]
        for side in page.sides
        for said in [{"version": side.version}]
    ]
    rows = (
        [row["name"], *(cell for share in row["shares"] for cell in _band_cells(share, page))] for row in page.band_rows
    )
    return [_t("Total at that moment"), *(cell for column in columns for cell in column)], rows


def _band_cells(share: Share, page: ReplayPage) -> list[Any]:
    return [share.part, share.whole, *_percents(share if page.is_enough else Share(0, 0))]


def flips(page: ReplayPage, *, masked: bool) -> Table:
    """Every lead that one version would have taken and the other not; no names for whom they are masked."""
    names = [str(side.version) for side in page.sides]
    head = [
        _t("Lead"), *([] if masked else [_t("Name"), _t("Company")]), _t("Moved"),
        _t("%(stage)s by") % {"stage": page.question.stage.label}, *(_t("Total by %(version)s") % {"version": name} for name in names),
        _t("Sales"), _t("Deal"),
    ]  # fmt: skip
    return head, (_flip_cells(flip, names, masked=masked) for flip in page.all_flips)


def _flip_cells(flip: Flip, names: Sequence[str], *, masked: bool) -> list[Any]:
    lead, moment = flip.lead, flip.moment
    who = [] if masked else [lead.name, lead.company.name if lead.company else None]
    decided = {True: _t("accepted"), False: _t("refused"), None: _t("undecided")}[moment.accepted]
    deal = {True: _t("won"), False: _t("lost"), None: None}[moment.won]
    totals = [total / 100 for total in flip.totals]
    return [lead.pk, *who, flip.day, names[1 if flip.taken else 0], *totals, decided, deal]


def _share_head(name: str) -> list[str]:
    said = {"name": name}
    return [_t("%(name)s, %%") % said, _t("%(name)s: from, %%") % said, _t("%(name)s: to, %%") % said]


def _percents(share: Share) -> list[float | None]:
    """The share and its interval in percent with one decimal; blank of nothing."""
    found = share.interval
    return (
        [None, None, None] if found is None else [round(100 * one, 1) for one in (found.value, found.low, found.high)]
    )


TABLES = {"agreement": agreement, "bands": bands, "flips": flips}


def chart(page: ReplayPage) -> dict[str, Any]:
    """Acceptance by band, lowest first, a bar for each version with its interval; nothing where they are few."""
    rows = page.band_rows[::-1] if page.is_enough else []
    tones = ["compare", "accent"] if len(page.sides) > 1 else ["accent"]
    shares = [[_percents(row["shares"][n]) for row in rows] for n in range(len(page.sides))]
    series = [
        {
            "name": str(side.version), "tone": tone, "data": [one[0] for one in found],
            "intervals": [None if one[0] is None else one[1:] for one in found],
        }
        for side, tone, found in zip(page.sides, tones, shares, strict=True)
    ]  # fmt: skip
    return {"type": "bar", "categories": [row["name"] for row in rows], "series": series, "unit": "%"}
