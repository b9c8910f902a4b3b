"""What brand.yaml, voice.yaml, columns.yaml and rules.yaml say, found to fit before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copilot.domain.brands import Brand, Language, Scales
from copilot.domain.channels import Channel
from copilot.errors import InvalidInput
from copilot.services import values
from copilot.services.brandrules import KEYS, RULES, read_rules
from copilot.services.brandtrees import Tree
from copilot.services.brandyaml import Keys, load

BRAND, VOICE, COLUMNS = "brand.yaml", "voice.yaml", "columns.yaml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_Getters = Mapping[str, Callable[[Keys, str], Any]]

_BRAND: _Getters = {
    **dict.fromkeys(("slug", "name", "zone", "language", "members_called"), Keys.text),
    "products": Keys.texts,
}
_DESTINATION: _Getters = dict.fromkeys(("slug", "name", "channel", "adapter"), Keys.text)
_SCALES: _Getters = dict.fromkeys((field.name for field in fields(Scales)), Keys.number)
_PREFERRED: _Getters = {"use": Keys.text, "instead_of": Keys.texts, "reason": Keys.text}
_BANNED: _Getters = dict.fromkeys(("term", "reason", "instead"), Keys.text)
_CADENCE: _Getters = {
    "every": Keys.text,
    **dict.fromkeys(("weekdays", "days"), Keys.numbers),
    "festivals": Keys.texts,
    "dates": Keys.days,
}


def _cadence(keys: Keys, key: str) -> dict[str, Any]:
    return keys.mapping(key, known=_CADENCE).read(_CADENCE, needed=("every",))


_COLUMN: _Getters = {
    **dict.fromkeys(("slug", "name", "purpose", "call_to_action", "owner", "kpi"), Keys.text),
    **dict.fromkeys(("kinds", "structure", "destinations"), Keys.texts),
    "cadence": _cadence,
    "alone": Keys.switch,
}


@dataclass(frozen=True)
class Settings:
    """A brand without its library; plain values as the files have them, so that a job can carry them."""

    brand: Mapping[str, Any]
    voice: Mapping[str, Any]
    columns: tuple[Mapping[str, Any], ...]
    rules: Mapping[str, Any] | None = None
    """None where the folder says nothing of rules: those that hold stay."""

    @property
    def slug(self) -> str:
        return str(self.brand["slug"])


def has_settings(tree: Tree) -> bool:
    """Whether a folder describes a brand completely."""
    return {BRAND, VOICE, COLUMNS} <= set(tree.names())


def slug_of(tree: Tree) -> str | None:
    """The brand that a folder describes completely; None where one of its three files is missing."""
    return load(tree, BRAND).text("slug", needed=True) if has_settings(tree) else None


def read_settings(tree: Tree) -> Settings:
    """InvalidInput names the file, and the key in it, that is missing or does not fit."""
    present = set(tree.names())
    for file in (BRAND, VOICE, COLUMNS):
        if file not in present:
            raise InvalidInput({file: "invalid.brand_file_missing"})
    brand = _brand(load(tree, BRAND))
    return Settings(
        brand,
        _voice(load(tree, VOICE, known=_VOICE)),
        _columns(load(tree, COLUMNS, known=["columns"])),
        _rules(load(tree, RULES, known=KEYS), brand) if RULES in present else None,
    )


def _brand(keys: Keys) -> Mapping[str, Any]:
    found = keys.read(_BRAND, needed=("slug", "name", "zone", "language"))
    if not SLUG.fullmatch(found["slug"]):
        raise keys.fault("invalid.yaml_slug", "slug")
    try:
        ZoneInfo(found["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise keys.fault("invalid.yaml_zone", "zone") from None
    keys.one_of("language", tuple(Language))
    destinations = []
    taken: set[str] = set()
    for entry in keys.entries("destinations"):
        destinations.append(entry.read(_DESTINATION, needed=("slug", "name", "channel")))
        entry.one_of("channel", tuple(Channel))
        _once(entry, "slug", taken)
    return {**found, "destinations": destinations}


def _rules(keys: Keys, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The book as it is kept; that none of its rules objects to a product is told by the brand beside it."""
    home = Brand(
        id=0,
        slug=said["slug"],
        name=said["name"],
        zone=said["zone"],
        language=Language(said["language"]),
        products=tuple(said.get("products", ())),
    )
    return read_rules(keys, home).as_json()


def _scales(keys: Keys, key: str) -> dict[str, Any]:
    return keys.mapping(key, known=_SCALES).read(_SCALES)


def _preferred(keys: Keys, key: str) -> list[dict[str, Any]]:
    entries = keys.entries(key, known=_PREFERRED)
    return [{"instead_of": []} | entry.read(_PREFERRED, needed=("use",)) for entry in entries]


def _banned(keys: Keys, key: str) -> list[dict[str, Any]]:
    return [entry.read(_BANNED, needed=("term",)) for entry in keys.entries(key, known=_BANNED)]


_VOICE: _Getters = {
    **dict.fromkeys(("persona", "role", "description", "address", "sign_off"), Keys.text),
    **dict.fromkeys(("max_emoji", "max_exclamations", "max_sentence"), Keys.number),
    **dict.fromkeys(
        ("values", "emoji", "greetings", "competitors", "links", "examples", "do", "dont"), Keys.texts
    ),
    "scales": _scales,
    "preferred": _preferred,
    "banned": _banned,
}


def _voice(keys: Keys) -> Mapping[str, Any]:
    """A profile that `values.voice` reads, whatever YAML made of it: a banned 996 is a text."""
    profile = keys.read(_VOICE, needed=("persona",))
    values.voice(profile)
    return profile


def _columns(keys: Keys) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    taken: set[str] = set()
    for entry in keys.entries("columns"):
        profile = entry.plain() | entry.read(_COLUMN, needed=("slug", "name", "purpose"))
        if not values.COLUMN_SLUG.fullmatch(profile["slug"]):
            raise entry.fault("invalid.yaml_column_slug", "slug")
        _once(entry, "slug", taken)
        try:
            values.column(0, profile)
        except InvalidInput as exc:
            raise entry.fault("invalid.yaml_entry", "slug", detail=exc.values["detail"]) from exc
        found.append(profile)
    return tuple(found)


def _once(entry: Keys, key: str, taken: set[str]) -> None:
    if entry.text(key) in taken:
        raise entry.fault("invalid.yaml_double", key)
    taken.add(entry.text(key))
