"""Answers as they are kept with their question: plain JSON, and what speaks against a model's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from copilot.domain import checks
from copilot.domain.brands import Brand, Voice
from copilot.domain.channels import Channel
from copilot.domain.checks.normalize import Folding
from copilot.domain.columns import Cadence, Column, Every, Form, Module, Value
from copilot.domain.drafts import Brief
from copilot.domain.findings import Claim, Verdict, blocking
from copilot.domain.materials import Source
from copilot.domain.messages import Message
from copilot.domain.replies import ANSWERING, Decision, Telling
from copilot.domain.replies.talk import apologises
from copilot.domain.sentences import language_of
from copilot.domain.welcome import NICKNAME
from copilot.services.checking import Checked
from copilot.services.reporting import finding_json

CHANNEL = Channel.WECOM_PRIVATE
COMPOSER = "composer"
_FOR_MODEL = 2
_LONGEST = {"zh": 240, "en": 130}


def sources_of(decision: Decision) -> tuple[Source, ...]:
    """The passage that answers first, then those that came near: what an answer is written from and checked against."""
    if decision.answer is None:
        return ()
    first = decision.answer.source
    return (first, *(source for source in decision.nearest if source.passage != first.passage))[:_FOR_MODEL]


def brief_of(brand: Brand, voice: Voice, at: datetime, sources: tuple[Source, ...]) -> Brief:
    """A reply as a brief: a column of its own that no calendar has, plain as a notice is."""
    column = Column(
        id=0,
        slug="reply",
        name="",
        module=Module.NOTIFICATION,
        value=Value.KNOWLEDGE,
        form=Form.TEXT,
        cadence=Cadence(Every.JOIN),
        time=time(0),
        channel=CHANNEL,
        purpose="",
        kinds=ANSWERING,
        length=(1, _LONGEST[brand.language]),
        call_to_action="",
    )
    here = at.astimezone(ZoneInfo(brand.zone))
    return Brief(brand=brand, voice=voice, column=column, channel=CHANNEL, starts_at=here, sources=sources)


def with_known_links(tellings: Sequence[Telling], voice: Voice, folding: Folding) -> tuple[Telling, ...]:
    """Without what gives an address that the brand does not know, or somebody's number."""
    return tuple(one for one in tellings if not checks.privacy(one.text, voice.links, folding))


def nameless(text: str) -> str:
    """Without the place where WeCom puts a name: an answer is pasted by hand, and there it would stay as it is."""
    return re.sub(rf"{re.escape(NICKNAME)}[，,、：:！! ]*", "", text).strip()


def objection(text: str, checked: Checked, brand: Brand, *, is_complaint: bool) -> Message | None:
    """Why a model's answer is not to be offered: an offline one, that holds, is there instead."""
    unsupported = [claim for claim in checked.claims if claim.verdict is Verdict.UNSUPPORTED]
    if unsupported:
        return Message("reply.unsupported", {"sentence": unsupported[0].sentence})
    found = blocking(checked.findings)
    if found:
        return Message("reply.blocked", {"text": found[0].text})
    if language_of(text) != brand.language:
        return Message("reply.foreign")
    if not any(claim.verdict is Verdict.SUPPORTED for claim in checked.claims):
        return Message("reply.says_nothing")
    if is_complaint and not apologises(text):
        return Message("reply.no_apology")
    size = len(text) if brand.language == "zh" else len(text.split())
    return Message("reply.too_long") if size > _LONGEST[brand.language] else None


def kept(decision: Decision, text: str, checked: Checked | None) -> dict[str, Any]:
    """An answer, or what came near to one. The last day of what is no longer valid is not here: rows know it."""
    answer = decision.answer
    return {
        "text": text,
        **(checked_json(checked) if checked is not None else {"claims": [], "findings": []}),
        "nearest": [source.passage for source in decision.nearest],
        "untimely": decision.untimely.passage if decision.untimely is not None else None,
        "is_complaint": decision.is_complaint,
        "provenance": {
            "writer": COMPOSER,
            "is_model": False,
            "passages": [answer.source.passage] if answer is not None else [],
            "fit": round(answer.fit, 3) if answer is not None else None,
        },
        "fell_back": None,
    }


def checked_json(checked: Checked) -> dict[str, Any]:
    return {
        "claims": [_claim(claim) for claim in checked.claims],
        "findings": [finding_json(finding) for finding in checked.findings],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    evidence = claim.evidence or ([(claim.passage, claim.quote)] if claim.passage is not None else [])
    return {
        "start": claim.start,
        "end": claim.end,
        "sentence": claim.sentence,
        "verdict": str(claim.verdict),
        "evidence": [list(one) for one in evidence],
        "method": str(claim.method),
    }
