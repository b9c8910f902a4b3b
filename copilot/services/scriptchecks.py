"""What speaks against a line of a script: posing, facts that the post does not state, what the checks would block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from copilot import models
from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel
from copilot.domain.columns import Column, Form
from copilot.domain.findings import Check, Finding, Severity
from copilot.domain.materials import Kind, Source
from copilot.domain.messages import Message
from copilot.domain.posing import posing
from copilot.domain.scripts import LONGEST, Line, gives_away, is_too_long, unnamed
from copilot.domain.sentences import language_of
from copilot.errors import InvalidInput
from copilot.services import loading
from copilot.services.checking import Checking

_STATED = "unsupported_statement"
"""A sentence that claims something without a figure: a warning in a post, and too much for a line beside it."""


class LinesRefused(InvalidInput):
    """Lines that must not be said; `findings` are those of each by its place, `fields` what else is wrong with them."""

    def __init__(
        self, fields: Mapping[str, str], findings: Mapping[int, tuple[Finding, ...]], **values: Any
    ) -> None:
        refused = {f"text-{place}": "invalid.script_line" for place in findings}
        super().__init__({**refused, **fields}, **values)
        self.findings = findings


@dataclass(frozen=True)
class Ground:
    """One revision with all that its lines are written from and checked against."""

    brand: Brand
    voice: Voice
    column: Column
    channel: Channel
    at: datetime
    post: str
    sources: tuple[Source, ...]

    @property
    def form(self) -> Form:
        return self.column.form


def ground_of(session: Session, post: models.Post, revision: models.Revision) -> Ground:
    """What the revision says is what lines may say; and what it cites, unless that would answer its quiz."""
    brand, voice = loading.brand_and_voice(session, post.brand_id)
    column = loading.column(post.slot.column)
    quotes = [claim.quote for claim in revision.claims if claim.quote] if column.form is not Form.QUIZ else []
    told = (revision.text, *dict.fromkeys(quotes))
    return Ground(
        brand=brand,
        voice=voice,
        column=column,
        channel=Channel(post.channel),
        at=post.slot.starts_at,
        post=revision.text,
        sources=tuple(
            Source(number, text, Kind.SELLING_POINT, column.name) for number, text in enumerate(told, 1)
        ),
    )


def objections(text: str, ground: Ground, checking: Checking) -> tuple[Finding, ...]:
    """Each reason why staff must not say this after this post; none where they may."""
    language = ground.brand.language
    found = list(posing(text, language, ground.brand.members_called))
    if is_too_long(text, language):
        found.append(_whole(text, "script.long", Message("script.long", {"most": LONGEST[language]})))
    if gives_away(text, ground.post, ground.form, language):
        found.append(_whole(text, "script.answer", Message("script.answer")))
    if language_of(text) != language:
        found.append(_whole(text, "script.foreign", Message("script.foreign")))
    checked = checking.check(
        text,
        brand=ground.brand,
        voice=ground.voice,
        channel=ground.channel,
        at=ground.at,
        sources=ground.sources,
    )
    # What a post may say with a furrowed brow, somebody beside it may not: nobody approves these lines.
    for one in checked.findings:
        if one.check is Check.CLAIMS and (one.severity is Severity.BLOCK or one.rule == _STATED):
            found.append(replace(one, severity=Severity.BLOCK, reason=Message("script.unstated")))
        elif one.severity is Severity.BLOCK:
            found.append(one)
    return tuple(found)


def faults(lines: Sequence[Line], ground: Ground, checking: Checking) -> dict[int, tuple[Finding, ...]]:
    """What is wrong with each line by its place, a missing introduction among it; those that stand are left out."""
    in_time = all(line.minutes >= 0 for line in lines)  # Else nobody knows who speaks first.
    silent = frozenset(unnamed(lines) if in_time else ())
    refused = {}
    for place, line in enumerate(lines):
        found = objections(line.text, ground, checking) if line.text else ()
        if line.text and place in silent:
            who = {"name": line.speaker.name, "role": line.speaker.role}
            found = (*found, _whole(line.text, "script.unnamed", Message("script.unnamed", who)))
        if found:
            refused[place] = found
    return refused


def _whole(text: str, rule: str, reason: Message) -> Finding:
    return Finding(Check.COMPLIANCE, rule, Severity.BLOCK, 0, len(text), text, reason)
