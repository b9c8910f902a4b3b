"""The search of the library: which passages say it, why they were found, and where they were used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from copilot.domain.brands import Language
from copilot.domain.materials import KINDS_BY_FAMILY, Kind, Window
from copilot.domain.messages import Message
from copilot.domain.permissions import Permission, may
from copilot.errors import InvalidInput
from copilot.models.search import words
from copilot.services.queries.materials import Use
from copilot.services.retrieval import Hit
from copilot.web import uploading
from copilot.web.access import actor, brand, requires
from copilot.web.context import services
from copilot.web.errors import field_messages

pages = Blueprint("finding", __name__, url_prefix="/b/<brand>/library/search")

_MOST = 12
_SHOWN = 3
# An address is no place for a whole text: the server refuses lines of four thousand bytes, and a character may
# take nine of them.
_LONGEST = 200


@dataclass(frozen=True)
class Found:
    """A hit as the page shows it: its words in runs, its window in the brand's zone, and the posts that use it."""

    hit: Hit
    title: list[tuple[str, bool]]
    heading: list[tuple[str, bool]]
    runs: list[tuple[str, bool]]
    window: Window
    uses: Sequence[Use]


@pages.get("")
@requires(Permission.READ)
def search() -> str:
    typed = request.args.get("q", "").strip()
    query = typed[:_LONGEST].strip()
    kinds = [Kind(kind) for kind in request.args.getlist("kind") if kind in set(Kind)]
    language = request.args.get("language", "")
    day, wrong = _day()
    now = services().parts.clock()
    today = now.astimezone(ZoneInfo(brand().zone)).date()
    at = _instant(day) if day is not None and day != today else now
    spoken = Language(language) if language in set(Language) else None
    hits = services().retrieval.search(query, brand=brand().id, kinds=kinds, language=spoken, at=at, k=_MOST)
    untimely = services().retrieval.untimely(
        query, hits, brand=brand().id, kinds=kinds, language=spoken, at=at
    )
    waiting = (
        services().retrieval.waiting(query, hits, brand=brand().id, kinds=kinds, language=spoken)
        if may(actor().role, Permission.CURATE)
        else []
    )
    over, coming = _sides(untimely, at)
    return render_template(
        "library/search.html",
        query=query,
        longest=_LONGEST,
        is_cut=len(typed) > _LONGEST,
        kinds=kinds,
        language=language,
        languages=tuple(Language),
        typed=request.args.get("at", ""),
        day=day if day != today else None,
        wrong=wrong,
        today=today,
        found=_found(hits),
        is_said=any(hit.words for hit in hits),
        over=_found(over),
        coming=_found(coming),
        waiting=waiting,
        shown=_SHOWN,
        families=KINDS_BY_FAMILY,
    )


def _sides(hits: Sequence[Hit], at: datetime) -> tuple[list[Hit], list[Hit]]:
    """What has run out by then, and what begins later."""
    over = [hit for hit in hits if hit.source.window.end is not None and hit.source.window.end <= at]
    return over, [hit for hit in hits if hit not in over]


def _found(hits: Sequence[Hit]) -> list[Found]:
    # Whoever asks where a passage was used means its words, under whichever title they stand.
    same = {hit.source.passage: [hit.source.passage, *(one.passage for one in hit.also)] for hit in hits}
    uses = services().library.uses([one for group in same.values() for one in group], brand=brand().id)
    zone = ZoneInfo(brand().zone)
    made = []
    for hit in hits:
        by_post = {use.post: use for one in same[hit.source.passage] for use in uses.get(one, ())}
        said = " ".join(hit.words)
        newest = sorted(by_post.values(), key=lambda use: use.starts_at, reverse=True)
        start, end = (
            at.astimezone(zone) if at is not None else None
            for at in (hit.source.window.start, hit.source.window.end)
        )
        made.append(
            Found(
                hit=hit,
                title=highlighted(hit.source.title, said),
                heading=highlighted(_heading(hit), said),
                runs=highlighted(hit.source.text, said),
                window=Window(start, end),
                # What can still be changed stands first.
                uses=sorted(newest, key=lambda use: use.is_sent),
            )
        )
    return made


def _heading(hit: Hit) -> str:
    """The headings above a passage, by which it is found as well; what the title or the place says already is left out."""
    title = hit.source.title
    headings = hit.source.context.removeprefix(title).split(" › ")
    said = ("", title, hit.locator.get("sheet"))
    return " › ".join(heading for heading in headings if heading not in said)


def _day() -> tuple[date | None, Message | None]:
    """The day that is asked for; one that is no day is said beside its field, and now is meant."""
    try:
        return uploading.day_of("at", request.args.get("at", "").strip()), None
    except InvalidInput as exc:
        return None, field_messages(exc)["at"]


def _instant(day: date) -> datetime:
    """Noon in the brand's zone: windows begin and end at midnight, so any hour of the day would do."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(brand().zone))


def highlighted(text: str, query: str) -> list[tuple[str, bool]]:
    """The text as runs, those true that say a word of the query; English words match whole."""
    terms = sorted(set(words(query)), key=len, reverse=True)
    if not terms:
        return [(text, False)]
    parts = [rf"\b{re.escape(term)}\b" if term.isascii() else re.escape(term) for term in terms]
    # An odd place in the split is what the group caught.
    pieces = re.split(f"({'|'.join(parts)})", text, flags=re.IGNORECASE | re.ASCII)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
