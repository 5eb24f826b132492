"""Who may open what: the independent oracle of the access matrix (quality.md §4, S1), filled by hand, row by row.

A URL of LeadHub without a row here, or a row without a URL, fails `test_matrix.py`. Roles named under `get` and `post`
are let in; `hidden` roles are told 404 for this object; all others 403. A method without roles is 405 for everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Role

from .world import World

MK, MM = frozenset({Role.MARKETER}), frozenset({Role.MARKETING_MANAGER})
SR, SM = frozenset({Role.SALES_REP}), frozenset({Role.SALES_MANAGER})
AN, AD = frozenset({Role.ANALYST}), frozenset({Role.ADMINISTRATOR})
EVERYBODY = MK | MM | SR | SM | AN | AD
NOBODY: frozenset[Role] = frozenset()
Roles = frozenset[Role]


@dataclass(frozen=True)
class Row:
    """What one URL answers. `given` makes the arguments of its address out of the world; `data` is what a POST sends."""

    get: Roles | None = None
    post: Roles | None = None
    given: Callable[[World], dict[str, Any]] = lambda _world: {}
    hidden: Roles = NOBODY
    public: bool = False
    api: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def of(name: str) -> Callable[[World], dict[str, Any]]:
    """The number of that thing of the world."""
    return lambda world: {"pk": getattr(world, name).pk}


PEOPLE = {
    "sign_in": Row(get=EVERYBODY, post=EVERYBODY, public=True),
    "sign_out": Row(post=EVERYBODY),
    "set_password": Row(get=EVERYBODY, post=EVERYBODY, public=True, given=lambda _world: {"number": "1", "token": "x-y"}),
    "profile": Row(get=EVERYBODY, post=EVERYBODY),
    "change_password": Row(get=EVERYBODY, post=EVERYBODY),
    "end_other_sessions": Row(post=EVERYBODY),
    "people": Row(get=AD | SM),
    "person_new": Row(get=AD, post=AD),
    "person_page": Row(get=AD | SM, given=of("rita")),
    "person_edit": Row(get=AD, post=AD, given=of("rita")),
    "person_link": Row(post=AD, given=of("rita")),
    "person_deactivate": Row(post=AD, given=of("rita")),
    "person_reactivate": Row(post=AD, given=of("rita")),
    "person_end_sessions": Row(post=AD | SM, given=of("rita")),
    "teams": Row(get=AD | SM),
    "team_new": Row(get=AD, post=AD),
    "team_edit": Row(get=AD, post=AD, given=of("team")),
    "team_delete": Row(post=AD, given=of("team")),
    "api_keys": Row(get=AD),
    "api_key_new": Row(get=AD, post=AD),
    "api_key_revoke": Row(post=AD, given=of("key")),
}

HOUSE = {
    "home": Row(get=EVERYBODY),
    "healthz": Row(get=EVERYBODY, public=True),
    "settings": Row(get=EVERYBODY),
    "workspace": Row(get=AD | SM | MM),
}

TABLE: dict[str, Row] = {**PEOPLE, **HOUSE}
