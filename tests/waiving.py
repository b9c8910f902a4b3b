"""Steps of what is let stand: copy that a check stops, its finding, and whoever lets it stand."""

from __future__ import annotations

from sqlalchemy import select

from copilot import models
from copilot.domain.permissions import Actor
from copilot.services.house import Services
from copilot.services.queries.desk import PostView
from copilot.services.queries.marks import FindingRow
from tests.conftest import Team
from tests.steps import CALL, COPY

WORD = "顶级"
TOP = f"{COPY.removesuffix(CALL)}这口锅是{WORD}的。\n{CALL}"
WRONG = COPY.replace("239", "199")
WHY = "供应商的授权书上就是这么写的"


def view(services: Services, team: Team, post: int) -> PostView:
    return services.desk.post(post, brand=team.brand)


def finding(services: Services, team: Team, post: int, text: str = WORD) -> FindingRow:
    """What stops the post in these words."""
    return next(
        one for one in view(services, team, post).findings if one.text == text and one.severity == "block"
    )


def let_stand(services: Services, team: Team, post: int, actor: Actor | None = None, text: str = WORD) -> int:
    return services.waiving.waive(
        post,
        finding(services, team, post, text).id,
        brand=team.brand,
        actor=actor or team.operator,
        reason=WHY,
    )


def waiver_of(services: Services, team: Team, post: int) -> int:
    (kept, *_) = view(services, team, post).waived
    assert kept.waiver is not None
    return kept.waiver.id


def audited(services: Services, subject: str = "waiver") -> list[models.Audit]:
    with services.parts.db.read() as session:
        return list(
            session.scalars(
                select(models.Audit).where(models.Audit.subject == subject).order_by(models.Audit.id)
            )
        )


def planted(services: Services, post: int, check: str, rule: str, text: str) -> int:
    """A finding of the newest text as that check would leave it."""
    with services.parts.db.write() as session:
        row = session.get(models.Post, post)
        assert row is not None and row.head_id is not None
        made = models.Finding(
            revision_id=row.head_id,
            check=check,
            rule=rule,
            severity="block",
            start=0,
            end=len(text),
            text=text,
            reason="rule",
            params={"rule": rule},
        )
        session.add(made)
        session.flush()
        return made.id


def edit(services: Services, team: Team, post: int, text: str) -> None:
    head = view(services, team, post).head
    assert head is not None
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=head.number)
