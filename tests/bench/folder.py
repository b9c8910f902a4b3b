"""A data folder like a team's, small: both sample brands with three kinds of materials, and their posts."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import structlog

from copilot import files
from copilot.bootstrap import build, prepare
from copilot.config import Config
from copilot.domain.brands import Language
from copilot.domain.permissions import Actor, Role
from copilot.services.brandfolders import uploads
from copilot.services.house import Services
from copilot.services.queries.rows import SlotCard

BRAND = "slowmere"
LOGIN, PASSWORD = "marnie", "demo"
_COLUMN = "evening"
_KINDS = {
    "slowmere": ("selling_point", "offer", "user_guide"),
    "chihe-xiaozao": ("selling_point", "offer", "story"),
}
_DRAFTS_A_BRAND = 10
_WEEKS = 3


@dataclass(frozen=True)
class Prepared:
    """The post that is drafted through the pages, and how long the composer took for each of its drafts."""

    post: int
    composer_seconds: tuple[float, ...]


def prepared(folder: Path) -> Prepared:
    """Done in a process of its own, which leaves the index to the server when it ends."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_prepare, folder).result()


def _prepare(folder: Path) -> Prepared:
    # A column whose kinds of materials are left out finds no passages, writes nothing and says so.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    config = Config(data_dir=folder)
    prepare(config)
    services = build(config)
    services.ownership.take("bench")
    post = 0
    seconds: list[float] = []
    for slug, kinds in _KINDS.items():
        brand = _brand(services, slug, kinds)
        writer = services.accounts.actor_by_login(LOGIN, brand=brand)
        cards = _cards(services, brand)
        if slug == BRAND:
            slot = next(card.slot for card in cards if card.column == _COLUMN)
            cards = [card for card in cards if card.slot != slot]
            post = services.planning.open_post(slot, brand=brand, actor=writer)
        seconds += _drafts(services, brand, writer, cards)
    if len(seconds) < _DRAFTS_A_BRAND * len(_KINDS):
        raise RuntimeError(f"the composer wrote only {len(seconds)} drafts")
    return Prepared(post, tuple(seconds))


def _brand(services: Services, slug: str, kinds: tuple[str, ...]) -> int:
    sample = files.folder("knowledge_base") / slug
    brand = services.folders.load(sample)
    language = next(Language(row.language) for row in services.brands.all() if row.id == brand)
    found = uploads(sample, today=_today(), language=language)
    services.ingestion.add_all(
        [upload for upload in found if str(upload.kind) in kinds], brand=brand, actor=None
    )
    services.planning.plan(brand=brand, start=_today(), days=7 * _WEEKS)
    services.accounts.add_person(
        login=LOGIN, name=LOGIN.title(), password=PASSWORD, roles={brand: Role.COPYWRITER}, is_demo=True
    )
    return brand


def _cards(services: Services, brand: int) -> list[SlotCard]:
    """The slots from tomorrow on."""
    days = [
        day
        for week in range(_WEEKS)
        for day in services.calendar.week(brand=brand, around=_today() + timedelta(weeks=week)).days
    ]
    return [card for day in days if day.date > _today() for card in day.slots]


def _drafts(services: Services, brand: int, writer: Actor, cards: list[SlotCard]) -> list[float]:
    """Seconds from the passages to checked copy, as the trace of each draft tells them."""
    seconds: list[float] = []
    for card in cards:
        post = services.planning.open_post(card.slot, brand=brand, actor=writer)
        services.drafting.run(services.drafting.request(post, brand=brand, actor=writer))
        head = services.desk.post(post, brand=brand).head
        if head is not None:
            seconds.append(head.provenance["seconds"])
        if len(seconds) == _DRAFTS_A_BRAND:
            break
    return seconds


def _today() -> date:
    return datetime.now(UTC).date()
