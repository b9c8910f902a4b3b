"""Steps that several stories share: a material that comes in, a post brought to one station of its way."""

from __future__ import annotations

from datetime import date
from typing import Any

from copilot.domain.materials import Kind
from copilot.services import following
from copilot.services.house import Services
from copilot.services.ingestion import FileResult
from copilot.services.jobs import JobView
from copilot.services.media import PictureFile
from copilot.services.terms import Upload
from tests.conftest import POT, Team
from tests.documents import png

COPY = "小灶陶锅的会员价是 239 元，容量是 1.2 升。\n想要的饭友在群里说一声。"
PRICE = "小灶陶锅的会员价是 239 元。\n"
POT_FILE = "selling_point/pot.md"
ALT = "灶上的小灶陶锅冒着热气"


def take(services: Services, team: Team, path: str, content: str | bytes, **given: Any) -> FileResult:
    """The brand manager drops a file; the folder that its path begins with names its kind."""
    data = content.encode() if isinstance(content, str) else content
    upload = Upload(path, data, Kind(path.partition("/")[0]), **given)
    return services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)


def add(services: Services, team: Team, path: str, content: str | bytes, **given: Any) -> int:
    """A file that is taken in, as the material that it becomes or revises."""
    result = take(services, team, path, content, **given)
    assert result.material is not None, result
    return result.material


def library(services: Services, team: Team) -> int:
    """The brand's one material, as a file somebody dropped."""
    return add(services, team, POT_FILE, POT)


def revise(services: Services, team: Team, *changes: tuple[str, str]) -> None:
    """The brand manager drops the pot's file again, with something else in it; without changes, as it was."""
    content = POT
    for before, after in changes:
        assert before in content
        content = content.replace(before, after)
    add(services, team, POT_FILE, content)


def expired(services: Services) -> int:
    """Time is asked what it has made untrue; how many flags that raised."""
    with services.parts.db.write() as session:
        return following.expire(session, now=services.parts.clock())


def picture(services: Services, team: Team, shade: int = 1, alt: str = ALT) -> int:
    """A picture of the library that a post may show."""
    file = PictureFile(f"{shade}.png", png(shade), alt)
    (added,) = services.media.add([file], brand=team.brand, actor=team.manager.id)
    assert added.picture is not None
    return added.picture


def run_newest(services: Services, team: Team, kind: str = "ingest") -> JobView:
    """The job of this kind that was asked for last, done."""
    job = services.jobs.recent(brand=team.brand, kind=kind)[0].id
    services.jobs.run(job)
    return services.jobs.view(job)


def todays_slot(services: Services, team: Team) -> int:
    services.planning.plan(brand=team.brand, start=date(2026, 11, 21), days=7)
    week = services.calendar.week(brand=team.brand, around=date(2026, 11, 21))
    return next(card.slot for day in week.days if day.is_today for card in day.slots)


def written(services: Services, team: Team, text: str = COPY) -> int:
    """A post whose text a copywriter typed, for today's 15:00, on whatever the library holds by now."""
    slot = todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=None)
    return post


def approve(services: Services, team: Team, post: int) -> None:
    """The copywriter submits the newest text, and the operator approves it."""
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)


def drafted_post(services: Services, team: Team, text: str = COPY) -> int:
    """A post with this text, over a library that holds the pot."""
    library(services, team)
    return written(services, team, text)


def approved_post(services: Services, team: Team) -> int:
    post = drafted_post(services, team)
    approve(services, team, post)
    return post


def scheduled_post(services: Services, team: Team) -> int:
    post = approved_post(services, team)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    return post
