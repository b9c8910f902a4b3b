"""Who may do what: the one table of roles and permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from copilot.errors import NotAllowed


class Role(StrEnum):
    COPYWRITER = "copywriter"
    OPERATOR = "operator"
    BRAND_MANAGER = "brand_manager"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    READ = "read"
    WRITE = "write"  # draft, edit and submit copy
    REVIEW = "review"  # approve, request changes, withdraw
    SCHEDULE = "schedule"
    SEND = "send"  # the send desk
    CURATE = "curate"  # the library and the voice
    PLAN = "plan"  # the columns, the community's own days, the line of a week
    ADMINISTER = "administer"


_P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COPYWRITER: frozenset({_P.READ, _P.WRITE}),
    Role.OPERATOR: frozenset({_P.READ, _P.WRITE, _P.REVIEW, _P.SCHEDULE, _P.SEND, _P.PLAN}),
    Role.BRAND_MANAGER: frozenset({_P.READ, _P.WRITE, _P.REVIEW, _P.CURATE, _P.PLAN}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]


def require(role: Role, permission: Permission) -> None:
    if not may(role, permission):
        raise NotAllowed(permission)


@dataclass(frozen=True)
class Actor:
    """Whoever acts, with the role they have in the brand they act in."""

    id: int
    name: str
    role: Role

    def require(self, permission: Permission) -> None:
        require(self.role, permission)
