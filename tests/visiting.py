"""A visitor in front of the pages without a browser, and a house with something on every page to look at."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from selectolax.lexbor import LexborHTMLParser, LexborNode
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from copilot.domain.occasions import NodeKind
from copilot.domain.permissions import Role
from copilot.domain.scripts import Speaker
from copilot.services.briefs import Wanted
from copilot.services.house import Services
from copilot.services.media import PictureFile
from copilot.services.occasions import OwnDay
from tests.conftest import Team
from tests.documents import pictures, png
from tests.fakes import FakeClock
from tests.steps import COPY, add, approve, library

HOME = "/b/hearth"
EMPTY_WEEK = "2026-11-02"
CAST = (Speaker("阿穗", "小助手"), Speaker("周航", "店长"))
SHELVES = f"{HOME}/library"
SAMPLES = tuple(
    f"早上好，饭友们，灶上的水开了{more}\n今天焖一锅新米，你家吃什么？\n回复「开饭」。"
    for more in ("。", "！", "🍚。", "呀。", "，坐。")
)


class Visitor:
    """Follows the rules of a browser: one cookie jar, and every form is sent with the token of a page.

    A token is good for a session, and signing in or out begins another.
    """

    def __init__(self, app: Flask, login: str = "", *, locale: str = "en", password: str = "secret") -> None:
        self.http = app.test_client()
        self._token = ""
        if login:
            answer = self.post("/sign-in", {"login": login, "password": password})
            assert answer.status_code == 303, answer.text
            self.post("/language", {"locale": locale})

    def get(self, path: str, **how: Any) -> TestResponse:
        return self.http.get(path, **how)

    def post(self, path: str, data: dict[str, Any] | None = None, **how: Any) -> TestResponse:
        self._token = self._token or self.token()
        answer = self.http.post(path, data={"csrf_token": self._token, **(data or {})}, **how)
        if path.startswith("/sign-"):
            self._token = ""
        return answer

    def token(self, **how: Any) -> str:
        page = self.http.get("/", follow_redirects=True, **how).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found.group(1)


def parsed(answer: TestResponse) -> LexborHTMLParser:
    return LexborHTMLParser(answer.text)


def one(page: TestResponse | LexborHTMLParser | LexborNode, place: str) -> LexborNode:
    """The first element at a place, which has to be there."""
    node = (parsed(page) if isinstance(page, TestResponse) else page).css_first(place)
    assert node is not None, f"there is no {place}"
    return node


def said(answer: TestResponse, place: str = "body") -> str:
    """The words of a place on a page, as one line."""
    return " ".join(one(answer, place).text(separator=" ").split())


def file(content: str | bytes, name: str) -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(content if isinstance(content, bytes) else content.encode()), name


def rules(app: Flask, method: str) -> list[Rule]:
    """The routes of a brand that answer this method."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "brand" in rule.arguments and method in (rule.methods or ())
    ]


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """Where a route is for these values; one that takes something new fails here, until it is added there."""
    with app.test_request_context():
        _domain, path = rule.build({name: values[name] for name in rule.arguments}) or ("", "")
    return path


@dataclass(frozen=True)
class Furnished:
    """One of everything: ids to put into addresses, by the name of the route's argument."""

    waiting: int
    sealed: int
    sent: int
    asked: int
    failed: int
    flagged: int
    flag: int
    fact: int
    change: int
    empty_slot: int
    image_only: int
    retired: int
    table: int
    job: int
    export: int
    generation: int
    picture: int
    digest: str
    entry: int
    lost_entry: int
    waiting_entry: int
    card: int
    week: int
    run: int
    variant: int
    question: int
    open_question: int

    @property
    def values(self) -> dict[str, Any]:
        return {
            "brand": "hearth",
            "post": self.sent,
            "slot": self.empty_slot,
            "material": self.table,
            "job": self.job,
            "export": self.export,
            "number": 1,
            "flag": self.flag,
            "fact": self.fact,
            "change": self.change,
            "generation": self.generation,
            "picture": self.picture,
            "digest": self.digest,
            "entry": self.entry,
            "card": self.card,
            "column": "noon",
            "day": EMPTY_WEEK,
            "week": self.week,
            "run": self.run,
            "variant": self.variant,
            "question": self.question,
        }

    @property
    def pages(self) -> list[str]:
        """Pages whose look depends on the state of what they show, beside the one that each route gets."""
        posts = (self.waiting, self.sealed, self.sent, self.asked, self.failed, self.flagged)
        return [
            *(f"{HOME}/posts/{post}" for post in posts),
            *(f"{HOME}/posts/{post}/trace" for post in posts if post != self.failed),
            *(f"{HOME}/review?post={post}" for post in posts if post != self.failed),
            *(f"{HOME}/library/{material}" for material in (self.image_only, self.retired)),
            *(f"{HOME}/library/facts?status={status}" for status in ("confirmed", "dismissed", "lapsed")),
            f"{HOME}/review?decided={self.sealed}",
            f"{HOME}/review?decided={self.asked}",
            f"{HOME}/library?job={self.job}",
            f"{HOME}/library?show=expired",
            f"{HOME}/library?show=retired&did=retire&count=1&of={self.retired}",
            f"{HOME}/library?sort=expiry&q=nothing+at+all",
            f"{HOME}/library/pictures?show=unwell",
            f"{HOME}/library/search?q=陶锅",
            f"{HOME}/library/search?q=nothing+at+all&kind=news",
            f"{HOME}/library/copy/{self.lost_entry}",
            f"{HOME}/library/copy/{self.waiting_entry}",
            f"{HOME}/library/copy/{self.entry}?taken=1",
            f"{HOME}/library/copy?q=陶锅",
            f"{HOME}/library/copy?q=没有的词",
            f"{HOME}/library/copy?show=waiting",
            f"{HOME}/library/stories?kind=experience",
            f"{HOME}/library/stories?done=discarded&story={self.table}",
            f"{HOME}/send-desk?just={self.sent}",
            f"{HOME}/replies?question={self.question}",
            f"{HOME}/replies?question={self.open_question}",
            f"{HOME}/calendar?day=2026-11-30",
            f"{HOME}/occasions?done=accepted&key=node-1:2026-11-28",
            f"{HOME}/sop?done=added&column=noon&made=3",
            f"{HOME}/sop/new?template=flash-sale&time=21:05",
            f"{HOME}/sop/columns/welcome",
            f"{HOME}/calendar?day={EMPTY_WEEK}",
            f"{HOME}/evaluations/compare?run=1&run=2",
        ]


def furnish(services: Services, team: Team, clock: FakeClock) -> Furnished:
    """A day in the small brand's life; when it is over, the clock stands at 15:01 in Shanghai."""
    library(services, team)
    for login, role in (("root", Role.ADMINISTRATOR),):
        services.accounts.add_person(
            login=login, name="Ada Root", password="secret", roles={team.brand: role}
        )
    today = clock.now.date()
    services.planning.plan(brand=team.brand, start=today, days=9)
    slots = [
        card.slot
        for around in (today, services.calendar.week(brand=team.brand).following)
        for day in services.calendar.week(brand=team.brand, around=around).days
        for card in day.slots
        if day.date >= today
    ]
    desk, review = services.desk, services.reviewing

    def written(slot: int, text: str = COPY) -> int:
        post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
        services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=None)
        return post

    def waiting(slot: int) -> int:
        post = written(slot)
        review.submit(post, brand=team.brand, actor=team.copywriter)
        return post

    def sealed(slot: int) -> int:
        post = written(slot)
        approve(services, team, post)
        services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
        return post

    sent, ahead, asked, failed = (
        sealed(slots[0]),
        sealed(slots[1]),
        waiting(slots[2]),
        written(slots[3], "9 元。"),
    )
    review.request_changes(asked, brand=team.brand, actor=team.operator, note="开头再轻松一点")
    generation = services.drafting.request(failed, brand=team.brand, actor=team.copywriter)
    services.events.log(generation).delta("小灶陶锅")
    clock.forward(minutes=6)
    services.drafting.sweep()

    crock = "# 溪石米缸\n\n溪石米缸的会员价是 119 元。"
    add(services, team, "selling_point/crock.md", crock)
    flagged = written(slots[5], "溪石米缸的会员价是 119 元。\n想要的饭友在群里说一声。")
    spoken, lost = reply(services, team, COPY), reply(services, team, "溪石米缸的会员价是 119 元。")
    (fact,) = (row for row in services.factsheet.view(brand=team.brand).rows if row.subject == "溪石米缸")
    services.facts.confirm([fact.id], brand=team.brand, actor=team.manager)
    add(services, team, "selling_point/crock.md", crock.replace("119", "109"))
    (change,) = services.factsheet.view(brand=team.brand).changes
    (flag,) = desk.post(flagged, brand=team.brand).flags
    price_list = "商品,会员价,有效期起,有效期止\n溪石米缸,129 元,2026-11-18,2026-11-20\n"
    table = add(services, team, "offer/prices.csv", price_list)
    image_only = add(services, team, "story/scan.docx", pictures())
    retired = add(services, team, "story/old.md", "# 旧事\n\n从前有一条溪。")
    services.lifecycle.retire([retired], brand=team.brand, actor=team.manager.id)
    digest = services.parts.blobs.put(b"")
    entry = {"path": "story/empty.txt", "digest": digest, "kind": "story"}
    job = services.jobs.enqueue(
        "ingest", {"brand": team.brand, "actor": team.manager.id, "files": [entry]}, brand=team.brand
    )
    services.jobs.run(job)
    export = services.jobs.enqueue(
        "export", {"brand": team.brand}, brand=team.brand, requested_by=team.manager.id, label="hearth.zip"
    )
    services.jobs.run(export)

    clock.forward(hours=3, minutes=25)
    services.delivering.tick()
    services.delivering.mark_all_sent(sent, brand=team.brand, actor=team.operator)
    added = services.media.add(
        [PictureFile("dot.png", png(0, size=1))], brand=team.brand, actor=team.manager.id
    )
    picture = added[0].picture
    assert picture is not None
    services.media.attach(table, [picture], brand=team.brand, actor=team.manager.id)
    for name, day in (("饭友见面会", 28), ("选新品", 30)):
        own = OwnDay(NodeKind.OTHER, name, clock.now.date().replace(day=day), note="问阿穗")
        node = services.occasions.add_node(own, brand=team.brand, actor=team.operator)
    services.occasions.dismiss(f"node-{node}:{own.day}", brand=team.brand, actor=team.operator)
    for template in ("welcome", "noon"):
        services.sops.add_template(template, brand=team.brand, actor=team.operator)
    week = services.jobs.once(
        "week", {"brand": team.brand, "user": team.copywriter.id, "start": EMPTY_WEEK}, brand=team.brand
    )
    services.jobs.run(week)
    for name in ("before", "after"):
        measured = {"brand": team.brand, "user": team.manager.id, "count": 1, "offline": True, "name": name}
        run = services.jobs.once("eval_drafts", measured, brand=team.brand)
        services.jobs.run(run)
    in_review = waiting(slots[4])
    for around in (in_review, sent):
        services.scripts.make(around, CAST, brand=team.brand, actor=team.copywriter)
    variant = services.drafting.request(
        in_review, brand=team.brand, actor=team.copywriter, wanted=Wanted.VARIANT
    )
    services.drafting.run(variant)
    return Furnished(
        waiting=in_review,
        sealed=ahead,
        sent=sent,
        asked=asked,
        failed=failed,
        flagged=flagged,
        flag=flag.id,
        fact=fact.id,
        change=change.id,
        empty_slot=slots[6],
        image_only=image_only,
        retired=retired,
        table=table,
        job=job,
        export=export,
        generation=generation,
        picture=picture,
        digest=services.pictures.picture(picture, brand=team.brand).picture.digest,
        entry=spoken,
        lost_entry=lost,
        waiting_entry=reply(services, team, "9 元。", approved=False),
        card=services.voicecards.learn(SAMPLES, brand=team.brand, actor=team.manager),
        week=week,
        run=run,
        variant=desk.post(in_review, brand=team.brand).variants[0].id,
        question=services.replying.ask("陶锅会员价多少钱？", brand=team.brand, actor=team.copywriter),
        open_question=services.replying.ask("可以开发票吗？", brand=team.brand, actor=team.copywriter),
    )


def reply(services: Services, team: Team, text: str, *, approved: bool = True) -> int:
    """A reply in the copy library that a copywriter wrote and, unless told otherwise, an operator approved."""
    entry = services.copylibrary.add(
        brand=team.brand, actor=team.copywriter, scene="offer", title="陶锅与米缸", text=text
    )
    if approved:
        seen = services.copyshelf.entry(entry, brand=team.brand).row.seen
        services.copylibrary.approve(entry, brand=team.brand, actor=team.operator, seen=seen)
    return entry
