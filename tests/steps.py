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

CALL = "想要的饭友在群里说一声。"
COPY = f"小灶陶锅的会员价是 239 元，容量是 1.2 升。\n{CALL}"
PRICE = "小灶陶锅的会员价是 239 元。\n"
POT_FILE = "selling_point/pot.md"
ALT = "灶上的小灶陶锅冒着热气"
_POINTS = {
    "selling_point": """锅壁|小灶陶锅的锅壁厚 9 毫米，热得慢也凉得慢。离火半小时，里面的饭还烫嘴。
锅盖|盖沿比锅口宽出 6 毫米，汤滚起来不往外扑。小灶陶锅的盖钮是一颗松果。
锅底|锅底留着 3 圈手工纹，放上灶架不打滑。小灶陶锅坐得稳，转身也碰不倒。
提手|两只提手各缠了 12 圈棉绳，空手端也不烫。小灶陶锅的棉绳拆下来能洗。
陶土|小灶陶锅用的陶土在溪边晾满 40 天才下料。晾够了的土，烧出来不起泡。
釉面|釉只上在锅口往下 2 厘米的地方，好擦。小灶陶锅里面不上釉，米香出得来。
火候|小灶陶锅进窑那天要看着火 16 个小时。看火的师傅隔一小时添一次柴。
米香|同一袋米换小灶陶锅来焖，揭盖那一刻香气浓得多。街坊闻着味来借过 4 回锅。
锅巴|想吃锅巴，关火前多留 2 分钟小火。小灶陶锅的锅巴薄，一掰就断。""",
    "user_guide": """开锅|新的小灶陶锅先煮一回淘米水，煮 20 分钟。煮完倒掉，晾干再用。
量水|一杯米配一杯二分的水，泡 30 分钟。小灶陶锅里有一道浅线，水到那里就好。
点火|开头用中火，看见锅边冒气再转小。小灶陶锅怕急火，头 5 分钟别心急。
揭盖|关火以后焖 10 分钟，中间不揭盖。小灶陶锅靠余热把米心焖透。
洗锅|小灶陶锅凉下来再洗，用热水泡 15 分钟。粘住的饭粒自己会松开。
收纳|洗好的小灶陶锅倒扣晾 24 小时。盖子和锅分开放，免得闷出味道。
补救|饭煮糊了别急着刮，撒一勺小苏打泡 1 夜。第二天小灶陶锅一冲就净。
煲汤|小灶陶锅煲汤放七分满，留 3 厘米给汤滚。盐等关火前再放。
煮粥|煮粥一份米十份水，小火 45 分钟。小灶陶锅煮的粥不用一直搅。""",
}


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


def much_to_tell(services: Services, team: Team) -> None:
    """Enough for a week of two columns: nine passages of each kind, two sentences in each."""
    for kind, lines in _POINTS.items():
        sections = (line.partition("|") for line in lines.splitlines())
        content = "\n".join(f"## {heading}\n\n{body}\n" for heading, _, body in sections)
        add(services, team, f"{kind}/pot.md", f"# 小灶陶锅\n\n{content}")


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
