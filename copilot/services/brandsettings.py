"""What brand.yaml, voice.yaml and columns.yaml say, found to fit before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copilot.domain.brands import Language, Scales, Voice
from copilot.domain.channels import Channel
from copilot.errors import InvalidInput
from copilot.services import values
from copilot.services.brandtrees import Tree
from copilot.services.brandyaml import Keys, parse

BRAND, VOICE, COLUMNS = "brand.yaml", "voice.yaml", "columns.yaml"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_VOICE_TEXTS = ("persona", "role", "description", "address", "sign_off")
_VOICE_NUMBERS = ("max_emoji", "max_exclamations", "max_sentence")
_VOICE_LISTS = ("values", "emoji", "greetings", "competitors", "links", "examples", "do", "dont")


@dataclass(frozen=True)
class Settings:
    """A brand without its library; plain values as the files have them, so that a job can carry them."""

    brand: Mapping[str, Any]
    voice: Mapping[str, Any]
    columns: tuple[Mapping[str, Any], ...]

    @property
    def slug(self) -> str:
        return str(self.brand["slug"])


def has_settings(tree: Tree) -> bool:
    """Whether a folder describes a brand completely."""
    return {BRAND, VOICE, COLUMNS} <= set(tree.names())


def slug_of(tree: Tree) -> str | None:
    """The brand that a folder describes completely; None where one of its three files is missing."""
    return parse(BRAND, tree.read(BRAND)).text("slug", needed=True) if has_settings(tree) else None


def read_settings(tree: Tree) -> Settings:
    """InvalidInput names the file, and the key in it, that is missing or does not fit."""
    present = set(tree.names())
    for file in (BRAND, VOICE, COLUMNS):
        if file not in present:
            raise InvalidInput({file: "invalid.brand_file_missing"})
    return Settings(
        _brand(parse(BRAND, tree.read(BRAND))),
        _voice(parse(VOICE, tree.read(VOICE), known=[field.name for field in fields(Voice)])),
        _columns(parse(COLUMNS, tree.read(COLUMNS), known=["columns"])),
    )


def _brand(keys: Keys) -> Mapping[str, Any]:
    for key in ("slug", "name", "zone"):
        keys.text(key, needed=True)
    if not SLUG.fullmatch(keys.text("slug")):
        raise keys.fault("invalid.yaml_slug", "slug")
    try:
        ZoneInfo(keys.text("zone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise keys.fault("invalid.yaml_zone", "zone") from None
    keys.one_of("language", tuple(Language))
    keys.text("members_called")
    keys.texts("products")
    taken: set[str] = set()
    for entry in keys.entries("destinations"):
        for key in ("slug", "name"):
            entry.text(key, needed=True)
        entry.one_of("channel", tuple(Channel))
        entry.text("adapter")
        _once(entry, "slug", taken)
    return keys.plain()


def _voice(keys: Keys) -> Mapping[str, Any]:
    keys.text("persona", needed=True)
    for key in _VOICE_TEXTS:
        keys.text(key)
    for key in _VOICE_NUMBERS:
        keys.number(key)
    for key in _VOICE_LISTS:
        keys.texts(key)
    if "scales" in keys:
        scales = keys.mapping("scales", known=[field.name for field in fields(Scales)])
        for field in fields(Scales):
            scales.number(field.name)
    for entry in keys.entries("preferred", known=["use", "instead_of", "reason"]):
        entry.text("use", needed=True)
        entry.texts("instead_of")
        entry.text("reason")
    for entry in keys.entries("banned", known=["term", "reason", "instead"]):
        entry.text("term", needed=True)
        entry.text("reason")
        entry.text("instead")
    return keys.plain()


def _columns(keys: Keys) -> tuple[Mapping[str, Any], ...]:
    found: list[Mapping[str, Any]] = []
    taken: set[str] = set()
    for entry in keys.entries("columns"):
        for key in ("slug", "name", "purpose"):
            entry.text(key, needed=True)
        _once(entry, "slug", taken)
        profile = entry.plain()
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
