"""Scripts between a model and a row: the prompt that is asked, and lines as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from copilot.domain.brands import Language
from copilot.domain.drafts import Assignment, Brief
from copilot.domain.scripts import Cue, Line, Speaker
from copilot.prompts import Prompts
from copilot.services.briefing import harmless
from copilot.services.promptwords import AND, NONE
from copilot.services.scriptchecks import Ground

_TOKENS = 600
_SHOWN = {Language.ZH: "{name}（{role}）", Language.EN: "{name} ({role})"}


def assignment(ground: Ground, prompts: Prompts, cues: Sequence[Cue]) -> Assignment:
    """The prompt that has a model put each cue in better words; the post is data."""
    brand, voice, language = ground.brand, ground.voice, ground.brand.language
    none, and_ = NONE[language], AND[language]
    system = prompts[f"tasks/script.{language}"].render(
        brand=brand.name,
        description=voice.description or voice.persona,
        address=voice.address or none,
        members=brand.members_called or none,
        max_sentence=voice.max_sentence,
        most_emoji=voice.max_emoji,
        emoji=" ".join(voice.emoji) or none,
        banned=and_.join(term.term for term in voice.banned) or none,
    )
    people = dict.fromkeys(cue.line.speaker for cue in cues)
    prompt = prompts[f"tasks/scriptpost.{language}"].render(
        post=harmless(ground.post),
        people=and_.join(
            _SHOWN[language].format(name=_cell(one.name), role=_cell(one.role)) for one in people
        ),
        plan="\n".join(f"{cue.line.minutes} | {_cell(cue.line.speaker.name)} | {cue.aim}" for cue in cues),
    )
    brief = Brief(
        brand=brand,
        voice=voice,
        column=ground.column,
        channel=ground.channel,
        starts_at=ground.at.astimezone(ZoneInfo(brand.zone)),
        sources=(),
    )
    return Assignment(brief, system, prompt, _TOKENS)


def identity(prompts: Prompts, language: Language) -> dict[str, Any]:
    """Which files the words come from: by name, their version and the hash of the whole file."""
    used = [prompts[f"tasks/{name}.{language}"] for name in ("script", "scriptpost")]
    return {prompt.name: {"version": prompt.version, "hash": prompt.hash} for prompt in used}


def line_json(line: Line) -> dict[str, Any]:
    person = {"name": line.speaker.name, "role": line.speaker.role}
    return {"person": person, "minutes": line.minutes, "text": line.text}


def line_of(kept: Mapping[str, Any]) -> Line:
    """As `line_json` wrote it."""
    person = kept["person"]
    return Line(Speaker(person["name"], person["role"]), kept["minutes"], kept["text"])


def _cell(text: str) -> str:
    """A name as a cell of a row: on one line, and without what parts cells."""
    return " ".join(harmless(text).replace("|", " ").replace("｜", " ").split())
