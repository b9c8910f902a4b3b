"""Steps that several stories share: a post brought to one station of its way."""

from __future__ import annotations

import struct
import zlib
from datetime import date

from copilot.domain.materials import Kind
from copilot.services.house import Services
from copilot.services.terms import Upload
from tests.conftest import POT, Team

COPY = "小灶陶锅的会员价是 239 元，容量是 1.2 升。\n想要的饭友在群里说一声。"


def library(services: Services, team: Team) -> None:
    """The brand's one material, as a file somebody dropped."""
    upload = Upload(path="selling_point/pot.md", data=POT.encode(), kind=Kind.SELLING_POINT)
    services.ingestion.add(upload, brand=team.brand, actor=team.manager.id)


def todays_slot(services: Services, team: Team) -> int:
    services.planning.plan(brand=team.brand, start=date(2026, 11, 21), days=7)
    week = services.calendar.week(brand=team.brand, around=date(2026, 11, 21))
    return next(card.slot for day in week.days if day.is_today for card in day.slots)


def drafted_post(services: Services, team: Team, text: str = COPY) -> int:
    """A post whose text a copywriter typed, for today's 15:00."""
    library(services, team)
    slot = todays_slot(services, team)
    post = services.planning.open_post(slot, brand=team.brand, actor=team.copywriter)
    services.revising.save(post, brand=team.brand, actor=team.copywriter, text=text, based_on=None)
    return post


def approved_post(services: Services, team: Team) -> int:
    post = drafted_post(services, team)
    services.reviewing.submit(post, brand=team.brand, actor=team.copywriter)
    head = services.desk.post(post, brand=team.brand).head
    assert head is not None
    services.reviewing.approve(post, brand=team.brand, actor=team.operator, revision=head.id)
    return post


def scheduled_post(services: Services, team: Team) -> int:
    post = approved_post(services, team)
    services.scheduling.schedule(post, brand=team.brand, actor=team.operator)
    return post


def png(shade: int, size: int = 3) -> bytes:
    """A small square of one grey; each shade is another picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
