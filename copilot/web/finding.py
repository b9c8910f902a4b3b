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
from copilot.domain.permissions import Permission
from copilot.models.search import words
from copilot.services.queries.materials import Use
from copilot.services.retrieval import Hit
from copilot.web.access import brand, requires
from copilot.web.context import services

pages = Blueprint("finding", __name__, url_prefix="/b/<brand>/library/search")

_MOST = 12
_SHOWN = 3


@dataclass(frozen=True)
class Found:
    """A hit as the page shows it: its text in runs, its window in the brand's zone, and the posts that use it."""

    hit: Hit
    runs: list[tuple[str, bool]]
    window: Window
    uses: Sequence[Use]


@pages.get("")
@requires(Permission.READ)
def search() -> str:
    query = request.args.get("q", "").strip()
    kinds = [Kind(kind) for kind in request.args.getlist("kind") if kind in set(Kind)]
    language = request.args.get("language", "")
    day, wrong = _day()
    today = services().parts.clock().astimezone(ZoneInfo(brand().zone)).date()
    hits = services().retrieval.search(
        query,
        brand=brand().id,
        kinds=kinds,
        language=Language(language) if language in set(Language) else None,
        at=_instant(day) if day is not None and day != today else services().parts.clock(),
        k=_MOST,
    )
    return render_template(
        "library/search.html",
        query=query,
        kinds=kinds,
        language=language,
        languages=tuple(Language),
        typed=request.args.get("at", ""),
        day=day if day != today else None,
        wrong=wrong,
        today=today,
        found=_found(hits, query),
        shown=_SHOWN,
        families=KINDS_BY_FAMILY,
    )


def _found(hits: Sequence[Hit], query: str) -> list[Found]:
    # Whoever asks where a passage was used means its words, under whichever title they stand.
    same = {hit.source.passage: [hit.source.passage, *(one.passage for one in hit.also)] for hit in hits}
    uses = services().library.uses([one for group in same.values() for one in group], brand=brand().id)
    zone = ZoneInfo(brand().zone)
    made = []
    for hit in hits:
        by_post = {use.post: use for one in same[hit.source.passage] for use in uses.get(one, ())}
        newest = sorted(by_post.values(), key=lambda use: use.starts_at, reverse=True)
        start, end = (
            at.astimezone(zone) if at is not None else None
            for at in (hit.source.window.start, hit.source.window.end)
        )
        made.append(
            Found(
                hit=hit,
                runs=highlighted(hit.source.text, " ".join(hit.words) or query),
                window=Window(start, end),
                # What can still be changed stands first.
                uses=sorted(newest, key=lambda use: use.is_sent),
            )
        )
    return made


def _day() -> tuple[date | None, Message | None]:
    """The day that is asked for; one that is no day is said beside its field, and now is meant."""
    typed = request.args.get("at", "").strip()
    try:
        return (date.fromisoformat(typed) if typed else None), None
    except ValueError:
        return None, Message("invalid.date", {"value": typed})


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
