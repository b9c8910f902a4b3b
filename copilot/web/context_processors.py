"""What every template may use: the reader's language, the brand, the way around, and how values are worded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates
from flask import Flask, g, request, session, url_for
from flask_babel import Babel, get_locale, get_translations
from flask_babel import gettext as _
from flask_login import current_user
from jinja2 import StrictUndefined

from copilot import files
from copilot.domain.materials import last_day
from copilot.domain.messages import Message, stored_message
from copilot.domain.permissions import Permission, may
from copilot.web.context import services
from copilot.wording import word

LOCALES = ("en", "zh_Hans")

# By whether the reader reads Chinese, and whether the day is of this year.
_PATTERNS = {
    (True, True): "M月d日 EEE",
    (True, False): "y年M月d日 EEE",
    (False, True): "EEE d MMM",
    (False, False): "EEE d MMM y",
}

# Families of pages that stand under the library in the navigation.
LIBRARY = frozenset(
    {"materials", "finding", "facts", "stories", "pictures", "copylibrary", "gaps", "exchange"}
)

# Those that stand under the voice.
VOICE = frozenset({"voicelearning", "evaluations"})

# Those that stand under the calendar.
CALENDAR = frozenset({"occasions"})

_ROOMS = {"library": LIBRARY, "voice": VOICE, "calendar": CALENDAR}


@dataclass(frozen=True)
class Way:
    """One entry of the navigation."""

    endpoint: str
    url: str
    label: str
    icon: str
    current: bool


class _Asked(Sequence[Any]):
    """A list that is made once a template asks for it: a fragment has no frame around it, and no need of one."""

    def __init__(self, make: Callable[[], Sequence[Any]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Sequence[Any]:
        return self._make()

    def __getitem__(self, at: Any) -> Any:
        return self._made[at]

    def __len__(self) -> int:
        return len(self._made)


def register(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(files.package_folder("translations"))
    Babel(app, locale_selector=choose_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        word=lambda message: word(message, locale()),
        label=lambda value, kind: word(Message(f"{kind}.{value}"), locale()),
        day=spoken_day,
        weekday=lambda at: dates.format_date(at, "EEEE", locale=locale()),
        short_weekday=lambda at: dates.format_date(at, "EEE", locale=locale()),
        clock=lambda at: at.strftime("%H:%M"),
        moment=_moment,
        iso_moment=lambda text: _moment(datetime.fromisoformat(text)),
        last_day=lambda at: spoken_day(last_day(at)),
        iso=lambda at: at.isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat(),
        ago=lambda at: dates.format_timedelta(
            at - services().parts.clock(), add_direction=True, locale=locale()
        ),
        place=_place,
        stored=stored_message,
    )
    app.context_processor(_context)


def choose_locale() -> str:
    """What the person chose, else what was chosen in this session, else what the browser asks for."""
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return "zh_Hans" if (request.accept_languages.best or "").lower().startswith("zh") else "en"


def locale() -> str:
    """The locale of this request, as Babel names it."""
    return str(get_locale() or "en")


def _catalogue() -> Any:
    """The request's translations, looked up once: a page says hundreds of words."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    return g.catalogue


def spoken_day(at: date) -> str:
    """Day and weekday as the reader writes them: 11月24日 周二, Tue 24 Nov; the year where it is not this one."""
    brand = g.get("brand")
    today = services().parts.clock().astimezone(ZoneInfo(brand.zone if brand is not None else "UTC"))
    pattern = _PATTERNS[locale().startswith("zh"), at.year == today.year]
    return _day(at.year, at.month, at.day, pattern, locale())


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int, pattern: str, reader: str) -> str:
    return str(dates.format_date(date(year, month, day), pattern, locale=reader))


def _moment(at: datetime) -> str:
    return f"{spoken_day(at)} {at:%H:%M}"


def _place(locator: dict[str, Any]) -> str:
    """Where in its document a passage stands, in words."""
    order = ("sheet", "page", "slide", "row", "paragraph", "line")
    known = [key for key in order if key in locator]
    return " · ".join(word(Message(f"place.{key}", {"value": locator[key]}), locale()) for key in known)


def _context() -> dict[str, Any]:
    brand, person = g.get("brand"), g.get("actor")
    signed_in = bool(current_user) and current_user.is_authenticated
    writer = services().parts.writer
    return {
        "g_brand": brand,
        "brands": _Asked(lambda: services().brands.of_person(current_user.id) if signed_in else []),
        "person": person or (current_user if signed_in else None),
        "nav": _Asked(lambda: _ways(brand.slug) if brand is not None else []),
        "locale": locale(),
        "ui_language": locale().replace("_", "-"),
        "zone": brand.zone if brand is not None else "UTC",
        "can": lambda name: person is not None and may(person.role, Permission(name)),
        "writer": writer,
        "now": services().parts.clock(),
    }


def _ways(slug: str) -> list[Way]:
    ways: tuple[tuple[str, str, str], ...] = (
        ("today.page", _("Today"), "newspaper"),
        ("calendar.page", _("Calendar"), "calendar-days"),
        ("review.page", _("Review"), "stamp"),
        ("senddesk.page", _("Send desk"), "send"),
        ("replies.page", _("Replies"), "circle-help"),
        ("library.page", _("Library"), "library"),
        ("voice.page", _("Voice"), "audio-lines"),
        ("sop.page", _("SOP"), "table-2"),
    )
    actor = g.get("actor")
    if actor is not None and may(actor.role, Permission.CURATE):
        # Beside the voice; others come to a rule from the finding that names it.
        beside = next(place for place, way in enumerate(ways, start=1) if way[0] == "voice.page")
        ways = (*ways[:beside], ("rules.page", _("Rules"), "scale"), *ways[beside:])
    if actor is not None and may(actor.role, Permission.ADMINISTER):
        ways = (*ways, ("settings.page", _("Settings"), "settings"))
    family = (request.endpoint or "").split(".")[0]
    here = next((room for room, rest in _ROOMS.items() if family in rest), family)
    return [
        Way(endpoint, url_for(endpoint, brand=slug), label, icon, endpoint.split(".")[0] == here)
        for endpoint, label, icon in ways
    ]
