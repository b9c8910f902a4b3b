"""A voice in the form in which it is kept, the bounds of each part, and how a part is filled in or added to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from copilot.domain.brands import BannedTerm, PreferredTerm, Scales, Voice

LONGEST_LINE, LONGEST_TEXT, MOST_ITEMS, MOST_EXAMPLES = 200, 2000, 120, 12
MOST_MARKS = 20
SHORTEST_SENTENCE, LONGEST_SENTENCE = 5, 200
LEVELS = range(1, 6)

SCALES = tuple(field.name for field in fields(Scales))
FIELDS = (
    *("persona", "role", "description", "values", "address", *SCALES),
    *("max_emoji", "emoji", "max_exclamations", "max_sentence", "greetings", "sign_off"),
    *("preferred", "banned", "competitors", "links", "examples", "do", "dont"),
)
"""Every part of a profile in the order in which people read it; each scale is a part of its own."""

ADDED_TO = ("values", "greetings", "links", "competitors", "examples", "do", "dont")
"""Parts that are lists of texts, in which an entry joins the others."""

_ADDRESS = re.compile(r"(?:https?://)?[^\s/.]+(?:\.[^\s/.]+)+(?:/\S*)?")


@dataclass(frozen=True)
class Faults:
    """Message ids by field, and the values that their sentences take."""

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


SOUND = Faults()


def as_profile(voice: Voice) -> dict[str, Any]:
    """The profile as `voice.yaml` has it, every key in its order: reading it again gives an equal voice."""
    profile: dict[str, Any] = {}
    for name in (one for one in FIELDS if one not in SCALES):
        value = getattr(voice, name)
        profile[name] = list(value) if isinstance(value, tuple) else value
        if name == "address":
            profile["scales"] = asdict(voice.scales)
    profile["preferred"] = [
        {"use": term.use, "instead_of": list(term.instead_of), **_reason(term.reason)}
        for term in voice.preferred
    ]
    profile["banned"] = [
        {
            "term": term.term,
            **_reason(term.reason),
            # A key without a value is as good as none: no safe replacement is told by its absence.
            **({"instead": term.instead} if term.instead is not None else {}),
        }
        for term in voice.banned
    ]
    return profile


def _reason(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def part(voice: Voice, name: str) -> Any:
    """What stands under one of FIELDS."""
    return getattr(voice.scales if name in SCALES else voice, name)


def with_part(voice: Voice, name: str, value: Any) -> Voice:
    """The voice with a value, in the form of JSON, put under `name`: an entry joins its list, anything else is set.

    A preferred term joins the row that has the same words to use.
    """
    if name in SCALES:
        return replace(voice, scales=replace(voice.scales, **{name: int(value)}))
    if name == "preferred":
        return replace(voice, preferred=_with_preferred(voice.preferred, value))
    if name == "banned":
        known = {term.term for term in voice.banned}
        added = BannedTerm(value["term"], value.get("reason", ""), value.get("instead"))
        return voice if added.term in known else replace(voice, banned=(*voice.banned, added))
    if name in ADDED_TO:
        held = getattr(voice, name)
        value = held if value in held else (*held, value)
    changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
    return replace(voice, **changed)


def says(voice: Voice, name: str, value: Any) -> bool:
    """Whether the voice says so already; emoji in another order are the same policy."""
    if name == "emoji":
        return set(value) == set(voice.emoji)
    return with_part(voice, name, value) == voice


def _with_preferred(held: tuple[PreferredTerm, ...], value: Mapping[str, Any]) -> tuple[PreferredTerm, ...]:
    wanted = tuple(value["instead_of"])
    if any(term.use == value["use"] for term in held):
        return tuple(
            replace(term, instead_of=tuple(dict.fromkeys((*term.instead_of, *wanted))))
            if term.use == value["use"]
            else term
            for term in held
        )
    return (*held, PreferredTerm(value["use"], wanted, value.get("reason", "")))


def faults(voice: Voice) -> Faults:
    """What a person has to mend before the profile can be kept; empty for a sound one."""
    found: dict[str, str] = {}
    values: dict[str, Any] = {
        "line": LONGEST_LINE,
        "text": LONGEST_TEXT,
        "items": MOST_ITEMS,
        "marks": MOST_MARKS,
        "shortest": SHORTEST_SENTENCE,
        "longest": LONGEST_SENTENCE,
    }
    if not voice.persona:
        found["persona"] = "invalid.empty"
    for name in ("persona", "role", "address", "sign_off"):
        if len(getattr(voice, name)) > LONGEST_LINE:
            found[name] = "invalid.voice_line"
    if len(voice.description) > LONGEST_TEXT:
        found["description"] = "invalid.voice_text"
    for name in ("values", "emoji", "greetings", "competitors", "links", "do", "dont"):
        items = getattr(voice, name)
        if any(len(item) > LONGEST_LINE for item in items):
            found[name] = "invalid.voice_line"
        elif len(items) > MOST_ITEMS:
            found[name] = "invalid.voice_items"
    for name in SCALES:
        if getattr(voice.scales, name) not in LEVELS:
            found[name] = "invalid.voice_scale"
    for name in ("max_emoji", "max_exclamations"):
        if not 0 <= getattr(voice, name) <= MOST_MARKS:
            found[name] = "invalid.voice_marks"
    if not SHORTEST_SENTENCE <= voice.max_sentence <= LONGEST_SENTENCE:
        found["max_sentence"] = "invalid.voice_sentence"
    if any(len(example) > LONGEST_TEXT for example in voice.examples):
        found["examples"] = "invalid.voice_text"
    elif len(voice.examples) > MOST_EXAMPLES:
        found["examples"], values["examples"] = "invalid.voice_examples", MOST_EXAMPLES
    for link in voice.links:
        if not _ADDRESS.fullmatch(link):
            found["links"], values["link"] = "invalid.voice_link", link
    for name, identity, term in _term_faults(voice):
        # The first is told: mending one row often mends the next.
        if name not in found and "term" not in values:
            found[name], values["term"] = identity, term
    return Faults(found, values)


def _term_faults(voice: Voice) -> Iterator[tuple[str, str, str]]:
    """Field, message id and term of each row that cannot stand beside the others."""
    for term in voice.preferred:
        if not term.use or not term.instead_of:
            yield "preferred", "invalid.voice_preferred", term.use or "、".join(term.instead_of)
    for rows in ("preferred", "banned"):
        if len(getattr(voice, rows)) > MOST_ITEMS:
            yield rows, "invalid.voice_items", ""
    for name, terms in (
        ("preferred", [old for term in voice.preferred for old in term.instead_of]),
        ("preferred", [term.use for term in voice.preferred]),
        ("banned", [term.term for term in voice.banned]),
    ):
        for twice in (one for place, one in enumerate(terms) if one in terms[:place]):
            yield name, "invalid.voice_double", twice
    used = {term.use for term in voice.preferred}
    for banned in voice.banned:
        if banned.term in used:
            yield "banned", "invalid.voice_both", banned.term
