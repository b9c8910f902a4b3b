"""A passage to the prompt that has a model list its facts."""

from __future__ import annotations

from dataclasses import dataclass

from copilot.domain.brands import Language
from copilot.domain.materials import Source
from copilot.prompts import Prompts
from copilot.services.briefing import harmless

MAX_TOKENS = 600
"""Ten lines with their quotes; a cut last line is dropped by the parser."""


@dataclass(frozen=True)
class Question:
    """What an Answerer is asked about one passage."""

    system: str
    prompt: str
    max_tokens: int = MAX_TOKENS


def question(source: Source, *, language: Language, prompts: Prompts) -> Question:
    """The passage goes in as data: whatever in it looks like a fence is defused, as in a draft's prompt."""
    title = " ".join(harmless(source.context or source.title).split())
    return Question(
        prompts[f"tasks/facts.{language}"].render(),
        prompts[f"tasks/passage.{language}"].render(
            title=title,
            passage=harmless(source.text),
        ),
    )
