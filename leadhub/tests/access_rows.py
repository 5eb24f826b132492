"""Rows of the access matrix: the roles by short names, and what one URL answers to each."""

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
    api: str = ""  # the scope a key must have; no session opens such an address
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def of(name: str) -> Callable[[World], dict[str, Any]]:
    """The number of that thing of the world."""
    return lambda world: {"pk": getattr(world, name).pk}
