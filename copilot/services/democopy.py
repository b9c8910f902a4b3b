"""The copy library of the demo: posts that were kept, and replies at each station of their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from copilot.domain.brands import Language
from copilot.domain.copylibrary import Scene
from copilot.domain.permissions import Actor
from copilot.domain.posts import PostState
from copilot.errors import CopilotError
from copilot.services.democrew import Crew
from copilot.services.queries.rows import BrandRow

_DAYS_AGO = 5
_KEPT = {"welcome": Scene.WELCOME, "seeding": Scene.QUESTION, "welfare": Scene.OFFER}


@dataclass(frozen=True)
class _Reply:
    """`uses` is how often it was copied since; None for one that still waits for its yes."""

    scene: Scene
    title: str
    text: str
    uses: int | None


_REPLIES: dict[Language, tuple[_Reply, ...]] = {
    Language.ZH: (
        _Reply(
            Scene.LOGISTICS,
            "多久发货",
            "你的订单 48 小时内从石埂镇发出，一般 2 到 4 天送到，偏远地区要 5 到 7 天。\n"
            "想查快递，私聊发「查件」和下单昵称就可以。",
            4,
        ),
        _Reply(
            Scene.COMPLAINT,
            "收到破损",
            "手有没有划到？先别捡碎片。\n麻烦你拍两张照片给我，我们 48 小时内补发。",
            2,
        ),
        # Its price ended two days ago: it shows what becomes of a reply whose offer is over.
        _Reply(
            Scene.OFFER,
            "米缸换季价",
            "溪石米缸换季价 109 元一只，比日常价少 20 元，每人限 1 只。\n想要的话，回我一声就给你留。",
            3,
        ),
        _Reply(
            Scene.USAGE,
            "陶锅怎么开锅",
            "小灶陶锅头一次用，先煮一次米水开锅，小火 40 分钟，晾 24 小时再用。",
            None,
        ),
    ),
    Language.EN: (
        _Reply(
            Scene.LOGISTICS,
            "When will it arrive?",
            "Orders placed before 1 pm on a working day are packed the same day. "
            "Parcels to mainland UK addresses arrive 2 to 3 working days after packing.\n"
            "The tracking number comes by email when the parcel is packed.",
            4,
        ),
        _Reply(
            Scene.COMPLAINT,
            "A jar arrived broken",
            "Thank you for telling us, and I am sorry that your Keeper Jar arrived in pieces. "
            "One photo of the jar and one of the box is all that we need. "
            "A replacement Keeper Jar is posted within 3 working days of the photo.",
            2,
        ),
        _Reply(
            Scene.OFFER,
            "Starter week",
            "Bramble Starter is £7 a box instead of £9. The code WAKEUP works for one box to an order.",
            3,
        ),
        _Reply(
            Scene.USAGE,
            "The starter is slow",
            "A slow Bramble Starter at 18 °C is cold rather than ill, and a warmer shelf usually settles it. "
            "Shall we look at a photo together?",
            None,
        ),
    ),
}


def stock(
    crew: Crew,
    brand: BrandRow,
    *,
    writer: Actor,
    approver: Actor,
    now: datetime,
    travel: Callable[[datetime], None],
) -> None:
    """Fills an empty copy library; one that holds anything is left as people made it."""
    if not crew.copyshelf.shelf(brand=brand.id).is_empty:
        return
    travel(now - timedelta(days=_DAYS_AGO))
    for reply in _REPLIES[Language(brand.language)]:
        entry = crew.copylibrary.add(
            brand=brand.id, actor=writer, scene=reply.scene, title=reply.title, text=reply.text
        )
        if reply.uses is None:
            continue
        seen = crew.copyshelf.entry(entry, brand=brand.id).row.seen
        try:
            crew.copylibrary.approve(entry, brand=brand.id, actor=approver, seen=seen)
        except CopilotError:
            # The brand's materials were changed since: the reply waits, as anybody's would.
            continue
        for _ in range(reply.uses):
            crew.copylibrary.use(entry, brand=brand.id, actor=writer)
    travel(now)
    _keep_posts(crew, brand, approver)


def _keep_posts(crew: Crew, brand: BrandRow, approver: Actor) -> None:
    """The first sent post of each module that a member might ask for again."""
    week = crew.calendar.week(brand=brand.id)
    before = crew.calendar.week(brand=brand.id, around=week.previous)
    wanted = dict(_KEPT)
    for card in (card for one in (before, week) for day in one.days for card in day.slots):
        if card.post is None or card.state != PostState.SENT or card.module not in wanted:
            continue
        crew.copylibrary.keep(
            card.post, brand=brand.id, actor=approver, scene=wanted.pop(card.module), title=card.name
        )
