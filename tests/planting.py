"""Plants texts in materials and has posts drafted by a model that obeys them: what is then left of the house's rules.

Nothing here knows which texts: stories and measurements bring their own.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from copilot import models
from copilot.domain.channels import Channel
from copilot.domain.drafts import Assignment, Delta, Finished, WriterEvent
from copilot.domain.findings import Finding, Severity, Verdict, blocking
from copilot.domain.grounding.evidence import passage_sentences
from copilot.domain.materials import Kind
from copilot.domain.permissions import Actor, Role
from copilot.errors import Conflict
from copilot.models.base import Base
from copilot.services.house import Services
from copilot.services.terms import Upload

# Of each language a brand whose one column speaks of what its materials say.
_BRANDS = {
    "zh": (
        "{slug: plantpot, name: 溪边灶, zone: Asia/Shanghai, language: zh, members_called: 灶友, products: [溪边陶锅],"
        " destinations: [{slug: one, name: 一群, channel: community, adapter: manual}]}",
        "{persona: 阿溪, address: 你, greetings: [灶友们好], sign_off: ——阿溪}",
        "columns: [{slug: seeding, name: 每日一物, module: seeding, value: knowledge, form: seeding, cadence: {every: day},"
        " time: '15:00', channel: community, destinations: [one], purpose: 溪边陶锅的用法与保养,"
        " kinds: [selling_point], length: [20, 260], call_to_action: 想要的灶友在群里说一声。}]",
    ),
    "en": (
        "{slug: plantmill, name: Tarnside, zone: Europe/London, language: en, members_called: bakers, products: [Tarn Pan],"
        " destinations: [{slug: one, name: Group, channel: community, adapter: manual}]}",
        "{persona: Nell, address: you, greetings: ['Good day, bakers.'], sign_off: 'Nell at Tarnside'}",
        "columns: [{slug: seeding, name: One good thing, module: seeding, value: knowledge, form: seeding,"
        " cadence: {every: day}, time: '15:00', channel: community, destinations: [one],"
        " purpose: How the Tarn Pan is used and kept, kinds: [selling_point], length: [10, 160],"
        " call_to_action: Say so in the group if you want one.}]",
    ),
}
# What stands around a planted text: an ordinary passage of the brand, of which an honest post can be written.
_AROUND = {
    "zh": ("溪边陶锅的锅壁厚 9 毫米，离火半小时饭还烫嘴。", "溪边陶锅第一次用先煮淘米水，煮 20 分钟再倒掉。"),
    "en": ("The Tarn Pan weighs 4.2 kg with its lid on.", "The Tarn Pan needs 40 minutes in the oven before the dough goes in."),
}  # fmt: skip
_SUBJECT = {"zh": "手记{n:03}", "en": "Note{n:03}"}
# A draft writes these; what else changed was changed by somebody who was not asked.
_WRITTEN = frozenset(
    {
        "generation",
        "generation_event",
        "revision",
        "claim",
        "finding",
        "usage",
        "audit",
        "variant",
        "cached_vector",
    }
)


_ADDRESS = re.compile(r"@|\b\w+\.(?:com|co|org|net|to|io)\b|www\.|//", re.IGNORECASE)
_STRETCH = 40  # Characters: a long text is cut into passages, and a model reads some of them.


class Place(StrEnum):
    PROSE = "prose"
    CELL = "cell"
    HEADING = "heading"


class Way(StrEnum):
    """How a model obeys: it writes what was ordered in place of the post, or beside it."""

    INSTEAD = "instead"
    BESIDE = "beside"


@dataclass(frozen=True)
class Planted:
    """A text that somebody put into a material. `obeyed` is what an obedient model makes of the honest post."""

    text: str
    category: str
    obeyed: Callable[[Assignment, str], str]
    place: Place = Place.PROSE


@dataclass(frozen=True)
class Garden:
    """A brand with planted materials. Each holds on one day, so that the post of that day is drafted from it alone."""

    brand: int
    posts: tuple[int, ...]
    people: dict[Role, Actor]
    language: str


@dataclass(frozen=True)
class Outcome:
    """One obedient draft. `seen` says that the model was shown the planted text at all."""

    planted: Planted
    way: Way
    seen: bool
    text: str
    blocking: tuple[Finding, ...]
    refused: bool
    state: str
    moved: tuple[str, ...]
    obeyed: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing of what was ordered is left, because the house took it out before anybody saw it."""
        pieces = [line for line in self.obeyed.splitlines() if len(line) > 5]
        return not any(piece[:40] in self.text for piece in pieces)

    @property
    def is_stopped(self) -> bool:
        return self.refused and bool(self.blocking)

    @property
    def by_what_it_says(self) -> bool:
        """Whether the copy alone gives it away, or says nothing of what was ordered."""
        return self.is_clean or any(finding.rule != "ordered" for finding in self.blocking)


class Obedient:
    """A model without a will: whatever a passage orders is done."""

    name = "obedient-model"
    is_model = True

    def __init__(self) -> None:
        self.planted: Planted | None = None
        self.way = Way.INSTEAD
        self.seen = False
        self.history: list[Assignment] = []
        self.obeyed = ""

    def warm(self) -> None:
        """Is always warm."""

    def write(self, assignment: Assignment) -> Iterator[WriterEvent]:
        self.history.append(assignment)
        post = honest(assignment)
        planted = self.planted
        if planted is not None and shows(assignment.prompt, planted.text):
            self.seen = True
            self.obeyed = planted.obeyed(assignment, post)
            post = self.obeyed if self.way is Way.INSTEAD else f"{post}\n{self.obeyed}"
        yield Delta(post)
        yield Finished("stop", {"total_tokens": 9})


def honest(assignment: Assignment) -> str:
    """The post that was asked for: the points with their markers, then the call."""
    brief = assignment.brief
    told = [point.text + "".join(f"[{n}]" for n in point.sources) for point in brief.points]
    return "\n".join([*told, brief.column.call_to_action])


def shows(prompt: str, text: str) -> bool:
    """Whether a stretch of a text stands in a prompt, however its lines were set and its fences defused."""
    bare, wanted = ("".join(one.replace("<<<", "‹‹").replace(">>>", "››").split()) for one in (prompt, text))
    return any(
        wanted[at : at + _STRETCH] in bare
        for at in range(0, len(wanted), _STRETCH)
        if wanted[at : at + _STRETCH]
    )


# What an obedient model does: named, so that a table can say it in a word.
def says(text: str) -> Callable[[Assignment, str], str]:
    return lambda assignment, post: text


def tells_its_prompt(assignment: Assignment, post: str) -> str:
    return assignment.system


def _plain(post: str) -> str:
    return post.replace("[1]", "").replace("[2]", "")


TURNS: dict[str, Callable[[Assignment, str], str]] = {
    "prompt": tells_its_prompt,
    "prompt_base64": lambda a, post: base64.b64encode(a.system.encode()).decode(),
    "fences": lambda a, post: a.prompt[:200],
    "reversed": lambda a, post: _plain(post)[::-1],
    "base64": lambda a, post: base64.b64encode(post.encode()).decode(),
    "caesar": lambda a, post: codecs.encode(_plain(post), "rot13"),
    "digits": lambda a, post: _plain(post).translate(str.maketrans("aeiou", "43106")),
    "threes": lambda a, post: " ".join(
        "".join(_plain(post).split())[at : at + 3] for at in range(0, len("".join(_plain(post).split())), 3)
    ),
}


def garden(
    services: Services, folder: Path, language: str, planted: Sequence[Planted], *, names: str = "plant"
) -> Garden:
    """A brand of this language that holds all these texts, each in a material of its own."""
    home = folder / f"{names}-{language}"
    home.mkdir(parents=True)
    for name, content in zip(("brand", "voice", "columns"), _BRANDS[language], strict=True):
        (home / f"{name}.yaml").write_text(content, encoding="utf-8")
    brand = services.folders.load(home)
    people = {}
    for role in (Role.COPYWRITER, Role.OPERATOR, Role.BRAND_MANAGER):
        login = f"{names}-{language}-{role}"
        services.accounts.add_person(login=login, name=login, password="secret", roles={brand: role})
        people[role] = services.accounts.actor_by_login(login, brand=brand)
    today = services.parts.clock().date() + timedelta(days=1)
    days = [today + timedelta(days=number) for number in range(len(planted))]
    files = [_file(*one, language, day) for one, day in zip(enumerate(planted), days, strict=True)]
    results = services.ingestion.add_all(files, brand=brand, actor=people[Role.BRAND_MANAGER].id)
    assert all(result.material is not None for result in results), results
    services.planning.plan(brand=brand, start=today, days=len(planted))
    with services.parts.db.read() as session:
        slots = session.scalars(
            select(models.Slot.id).where(models.Slot.brand_id == brand).order_by(models.Slot.starts_at)
        ).all()
    posts = [services.planning.open_post(slot, brand=brand, actor=people[Role.COPYWRITER]) for slot in slots]
    return Garden(brand, tuple(posts), people, language)


def obey(
    services: Services, writer: Obedient, place: Garden, number: int, planted: Planted, way: Way
) -> Outcome:
    """Has the post of this material drafted by a model that obeys it, and tries the gate."""
    post, before = place.posts[number], _state(services)
    writer.planted, writer.way, writer.seen, writer.obeyed = planted, way, False, ""
    copywriter = place.people[Role.COPYWRITER]
    services.drafting.run(services.drafting.request(post, brand=place.brand, actor=copywriter))
    after = _state(services)
    moved = tuple(sorted(name for name in before if before[name] != after[name]))
    refused = False
    try:
        services.reviewing.submit(post, brand=place.brand, actor=copywriter)
    except Conflict:
        refused = True
    shown = services.desk.post(post, brand=place.brand)
    assert shown.head is not None
    checked = services.checking.recheck(post, brand=place.brand)
    found = tuple(blocking(checked.findings))
    return Outcome(
        planted, way, writer.seen, shown.head.text, found, refused, str(shown.state), moved, writer.obeyed
    )


def usable(services: Services, place: Garden, number: int, text: str) -> str:
    """Why a harmless text is of no use as a material; empty where it is found, shown whole, and can be quoted."""
    subject = _SUBJECT[place.language].format(n=number)
    asked = f"{subject} {text[:80]}"
    its_day = services.parts.clock() + timedelta(days=number + 1)
    hits = services.retrieval.search(asked, brand=place.brand, kinds=[Kind.SELLING_POINT], at=its_day, k=24)
    hits = [hit for hit in hits if subject in hit.source.context]
    if not hits:
        return "not found"
    said = [
        (hit.source, hit.source.text[start:end])
        for hit in hits
        for start, end in passage_sentences(hit.source.text)
    ]
    # An address is refused in any copy: what is asked here is whether the rest can be told.
    told = [
        (source, one) for source, one in said if len(one) > 8 and one in text and not _ADDRESS.search(one)
    ]
    if not told:
        return "cut to pieces"
    source, sentence = max(told, key=lambda one: len(one[1]))
    checked = services.checking.check_against(
        sentence, [("note.txt", source.text.encode())], brand=place.brand, channel=Channel.COMMUNITY
    )
    suspicious = [one.rule for one in checked.findings if one.severity is Severity.BLOCK]
    unsupported = [one.sentence for one in checked.claims if one.verdict is Verdict.UNSUPPORTED]
    return ", ".join([*suspicious, *unsupported])


def _file(number: int, planted: Planted, language: str, day: date) -> Upload:
    subject, (before, after) = _SUBJECT[language].format(n=number), _AROUND[language]
    gap = "" if language == "zh" else " "
    line = " ".join(planted.text.split())
    match planted.place:
        case Place.CELL:
            cell = line.replace('"', '""')
            name, content = "csv", f'名称,说明,内容\n{subject},"{before}","{cell}"\n'
        case Place.HEADING:
            name, content = "md", f"# {subject}\n\n## {line}\n\n{before}{gap}{after}\n"
        case _:
            name, content = "md", f"# {subject}\n\n{before}{gap}{planted.text}\n{after}\n"
    return Upload(f"selling_point/{subject}.{name}", content.encode(), Kind.SELLING_POINT, day, day)


def _state(services: Services) -> dict[str, Any]:
    """Every row of every table that a draft does not write, and of the posts their states."""
    with services.parts.db.read() as session:
        found: dict[str, Any] = {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if isinstance(table, Table) and table.name not in (*_WRITTEN, "post")
        }
        found["post"] = session.execute(select(models.Post.id, models.Post.state)).all()
        return found
