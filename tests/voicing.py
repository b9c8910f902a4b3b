"""Steps of the voice's stories: the voice in force, a version saved, a draft that somebody edited and approved."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from copilot import models
from copilot.domain.brands import Voice
from copilot.services.house import Services
from copilot.services.revising import keep_revision
from tests.conftest import Team
from tests.steps import approve


def held(services: Services, team: Team) -> Voice:
    return services.voicesheet.view(brand=team.brand).voice


def version(services: Services, team: Team) -> int:
    return services.voicesheet.view(brand=team.brand).version


def save(services: Services, team: Team, voice: Voice, note: str = "会员嫌太正经", **given: Any) -> int:
    return services.voices.save(
        voice,
        brand=team.brand,
        actor=team.manager,
        note=note,
        **{"based_on": version(services, team), **given},
    )


def events(services: Services, subject: str) -> list[str]:
    with services.parts.db.read() as session:
        rows = session.scalars(select(models.Audit).where(models.Audit.subject == subject))
        return [row.action for row in rows]


def approved(services: Services, team: Team, drafted: str, text: str) -> int:
    """A post for the next free slot that a machine drafted, a person changed, and another approved."""
    services.planning.plan(brand=team.brand, start=date(2026, 11, 21), days=12)
    week = services.calendar.week(brand=team.brand, around=date(2026, 11, 21))
    days = (*week.days, *services.calendar.week(brand=team.brand, around=week.following).days)
    slot = next(card.slot for day in days for card in day.slots if not day.is_past and card.post is None)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    checked = services.checking.check_post(drafted, post, brand=team.brand)
    with services.parts.db.write() as session:
        row = session.get_one(models.Post, post)
        keep_revision(
            session, row, drafted, [], "composer", team.copywriter.id, {}, checked, now=services.parts.clock()
        )
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=1)
    approve(services, team, post)
    return post
